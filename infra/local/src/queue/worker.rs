//! Working the queue off.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use thiserror::Error;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::budget::Budget;
use super::message::Received;
use super::{Queue, backoff};
use crate::fail_point;
use crate::store::{StoreError, now_ms};

/// A message that has waited longer for its turn than this gets its time anew.
const WORTH_EXTENDING: Duration = Duration::from_secs(5);

/// Why a message was not worked off.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HandlerError {
    /// Another try may succeed.
    #[error("{0}")]
    Retry(String),
    /// No try ever will.
    #[error("{0}")]
    Permanent(String),
}

/// How the queue is worked off.
#[derive(Clone, Copy, Debug)]
pub struct WorkerOptions {
    /// How many messages at once.
    pub concurrency: usize,
    /// How long a message belongs to the worker that received it.
    pub visibility: Duration,
    /// How long a handler may take; less than `visibility`, so that no two work on one message.
    pub timeout: Duration,
    /// After this many tries a message is given up.
    pub max_receives: u32,
    /// The wait after the first failure; it doubles with each.
    pub backoff: Duration,
    /// The longest wait.
    pub max_backoff: Duration,
    /// How many bytes the work under way may hold, files and what is made of them.
    pub max_bytes_in_flight: u64,
}

impl Default for WorkerOptions {
    /// Four at once, five minutes, five tries.
    fn default() -> Self {
        Self {
            concurrency: 4,
            visibility: Duration::from_mins(5),
            timeout: Duration::from_mins(4),
            max_receives: 5,
            backoff: Duration::from_secs(1),
            max_backoff: Duration::from_mins(1),
            max_bytes_in_flight: 512 << 20,
        }
    }
}

/// Hands messages to `handler`, with how often each has been received, until `shutdown` completes; then no more
/// are received, those under way are finished, and this returns.
///
/// `Ok` deletes the message. An error, a panic or a handler that takes too long has it tried again later, and
/// given up after the last try. A message whose every try has ended with the process is handed over once more, with
/// a count above `max_receives`: to be recorded, not to be tried.
pub async fn run_workers<H, F>(
    queue: Queue,
    options: WorkerOptions,
    handler: H,
    shutdown: impl Future<Output = ()>,
) where
    H: Fn(String, u32) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), HandlerError>> + Send + 'static,
{
    let handler = Arc::new(handler);
    let budget = Budget::new(options.max_bytes_in_flight);
    let mut running = JoinSet::new();
    let mut received = VecDeque::new();
    let mut shutdown = std::pin::pin!(shutdown);
    'working: loop {
        if received.is_empty() {
            let free = options.concurrency.saturating_sub(running.len());
            match queue.receive(free, options.visibility).await {
                Ok(messages) => received.extend(messages),
                Err(error) => tracing::error!(%error, "messages cannot be received"),
            }
        }
        while let Some(message) = received.pop_front() {
            // What may have killed the process is tried alone, so that no other is cut off with it if it does so again.
            let is_alone = message.is_suspect;
            let (id, began) = (message.id, Instant::now());
            let room = async {
                while is_alone && running.join_next().await.is_some() {}
                budget.take(&message.body).await
            };
            let room = tokio::select! {
                biased;
                () = &mut shutdown => {
                    received.push_front(message);
                    break 'working;
                }
                room = room => room,
            };
            if began.elapsed() > WORTH_EXTENDING
                && let Err(error) = queue.extend(id, options.visibility).await
            {
                tracing::warn!(message = %id, %error, "the time of a message could not be extended");
            }
            let (queue, handler) = (queue.clone(), Arc::clone(&handler));
            running.spawn(async move {
                work(queue, options, handler, message).await;
                drop(room);
            });
            if is_alone {
                while running.join_next().await.is_some() {}
            }
        }
        let is_full = running.len() >= options.concurrency;
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(_) = running.join_next() => {}
            () = something_due(&queue), if !is_full => {}
        }
    }
    for message in received {
        if let Err(error) = queue.give_back(message.id).await {
            tracing::warn!(message = %message.id, %error, "a message could not be given back");
        }
    }
    while running.join_next().await.is_some() {}
}

/// Completes when a message is due, or may be.
async fn something_due(queue: &Queue) {
    /// Looked at even if nothing says so: the clock of the machine may have been set.
    const AT_MOST: Duration = Duration::from_secs(30);
    /// After a failure of the database, so as not to spin.
    const AFTER_FAILURE: Duration = Duration::from_secs(1);
    /// While the store is full, to see whether it still is.
    const UNTIL_ROOM: Duration = Duration::from_secs(1);
    let wait = match queue.next_due().await {
        _ if !queue.has_room() => UNTIL_ROOM,
        Ok(None) => AT_MOST,
        Ok(Some(due_ms)) => Duration::from_millis(due_ms.saturating_sub(now_ms())).min(AT_MOST),
        Err(_) => AFTER_FAILURE,
    };
    tokio::select! {
        () = queue.notified() => {}
        () = sleep(wait) => {}
    }
}

async fn work<H, F>(queue: Queue, options: WorkerOptions, handler: Arc<H>, message: Received)
where
    H: Fn(String, u32) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), HandlerError>> + Send + 'static,
{
    let Received { id, body, receive_count, is_suspect: _ } = message;
    if receive_count <= options.max_receives {
        fail_point::poison(&body);
    }
    let outcome = match fail_point::attempt(&body, receive_count) {
        Ok(()) => attempt(options.timeout, handler, body, receive_count).await,
        failed => failed,
    };
    let outcome = if receive_count > options.max_receives {
        // It never got as far as failing: the process died over it each time. The handler has been told.
        let reason = format!("received {} times and never answered", receive_count - 1);
        Err(HandlerError::Permanent(match outcome {
            Ok(()) | Err(HandlerError::Permanent(_)) => reason,
            Err(HandlerError::Retry(error)) => format!("{reason}; not recorded: {error}"),
        }))
    } else {
        outcome
    };
    let settled: Result<(), StoreError> = match outcome {
        Ok(()) => queue.delete(id).await,
        Err(HandlerError::Retry(reason)) if receive_count < options.max_receives => {
            let delay = backoff::delay(options.backoff, options.max_backoff, receive_count);
            tracing::warn!(message = %id, receive_count, reason, delay_ms = delay.as_millis(), "will try again");
            queue.retry_later(id, delay).await
        }
        Err(HandlerError::Retry(reason) | HandlerError::Permanent(reason)) => {
            tracing::error!(message = %id, receive_count, reason, "message given up");
            queue.bury(id, &reason).await
        }
    };
    if let Err(error) = settled {
        // It becomes visible again by itself.
        tracing::error!(message = %id, %error, "the outcome of a message could not be stored");
    }
}

/// One try, in a task of its own: a panic ends the task and nothing else.
async fn attempt<H, F>(
    limit: Duration,
    handler: Arc<H>,
    body: String,
    receive_count: u32,
) -> Result<(), HandlerError>
where
    H: Fn(String, u32) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), HandlerError>> + Send + 'static,
{
    let mut task = tokio::spawn(async move { handler(body, receive_count).await });
    match timeout(limit, &mut task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panicked)) => Err(HandlerError::Retry(format!("handler failed: {panicked}"))),
        Err(_elapsed) => {
            task.abort();
            Err(HandlerError::Retry(format!("handler took more than {} ms", limit.as_millis())))
        }
    }
}
