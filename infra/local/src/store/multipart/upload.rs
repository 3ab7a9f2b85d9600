//! Beginning an upload, and giving one up.

use std::fmt;
use std::time::Duration;

use redb::{Durability, ReadableTable, WriteTransaction};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::MultipartError;
use crate::fail_point;
use crate::store::Store;
use crate::store::db::{now_ms, to_its_end};
use crate::store::digest::Algorithm;
use crate::store::error::StoreError;
use crate::store::record::{BodyId, ObjectMeta, decode_row, encode_row};
use crate::store::refs::release_body;
use crate::store::tables::{PARTS, UPLOADS, object_row};

/// Names an upload: milliseconds since 1970, big-endian, then random bytes. So uploads of one key are in the order in
/// which they were begun.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct UploadId(pub(super) [u8; 24]);

impl UploadId {
    fn new(now_ms: u64) -> Result<Self, StoreError> {
        let mut id = [0; 24];
        id[..8].copy_from_slice(&now_ms.to_be_bytes());
        id[8..].copy_from_slice(&BodyId::random()?.0);
        Ok(Self(id))
    }

    /// Reads what `Display` wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut id = [0; 24];
        hex::decode_to_slice(text, &mut id).ok()?;
        Some(Self(id))
    }

    /// When the upload was begun, milliseconds since 1970.
    #[must_use]
    pub fn initiated_ms(self) -> u64 {
        self.0[..8].iter().fold(0, |ms, byte| (ms << 8) | u64::from(*byte))
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for UploadId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UploadId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("an upload id is 48 hexadecimal digits"))
    }
}

/// The checksum that an upload was begun with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadChecksum {
    /// How each part is checked.
    pub algorithm: Algorithm,
    /// The object gets a checksum of all its bytes; otherwise one of its parts' checksums.
    pub is_full_object: bool,
}

/// What is known of an upload before it is an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadRecord {
    /// What the client said about the object to be.
    pub meta: ObjectMeta,
    /// How its bytes are checked, if the client said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<UploadChecksum>,
}

/// The row of an upload. The id has one length, so the key in front of it is told without looking for its end.
pub(super) fn upload_row(bucket: &str, key: &str, id: UploadId) -> Vec<u8> {
    let mut row = object_row(bucket, key.as_bytes());
    row.push(0);
    row.extend_from_slice(&id.0);
    row
}

/// The upload of a row, or [`MultipartError::NoSuchUpload`].
pub(super) fn find_upload(
    uploads: &impl ReadableTable<&'static [u8], &'static [u8]>,
    row: &[u8],
) -> Result<UploadRecord, StoreError> {
    uploads.get(row)?.map_or(Err(MultipartError::NoSuchUpload.into()), |row| decode_row(row.value()))
}

/// Removes an upload and its parts. Returns the bodies that are garbage once the transaction is committed.
pub(super) fn end_upload(
    txn: &WriteTransaction,
    row: &[u8],
    id: UploadId,
) -> Result<Vec<BodyId>, StoreError> {
    if txn.open_table(UPLOADS)?.remove(row)?.is_none() {
        return Err(MultipartError::NoSuchUpload.into());
    }
    let mut bodies = Vec::new();
    for part in txn.open_table(PARTS)?.extract_from_if((&id.0, 0)..=(&id.0, u16::MAX), |_, _| true)? {
        bodies.push(decode_row::<super::PartRecord>(part?.1.value())?.body);
    }
    let mut garbage = Vec::new();
    for body in bodies {
        garbage.extend(release_body(txn, body)?);
    }
    Ok(garbage)
}

impl Store {
    /// Begins an upload in parts.
    pub async fn create_upload(
        &self,
        bucket: &str,
        key: &str,
        record: UploadRecord,
    ) -> Result<UploadId, StoreError> {
        self.check_name(bucket, key)?;
        let id = UploadId::new(now_ms())?;
        let row = upload_row(bucket, key, id);
        self.db
            .write(Durability::Immediate, move |txn| {
                txn.open_table(UPLOADS)?.insert(row.as_slice(), encode_row(&record)?.as_slice())?;
                Ok(())
            })
            .await?;
        Ok(id)
    }

    /// What an upload was begun with.
    pub async fn upload(&self, bucket: &str, key: &str, id: UploadId) -> Result<UploadRecord, StoreError> {
        self.check_name(bucket, key)?;
        let row = upload_row(bucket, key, id);
        self.db.read(move |txn| find_upload(&txn.open_table(UPLOADS)?, &row)).await
    }

    /// Gives an upload up: its parts are gone.
    pub async fn abort_upload(&self, bucket: &str, key: &str, id: UploadId) -> Result<(), StoreError> {
        self.check_name(bucket, key)?;
        let (store, row) = (self.clone(), upload_row(bucket, key, id));
        to_its_end(async move { store.abort_row(row, id).await }).await
    }

    /// Gives up the uploads that were begun longer ago than `age`. Returns how many. What it costs depends on how many
    /// are under way.
    pub async fn abort_uploads_older_than(&self, age: Duration) -> Result<usize, StoreError> {
        let oldest_ms = now_ms().saturating_sub(u64::try_from(age.as_millis()).unwrap_or(u64::MAX));
        let old = self.db.read(move |txn| {
            let mut old = Vec::new();
            for row in txn.open_table(UPLOADS)?.iter()? {
                let row = row?.0.value().to_vec();
                let id = row.last_chunk().map(|id| UploadId(*id));
                old.extend(id.filter(|id| id.initiated_ms() < oldest_ms).map(|id| (row, id)));
            }
            Ok(old)
        });
        let mut count = 0;
        for (row, id) in old.await? {
            match self.abort_row(row, id).await {
                // Completed or aborted by somebody else meanwhile.
                Err(StoreError::Multipart(MultipartError::NoSuchUpload)) => {}
                other => other.map(|()| count += 1)?,
            }
        }
        Ok(count)
    }

    async fn abort_row(&self, row: Vec<u8>, id: UploadId) -> Result<(), StoreError> {
        let garbage = self.db.write(Durability::Immediate, move |txn| end_upload(txn, &row, id)).await?;
        fail_point::hit("upload.aborted");
        self.sweep(garbage).await;
        Ok(())
    }
}
