//! The calls to S3 that processing makes.

use std::fmt;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::head_object::{HeadObjectError, HeadObjectOutput};
use aws_sdk_s3::types::ChecksumMode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;
use wire::{EntryKey, ImageId, Metadata, OriginalKey, ThumbnailKey};

/// A thumbnail's address has its hash in it, so what is there never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// S3 did not do what was asked. All of these may go better another time.
#[derive(Debug, Error)]
#[error("{operation} failed: {cause}")]
pub struct StoreError {
    operation: &'static str,
    cause: String,
}

impl StoreError {
    fn of<E, R>(operation: &'static str) -> impl FnOnce(SdkError<E, R>) -> Self
    where
        E: std::error::Error + 'static,
        R: fmt::Debug,
    {
        move |error| Self { operation, cause: DisplayErrorContext(error).to_string() }
    }
}

/// What S3 knows of an original.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) bytes: u64,
    pub(crate) content_type: Option<String>,
    pub(crate) sha256: Option<[u8; 32]>,
    etag: Option<String>,
}

impl From<HeadObjectOutput> for Head {
    fn from(head: HeadObjectOutput) -> Self {
        let digest = head.checksum_sha256().and_then(|text| STANDARD.decode(text).ok()?.try_into().ok());
        Self {
            bytes: head.content_length().and_then(|length| length.try_into().ok()).unwrap_or_default(),
            sha256: digest,
            etag: head.e_tag,
            content_type: head.content_type,
        }
    }
}

/// The uploads bucket that an event names, and the processed bucket.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub(crate) s3: Client,
    pub(crate) processed: String,
}

impl Store {
    /// What S3 knows of an original; `None` if it is not there (any more).
    pub(crate) async fn head(&self, bucket: &str, key: &OriginalKey) -> Result<Option<Head>, StoreError> {
        let head =
            self.s3.head_object().bucket(bucket).key(key.to_string()).checksum_mode(ChecksumMode::Enabled);
        match head.send().await {
            Ok(head) => Ok(Some(head.into())),
            Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => Ok(None),
            Err(error) => Err(StoreError::of("HeadObject")(error)),
        }
    }

    /// The bytes of the original that `head` describes; `None` if it was deleted since.
    pub(crate) async fn read(
        &self,
        bucket: &str,
        key: &OriginalKey,
        head: &Head,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let get = self.s3.get_object().bucket(bucket).key(key.to_string()).set_if_match(head.etag.clone());
        let answer = match get.send().await {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().is_some_and(|e| e.code() == Some("NoSuchKey")) => {
                return Ok(None);
            }
            Err(error) => return Err(StoreError::of("GetObject")(error)),
        };
        let broken = |cause: String| StoreError { operation: "GetObject", cause };
        let body = answer.body.collect().await.map_err(|error| broken(error.to_string()))?.to_vec();
        if body.len() as u64 != head.bytes {
            return Err(broken(format!("{} of {} bytes arrived", body.len(), head.bytes)));
        }
        Ok(Some(body))
    }

    /// Writes a thumbnail.
    pub(crate) async fn put_thumbnail(&self, key: &ThumbnailKey, jpeg: Vec<u8>) -> Result<(), StoreError> {
        self.s3
            .put_object()
            .bucket(&self.processed)
            .key(key.to_string())
            .content_type("image/jpeg")
            .cache_control(IMMUTABLE)
            .checksum_sha256(STANDARD.encode(key.rendition.sha256.0))
            .body(jpeg.into())
            .send()
            .await
            .map(drop)
            .map_err(StoreError::of("PutObject"))
    }

    /// Writes the entry, which finishes the image.
    pub(crate) async fn put_entry(&self, key: &EntryKey, metadata: &Metadata) -> Result<(), StoreError> {
        let json = serde_json::to_vec(metadata)
            .map_err(|error| StoreError { operation: "PutObject", cause: error.to_string() })?;
        self.s3
            .put_object()
            .bucket(&self.processed)
            .key(key.to_string())
            .content_type("application/json")
            .body(json.into())
            .send()
            .await
            .map(drop)
            .map_err(StoreError::of("PutObject"))
    }

    /// Whether an image has an entry: then it is ready or failed.
    pub(crate) async fn is_finished(&self, id: ImageId) -> Result<bool, StoreError> {
        let list = self.s3.list_objects_v2().bucket(&self.processed).prefix(EntryKey::prefix(id)).max_keys(1);
        let listing = list.send().await.map_err(StoreError::of("ListObjectsV2"))?;
        Ok(listing.contents.is_some_and(|objects| !objects.is_empty()))
    }

    /// Removes all that was made of an image but what `keep` names: results of earlier tries, or of an original
    /// that was deleted.
    pub(crate) async fn remove_others(&self, id: ImageId, keep: &[String]) -> Result<(), StoreError> {
        for prefix in [EntryKey::prefix(id), ThumbnailKey::prefix(id)] {
            let list = self.s3.list_objects_v2().bucket(&self.processed).prefix(prefix);
            let listing = list.send().await.map_err(StoreError::of("ListObjectsV2"))?;
            let keys = listing.contents.unwrap_or_default().into_iter().filter_map(|object| object.key);
            for key in keys.filter(|key| !keep.contains(key)) {
                let delete = self.s3.delete_object().bucket(&self.processed).key(key);
                delete.send().await.map_err(StoreError::of("DeleteObject"))?;
            }
        }
        Ok(())
    }
}
