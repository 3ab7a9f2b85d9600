//! Clearing up after a crash. What it costs depends on what was under way, not on how much is stored.

use std::collections::HashSet;

use redb::{Durability, ReadableTable};

use super::bodies::Bodies;
use super::db::Db;
use super::delete::sweep;
use super::error::StoreError;
use super::record::BodyId;
use super::tables::{BODIES, GARBAGE};

/// Removes every body that the index does not name, and every marker.
pub(super) fn run(db: &Db, bodies: &Bodies) -> Result<(), StoreError> {
    let unsettled = bodies.unsettled()?;
    let (named, garbage) = db.write_blocking(Durability::None, |txn| {
        let rows = txn.open_table(BODIES)?;
        let mut named = HashSet::new();
        for id in &unsettled {
            if rows.get(&id.0)?.is_some() {
                named.insert(*id);
            }
        }
        let mut garbage = Vec::new();
        for row in txn.open_table(GARBAGE)?.iter()? {
            garbage.push(BodyId(*row?.0.value()));
        }
        Ok((named, garbage))
    })?;
    for id in &unsettled {
        if named.contains(id) {
            bodies.settle(*id);
        } else {
            bodies.discard(*id);
        }
    }
    sweep(db, bodies, &garbage);
    if !(unsettled.is_empty() && garbage.is_empty()) {
        let (cut_off, orphans) = (unsettled.len() - named.len(), garbage.len());
        tracing::info!(cut_off, orphans, "cleared up after the last run");
    }
    Ok(())
}
