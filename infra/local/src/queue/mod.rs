//! A durable queue with the meaning of SQS, in the same database as the objects.
//!
//! A message is delivered at least once: whoever receives it has it to himself for a while, the visibility
//! time-out, and then it is delivered again unless it was deleted. What keeps failing ends among the dead
//! letters, with the reason, and blocks nobody: also what kills the process, which is counted before it is tried, is
//! tried alone the next time, and is given up after as many tries.

mod backoff;
mod budget;
mod message;
mod tables;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use redb::{Durability, ReadableTable, ReadableTableMetadata};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

pub use self::message::{DeadLetter, MessageId, Received, Waiting, Which};
pub(crate) use self::tables::{create_tables, push, release_all};
pub use self::worker::{HandlerError, WorkerOptions, run_workers};

use self::message::Message;
use self::tables::{DEAD_LETTERS, MESSAGES, SCHEDULE, put_message, take_dead_letters, take_message};
use crate::fail_point;
use crate::store::record::decode_row;
use crate::store::{Db, Space, StoreError, now_ms};

/// How many messages there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Waiting or being worked on.
    pub live: u64,
    /// Given up.
    pub dead: u64,
}

/// A handle on the queue; a clone is another handle on the same one.
#[derive(Clone, Debug)]
pub struct Queue {
    db: Arc<Db>,
    space: Arc<Space>,
    arrival: Arc<Notify>,
}

impl Queue {
    pub(crate) fn new(db: Arc<Db>, space: Arc<Space>) -> Self {
        Self { db, space, arrival: Arc::new(Notify::new()) }
    }

    /// Takes up to `max` messages that are due, the longest due first, for `visibility`.
    ///
    /// That a message was received is durable, so that one that kills the process is counted and in the end
    /// given up, rather than killing every process to come.
    ///
    /// While the store is full there is nothing: a result could not be written, and no try is to be spent on that.
    pub async fn receive(&self, max: usize, visibility: Duration) -> Result<Vec<Received>, StoreError> {
        if max == 0 || !self.has_room() || self.next_due().await?.is_none_or(|due_ms| due_ms > now_ms()) {
            return Ok(Vec::new());
        }
        self.db
            .write(Durability::Immediate, move |txn| {
                let now = now_ms();
                let mut due = Vec::new();
                for row in txn.open_table(SCHEDULE)?.range(..=(now, u64::MAX))?.take(max) {
                    due.push(row?.0.value().1);
                }
                let mut received = Vec::with_capacity(due.len());
                for sequence in due {
                    let Some(mut message) = take_message(txn, sequence)? else { continue };
                    let is_suspect = message.unanswered > 0;
                    message.receive_count += 1;
                    message.unanswered += 1;
                    message.visible_at_ms = later(now, visibility);
                    put_message(txn, sequence, &message)?;
                    received.push(Received {
                        id: MessageId(sequence),
                        body: message.body,
                        receive_count: message.receive_count,
                        is_suspect,
                    });
                }
                Ok(received)
            })
            .await
            .inspect(|_| fail_point::hit("queue.received"))
    }

    pub(super) fn has_room(&self) -> bool {
        self.space.check(1).is_ok()
    }

    /// Takes a message for another `visibility`, from now on.
    pub async fn extend(&self, id: MessageId, visibility: Duration) -> Result<(), StoreError> {
        self.change(id, move |message| message.visible_at_ms = later(now_ms(), visibility)).await
    }

    /// Gives a message back that was received and not looked at: as if it had not been received.
    pub async fn give_back(&self, id: MessageId) -> Result<(), StoreError> {
        self.change(id, |message| {
            message.receive_count = message.receive_count.saturating_sub(1);
            message.unanswered = message.unanswered.saturating_sub(1);
            message.visible_at_ms = now_ms();
        })
        .await
    }

    async fn change(
        &self,
        id: MessageId,
        change: impl Fn(&mut Message) + Send + 'static,
    ) -> Result<(), StoreError> {
        self.db
            .write(Durability::None, move |txn| {
                let Some(mut message) = take_message(txn, id.0)? else { return Ok(()) };
                change(&mut message);
                put_message(txn, id.0, &message)
            })
            .await
    }

    /// The work is done. A crash right after may undo this, and the message comes once more.
    pub async fn delete(&self, id: MessageId) -> Result<(), StoreError> {
        fail_point::hit("queue.acked");
        let deleted = self.db.write(Durability::None, move |txn| take_message(txn, id.0).map(drop)).await;
        deleted.inspect(|()| fail_point::hit("queue.ack_done"))
    }

    /// Makes a message due again after `delay`.
    pub async fn retry_later(&self, id: MessageId, delay: Duration) -> Result<(), StoreError> {
        self.change(id, move |message| {
            message.visible_at_ms = later(now_ms(), delay);
            message.unanswered = 0;
        })
        .await?;
        fail_point::hit("queue.retried");
        self.wake();
        Ok(())
    }

    /// Gives a message up: it is kept among the dead letters with the reason.
    pub async fn bury(&self, id: MessageId, reason: &str) -> Result<(), StoreError> {
        let reason = reason.to_owned();
        self.db
            .write(Durability::Immediate, move |txn| {
                let Some(message) = take_message(txn, id.0)? else { return Ok(()) };
                tables::put_dead_letter(txn, id.0, &DeadLetter::new(id, message, reason.clone(), now_ms()))
            })
            .await
            .inspect(|()| fail_point::hit("queue.buried"))
    }

    /// What waits or is being worked on, oldest first, at most `max`.
    pub async fn waiting(&self, max: usize) -> Result<Vec<Waiting>, StoreError> {
        self.db
            .read(move |txn| {
                let table = txn.open_table(MESSAGES)?;
                let waiting = table.iter()?.take(max).map(|row| {
                    let (sequence, row) = row?;
                    let message: Message = decode_row(row.value())?;
                    Ok(Waiting {
                        id: MessageId(sequence.value()),
                        body: message.body,
                        receive_count: message.receive_count,
                        visible_at_ms: message.visible_at_ms,
                        is_under_way: message.unanswered > 0,
                    })
                });
                waiting.collect()
            })
            .await
    }

    /// The dead letters, oldest first, at most `max`.
    pub async fn dead_letters(&self, max: usize) -> Result<Vec<DeadLetter>, StoreError> {
        self.db
            .read(move |txn| {
                let table = txn.open_table(DEAD_LETTERS)?;
                table.iter()?.take(max).map(|row| decode_row(row?.1.value())).collect()
            })
            .await
    }

    /// Brings dead letters back to life, as new messages: those named, or all. Returns how many.
    pub async fn redrive(&self, which: Which) -> Result<usize, StoreError> {
        let count = self
            .db
            .write(Durability::Immediate, move |txn| {
                let letters = take_dead_letters(txn, &which)?;
                for (sequence, letter) in &letters {
                    put_message(txn, *sequence, &Message::new(letter.body.clone(), now_ms()))?;
                }
                Ok(letters.len())
            })
            .await?;
        self.wake();
        Ok(count)
    }

    /// Forgets dead letters for good: those named, or all. Returns how many.
    pub async fn forget(&self, which: Which) -> Result<usize, StoreError> {
        self.db
            .write(Durability::Immediate, move |txn| take_dead_letters(txn, &which).map(|taken| taken.len()))
            .await
    }

    /// How many messages there are.
    pub async fn depth(&self) -> Result<Depth, StoreError> {
        self.db
            .read(|txn| {
                let (live, dead) = (txn.open_table(MESSAGES)?, txn.open_table(DEAD_LETTERS)?);
                Ok(Depth { live: live.len()?, dead: dead.len()? })
            })
            .await
    }

    /// The event of the message that has been there longest, JSON.
    pub async fn oldest(&self) -> Result<Option<String>, StoreError> {
        self.db
            .read(|txn| {
                let messages = txn.open_table(MESSAGES)?;
                let first = messages.first()?;
                first
                    .map(|(_, row)| decode_row::<Message>(row.value()).map(|message| message.body))
                    .transpose()
            })
            .await
    }

    /// When the next message is due, milliseconds since 1970; in the past if it is due already.
    pub async fn next_due(&self) -> Result<Option<u64>, StoreError> {
        self.db.read(|txn| Ok(txn.open_table(SCHEDULE)?.first()?.map(|(row, _)| row.value().0))).await
    }

    /// Completes when something new is due or the order of what is due has changed. One waiter is woken; if
    /// none waits, the next does not wait.
    pub fn notified(&self) -> Notified<'_> {
        self.arrival.notified()
    }

    pub(crate) fn wake(&self) {
        self.arrival.notify_one();
    }
}

fn later(now_ms: u64, delay: Duration) -> u64 {
    now_ms.saturating_add(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX))
}
