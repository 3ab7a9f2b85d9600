//! The tables of the queue. A message has one row in `messages` and one in `schedule`, always both.

use std::time::Duration;

use redb::{ReadableTable, TableDefinition, TableError, WriteTransaction};

use super::backoff;
use super::message::{DeadLetter, Message, Which};
use crate::store::StoreError;
use crate::store::record::{decode_row, encode_row};

/// Sequence number → [`Message`].
pub(super) const MESSAGES: TableDefinition<u64, &[u8]> = TableDefinition::new("messages");

/// (due, milliseconds since 1970; sequence number): the order of delivery.
pub(super) const SCHEDULE: TableDefinition<(u64, u64), ()> = TableDefinition::new("schedule");

/// Sequence number → [`DeadLetter`].
pub(super) const DEAD_LETTERS: TableDefinition<u64, &[u8]> = TableDefinition::new("dead_letters");

/// The last sequence number given, so that none is given twice even when the queue is empty.
const SEQUENCE: TableDefinition<(), u64> = TableDefinition::new("sequence");

/// The wait after a message has been cut off twice; it doubles with each time.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest such wait.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

pub(crate) fn create_tables(txn: &WriteTransaction) -> Result<(), TableError> {
    txn.open_table(MESSAGES)?;
    txn.open_table(SCHEDULE)?;
    txn.open_table(DEAD_LETTERS)?;
    txn.open_table(SEQUENCE)?;
    Ok(())
}

/// Adds a message that is due at once, in the transaction of what it announces.
pub(crate) fn push(
    txn: &WriteTransaction,
    now_ms: u64,
    body: impl FnOnce(u64) -> String,
) -> Result<(), StoreError> {
    let mut table = txn.open_table(SEQUENCE)?;
    let sequence = table.get(())?.map_or(0, |last| last.value()) + 1;
    table.insert((), sequence)?;
    put_message(txn, sequence, &Message::new(body(sequence), now_ms))
}

pub(super) fn put_message(
    txn: &WriteTransaction,
    sequence: u64,
    message: &Message,
) -> Result<(), StoreError> {
    txn.open_table(MESSAGES)?.insert(sequence, encode_row(message)?.as_slice())?;
    txn.open_table(SCHEDULE)?.insert((message.visible_at_ms, sequence), ())?;
    Ok(())
}

/// Removes a message; `None` if somebody else has.
pub(super) fn take_message(txn: &WriteTransaction, sequence: u64) -> Result<Option<Message>, StoreError> {
    let mut messages = txn.open_table(MESSAGES)?;
    let Some(row) = messages.remove(sequence)? else { return Ok(None) };
    let message: Message = decode_row(row.value())?;
    txn.open_table(SCHEDULE)?.remove((message.visible_at_ms, sequence))?;
    Ok(Some(message))
}

/// Makes messages due that somebody had received: for a start, when whoever had received them is gone.
///
/// One that has been cut off before waits longer each time, so that what kills the process lets others pass between.
pub(crate) fn release_all(txn: &WriteTransaction, now_ms: u64) -> Result<usize, StoreError> {
    let mut held = Vec::new();
    for row in txn.open_table(SCHEDULE)?.range((now_ms.saturating_add(1), 0)..)? {
        held.push(row?.0.value().1);
    }
    let mut released = 0;
    for sequence in held {
        let Some(mut message) = take_message(txn, sequence)? else { continue };
        if message.unanswered > 0 {
            let wait = match message.unanswered {
                1 => Duration::ZERO,
                again => backoff::delay(FIRST_WAIT, LONGEST_WAIT, again - 1),
            };
            message.visible_at_ms = now_ms.saturating_add(u64::try_from(wait.as_millis()).unwrap_or(0));
            released += 1;
        }
        put_message(txn, sequence, &message)?;
    }
    Ok(released)
}

/// Removes the dead letters that are meant.
pub(super) fn take_dead_letters(
    txn: &WriteTransaction,
    which: &Which,
) -> Result<Vec<(u64, DeadLetter)>, StoreError> {
    let mut table = txn.open_table(DEAD_LETTERS)?;
    let sequences: Vec<u64> = match which {
        Which::These(ids) => ids.iter().map(|id| id.0).collect(),
        Which::All => table.iter()?.map(|row| Ok(row?.0.value())).collect::<Result<_, StoreError>>()?,
    };
    let mut taken = Vec::with_capacity(sequences.len());
    for sequence in sequences {
        if let Some(row) = table.remove(sequence)? {
            taken.push((sequence, decode_row(row.value())?));
        }
    }
    Ok(taken)
}

pub(super) fn put_dead_letter(
    txn: &WriteTransaction,
    sequence: u64,
    letter: &DeadLetter,
) -> Result<(), StoreError> {
    txn.open_table(DEAD_LETTERS)?.insert(sequence, encode_row(letter)?.as_slice())?;
    Ok(())
}
