//! Reads what tells of new originals: S3 event notifications, and the events that S3 sends through `EventBridge`.
//!
//! What names an object twice, or comes in another order than things happened, needs no care here: an original is
//! always processed as it is when it is read.

use aws_lambda_events::s3::{S3Event, S3EventRecord};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use thiserror::Error;
use wire::OriginalKey;

/// Something that a message asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The bucket that the original is in.
    pub bucket: String,
    /// The original.
    pub key: OriginalKey,
    /// The id that S3 gave the request by which the original arrived.
    pub request_id: Option<String>,
}

/// The message is none that S3 sends, so another try would not help.
#[derive(Debug, Error)]
#[error("not an S3 event notification: {0}")]
pub struct ParseEventError(#[from] serde_json::Error);

/// The originals that were created, according to a message.
///
/// Left out, with a line in the log: events of other kinds, and keys that are not originals, such as those of what
/// is made here. `s3:TestEvent`, which S3 sends when a notification is set up, names none.
pub fn parse(message: &str) -> Result<Vec<Created>, ParseEventError> {
    let value: Value = serde_json::from_str(message)?;
    if value.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
        return Ok(Vec::new());
    }
    if value.get("source").and_then(Value::as_str) == Some("aws.s3") {
        return Ok(from_event_bridge(&value).into_iter().collect());
    }
    let event: S3Event = serde_json::from_value(value)?;
    Ok(event.records.into_iter().filter_map(from_record).collect())
}

/// Source: Amazon S3 user guide, "Event message structure".
fn from_record(record: S3EventRecord) -> Option<Created> {
    let name = record.event_name.unwrap_or_default();
    let key = decode_key(&record.s3.object.key.unwrap_or_default());
    let request_id = record.response_elements.get("x-amz-request-id").cloned();
    let is_creation = name.starts_with("ObjectCreated:");
    original(&name, is_creation, record.s3.bucket.name.unwrap_or_default(), &key, request_id)
}

/// Source: Amazon S3 user guide, "`EventBridge` event message structure". Keys are as they are there.
fn from_event_bridge(event: &Value) -> Option<Created> {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
    let name = text("/detail-type").unwrap_or_default();
    let (bucket, key) = (text("/detail/bucket/name"), text("/detail/object/key"));
    let request_id = text("/detail/request-id").map(str::to_owned);
    let is_creation = name == "Object Created";
    original(name, is_creation, bucket.unwrap_or_default().to_owned(), key.unwrap_or_default(), request_id)
}

fn original(
    event: &str,
    is_creation: bool,
    bucket: String,
    key: &str,
    request_id: Option<String>,
) -> Option<Created> {
    if !is_creation {
        tracing::warn!(event, key, "an event that is none of ours");
        return None;
    }
    let parsed = key.parse().ok();
    if parsed.is_none() {
        tracing::warn!(event, key, "an object that is no original");
    }
    Some(Created { bucket, key: parsed?, request_id })
}

/// S3 writes keys in its own notifications as HTML forms do: `+` for a space, `%2B` for a plus.
fn decode_key(encoded: &str) -> String {
    percent_decode_str(&encoded.replace('+', " ")).decode_utf8_lossy().into_owned()
}
