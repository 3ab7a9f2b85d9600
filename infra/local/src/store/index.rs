//! The index of a store that nobody serves, or of a copy: to look at everything in it.

use std::path::{Path, PathBuf};

use redb::{Database, ReadableDatabase, ReadableTable, ReadableTableMetadata};

use super::error::{OpenError, StoreError};
use super::record::{BodyId, ObjectRecord, decode_row};
use super::tables::{BODIES, FACTS, GARBAGE, OBJECTS};

/// An open index. Nothing in it is changed.
#[derive(Debug)]
pub struct Index {
    database: Database,
}

/// What the index says in total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Objects.
    pub objects: u64,
    /// How often bodies are named.
    pub references: u64,
    /// Bodies.
    pub bodies: u64,
    /// Their bytes, added up.
    pub bytes: u64,
    /// Their bytes, as the index has counted them.
    pub counted_bytes: u64,
}

impl Index {
    /// Opens the file. Fails if a running system has it open.
    pub fn open(file: &Path) -> Result<Self, OpenError> {
        Ok(Self { database: Database::builder().open(file)? })
    }

    /// Calls `see` with the bucket, the key and the record of each object, in their order; stops if it returns false.
    pub fn each_object(
        &self,
        mut see: impl FnMut(&str, &str, Result<ObjectRecord, StoreError>) -> bool,
    ) -> Result<(), StoreError> {
        let txn = self.database.begin_read()?;
        for row in txn.open_table(OBJECTS)?.iter()? {
            let (row, value) = row?;
            let text = String::from_utf8_lossy(row.value());
            let (bucket, key) = text.split_once('\0').unwrap_or_default();
            if !see(bucket, key, decode_row(value.value())) {
                break;
            }
        }
        Ok(())
    }

    /// Calls `see` with each body and its bytes.
    pub fn each_body<E: From<StoreError>>(
        &self,
        mut see: impl FnMut(BodyId, u64) -> Result<(), E>,
    ) -> Result<(), E> {
        let table = self.database.begin_read().map_err(StoreError::from)?;
        let table = table.open_table(BODIES).map_err(StoreError::from)?;
        for row in table.iter().map_err(StoreError::from)? {
            let (id, row) = row.map_err(StoreError::from)?;
            see(BodyId(*id.value()), row.value().1)?;
        }
        Ok(())
    }

    /// Whether a row names the body.
    pub fn names(&self, body: BodyId) -> Result<bool, StoreError> {
        Ok(self.database.begin_read()?.open_table(BODIES)?.get(&body.0)?.is_some())
    }

    /// Whether the body is to be removed at the next start.
    pub fn is_garbage(&self, body: BodyId) -> Result<bool, StoreError> {
        Ok(self.database.begin_read()?.open_table(GARBAGE)?.get(&body.0)?.is_some())
    }

    /// What there is in total.
    pub fn totals(&self) -> Result<Totals, StoreError> {
        let txn = self.database.begin_read()?;
        let mut totals = Totals {
            objects: txn.open_table(OBJECTS)?.len()?,
            counted_bytes: txn.open_table(FACTS)?.get("body_bytes")?.map_or(0, |row| row.value()),
            ..Totals::default()
        };
        for row in txn.open_table(BODIES)?.iter()? {
            let (count, bytes) = row?.1.value();
            totals.bodies += 1;
            totals.references += u64::from(count);
            totals.bytes += bytes;
        }
        Ok(totals)
    }
}

impl BodyId {
    /// Where the body is in the data directory.
    #[must_use]
    pub fn path(self) -> PathBuf {
        Path::new("bodies").join(hex::encode([self.0[0]])).join(self.to_string())
    }
}
