//! The database, and how asynchronous code gets at it.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use redb::{Database, Durability, ReadTransaction, ReadableDatabase, ReadableTable, WriteTransaction};

use super::error::{OpenError, StoreError};
use super::tables::{BODIES, COMPLETED_PARTS, FACTS, GARBAGE, OBJECTS, PARTS, UPLOADS};
use crate::queue;

/// The format of the tables; a higher one is refused.
const FORMAT: u64 = 1;

/// The cache of pages. The index of 100,000 objects fits.
const CACHE_BYTES: usize = 64 << 20;

/// The one database of the system.
///
/// redb has one writer at a time and readers that never wait. Every transaction goes through
/// [`Db::read`] or [`Db::write`], on a thread where blocking is allowed.
#[derive(Debug)]
pub(crate) struct Db {
    inner: Database,
}

impl Db {
    /// Opens or makes the database, with all tables. Returns with it when it was made, milliseconds since 1970.
    pub(super) fn open(path: &Path) -> Result<(Self, u64), OpenError> {
        let inner = Database::builder().set_cache_size(CACHE_BYTES).create(path)?;
        let txn = inner.begin_write()?;
        let created_ms;
        {
            let mut facts = txn.open_table(FACTS)?;
            let found = facts.get("format")?.map(|row| row.value());
            if let Some(found) = found.filter(|found| *found > FORMAT) {
                return Err(OpenError::NewerFormat { found, known: FORMAT });
            }
            let created = facts.get("created_ms")?.map(|row| row.value());
            created_ms = created.unwrap_or_else(now_ms);
            facts.insert("format", FORMAT)?;
            facts.insert("created_ms", created_ms)?;
            txn.open_table(OBJECTS)?;
            txn.open_table(BODIES)?;
            txn.open_table(GARBAGE)?;
            txn.open_table(UPLOADS)?;
            txn.open_table(PARTS)?;
            txn.open_table(COMPLETED_PARTS)?;
            queue::create_tables(&txn)?;
        }
        txn.commit().map_err(|error| OpenError::Database(Box::new(error.into())))?;
        Ok((Self { inner }, created_ms))
    }

    /// A consistent view of everything committed, for a thread that may block.
    pub(super) fn view(&self) -> Result<ReadTransaction, StoreError> {
        Ok(self.inner.begin_read()?)
    }

    /// Runs `f` on a consistent view of everything committed.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        f: impl FnOnce(&ReadTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let db = Arc::clone(self);
        blocking(move || f(&db.view()?)).await
    }

    /// Runs `f` and commits what it did, or nothing of it if it fails.
    pub(crate) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        durability: Durability,
        f: impl FnOnce(&WriteTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let db = Arc::clone(self);
        blocking(move || db.write_blocking(durability, f)).await
    }

    /// As [`Db::write`], for a thread that may block.
    ///
    /// [`Durability::Immediate`] has synced the change when this returns; [`Durability::None`] leaves that to
    /// the next immediate commit, so a crash may undo it.
    pub(crate) fn write_blocking<T>(
        &self,
        durability: Durability,
        f: impl FnOnce(&WriteTransaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut txn = self.inner.begin_write()?;
        txn.set_durability(durability)?;
        let done = f(&txn)?;
        txn.commit().map_err(|error| StoreError::Commit(Box::new(error.into())))?;
        Ok(done)
    }
}

/// Runs `f` on a thread where blocking is allowed. Once begun it runs to its end, even if nobody waits for it
/// any longer.
pub(super) async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(f).await {
        Ok(done) => done,
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_cancelled) => Err(StoreError::Ending),
        },
    }
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}
