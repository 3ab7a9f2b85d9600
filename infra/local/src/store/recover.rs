//! Clearing up after the last run, which may have ended in a crash. What it costs depends on what was under way, not on how much is stored.

use std::collections::HashSet;

use redb::{Durability, ReadableTable};

use super::bodies::Bodies;
use super::db::{Db, now_ms};
use super::delete::sweep;
use super::error::StoreError;
use super::record::BodyId;
use super::tables::{BODIES, GARBAGE};
use crate::queue::release_all;

/// Removes every body that the index does not name, and every marker; makes messages due that somebody had received.
pub(super) fn run(db: &Db, bodies: &Bodies) -> Result<(), StoreError> {
    let unsettled = bodies.unsettled()?;
    let (named, garbage, released) = db.write_blocking(Durability::None, |txn| {
        // The database is open in this process alone, so nobody works on a message now. Without this, an upload whose
        // processing was cut off would wait until its visibility time-out is over.
        let released = release_all(txn, now_ms())?;
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
        Ok((named, garbage, released))
    })?;
    for id in &unsettled {
        if named.contains(id) {
            bodies.settle(*id);
        } else {
            bodies.discard(*id);
        }
    }
    sweep(db, bodies, &garbage);
    if !(unsettled.is_empty() && garbage.is_empty() && released == 0) {
        let (cut_off, orphans) = (unsettled.len() - named.len(), garbage.len());
        tracing::info!(cut_off, orphans, released, "cleared up after the last run");
    }
    Ok(())
}
