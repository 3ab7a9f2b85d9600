//! What the queue holds.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Names a message. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub u64);

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A message as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// To delete it by.
    pub id: MessageId,
    /// The event, JSON.
    pub body: String,
    /// How often it has been received, with this time: 1 or more.
    pub receive_count: u32,
    /// Whoever received it the last time never answered: the process may have died of it.
    pub is_suspect: bool,
}

/// A message that waits or is being worked on, as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its id.
    pub id: MessageId,
    /// The event, JSON.
    pub body: String,
    /// How often it has been received.
    pub receive_count: u32,
    /// When it is due, milliseconds since 1970. In the future while it is worked on or waits for its next try.
    pub visible_at_ms: u64,
    /// Somebody has received it and has not answered yet.
    pub is_under_way: bool,
}

/// A message that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The id it had as a message.
    pub id: MessageId,
    /// The event, JSON.
    pub body: String,
    /// Why it was given up.
    pub reason: String,
    /// How often it had been received.
    pub receive_count: u32,
    /// When it was given up, milliseconds since 1970.
    pub buried_ms: u64,
}

/// Which dead letters are meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Every one.
    All,
    /// Those with these ids; one that is not there is passed over.
    These(Vec<MessageId>),
}

impl DeadLetter {
    pub(super) fn new(id: MessageId, message: Message, reason: String, buried_ms: u64) -> Self {
        Self { id, body: message.body, reason, receive_count: message.receive_count, buried_ms }
    }
}

/// A message as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) body: String,
    pub(super) receive_count: u32,
    pub(super) visible_at_ms: u64,
    /// How often it was received, up to now, without an answer. Older versions did not count.
    #[serde(default)]
    pub(super) unanswered: u32,
}

impl Message {
    pub(super) fn new(body: String, visible_at_ms: u64) -> Self {
        Self { body, receive_count: 0, visible_at_ms, unanswered: 0 }
    }
}
