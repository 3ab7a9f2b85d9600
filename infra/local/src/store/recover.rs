//! Clearing up after the last run, which may have ended in a crash. What it costs depends on what was under way, not on how much is stored.

use std::collections::HashSet;

use redb::{Database, ReadableTable};

use super::bodies::Bodies;
use super::db::{now_ms, prepare};
use super::delete::clear_rows;
use super::error::{OpenError, StoreError};
use super::record::BodyId;
use super::tables::{BODIES, GARBAGE};
use crate::fail_point;
use crate::queue::release_all;

/// Removes every body that the index does not name, and every marker; makes messages due that somebody had received.
pub(super) fn run(database: &Database, bodies: &Bodies) -> Result<(), OpenError> {
    let unsettled = bodies.unsettled()?;
    let (named, garbage, released) = prepare(database, |txn| {
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
        Ok::<_, StoreError>((named, garbage, released))
    })?;
    fail_point::hit("recover.released");
    for id in &unsettled {
        if named.contains(id) {
            bodies.settle(*id);
        } else {
            bodies.discard(*id);
        }
        fail_point::hit("recover.discarded");
    }
    let gone: Vec<BodyId> = garbage.iter().copied().filter(|id| bodies.remove(*id)).collect();
    fail_point::hit("recover.swept");
    if !gone.is_empty() {
        prepare(database, |txn| clear_rows(txn, &gone))?;
    }
    if !(unsettled.is_empty() && garbage.is_empty() && released == 0) {
        let (cut_off, orphans) = (unsettled.len() - named.len(), garbage.len());
        tracing::info!(cut_off, orphans, released, "cleared up after the last run");
    }
    Ok(())
}
