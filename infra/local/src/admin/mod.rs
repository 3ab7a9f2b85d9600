//! What an operator asks of the data directory: through the running system, or directly when none runs.
//!
//! One process opens the database. While it serves, it listens on a socket in the data directory, in a folder that only
//! its owner may enter; the commands connect to that. If nobody listens, they open the store themselves. This is no
//! interface for others: requests and answers are one line of JSON each, and change with the version.

mod answer;
pub mod backup;
mod client;
pub mod queue;
#[cfg(unix)]
mod server;
#[cfg(unix)]
mod socket;

pub use self::client::{AskError, ask};
#[cfg(unix)]
pub use self::server::Listener;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::queue::{DeadLetter, Waiting, Which};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// What the queue holds.
    List {
        /// The most of each kind.
        max: usize,
    },
    /// Try dead letters again.
    Retry(Which),
    /// Forget dead letters.
    Forget(Which),
    /// Write a copy of the index to this file, which must not be there. Until the connection is closed, no body is
    /// removed that the copy names.
    Snapshot(PathBuf),
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// What the queue holds, oldest first.
    Queue {
        /// Waiting or being worked on.
        waiting: Vec<Waiting>,
        /// Given up.
        dead: Vec<DeadLetter>,
        /// How many there are of the first kind.
        waiting_count: u64,
        /// How many there are of the second.
        dead_count: u64,
    },
    /// To how many it was done.
    Count(usize),
    /// It is done.
    Done,
    /// It could not be done.
    Failed(String),
}
