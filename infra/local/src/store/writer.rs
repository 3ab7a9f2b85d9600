//! The one thread that writes: changes that wait at the same time are committed together.
//!
//! A commit costs what it takes to sync the file, however much is in it. While one is being synced the next changes
//! gather, and then go into one transaction: of five hundred writers each waits for two commits at most, not for five
//! hundred. Nothing waits for company: a change that comes alone is committed alone.

use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use redb::{Durability, WriteTransaction};
use tokio::sync::oneshot;

use super::db::Handle;
use super::error::StoreError;
use super::refs::body_bytes;
use super::space::Space;

/// The most changes in one transaction, so that what is held in memory for one has a bound.
const MAX_BATCH: usize = 1024;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is in the database; durable, if that was asked for.
    Committed,
    /// It is not in the database and never will be.
    Refused,
    /// The database failed while committing. The next start will see.
    Unknown,
}

/// What a change is about. It goes along with the change, so that it learns what became of it even when nobody waits
/// for the answer any longer.
pub(crate) trait Held: Send + 'static {
    /// Called on the writer's thread: no place for long work.
    fn learn(&mut self, fate: Fate);
}

impl Held for () {
    fn learn(&mut self, _fate: Fate) {}
}

/// The sending side. Dropped, it waits until the thread has written what it was given, and has closed the database.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Change>>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        let Some(thread) = self.thread.take() else { return };
        // The last handle on a store may be one that a change has held: a thread cannot wait for itself.
        if thread.thread().id() != thread::current().id() && thread.join().is_err() {
            tracing::error!("the thread that writes has panicked");
        }
    }
}

impl Writer {
    pub(super) fn start(handle: Arc<Handle>, space: Arc<Space>) -> std::io::Result<Self> {
        let (queue, waiting) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&handle, &space, &waiting))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Hands a change over. The answer brings back what was held; it fails if the thread is gone.
    ///
    /// `apply` may be called more than once, each time in a fresh transaction. It returns [`StoreError::is_refusal`]
    /// errors before it changes anything: those do not keep the changes beside it from being committed.
    pub(super) fn submit<K, T>(
        &self,
        durability: Durability,
        held: K,
        apply: impl FnMut(&WriteTransaction, &K) -> Result<T, StoreError> + Send + 'static,
    ) -> oneshot::Receiver<(K, Result<T, StoreError>)>
    where
        K: Held,
        T: Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let is_durable = matches!(durability, Durability::Immediate);
        let pending = Pending { held, apply, result: None, answer, is_durable };
        if let Some(queue) = &self.queue {
            // Without a thread the answer's sender is dropped, and the receiver learns of it.
            drop(queue.send(Box::new(pending)));
        }
        answered
    }
}

/// How applying a change went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Applied {
    Done,
    /// It changed nothing.
    Refused,
    /// It failed half-way: the transaction must not be committed.
    Broken,
}

trait Change: Send {
    fn is_durable(&self) -> bool;
    fn apply(&mut self, txn: &WriteTransaction) -> Applied;
    fn answer(self: Box<Self>, committed: Result<(), Arc<redb::Error>>);
    fn fail(self: Box<Self>, error: StoreError);
}

struct Pending<K, F, T> {
    held: K,
    apply: F,
    result: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<(K, Result<T, StoreError>)>,
    is_durable: bool,
}

impl<K, F, T> Change for Pending<K, F, T>
where
    K: Held,
    F: FnMut(&WriteTransaction, &K) -> Result<T, StoreError> + Send,
    T: Send,
{
    fn is_durable(&self) -> bool {
        self.is_durable
    }

    fn apply(&mut self, txn: &WriteTransaction) -> Applied {
        let result = (self.apply)(txn, &self.held);
        let applied = match &result {
            Ok(_) => Applied::Done,
            Err(error) if error.is_refusal() => Applied::Refused,
            Err(_) => Applied::Broken,
        };
        self.result = Some(result);
        applied
    }

    fn answer(self: Box<Self>, committed: Result<(), Arc<redb::Error>>) {
        let Self { mut held, apply, result, answer, is_durable: _ } = *self;
        // It may hold the store, which whoever is answered may want to close.
        drop(apply);
        let (fate, result) = match (result, committed) {
            (Some(Ok(done)), Ok(())) => (Fate::Committed, Ok(done)),
            (Some(Ok(_)), Err(error)) => (Fate::Unknown, Err(StoreError::Commit(error))),
            (Some(Err(error)), _) => (Fate::Refused, Err(error)),
            (None, _) => (Fate::Refused, Err(StoreError::Ending)),
        };
        held.learn(fate);
        // Nobody may be waiting any longer.
        drop(answer.send((held, result)));
    }

    fn fail(mut self: Box<Self>, error: StoreError) {
        self.result = Some(Err(error));
        self.answer(Ok(()));
    }
}

fn run(handle: &Handle, space: &Space, waiting: &mpsc::Receiver<Box<dyn Change>>) {
    while let Ok(first) = waiting.recv() {
        let mut batch = vec![first];
        batch.extend(waiting.try_iter().take(MAX_BATCH - 1));
        commit(handle, space, batch);
    }
}

/// Commits a batch; if one of it breaks, each of it by itself, so that only that one fails.
fn commit(handle: &Handle, space: &Space, mut batch: Vec<Box<dyn Change>>) {
    let is_alone = batch.len() == 1;
    let is_durable = batch.iter().any(|change| change.is_durable());
    let mut txn = match begin(handle, is_durable) {
        Ok(txn) => txn,
        Err(first) => {
            // Once the database has met an error of the disk it answers nothing until it is opened again.
            match handle.reopen().and_then(|()| begin(handle, is_durable)) {
                Ok(txn) => txn,
                Err(again) => {
                    tracing::error!(error = %first, %again, "the database cannot be written");
                    let failed = |error: &StoreError| StoreError::Unwritable(error.to_string());
                    return batch.into_iter().for_each(|change| change.fail(failed(&again)));
                }
            }
        }
    };
    let is_broken = batch.iter_mut().any(|change| change.apply(&txn) == Applied::Broken);
    if is_broken {
        if let Err(error) = txn.abort() {
            tracing::warn!(%error, "a transaction could not be taken back");
        }
        if is_alone {
            return batch.into_iter().for_each(|change| change.answer(Ok(())));
        }
        return batch.into_iter().for_each(|change| commit(handle, space, vec![change]));
    }
    let stored_bytes = body_bytes(&txn);
    // What a start after a crash needs is saved with each commit, so that it has not to look at every row.
    txn.set_quick_repair(is_durable);
    let committed = txn.commit().map_err(|error| Arc::new(redb::Error::from(error)));
    if let (Ok(()), Ok(bytes)) = (&committed, stored_bytes) {
        space.set_stored_bytes(bytes);
    }
    if let Err(error) = &committed {
        tracing::error!(%error, changes = batch.len(), "a commit failed");
    }
    for change in batch {
        change.answer(committed.clone());
    }
}

fn begin(handle: &Handle, is_durable: bool) -> Result<WriteTransaction, StoreError> {
    let mut txn = handle.begin_write()?;
    txn.set_durability(if is_durable { Durability::Immediate } else { Durability::None })?;
    Ok(txn)
}
