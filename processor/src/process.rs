//! The course of one original: look, read, verify, make, write.

use std::sync::Arc;

use aws_sdk_s3::Client;
use live::{Announcer, Event, Nobody};
use sha2::{Digest, Sha256};
use thiserror::Error;
use wasm_thumb::Limits;
use wire::key::{Outcome, Rendition};
use wire::{EntryKey, FailureCode, Metadata, ThumbnailKey};

use crate::engine;
use crate::event::{self, Created};
use crate::settings::Settings;
use crate::store::{Head, Store, StoreError};

/// How often a message is tried before it is given up; the queue is set up with the same number.
pub const MAX_TRIES: u32 = 5;

/// The message has to come again, unless it is no event at all.
#[derive(Debug, Error)]
pub enum ProcessError {
    /// The message is none that S3 sends.
    #[error(transparent)]
    Message(#[from] event::ParseEventError),
    /// S3 did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Every try has ended with the process. What the message names is recorded as failed.
    #[error("tried {} times without an answer", MAX_TRIES)]
    Exhausted,
}

/// What became of one original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its thumbnail is there.
    Ready,
    /// No thumbnail can be made, and the reason is recorded.
    Failed(FailureCode),
    /// It was deleted in the meantime.
    Gone,
}

/// Makes thumbnails of originals.
#[derive(Clone, Debug)]
pub struct Processor {
    store: Store,
    limits: Limits,
    max_bytes: u64,
    announcer: Announcer,
}

impl Processor {
    /// A processor that reaches S3 with `s3`.
    #[must_use]
    pub fn new(s3: Client, settings: Settings) -> Self {
        let limits = Limits { max_pixels: settings.max_pixels, ..Limits::default() };
        let store = Store { s3, processed: settings.processed_bucket };
        Self { store, limits, max_bytes: settings.max_bytes, announcer: Arc::new(Nobody) }
    }

    /// The same, telling `announcer` of each image that is finished.
    #[must_use]
    pub fn announcing(self, announcer: Announcer) -> Self {
        Self { announcer, ..self }
    }

    /// Does what a queue message asks for; `receive_count` is how often the message has been received, this
    /// time included. Tells what became of each original.
    ///
    /// At the last try an original that still cannot be processed is recorded as failed, so that nobody waits
    /// for it, and the message goes on to the dead letters all the same. With a count above [`MAX_TRIES`] nobody has
    /// lived to answer any of the tries: there is no other, the failure is recorded.
    pub async fn handle(&self, message: &str, receive_count: u32) -> Result<Vec<Fate>, ProcessError> {
        let mut result = Ok(Vec::new());
        for created in event::parse(message)? {
            let key = &created.key;
            if receive_count > MAX_TRIES {
                tracing::error!(%key, "given up: every try has ended with the process");
                self.record_given_up(&created).await?;
                result = Err(ProcessError::Exhausted);
                continue;
            }
            match self.process(&created).await {
                Ok(fate) => result.iter_mut().for_each(|fates: &mut Vec<Fate>| fates.push(fate)),
                Err(error) => {
                    tracing::warn!(%key, receive_count, %error, "processing failed, to be tried again");
                    if receive_count >= MAX_TRIES {
                        self.give_up(&created).await;
                    }
                    result = Err(error.into());
                }
            }
        }
        result
    }

    async fn process(&self, created: &Created) -> Result<Fate, StoreError> {
        let Created { bucket, key } = created;
        let Some(head) = self.store.head(bucket, key).await? else {
            tracing::info!(%key, "the original is gone");
            // An earlier try may have been cut off after it wrote and before it looked once more.
            self.store.remove_others(key.id, &[]).await?;
            return Ok(Fate::Gone);
        };
        let made = if head.bytes > self.max_bytes {
            Err(FailureCode::TooManyPixels)
        } else {
            let Some(original) = self.store.read(bucket, key, &head).await? else {
                return Ok(Fate::Gone);
            };
            self.make(original, &head).await
        };
        let (fate, entry) = match made {
            Ok((made, original_sha256)) => {
                (Fate::Ready, self.record_ready(created, &head, made, original_sha256).await?)
            }
            Err(code) => (Fate::Failed(code), self.record_failed(created, &head, code).await?),
        };
        if self.take_back_if_deleted(created).await? {
            return Ok(Fate::Gone);
        }
        self.announcer.announce(Event::Finished(entry)).await;
        Ok(fate)
    }

    /// Verifies the bytes and makes the thumbnail.
    async fn make(
        &self,
        original: Vec<u8>,
        head: &Head,
    ) -> Result<(engine::Made, wire::key::Sha256), FailureCode> {
        let digest: [u8; 32] = Sha256::digest(&original).into();
        if head.sha256.is_some_and(|declared| declared != digest) {
            return Err(FailureCode::ChecksumMismatch);
        }
        let made = engine::run(original, self.limits).await?;
        Ok((made, wire::key::Sha256(digest)))
    }

    async fn record_ready(
        &self,
        Created { key, .. }: &Created,
        head: &Head,
        engine::Made { thumbnail, took }: engine::Made,
        original_sha256: wire::key::Sha256,
    ) -> Result<EntryKey, StoreError> {
        let rendition = Rendition {
            width: thumbnail.width,
            height: thumbnail.height,
            bytes: thumbnail.bytes.len() as u64,
            sha256: wire::key::Sha256(Sha256::digest(&thumbnail.bytes).into()),
        };
        let entry = EntryKey {
            id: key.id,
            name: key.name.clone(),
            media_type: thumbnail.format.media_type().parse().ok(),
            bytes: head.bytes,
            outcome: Outcome::Ready {
                width: thumbnail.source_width,
                height: thumbnail.source_height,
                thumbnail: rendition.clone(),
            },
        };
        let metadata = Metadata {
            orientation: Some(thumbnail.orientation.exif()),
            sha256: Some(original_sha256.to_string()),
        };
        let thumbnail_key = ThumbnailKey { id: key.id, rendition };
        self.store.put_thumbnail(&thumbnail_key, thumbnail.bytes).await?;
        self.store.put_entry(&entry, &metadata).await?;
        self.store.remove_others(key.id, &[entry.to_string(), thumbnail_key.to_string()]).await?;
        tracing::info!(
            key = %key,
            original_bytes = head.bytes,
            width = thumbnail.source_width,
            height = thumbnail.source_height,
            format = thumbnail.format.name(),
            engine_ms = took.as_millis(),
            "ready"
        );
        Ok(entry)
    }

    async fn record_failed(
        &self,
        Created { key, .. }: &Created,
        head: &Head,
        code: FailureCode,
    ) -> Result<EntryKey, StoreError> {
        let entry = EntryKey {
            id: key.id,
            name: key.name.clone(),
            media_type: head.content_type.as_deref().and_then(|text| text.parse().ok()),
            bytes: head.bytes,
            outcome: Outcome::Failed(code),
        };
        self.store.put_entry(&entry, &Metadata::default()).await?;
        self.store.remove_others(key.id, &[entry.to_string()]).await?;
        tracing::info!(%key, original_bytes = head.bytes, %code, "failed");
        Ok(entry)
    }

    /// An image that was deleted while it was processed must not come back. True if it was.
    async fn take_back_if_deleted(&self, Created { bucket, key }: &Created) -> Result<bool, StoreError> {
        let is_deleted = self.store.head(bucket, key).await?.is_none();
        if is_deleted {
            tracing::info!(%key, "deleted while it was processed");
            self.store.remove_others(key.id, &[]).await?;
        }
        Ok(is_deleted)
    }

    async fn give_up(&self, created: &Created) {
        if let Err(error) = self.record_given_up(created).await {
            tracing::error!(key = %created.key, %error, "could not record that it was given up");
        }
    }

    /// Records the failure, unless the original is gone or a try that was cut off had got as far as the result.
    async fn record_given_up(&self, created: &Created) -> Result<(), StoreError> {
        let Some(head) = self.store.head(&created.bucket, &created.key).await? else { return Ok(()) };
        if !self.store.is_finished(created.key.id).await? {
            let entry = self.record_failed(created, &head, FailureCode::Internal).await?;
            self.announcer.announce(Event::Finished(entry)).await;
        }
        Ok(())
    }
}
