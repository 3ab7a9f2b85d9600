//! Putting the parts together.

use futures::{Stream, StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use tokio::fs::File;

use super::describe::{check_announced, describe, find_parts, kept_of};
use super::part::{PartRecord, find_part};
use super::upload::{end_upload, find_upload, upload_row};
use super::{MAX_MULTIPART_BYTES, MultipartError, UploadId};
use crate::store::db::{blocking, to_its_end};
use crate::store::digest::{Algorithm, Checksums};
use crate::store::error::StoreError;
use crate::store::event::EventName;
use crate::store::record::{ObjectRecord, decode_row, encode_row};
use crate::store::tables::{COMPLETED_PARTS, PARTS, UPLOADS};
use crate::store::write::check_condition;
use crate::store::{Condition, Store, read_range};

/// A part as the client lists it.
#[derive(Clone, Debug, Default)]
pub struct CompletionPart {
    /// Its number.
    pub number: u16,
    /// Its entity tag, without quotes.
    pub etag: String,
    /// Its checksums, as far as the client names them.
    pub checksums: Checksums,
}

/// How an upload is to become an object.
#[derive(Clone, Debug, Default)]
pub struct Completion {
    /// The parts, in ascending order. Those that are not named are dropped.
    pub parts: Vec<CompletionPart>,
    /// When it is written at all.
    pub condition: Condition,
    /// The checksum of the whole, as announced: a full or a composite one.
    pub checksum: Option<(Algorithm, String)>,
    /// The size of the whole, as announced.
    pub size: Option<u64>,
}

/// The parts that an object was put together from, in order: bytes, and the checksum of the upload's algorithm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletedParts {
    /// The algorithm, if the upload had one.
    pub algorithm: Option<Algorithm>,
    /// Number, bytes and checksum (base64, empty without an algorithm) of each.
    pub parts: Vec<(u16, u64, String)>,
}

impl Store {
    /// Makes an object of the parts of an upload and ends it. When this returns, the object and its event are durable.
    /// Once more with the same upload it returns the same object, unless that has been replaced or deleted.
    pub async fn complete_upload(
        &self,
        bucket: &str,
        key: &str,
        id: UploadId,
        completion: Completion,
    ) -> Result<ObjectRecord, StoreError> {
        self.check_name(bucket, key)?;
        let done = self.try_complete(bucket, key, id, completion).await;
        if matches!(done, Err(StoreError::Multipart(MultipartError::NoSuchUpload))) {
            // The answer to an earlier request may not have arrived.
            let made = self.head(bucket, key).await?;
            let is_of_upload = |record: &ObjectRecord| {
                record.multipart.as_ref().is_some_and(|multipart| multipart.upload == id)
            };
            return made.filter(is_of_upload).ok_or_else(|| MultipartError::NoSuchUpload.into());
        }
        done
    }

    async fn try_complete(
        &self,
        bucket: &str,
        key: &str,
        id: UploadId,
        completion: Completion,
    ) -> Result<ObjectRecord, StoreError> {
        let row = upload_row(bucket, key, id);
        let (upload, parts, completion) = self
            .db
            .read({
                let row = row.clone();
                move |txn| {
                    let (upload, parts) = find_parts(txn, &row, id, &completion)?;
                    Ok((upload, parts, completion))
                }
            })
            .await?;
        let wanted: Vec<Algorithm> = upload
            .checksum
            .filter(|checksum| checksum.is_full_object)
            .into_iter()
            .map(|checksum| checksum.algorithm)
            .collect();
        let bytes = self.read_parts(parts.iter().map(|(_, part)| part.clone()).collect());
        let staged = self.stage_at_most(MAX_MULTIPART_BYTES, bytes, &wanted).await.map_err(own_error)?;
        let record = describe(&staged, id, &upload, &parts)?;
        check_announced(&record, &completion)?;
        let (store, bucket, key) = (self.clone(), bucket.to_owned(), key.to_owned());
        to_its_end(async move {
            let kept = kept_of(&upload, &parts);
            let (inner, made) = (store.clone(), record.clone());
            let publishing = store.publish(staged, move |txn| {
                find_upload(&txn.open_table(UPLOADS)?, &row)?;
                // A part may have been replaced while the parts were put together.
                for (number, part) in &parts {
                    if find_part(&txn.open_table(PARTS)?, id, *number)?.body != part.body {
                        return Err(MultipartError::InvalidPart(*number).into());
                    }
                }
                check_condition(txn, &bucket, &key, &completion.condition)?;
                let garbage = end_upload(txn, &row, id)?;
                txn.open_table(COMPLETED_PARTS)?.insert(&made.body.0, encode_row(&kept)?.as_slice())?;
                let event = EventName::CompleteMultipartUpload;
                Ok((inner.insert(txn, &bucket, &key, &made, event)?, garbage))
            });
            let (done, garbage) = publishing.await?;
            store.after_insert(done).await;
            store.sweep(garbage).await;
            Ok(record)
        })
        .await
    }

    /// The bytes of parts, one after the other.
    fn read_parts(
        &self,
        parts: Vec<PartRecord>,
    ) -> impl Stream<Item = Result<bytes::Bytes, StoreError>> + Send + use<> {
        let store = self.clone();
        stream::iter(parts)
            .then(move |part| {
                let store = store.clone();
                blocking(move || match store.bodies.read(part.body)? {
                    Some(file) => Ok(read_range(File::from_std(file), 0..part.size).map_err(StoreError::Io)),
                    // Completed or aborted by somebody else meanwhile.
                    None => Err(MultipartError::NoSuchUpload.into()),
                })
            })
            .try_flatten()
    }

    /// The parts that an object was put together from; none if it was not.
    pub async fn completed_parts(&self, record: &ObjectRecord) -> Result<Option<CompletedParts>, StoreError> {
        if record.multipart.is_none() {
            return Ok(None);
        }
        let body = record.body;
        self.db
            .read(move |txn| {
                let table = txn.open_table(COMPLETED_PARTS)?;
                table.get(&body.0)?.map(|row| decode_row(row.value())).transpose()
            })
            .await
    }
}

/// Where the body that breaks off is our own, what broke it is no fault of a client.
fn own_error(error: StoreError) -> StoreError {
    match error {
        StoreError::Body(source) => match source.downcast::<StoreError>() {
            Ok(own) => *own,
            Err(source) => StoreError::Body(source),
        },
        other => other,
    }
}
