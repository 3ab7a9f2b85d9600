//! The calls to S3: entries of images, their originals, and nothing else.
//!
//! `page` lists what is finished, `find` tells where given images stand.

mod find;
mod page;

use std::fmt;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, SdkError};
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use thiserror::Error;
use wire::{EntryKey, ImageId, Metadata, OriginalKey, ThumbnailKey};

use crate::config::Config;

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

    /// What the entry's body says beyond its key; `None` if another entry has taken its place.
    pub(crate) async fn metadata(&self, entry: &EntryKey) -> Result<Option<Metadata>, StoreError> {
        let get = self.s3.get_object().bucket(&self.processed).key(entry.to_string());
        let answer = match get.send().await {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => {
                return Ok(None);
            }
            Err(error) => return Err(StoreError::of("GetObject")(error)),
        };
        let failed = |cause: String| StoreError { operation: "GetObject", cause };
        let body = answer.body.collect().await.map_err(|error| failed(error.to_string()))?;
        serde_json::from_slice(&body.into_bytes()).map(Some).map_err(|error| failed(error.to_string()))
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
}
