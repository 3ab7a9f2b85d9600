//! What a client may take of this machine: time, memory, connections, signatures.
//!
//! [`Limits`] are the figures. [`body`] reads requests that arrive too slowly only so far, [`stall`] does the same for
//! answers that nobody takes, [`connections`] counts, [`rate`] hands out signatures.

pub mod body;
pub mod connections;
pub mod rate;
pub mod stall;

use std::time::Duration;

/// What one client, and all of them together, may take of a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long the handshake of TLS may take.
    pub handshake_time: Duration,
    /// How long a client may take to say what it wants; also how long a connection may be idle.
    pub header_time: Duration,
    /// The request line and all headers, bytes.
    pub header_bytes: usize,
    /// How many headers.
    pub headers: usize,
    /// How slowly a request's body may arrive.
    pub body_pace: Pace,
    /// How long a client may take none of an answer that is waiting for it.
    pub write_time: Duration,
    /// What is held of a connection's bytes at most, each way.
    pub buffer_bytes: usize,
    /// How many connections at once.
    pub connections: usize,
    /// How many of them from one address, unless it is this machine or a trusted proxy.
    pub connections_per_address: usize,
    /// How long requests under way may take once the end has begun.
    pub drain_time: Duration,
}

/// The slowest that is still listened to: in each stretch of waiting of this length, so many bytes.
///
/// Ten thousand times slower than a telephone's uplink, so that no honest upload is cut off, however long it
/// takes; fast enough that one who sends a byte a minute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long is waited.
    pub within: Duration,
    /// For at least this.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake_time: Duration::from_secs(10),
            header_time: Duration::from_secs(30),
            header_bytes: 32 << 10,
            headers: 100,
            body_pace: Pace { within: Duration::from_secs(30), bytes: 1 << 10 },
            write_time: Duration::from_mins(1),
            buffer_bytes: 64 << 10,
            connections: 512,
            connections_per_address: 64,
            drain_time: Duration::from_secs(30),
        }
    }
}
