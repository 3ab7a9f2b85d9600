//! A copy of the index while the store is in use, for back-ups.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use redb::{Durability, ReadableTable};

use super::Store;
use super::error::StoreError;
use super::record::BodyId;
use super::tables::GARBAGE;

/// Whether bodies may be removed.
#[derive(Debug, Default)]
pub(super) struct Sweeping {
    pauses: AtomicUsize,
    has_left: AtomicBool,
}

/// As long as one of these is there, no body is removed.
#[derive(Debug)]
pub struct SweepPause(Arc<Sweeping>);

impl Drop for SweepPause {
    fn drop(&mut self) {
        self.0.pauses.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Store {
    /// From now on bodies that nothing names stay where they are, until the value is dropped; then they go with the
    /// next that goes, or at the next start.
    #[must_use]
    pub fn pause_sweeping(&self) -> SweepPause {
        self.sweeping.pauses.fetch_add(1, Ordering::SeqCst);
        SweepPause(Arc::clone(&self.sweeping))
    }

    /// Writes the index as it is to a file. Writes wait meanwhile, reads do not.
    ///
    /// The copy is what a crash at this moment would leave, so it opens as quickly.
    pub async fn snapshot(&self, target: PathBuf) -> Result<(), StoreError> {
        // What was answered, of work on the queue too, is in the file after a durable commit.
        self.db.write(Durability::Immediate, |_txn| Ok(())).await?;
        let source = self.index.clone();
        // In the writer's turn nobody writes.
        self.db
            .write(Durability::None, move |_txn| {
                let (mut from, mut to) = (File::open(&*source)?, File::create(&target)?);
                io::copy(&mut from, &mut to)?;
                Ok(to.sync_all()?)
            })
            .await
    }

    /// What to remove now, `garbage` or more: nothing during a pause, and after one what it has left, too.
    pub(super) async fn to_be_removed(&self, garbage: Vec<BodyId>) -> Result<Vec<BodyId>, StoreError> {
        if self.sweeping.pauses.load(Ordering::SeqCst) > 0 {
            self.sweeping.has_left.store(true, Ordering::SeqCst);
            return Ok(Vec::new());
        }
        if !self.sweeping.has_left.swap(false, Ordering::SeqCst) {
            return Ok(garbage);
        }
        self.db
            .read(|txn| txn.open_table(GARBAGE)?.iter()?.map(|row| Ok(BodyId(*row?.0.value()))).collect())
            .await
    }
}
