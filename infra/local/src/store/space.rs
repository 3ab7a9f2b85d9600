//! How much room there is: what the operator allows, and what the disk has.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use redb::{ReadableTable, WriteTransaction};

use super::error::StoreError;
use super::tables::FACTS;

/// Disk that bodies leave free, bytes, or an eighth of a small disk: the index has to grow even when something is
/// deleted, and a database that cannot grow stops everything.
const RESERVE_BYTES: u64 = 64 << 20;

/// The row of [`FACTS`] that holds the bytes of all bodies, each counted once.
pub(super) const BODY_BYTES: &str = "body_bytes";

/// What is stored, what is under way, and how much more there may be.
#[derive(Debug)]
pub(super) struct Space {
    dir: PathBuf,
    max_bytes: Option<u64>,
    stored_bytes: AtomicI64,
    staged_bytes: AtomicU64,
}

impl Space {
    pub(super) fn new(dir: &Path, max_bytes: Option<u64>, stored_bytes: u64) -> Arc<Self> {
        let stored_bytes = i64::try_from(stored_bytes).unwrap_or(i64::MAX).into();
        let staged_bytes = 0.into();
        Arc::new(Self { dir: dir.to_owned(), max_bytes, stored_bytes, staged_bytes })
    }

    /// The bytes of all bodies that objects have.
    pub(super) fn stored_bytes(&self) -> u64 {
        self.stored_bytes.load(Ordering::Relaxed).max(0).unsigned_abs()
    }

    /// Told of each committed change, in any order.
    pub(super) fn add_stored(&self, Change { more, less }: Change) {
        let change = i64::try_from(more).unwrap_or(i64::MAX) - i64::try_from(less).unwrap_or(i64::MAX);
        self.stored_bytes.fetch_add(change, Ordering::Relaxed);
    }

    /// Fails unless there is room for `more_bytes`.
    pub(super) fn check(&self, more_bytes: u64) -> Result<(), StoreError> {
        let used_bytes = self.stored_bytes() + self.staged_bytes.load(Ordering::Relaxed);
        if self.max_bytes.is_some_and(|max_bytes| used_bytes.saturating_add(more_bytes) > max_bytes) {
            return Err(StoreError::Full(more_bytes));
        }
        let (free_bytes, total_bytes) = disk(&self.dir)?;
        if free_bytes < more_bytes.saturating_add(RESERVE_BYTES.min(total_bytes / 8)) {
            return Err(StoreError::Full(more_bytes));
        }
        Ok(())
    }

    /// Nothing is staged yet.
    pub(super) fn reserve(self: &Arc<Self>) -> Reservation {
        Reservation { space: Arc::clone(self), bytes: 0 }
    }
}

/// Room that a body takes while it is nobody's; given back when this is dropped.
#[derive(Debug)]
pub(super) struct Reservation {
    space: Arc<Space>,
    bytes: u64,
}

impl Reservation {
    /// Takes room for `more_bytes`. Asks the disk, so it may block for a moment.
    pub(super) fn grow(&mut self, more_bytes: u64) -> Result<(), StoreError> {
        self.space.check(more_bytes)?;
        self.space.staged_bytes.fetch_add(more_bytes, Ordering::Relaxed);
        self.bytes += more_bytes;
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.space.staged_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// By how many bytes a transaction changes what is stored.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Change {
    pub(super) more: u64,
    pub(super) less: u64,
}

impl Change {
    /// Changes the sum in the index.
    pub(super) fn write(self, txn: &WriteTransaction) -> Result<(), StoreError> {
        if self.more != self.less {
            let mut facts = txn.open_table(FACTS)?;
            let before = facts.get(BODY_BYTES)?.map_or(0, |row| row.value());
            facts.insert(BODY_BYTES, before.saturating_add(self.more).saturating_sub(self.less))?;
        }
        Ok(())
    }
}

/// Free and total bytes of the disk that `dir` is on.
#[cfg(unix)]
fn disk(dir: &Path) -> io::Result<(u64, u64)> {
    let disk = rustix::fs::statvfs(dir)?;
    Ok((disk.f_bavail.saturating_mul(disk.f_frsize), disk.f_blocks.saturating_mul(disk.f_frsize)))
}

/// Elsewhere a full disk is noticed when it is.
#[cfg(not(unix))]
fn disk(_dir: &Path) -> io::Result<(u64, u64)> {
    Ok((u64::MAX, u64::MAX))
}
