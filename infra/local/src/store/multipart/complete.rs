//! Putting the parts together.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use redb::ReadTransaction;
use serde::{Deserialize, Serialize};
use tokio::fs::File;

use super::part::{PartRecord, find_part};
use super::upload::{UploadRecord, end_upload, find_upload, upload_row};
use super::{MAX_MULTIPART_BYTES, MIN_PART_BYTES, MultipartError, UploadId};
use crate::store::db::{blocking, now_ms};
use crate::store::delete::sweep;
use crate::store::digest::{Algorithm, Checksums, Hasher, digest_of};
use crate::store::error::StoreError;
use crate::store::event::EventName;
use crate::store::record::{Multipart, ObjectRecord, decode_row, encode_row};
use crate::store::tables::{COMPLETED_PARTS, PARTS, UPLOADS};
use crate::store::write::check_condition;
use crate::store::{Condition, Staged, Store, read_range};

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
        let (row, completion) = (upload_row(bucket, key, id), completion);
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
        blocking(move || {
            let kept = kept_of(&upload, &parts);
            let (done, garbage) = store.publish(staged, |txn| {
                find_upload(&txn.open_table(UPLOADS)?, &row)?;
                // A part may have been replaced while the parts were put together.
                for (number, part) in &parts {
                    if find_part(&txn.open_table(PARTS)?, id, *number)?.body != part.body {
                        return Err(MultipartError::InvalidPart(*number).into());
                    }
                }
                check_condition(txn, &bucket, &key, &completion.condition)?;
                let garbage = end_upload(txn, &row, id)?;
                txn.open_table(COMPLETED_PARTS)?.insert(&record.body.0, encode_row(&kept)?.as_slice())?;
                let event = EventName::CompleteMultipartUpload;
                Ok((store.insert(txn, &bucket, &key, &record, event)?, garbage))
            })?;
            store.after_insert(&done);
            sweep(&store.db, &store.bodies, &garbage);
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

type NumberedPart = (u16, PartRecord);

/// The upload, and the parts that the client lists, if all is as it says.
fn find_parts(
    txn: &ReadTransaction,
    row: &[u8],
    id: UploadId,
    completion: &Completion,
) -> Result<(UploadRecord, Vec<NumberedPart>), StoreError> {
    let upload = find_upload(&txn.open_table(UPLOADS)?, row)?;
    let table = txn.open_table(PARTS)?;
    let mut parts: Vec<NumberedPart> = Vec::with_capacity(completion.parts.len());
    for asked in &completion.parts {
        let part = find_part(&table, id, asked.number)?;
        let is_other = |(algorithm, sum): (&Algorithm, &String)| {
            part.checksums.get(algorithm).is_some_and(|known| known != sum)
        };
        if part.md5 != asked.etag || asked.checksums.iter().any(is_other) {
            return Err(MultipartError::InvalidPart(asked.number).into());
        }
        if parts.last().is_some_and(|(before, _)| *before >= asked.number) {
            return Err(MultipartError::PartOrder.into());
        }
        parts.push((asked.number, part));
    }
    let all_but_last = parts.split_last().map_or(&[][..], |(_, all_but_last)| all_but_last);
    if let Some((number, part)) = all_but_last.iter().find(|(_, part)| part.size < MIN_PART_BYTES) {
        return Err(MultipartError::PartTooSmall { number: *number, size: part.size }.into());
    }
    let size = parts.iter().map(|(_, part)| part.size).sum();
    if let Some(announced) = completion.size.filter(|announced| *announced != size) {
        return Err(MultipartError::Size { size, announced }.into());
    }
    Ok((upload, parts))
}

/// What will be known of the object.
fn describe(
    staged: &Staged,
    id: UploadId,
    upload: &UploadRecord,
    parts: &[NumberedPart],
) -> Result<ObjectRecord, StoreError> {
    let count = u16::try_from(parts.len()).map_err(|_| MultipartError::PartOrder)?;
    let mut md5s = Hasher::new(&[]);
    for (number, part) in parts {
        let md5 = hex::decode(&part.md5).map_err(|_| MultipartError::InvalidPart(*number))?;
        md5s.update(&md5);
    }
    let composite = upload.checksum.filter(|checksum| !checksum.is_full_object).map(|checksum| {
        let mut sums = Vec::new();
        for (number, part) in parts {
            let sum =
                part.checksums.get(&checksum.algorithm).and_then(|sum| BASE64_STANDARD.decode(sum).ok());
            sums.extend(sum.ok_or(MultipartError::InvalidPart(*number))?);
        }
        let sum = digest_of(checksum.algorithm, &sums);
        Ok::<_, MultipartError>((checksum.algorithm, format!("{sum}-{count}")))
    });
    let multipart =
        Multipart { upload: id, parts: count, md5: staged.md5_hex(), composite: composite.transpose()? };
    Ok(ObjectRecord {
        size: staged.size(),
        etag: format!("{}-{count}", hex::encode(md5s.finish().0)),
        last_modified_ms: now_ms(),
        checksums: staged.checksums().clone(),
        meta: upload.meta.clone(),
        multipart: Some(multipart),
        body: staged.id(),
    })
}

/// Fails if the whole was announced to be something else.
fn check_announced(record: &ObjectRecord, completion: &Completion) -> Result<(), StoreError> {
    let Some((algorithm, announced)) = &completion.checksum else { return Ok(()) };
    let composite = record.multipart.as_ref().and_then(|multipart| multipart.composite.as_ref());
    let is_same = match composite {
        // The number of parts need not be said.
        Some((known, sum)) => {
            known == algorithm
                && (sum == announced || sum.split_once('-').is_some_and(|(sum, _)| sum == announced))
        }
        None => record.checksums.get(algorithm) == Some(announced),
    };
    if is_same { Ok(()) } else { Err(MultipartError::Checksum.into()) }
}

fn kept_of(upload: &UploadRecord, parts: &[NumberedPart]) -> CompletedParts {
    let algorithm = upload.checksum.map(|checksum| checksum.algorithm);
    let sum = |part: &PartRecord| algorithm.and_then(|algorithm| part.checksums.get(&algorithm).cloned());
    let kept = |(number, part): &NumberedPart| (*number, part.size, sum(part).unwrap_or_default());
    CompletedParts { algorithm, parts: parts.iter().map(kept).collect() }
}
