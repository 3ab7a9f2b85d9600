//! Places where the tests make the program die.
//!
//! Built with the feature `fail-points`, the program reads `IMAGASAUR_FAIL_POINT` (`NAME` or `NAME=N`) and kills itself
//! when it comes to the place of that name for the N-th time. Without the feature there is nothing of this in it.

use crate::queue::HandlerError;

/// Every place, in the order in which one upload passes them; the crash tests go through the list.
pub const NAMES: &[&str] = &[
    "put.marked",
    "put.created",
    "put.written",
    "put.synced",
    "put.applied",
    "put.committed",
    "put.settled",
    "queue.received",
    "queue.acked",
    "queue.ack_done",
    "queue.retried",
    "queue.buried",
    "delete.applied",
    "delete.committed",
    "upload.aborted",
    "sweep.removed",
    "sweep.cleared",
    "recover.released",
    "recover.discarded",
    "recover.swept",
];

/// Dies here if this is the place and the time.
#[cfg(feature = "fail-points")]
pub(crate) fn hit(name: &'static str) {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static CHOSEN: LazyLock<Option<(String, AtomicU32)>> = LazyLock::new(|| {
        let chosen = std::env::var("IMAGASAUR_FAIL_POINT").ok()?;
        let (name, count) = chosen.split_once('=').unwrap_or((&chosen, "1"));
        Some((name.to_owned(), AtomicU32::new(count.parse().unwrap_or(1))))
    });
    debug_assert!(NAMES.contains(&name), "{name} is not in the list");
    if let Some((chosen, left)) = &*CHOSEN
        && chosen == name
        && left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        // Nothing is flushed, dropped or unwound: as after `kill -9`.
        std::process::abort();
    }
}

/// Dies of a message that holds the word of `IMAGASAUR_FAIL_POISON`: a picture that kills whoever touches it.
#[cfg(feature = "fail-points")]
pub(crate) fn poison(message: &str) {
    if std::env::var("IMAGASAUR_FAIL_POISON").is_ok_and(|word| message.contains(&word)) {
        std::process::abort();
    }
}

/// Fails the first try of a message that holds the word of `IMAGASAUR_FAIL_ONCE`, and for good one that holds the word
/// of `IMAGASAUR_FAIL_ALWAYS`.
#[cfg(feature = "fail-points")]
pub(crate) fn attempt(message: &str, receive_count: u32) -> Result<(), HandlerError> {
    let is_named_by = |name| std::env::var(name).is_ok_and(|word| message.contains(&word));
    if receive_count == 1 && is_named_by("IMAGASAUR_FAIL_ONCE") {
        return Err(HandlerError::Retry("fails once".to_owned()));
    }
    if is_named_by("IMAGASAUR_FAIL_ALWAYS") {
        return Err(HandlerError::Permanent("fails always".to_owned()));
    }
    Ok(())
}

/// Nothing.
#[cfg(not(feature = "fail-points"))]
pub(crate) fn poison(_message: &str) {}

/// Nothing.
#[cfg(not(feature = "fail-points"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
pub(crate) fn attempt(_message: &str, _receive_count: u32) -> Result<(), HandlerError> {
    Ok(())
}

/// Nothing.
#[cfg(not(feature = "fail-points"))]
pub(crate) fn hit(_name: &'static str) {}
