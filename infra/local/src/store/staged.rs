//! Receiving a body, before it is anybody's.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, StreamExt};

use super::Store;
use super::bodies::Bodies;
use super::db::blocking;
use super::digest::{Algorithm, Checksums, Expectations, Hasher};
use super::error::StoreError;
use super::record::BodyId;

/// How much is gathered before it is hashed and written in one go on a blocking thread. A slow client therefore
/// holds memory, never a thread.
const BATCH_BYTES: usize = 256 << 10;

/// The errors that a body may come with.
type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// A body that has arrived and is no object yet. Dropped, it is gone.
#[derive(Debug)]
pub struct Staged {
    slot: Slot,
    file: File,
    size: u64,
    md5: [u8; 16],
    checksums: Checksums,
}

impl Staged {
    /// Bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Fails if the bytes are not those that were announced.
    pub fn check(&self, expectations: &Expectations) -> Result<(), StoreError> {
        expectations.check(self.size, self.md5, &self.checksums)
    }

    pub(super) fn id(&self) -> BodyId {
        self.slot.id
    }

    /// MD5 of the bytes, 32 lowercase hex digits.
    pub(super) fn md5_hex(&self) -> String {
        hex::encode(self.md5)
    }

    pub(super) fn checksums(&self) -> &Checksums {
        &self.checksums
    }

    /// Makes the file durable. Blocks.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        Ok(self.slot.bodies.sync(self.slot.id, &self.file)?)
    }

    /// Leaves the file where it is, with its marker: whether the index names it is not known.
    pub(super) fn leave(mut self) {
        self.slot.is_discarded_on_drop = false;
    }

    /// The index names the body now.
    pub(super) fn settle(self) {
        self.slot.bodies.settle(self.slot.id);
        self.leave();
    }
}

/// A body's place on disk, given back if the body does not get into the index.
#[derive(Debug)]
struct Slot {
    id: BodyId,
    bodies: Arc<Bodies>,
    is_discarded_on_drop: bool,
}

impl Drop for Slot {
    fn drop(&mut self) {
        if self.is_discarded_on_drop {
            self.bodies.discard(self.id);
        }
    }
}

impl Store {
    /// Receives a body into a file, hashing it on the way with MD5, SHA-256 and what else is `wanted`.
    ///
    /// Stops at the first byte beyond the store's limit. Nothing is visible until [`Store::commit`].
    pub async fn stage<S, E>(&self, body: S, wanted: &[Algorithm]) -> Result<Staged, StoreError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<BodyError>,
    {
        self.stage_at_most(self.settings.max_object_bytes, body, wanted).await
    }

    /// As [`Store::stage`], with a limit of its own, bytes.
    pub async fn stage_at_most<S, E>(
        &self,
        limit_bytes: u64,
        body: S,
        wanted: &[Algorithm],
    ) -> Result<Staged, StoreError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<BodyError>,
    {
        let mut body = std::pin::pin!(body);
        let slot =
            Slot { id: BodyId::random()?, bodies: Arc::clone(&self.bodies), is_discarded_on_drop: true };
        // The slot goes along: if nobody waits any longer, it is given back after the file was made, not before.
        let (slot, mut file) = blocking(move || {
            let file = slot.bodies.create(slot.id)?;
            Ok((slot, file))
        })
        .await?;
        let mut hasher = Hasher::new(wanted);
        let mut size = 0;
        let mut batch = Vec::new();
        let mut batch_bytes = 0;
        loop {
            let chunk = body.next().await.transpose().map_err(|error| StoreError::Body(error.into()))?;
            let is_last = chunk.is_none();
            if let Some(chunk) = chunk {
                size += chunk.len() as u64;
                if size > limit_bytes {
                    return Err(StoreError::TooLarge { limit_bytes });
                }
                batch_bytes += chunk.len();
                batch.push(chunk);
            }
            if batch_bytes >= BATCH_BYTES || (is_last && batch_bytes > 0) {
                let full = std::mem::take(&mut batch);
                batch_bytes = 0;
                (file, hasher) = blocking(move || write_batch(file, hasher, &full)).await?;
            }
            if is_last {
                let (md5, checksums) = hasher.finish();
                return Ok(Staged { slot, file, size, md5, checksums });
            }
        }
    }
}

fn write_batch(mut file: File, mut hasher: Hasher, batch: &[Bytes]) -> Result<(File, Hasher), StoreError> {
    for chunk in batch {
        hasher.update(chunk);
        file.write_all(chunk)?;
    }
    Ok((file, hasher))
}
