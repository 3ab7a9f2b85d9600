//! The calls to S3: entries of images, their originals, and nothing else.

use std::fmt;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, SdkError};
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use futures::stream::{self, StreamExt};
use thiserror::Error;
use wire::{EntryKey, ImageId, Metadata, OriginalKey, ThumbnailKey};

use crate::config::Config;

/// How many calls one request has under way at once.
const PARALLEL_CALLS: usize = 16;

/// S3 did not do what was asked.
#[derive(Debug, Error)]
#[error("{operation} failed: {cause}")]
pub(crate) struct StoreError {
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

/// An original that lies in the uploads bucket.
#[derive(Clone, Debug)]
pub(crate) struct Original {
    pub(crate) key: OriginalKey,
    pub(crate) bytes: u64,
}

/// What is known of one image.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// Processing has ended.
    Entry(EntryKey),
    /// The original has arrived.
    Original(Original),
}

/// A page of entries, newest first.
#[derive(Clone, Debug)]
pub(crate) struct EntryPage {
    pub(crate) entries: Vec<EntryKey>,
    pub(crate) more: bool,
}

/// Uploads and processed bucket of one installation.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    s3: Client,
    uploads: String,
    processed: String,
}

impl Store {
    pub(crate) fn new(s3: Client, config: &Config) -> Self {
        Self { s3, uploads: config.uploads_bucket.clone(), processed: config.processed_bucket.clone() }
    }

    /// Whether the store answers.
    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        let head = self.s3.head_bucket().bucket(&self.processed);
        head.send().await.map(drop).map_err(StoreError::of("HeadBucket"))
    }

    /// A page of entries after that of the image `after`: one list call.
    pub(crate) async fn page(&self, after: Option<ImageId>, limit: u16) -> Result<EntryPage, StoreError> {
        let listing = self
            .s3
            .list_objects_v2()
            .bucket(&self.processed)
            .prefix(wire::key::ENTRIES)
            .set_start_after(after.map(EntryKey::after))
            .max_keys(limit.into())
            .send()
            .await
            .map_err(StoreError::of("ListObjectsV2"))?;
        let mut entries: Vec<EntryKey> = Vec::with_capacity(listing.contents().len());
        for key in listing.contents().iter().filter_map(|object| object.key()) {
            match key.parse::<EntryKey>() {
                // While an image is processed anew, its old entry may still be there: `failed` sorts first.
                Ok(entry) if entries.last().is_some_and(|last| last.id == entry.id) => {
                    entries.pop();
                    entries.push(entry);
                }
                Ok(entry) => entries.push(entry),
                Err(_) => tracing::warn!(key, "an object among the entries is none"),
            }
        }
        Ok(EntryPage { entries, more: listing.is_truncated() == Some(true) })
    }

    /// What is known of each of these images, in the order asked.
    pub(crate) async fn find_all(&self, ids: &[ImageId]) -> Result<Vec<Option<Found>>, StoreError> {
        let finds: Vec<_> =
            stream::iter(ids.to_vec()).map(|id| self.find(id)).buffered(PARALLEL_CALLS).collect().await;
        finds.into_iter().collect()
    }

    /// What is known of an image.
    pub(crate) async fn find(&self, id: ImageId) -> Result<Option<Found>, StoreError> {
        let entries = self.list(&self.processed, &EntryKey::prefix(id)).await?;
        if let Some(entry) = entries.iter().rev().find_map(|(key, _)| key.parse().ok()) {
            return Ok(Some(Found::Entry(entry)));
        }
        Ok(self.original(id).await?.map(Found::Original))
    }

    /// The original of an image.
    pub(crate) async fn original(&self, id: ImageId) -> Result<Option<Original>, StoreError> {
        let originals = self.list(&self.uploads, &OriginalKey::prefix(id)).await?;
        Ok(originals.into_iter().find_map(|(key, bytes)| Some(Original { key: key.parse().ok()?, bytes })))
    }

    /// What the entry's body says beyond its key.
    pub(crate) async fn metadata(&self, entry: &EntryKey) -> Result<Metadata, StoreError> {
        let get = self.s3.get_object().bucket(&self.processed).key(entry.to_string());
        let answer = get.send().await.map_err(StoreError::of("GetObject"))?;
        let failed = |cause: String| StoreError { operation: "GetObject", cause };
        let body = answer.body.collect().await.map_err(|error| failed(error.to_string()))?;
        serde_json::from_slice(&body.into_bytes()).map_err(|error| failed(error.to_string()))
    }

    /// Removes an image: the original first, so that processing that is under way sees that it is gone and
    /// takes back what it made.
    pub(crate) async fn delete(&self, id: ImageId) -> Result<(), StoreError> {
        self.delete_all(&self.uploads, &OriginalKey::prefix(id)).await?;
        self.delete_all(&self.processed, &EntryKey::prefix(id)).await?;
        self.delete_all(&self.processed, &ThumbnailKey::prefix(id)).await
    }

    async fn delete_all(&self, bucket: &str, prefix: &str) -> Result<(), StoreError> {
        let keys = self.list(bucket, prefix).await?;
        if keys.is_empty() {
            return Ok(());
        }
        let objects = keys
            .into_iter()
            .map(|(key, _)| ObjectIdentifier::builder().key(key).build())
            .collect::<Result<Vec<_>, _>>();
        let delete =
            objects.and_then(|objects| Delete::builder().set_objects(Some(objects)).quiet(true).build());
        let delete =
            delete.map_err(|error| StoreError { operation: "DeleteObjects", cause: error.to_string() })?;
        let answer = self
            .s3
            .delete_objects()
            .bucket(bucket)
            .delete(delete)
            .send()
            .await
            .map_err(StoreError::of("DeleteObjects"))?;
        match answer.errors().first() {
            None => Ok(()),
            Some(error) => Err(StoreError {
                operation: "DeleteObjects",
                cause: format!("{:?} for {:?}", error.code(), error.key()),
            }),
        }
    }

    /// Keys and sizes of the few objects of one image: one list call.
    async fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<(String, u64)>, StoreError> {
        let list = self.s3.list_objects_v2().bucket(bucket).prefix(prefix);
        let listing = list.send().await.map_err(StoreError::of("ListObjectsV2"))?;
        let objects = listing.contents.unwrap_or_default().into_iter();
        Ok(objects
            .filter_map(|object| {
                let bytes = object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
                Some((object.key?, bytes))
            })
            .collect())
    }
}
