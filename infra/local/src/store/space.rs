//! How much room there is: what the operator allows, and what the disk has.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::StoreError;

/// Disk that bodies leave free, bytes, or an eighth of a small disk: the index has to grow even when something is
/// deleted, and a database that cannot grow stops everything.
const RESERVE_BYTES: u64 = 64 << 20;

/// What is stored, what is under way, and how much more there may be.
#[derive(Debug)]
pub(crate) struct Space {
    dir: PathBuf,
    max_bytes: Option<u64>,
    stored_bytes: AtomicU64,
    staged_bytes: AtomicU64,
}

impl Space {
    pub(super) fn new(dir: &Path, max_bytes: Option<u64>, stored_bytes: u64) -> Arc<Self> {
        let (stored_bytes, staged_bytes) = (stored_bytes.into(), 0.into());
        Arc::new(Self { dir: dir.to_owned(), max_bytes, stored_bytes, staged_bytes })
    }

    /// The bytes of all bodies that objects have.
    pub(super) fn stored_bytes(&self) -> u64 {
        self.stored_bytes.load(Ordering::Relaxed)
    }

    /// Told after each commit, by the thread that writes.
    pub(super) fn set_stored_bytes(&self, bytes: u64) {
        self.stored_bytes.store(bytes, Ordering::Relaxed);
    }

    /// Fails unless there is room for `more_bytes`.
    pub(crate) fn check(&self, more_bytes: u64) -> Result<(), StoreError> {
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
