//! The events that a function gets: a batch of a queue, or the event of S3 or `EventBridge` itself.

use std::time::{Duration, SystemTime};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use serde_json::Value;
use thiserror::Error;
use tracing::Instrument as _;

use crate::{ProcessError, Processor};

/// A message for which there is less time than this is left for the next call: to begin would only cost it a try.
const LEAST_TIME: Duration = Duration::from_secs(5);

/// The call has failed as a whole: Lambda makes it again.
#[derive(Debug, Error)]
pub enum CallError {
    /// What a queue would have brought again.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A batch that is not as SQS sends it, or an answer that cannot be written.
    #[error("a batch that cannot be read: {0}")]
    Batch(#[from] serde_json::Error),
}

/// Does what an event asks for, until `deadline`, and tells which messages have to come again.
pub async fn handle(processor: &Processor, event: Value, deadline: SystemTime) -> Result<Value, CallError> {
    if event.pointer("/Records/0/eventSource").and_then(Value::as_str) == Some("aws:sqs") {
        let event: SqsEvent = serde_json::from_value(event)?;
        return Ok(serde_json::to_value(batch(processor, event, deadline).await)?);
    }
    // Nobody counts the tries here: Lambda makes two more, and then tells whom it was told to tell.
    Box::pin(processor.handle(&event.to_string(), 1)).await?;
    Ok(Value::Null)
}

/// Handles each message by itself, so that only what fails comes again.
async fn batch(processor: &Processor, event: SqsEvent, deadline: SystemTime) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for message in event.records {
        let has_time =
            deadline.duration_since(SystemTime::now()).is_ok_and(|remaining| remaining >= LEAST_TIME);
        let done = if has_time { one(processor, &message).await } else { Err("no time is left".to_owned()) };
        if let Err(error) = done {
            tracing::error!(message_id = message.message_id, error, "the message has to come again");
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = message.message_id.unwrap_or_default();
            response.batch_item_failures.push(failure);
        }
    }
    response
}

async fn one(processor: &Processor, message: &SqsMessage) -> Result<(), String> {
    let tries = message.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok());
    let trace_id = message.attributes.get("AWSTraceHeader");
    // Every line that is written about the message can be found by the trace that the upload began.
    let span = tracing::info_span!("message", message_id = message.message_id, trace_id, tries);
    let body = message.body.as_deref().unwrap_or_default();
    let handled = Box::pin(processor.handle(body, tries.unwrap_or(1))).instrument(span).await;
    handled.map(drop).map_err(|error| error.to_string())
}
