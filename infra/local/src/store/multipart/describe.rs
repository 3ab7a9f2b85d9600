//! What an upload becomes: whether its parts are as the client says, and what will be known of the object.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use redb::ReadTransaction;

use super::complete::{CompletedParts, Completion};
use super::part::{PartRecord, find_part};
use super::upload::{UploadRecord, find_upload};
use super::{MIN_PART_BYTES, MultipartError, UploadId};
use crate::store::Staged;
use crate::store::db::now_ms;
use crate::store::digest::{Algorithm, Hasher, digest_of};
use crate::store::error::StoreError;
use crate::store::record::{Multipart, ObjectRecord};
use crate::store::tables::{PARTS, UPLOADS};

/// A part and its number.
pub(super) type NumberedPart = (u16, PartRecord);

/// The upload, and the parts that the client lists, if all is as it says.
pub(super) fn find_parts(
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
pub(super) fn describe(
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
pub(super) fn check_announced(record: &ObjectRecord, completion: &Completion) -> Result<(), StoreError> {
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

/// What is kept of the parts.
pub(super) fn kept_of(upload: &UploadRecord, parts: &[NumberedPart]) -> CompletedParts {
    let algorithm = upload.checksum.map(|checksum| checksum.algorithm);
    let sum = |part: &PartRecord| algorithm.and_then(|algorithm| part.checksums.get(&algorithm).cloned());
    let kept = |(number, part): &NumberedPart| (*number, part.size, sum(part).unwrap_or_default());
    CompletedParts { algorithm, parts: parts.iter().map(kept).collect() }
}
