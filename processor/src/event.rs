//! Reads S3 event notifications.

use aws_lambda_events::s3::S3Event;
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
}

/// The message is none that S3 sends, so another try would not help.
#[derive(Debug, Error)]
#[error("not an S3 event notification: {0}")]
pub struct ParseEventError(#[from] serde_json::Error);

/// The originals that were created, according to a message.
///
/// Left out, with a line in the log: records of other kinds, and keys that are not originals. `s3:TestEvent`,
/// which S3 sends when a notification is set up, names none.
pub fn parse(message: &str) -> Result<Vec<Created>, ParseEventError> {
    let value: Value = serde_json::from_str(message)?;
    if value.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
        return Ok(Vec::new());
    }
    let event: S3Event = serde_json::from_value(value)?;
    Ok(event
        .records
        .into_iter()
        .filter_map(|record| {
            let name = record.event_name.unwrap_or_default();
            let bucket = record.s3.bucket.name.unwrap_or_default();
            let key = decode_key(&record.s3.object.key.unwrap_or_default());
            if !name.starts_with("ObjectCreated:") {
                tracing::warn!(name, key, "an event that is none of ours");
                return None;
            }
            let parsed = key.parse().ok();
            if parsed.is_none() {
                tracing::warn!(name, key, "an object that is no original");
            }
            Some(Created { bucket, key: parsed? })
        })
        .collect())
}

/// S3 writes keys in events as HTML forms do: `+` for a space, `%2B` for a plus.
fn decode_key(encoded: &str) -> String {
    percent_decode_str(&encoded.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "fe5c1a2b3c4d00112233445566778899";

    fn message(event_name: &str, key: &str) -> String {
        include_str!("../tests/events/object_created_post.json")
            .replace("ObjectCreated:Post", event_name)
            .replace("@KEY@", key)
    }

    #[test]
    fn reads_the_key_as_s3_encodes_it() {
        let created =
            parse(&message("ObjectCreated:Post", &format!("uploads/{ID}/a+b%2Bc+%C3%A9.jpg"))).unwrap();
        assert_eq!(created.len(), 1);
        assert_eq!(created[0].bucket, "uploads");
        assert_eq!(created[0].key.to_string(), format!("uploads/{ID}/a b+c é.jpg"));
    }

    #[test]
    fn leaves_out_what_is_no_new_original() {
        for (name, key) in [
            ("ObjectRemoved:Delete", format!("uploads/{ID}/a.jpg")),
            ("ObjectCreated:Put", format!("thumbs/{ID}/100x100-0123456789abcdef.jpg")),
            ("ObjectCreated:Put", "uploads/other/a.jpg".to_owned()),
        ] {
            assert_eq!(parse(&message(name, &key)).unwrap(), [], "{name} {key}");
        }
    }

    #[test]
    fn takes_the_test_event_as_nothing_to_do() {
        let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-01-01T00:00:00.000Z","Bucket":"uploads"}"#;
        assert_eq!(parse(test).unwrap(), []);
    }

    #[test]
    fn refuses_what_s3_does_not_send() {
        for bad in ["", "{", "{}", "[]", r#"{"Records":1}"#] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
