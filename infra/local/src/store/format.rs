//! Making the tables, and bringing those of an older version up to date.

use std::collections::HashSet;

use redb::{Database, ReadableTable, WriteTransaction};

use super::db::{now_ms, prepare};
use super::error::{OpenError, StoreError};
use super::record::{ObjectRecord, decode_row};
use super::space::BODY_BYTES;
use super::tables::{BODIES, FACTS, GARBAGE, OBJECTS};
use crate::queue;

/// The format of the tables; a higher one is refused. 2 knows the bytes of all bodies.
const FORMAT: u64 = 2;

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
        queue::create_tables(txn)?;
        let mut facts = txn.open_table(FACTS)?;
        let found = facts.get("format")?.map(|row| row.value());
        if let Some(found) = found.filter(|found| *found > FORMAT) {
            return Err(OpenError::NewerFormat { found, known: FORMAT });
        }
        let created_ms = facts.get("created_ms")?.map_or_else(now_ms, |row| row.value());
        let known_bytes = facts.get(BODY_BYTES)?.map(|row| row.value());
        // Once in the life of a store that an older version made.
        let body_bytes = known_bytes.map_or_else(|| count_body_bytes(txn), Ok)?;
        facts.insert("format", FORMAT)?;
        facts.insert("created_ms", created_ms)?;
        facts.insert(BODY_BYTES, body_bytes)?;
        Ok(Facts { created_ms, body_bytes })
    })
}

fn count_body_bytes(txn: &WriteTransaction) -> Result<u64, StoreError> {
    let (mut bytes, mut counted) = (0, HashSet::new());
    for row in txn.open_table(OBJECTS)?.iter()? {
        let record: ObjectRecord = decode_row(row?.1.value())?;
        if counted.insert(record.body) {
            bytes += record.size;
        }
    }
    Ok(bytes)
}
