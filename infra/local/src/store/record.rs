//! What is known of an object besides its bytes.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::digest::{Algorithm, Checksums};
use super::error::StoreError;
use super::multipart::UploadId;

/// Names a body's file. Random, so that no key can name a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BodyId(pub(super) [u8; 16]);

impl BodyId {
    pub(super) fn random() -> Result<Self, StoreError> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| StoreError::Io(std::io::Error::other(error.to_string())))?;
        Ok(Self(id))
    }

    /// Reads what `Display` wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut id = [0; 16];
        hex::decode_to_slice(text, &mut id).ok()?;
        Some(Self(id))
    }
}

impl fmt::Display for BodyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for BodyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for BodyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BodyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a body id is 32 hexadecimal digits"))
    }
}

/// What the client said about an object: returned with it as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObjectMeta {
    /// `Content-Type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// `Cache-Control`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_control: Option<String>,
    /// `Content-Disposition`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_disposition: Option<String>,
    /// `Content-Encoding`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
    /// `Content-Language`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_language: Option<String>,
    /// `Expires`, seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_unix_s: Option<i64>,
    /// `x-amz-meta-*`, by the name without the prefix, lower case.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub user: BTreeMap<String, String>,
}

/// All that is known of an object besides its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectRecord {
    /// Bytes.
    pub size: u64,
    /// The entity tag, without quotes: the MD5 of the bytes, 32 lowercase hex digits. Of an object put together from
    /// N parts, the MD5 of the parts' MD5s, a hyphen and N.
    pub etag: String,
    /// Milliseconds since 1970.
    pub last_modified_ms: u64,
    /// Of all the bytes: SHA-256 always, others if the client used them.
    pub checksums: Checksums,
    /// What the client said.
    pub meta: ObjectMeta,
    /// Present if it was put together from parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multipart: Option<Multipart>,
    /// Where the bytes are.
    pub body: BodyId,
}

/// What is known of an object in parts besides what is known of every object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Multipart {
    /// The upload.
    pub upload: UploadId,
    /// Number of parts.
    pub parts: u16,
    /// MD5 of the bytes, 32 lowercase hex digits.
    pub md5: String,
    /// The checksum of the parts' checksums, base64, a hyphen and the number of parts: what the client asked for in
    /// place of one of all the bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composite: Option<(Algorithm, String)>,
}

/// The form of a row: this byte, then JSON. Another form gets another byte.
const JSON_V1: u8 = 1;

/// The value of a row.
pub(crate) fn encode_row<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    let mut row = vec![JSON_V1];
    serde_json::to_writer(&mut row, value)?;
    Ok(row)
}

/// Reads what [`encode_row`] wrote.
pub(crate) fn decode_row<T: for<'de> Deserialize<'de>>(row: &[u8]) -> Result<T, StoreError> {
    match row.split_first() {
        Some((&JSON_V1, json)) => Ok(serde_json::from_slice(json)?),
        _ => Err(StoreError::Row(serde::de::Error::custom("unknown form of row"))),
    }
}
