//! Working the queue off with the processor.

use std::time::Instant;

use processor::{MAX_TRIES, ProcessError, Processor};
use serde_json::Value;

use crate::metrics::Metrics;
use crate::queue::{HandlerError, Queue, WorkerOptions, run_workers};

/// As many messages at once as there are cores.
pub(super) fn options() -> WorkerOptions {
    let concurrency = std::thread::available_parallelism().map_or(2, usize::from);
    WorkerOptions { concurrency, max_receives: MAX_TRIES, ..WorkerOptions::default() }
}

/// Hands the queue's messages to the processor until `stop` completes.
pub async fn work_off(
    queue: Queue,
    processor: Processor,
    metrics: Metrics,
    options: WorkerOptions,
    stop: impl Future<Output = ()>,
) {
    let handler = move |message: String, receive_count: u32| {
        let (processor, metrics) = (processor.clone(), metrics.clone());
        async move {
            if receive_count == 1 {
                metrics.arrived(size(&message));
            }
            let start = Instant::now();
            let handled = processor.handle(&message, receive_count).await;
            metrics.processed(handled.as_deref().ok(), start.elapsed());
            handled.map(drop).map_err(|error| match error {
                ProcessError::Message(_) | ProcessError::Exhausted => {
                    HandlerError::Permanent(error.to_string())
                }
                ProcessError::Retry(_) => HandlerError::Retry(error.to_string()),
            })
        }
    };
    run_workers(queue, options, handler, stop).await;
}

/// The size of the original that an event names, bytes.
fn size(event: &str) -> u64 {
    let event: Value = serde_json::from_str(event).unwrap_or_default();
    event["Records"][0]["s3"]["object"]["size"].as_u64().unwrap_or_default()
}
