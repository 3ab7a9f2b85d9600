//! Making the tables, and bringing those of an older version up to date.

use redb::{Database, ReadableTable, TableDefinition, WriteTransaction};

use super::db::{now_ms, prepare};
use super::error::{OpenError, StoreError};
use super::record::{ObjectRecord, decode_row};
use super::refs::{body_bytes, retain_body};
use super::tables::{BODIES, COMPLETED_PARTS, FACTS, GARBAGE, OBJECTS, PARTS, UPLOADS};
use crate::queue;

/// The format of the tables; a higher one is refused. From 2 on the rows of bodies tell their sizes.
const FORMAT: u64 = 2;

/// What format 1 had in place of [`BODIES`]: body id → how many objects have it.
const BODIES_OF_FORMAT_1: TableDefinition<&[u8; 16], u32> = TableDefinition::new("bodies");

/// What is known of an open store.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// When it was made, milliseconds since 1970.
    pub(super) created_ms: u64,
    /// The bytes of all bodies.
    pub(super) body_bytes: u64,
}

/// Makes what is missing.
pub(super) fn prepare_tables(database: &Database) -> Result<Facts, OpenError> {
    prepare(database, |txn| {
        txn.open_table(OBJECTS)?;
        txn.open_table(BODIES)?;
        txn.open_table(GARBAGE)?;
        txn.open_table(UPLOADS)?;
        txn.open_table(PARTS)?;
        txn.open_table(COMPLETED_PARTS)?;
        queue::create_tables(txn)?;
        let found = txn.open_table(FACTS)?.get("format")?.map(|row| row.value());
        match found {
            Some(found) if found > FORMAT => return Err(OpenError::NewerFormat { found, known: FORMAT }),
            Some(1) => count_bodies(txn)?,
            _ => {}
        }
        let mut facts = txn.open_table(FACTS)?;
        let created_ms = facts.get("created_ms")?.map_or_else(now_ms, |row| row.value());
        facts.insert("format", FORMAT)?;
        facts.insert("created_ms", created_ms)?;
        drop(facts);
        Ok(Facts { created_ms, body_bytes: body_bytes(txn)? })
    })
}

/// Looks at every object, once in the life of a store that format 1 made.
fn count_bodies(txn: &WriteTransaction) -> Result<(), StoreError> {
    txn.delete_table(BODIES_OF_FORMAT_1)?;
    for row in txn.open_table(OBJECTS)?.iter()? {
        let record: ObjectRecord = decode_row(row?.1.value())?;
        retain_body(txn, record.body, record.size)?;
    }
    Ok(())
}
