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
use super::space::Reservation;
use super::writer::{Fate, Held};
use crate::fail_point;

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

    /// From here on the index may name the body at any moment: until its fate is known, the file and its marker stay.
    pub(super) fn submit(&mut self) {
        self.slot.at_end = AtEnd::Leave;
    }
}

impl Held for Staged {
    fn learn(&mut self, fate: Fate) {
        self.slot.at_end = match fate {
            Fate::Committed => AtEnd::Settle,
            Fate::Refused => AtEnd::Discard,
            Fate::Unknown => AtEnd::Leave,
        };
    }
}

/// A body's place on disk.
#[derive(Debug)]
struct Slot {
    id: BodyId,
    bodies: Arc<Bodies>,
    at_end: AtEnd,
    reservation: Reservation,
}

/// What happens to a body's place when nobody holds it any longer.
#[derive(Clone, Copy, Debug)]
enum AtEnd {
    /// It is in no index: the file goes, and the marker.
    Discard,
    /// It is in the index: the marker goes.
    Settle,
    /// It is not known: the next start will see.
    Leave,
}

impl Drop for Slot {
    fn drop(&mut self) {
        match self.at_end {
            AtEnd::Discard => self.bodies.discard(self.id),
            AtEnd::Settle => {
                self.bodies.settle(self.id);
                fail_point::hit("put.settled");
            }
            AtEnd::Leave => {}
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
        let (id, bodies, reservation) = (BodyId::random()?, Arc::clone(&self.bodies), self.space.reserve());
        let mut slot = Slot { id, bodies, at_end: AtEnd::Discard, reservation };
        // The slot goes along: if nobody waits any longer, it is given back after the file was made, not before.
        let mut file;
        (slot, file) = blocking(move || {
            let file = slot.bodies.create(slot.id)?;
            Ok((slot, file))
        })
        .await?;
        let mut hasher = Hasher::new(wanted);
        let (mut size, mut written) = (0, 0);
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
                let taken = size - written;
                written = size;
                (slot, file, hasher) = blocking(move || {
                    slot.reservation.grow(taken)?;
                    write_batch(&mut file, &mut hasher, &full)?;
                    Ok((slot, file, hasher))
                })
                .await?;
            }
            if is_last {
                let (md5, checksums) = hasher.finish();
                return Ok(Staged { slot, file, size, md5, checksums });
            }
        }
    }
}

fn write_batch(file: &mut File, hasher: &mut Hasher, batch: &[Bytes]) -> Result<(), StoreError> {
    for chunk in batch {
        hasher.update(chunk);
        file.write_all(chunk)?;
    }
    Ok(())
}
