//! What a new object announces: the event notification of S3, message structure 2.1.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>

use serde_json::json;
use time::OffsetDateTime;
use time::macros::format_description;

use super::record::ObjectRecord;

/// Which new objects are announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The bucket.
    pub bucket: String,
    /// What the key starts with.
    pub prefix: String,
}

impl Rule {
    pub(super) fn matches(&self, bucket: &str, key: &str) -> bool {
        self.bucket == bucket && key.starts_with(&self.prefix)
    }
}

/// How an object came into being.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventName {
    /// `PutObject`.
    #[default]
    Put,
    /// A form that a browser posted.
    Post,
    /// `CopyObject`.
    Copy,
    /// The parts of an upload were put together.
    CompleteMultipartUpload,
}

impl EventName {
    fn as_str(self) -> &'static str {
        match self {
            Self::Put => "ObjectCreated:Put",
            Self::Post => "ObjectCreated:Post",
            Self::Copy => "ObjectCreated:Copy",
            Self::CompleteMultipartUpload => "ObjectCreated:CompleteMultipartUpload",
        }
    }
}

/// The event as JSON. `sequence` grows with every event, so of two about one key the later is known.
pub(super) fn json(bucket: &str, key: &str, record: &ObjectRecord, name: EventName, sequence: u64) -> String {
    let sequencer = format!("{sequence:016X}");
    let event = json!({"Records": [{
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": rfc3339_ms(record.last_modified_ms),
        "eventName": name.as_str(),
        "userIdentity": {"principalId": "imagasaur"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {"x-amz-request-id": sequencer, "x-amz-id-2": sequencer},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "imagasaur",
            "bucket": {
                "name": bucket,
                "ownerIdentity": {"principalId": "imagasaur"},
                "arn": format!("arn:aws:s3:::{bucket}"),
            },
            "object": {
                "key": form_encode(key),
                "size": record.size,
                "eTag": record.etag,
                "sequencer": sequencer,
            },
        },
    }]});
    event.to_string()
}

/// Encodes a key as S3 does in events and in listings with `encoding-type=url`: as a form's value, slashes kept.
pub(crate) fn form_encode(key: &str) -> String {
    let mut encoded = String::with_capacity(key.len());
    for byte in key.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            other => {
                encoded.push('%');
                encoded.push_str(&hex::encode_upper([other]));
            }
        }
    }
    encoded
}

fn rfc3339_ms(unix_ms: u64) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(unix_ms) * 1_000_000)
        .ok()
        .and_then(|time| time.format(format).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_encoded_as_s3_does() {
        assert_eq!(form_encode("uploads/a b+c&é(1)~.jpg"), "uploads/a+b%2Bc%26%C3%A9%281%29%7E.jpg");
    }

    #[test]
    fn times_have_milliseconds() {
        assert_eq!(rfc3339_ms(1_795_000_000_007), "2026-11-18T11:06:40.007Z");
    }
}
