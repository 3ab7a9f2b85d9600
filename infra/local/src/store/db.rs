//! The database, and how asynchronous code gets at it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use redb::{Database, Durability, ReadTransaction, ReadableDatabase, WriteTransaction};
use tokio::task::JoinError;

use super::error::{OpenError, StoreError};
use super::space::Space;
use super::writer::{Held, Writer};

/// The cache of pages. The index of 100,000 objects fits.
const CACHE_BYTES: usize = 64 << 20;

/// The one database of the system.
///
/// redb has one writer at a time and readers that never wait. Every change goes through [`Db::write`] to the one thread
/// that writes; reads go through [`Db::read`], on a thread where blocking is allowed.
#[derive(Debug)]
pub(crate) struct Db {
    handle: Arc<Handle>,
    writer: Writer,
}

impl Db {
    /// Takes an open database over from whoever has prepared it.
    pub(super) fn start(path: &Path, prepared: Database, space: Arc<Space>) -> Result<Self, OpenError> {
        let handle = Arc::new(Handle { path: path.to_owned(), inner: RwLock::new(Some(prepared)) });
        let writer = Writer::start(Arc::clone(&handle), space)?;
        Ok(Self { handle, writer })
    }

    /// A consistent view of everything committed, for a thread that may block.
    pub(super) fn view(&self) -> Result<ReadTransaction, StoreError> {
        self.handle.begin_read()
    }

    /// Runs `f` on a consistent view of everything committed.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        f: impl FnOnce(&ReadTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let db = Arc::clone(self);
        blocking(move || f(&db.view()?)).await
    }

    /// Runs `f` and commits what it did, or nothing of it if it fails. Other changes may be in the same transaction.
    ///
    /// `f` may run more than once, each time in a fresh transaction; an error for which [`StoreError::is_refusal`] is
    /// true has to be returned before anything is changed. [`Durability::Immediate`] has synced the change when this
    /// returns; [`Durability::None`] leaves that to the next immediate commit, so a crash may undo it.
    ///
    /// Once this was polled the change happens, even if nobody waits for it any longer.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        durability: Durability,
        mut f: impl FnMut(&WriteTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.write_with(durability, (), move |txn, ()| f(txn)).await.1
    }

    /// As [`Db::write`]; `held` learns what became of the change and comes back, unless the process is ending.
    pub(crate) async fn write_with<K: Held, T: Send + 'static>(
        &self,
        durability: Durability,
        held: K,
        f: impl FnMut(&WriteTransaction, &K) -> Result<T, StoreError> + Send + 'static,
    ) -> (Option<K>, Result<T, StoreError>) {
        match self.writer.submit(durability, held, f).await {
            Ok((held, result)) => (Some(held), result),
            Err(_gone) => (None, Err(StoreError::Ending)),
        }
    }
}

/// The open database; opened again after the disk has failed.
#[derive(Debug)]
pub(super) struct Handle {
    path: PathBuf,
    /// None only while it is being opened again, or when that has failed.
    inner: RwLock<Option<Database>>,
}

impl Handle {
    fn begin_read(&self) -> Result<ReadTransaction, StoreError> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        Ok(inner.as_ref().ok_or(StoreError::Closed)?.begin_read()?)
    }

    pub(super) fn begin_write(&self) -> Result<WriteTransaction, StoreError> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        Ok(inner.as_ref().ok_or(StoreError::Closed)?.begin_write()?)
    }

    /// Closes and opens the database: after an error of the disk it answers nothing before that.
    pub(super) fn reopen(&self) -> Result<(), StoreError> {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        drop(inner.take());
        match open_file(&self.path) {
            Ok(opened) => {
                tracing::warn!("the database was opened again");
                *inner = Some(opened);
                Ok(())
            }
            Err(error) => Err(StoreError::Unwritable(error.to_string())),
        }
    }
}

/// Opens or makes the file. Blocks; a second process is refused.
pub(super) fn open_file(path: &Path) -> Result<Database, OpenError> {
    Ok(Database::builder().set_cache_size(CACHE_BYTES).create(path)?)
}

/// Runs `f` on a thread where blocking is allowed. Once begun it runs to its end, even if nobody waits for it
/// any longer.
pub(super) async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    joined(tokio::task::spawn_blocking(f).await)
}

/// Runs `work` as a task of its own: whoever asked for it may go away, and it still comes to its end.
pub(super) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    joined(tokio::spawn(work).await)
}

/// A panic goes on where it would have without the task.
fn joined<T>(ended: Result<Result<T, StoreError>, JoinError>) -> Result<T, StoreError> {
    match ended {
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

/// Runs `f` in a durable transaction of its own, before there is a thread that writes.
pub(super) fn prepare<T, E>(
    database: &Database,
    f: impl FnOnce(&WriteTransaction) -> Result<T, E>,
) -> Result<T, OpenError>
where
    OpenError: From<E>,
{
    let mut txn = database.begin_write()?;
    txn.set_quick_repair(true);
    let done = f(&txn)?;
    txn.commit().map_err(|error| OpenError::Database(Box::new(error.into())))?;
    Ok(done)
}
