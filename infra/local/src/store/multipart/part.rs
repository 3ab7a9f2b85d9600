//! Receiving a part.

use redb::ReadableTable;
use serde::{Deserialize, Serialize};

use super::upload::{find_upload, upload_row};
use super::{MAX_PART_NUMBER, MultipartError, UploadId};
use crate::store::db::{now_ms, to_its_end};
use crate::store::digest::Checksums;
use crate::store::error::StoreError;
use crate::store::record::{BodyId, decode_row, encode_row};
use crate::store::refs::{release_body, retain_body};
use crate::store::tables::{PARTS, UPLOADS};
use crate::store::{Staged, Store};

/// A part of an upload under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartRecord {
    /// Bytes.
    pub size: u64,
    /// MD5 of the bytes, 32 lowercase hex digits.
    pub md5: String,
    /// Milliseconds since 1970.
    pub last_modified_ms: u64,
    /// SHA-256 always, others if the client used them or the upload asks for them.
    pub checksums: Checksums,
    /// Where the bytes are.
    pub body: BodyId,
}

impl Store {
    /// Makes a received body part `number` of an upload, in place of what had that number. When this returns, the part
    /// is durable.
    pub async fn put_part(
        &self,
        bucket: &str,
        key: &str,
        id: UploadId,
        number: u16,
        staged: Staged,
    ) -> Result<PartRecord, StoreError> {
        check_part_number(i64::from(number))?;
        let (store, row) = (self.clone(), upload_row(bucket, key, id));
        to_its_end(async move {
            let record = PartRecord {
                size: staged.size(),
                md5: staged.md5_hex(),
                last_modified_ms: now_ms(),
                checksums: staged.checksums().clone(),
                body: staged.id(),
            };
            let named = record.clone();
            let publishing = store.publish(staged, move |txn| {
                find_upload(&txn.open_table(UPLOADS)?, &row)?;
                retain_body(txn, named.body, named.size)?;
                let replaced = txn
                    .open_table(PARTS)?
                    .insert((&id.0, number), encode_row(&named)?.as_slice())?
                    .map(|old| decode_row::<PartRecord>(old.value()))
                    .transpose()?;
                replaced.map_or(Ok(None), |old| release_body(txn, old.body))
            });
            let garbage = publishing.await?;
            store.sweep(garbage.into_iter().collect()).await;
            Ok(record)
        })
        .await
    }
}

/// The number of a part as the protocol gives it.
pub fn check_part_number(number: i64) -> Result<u16, StoreError> {
    match u16::try_from(number) {
        Ok(number @ 1..=MAX_PART_NUMBER) => Ok(number),
        _ => Err(MultipartError::PartNumber(number).into()),
    }
}

/// The part of that number, or [`MultipartError::InvalidPart`].
pub(super) fn find_part(
    parts: &impl ReadableTable<(&'static [u8; 24], u16), &'static [u8]>,
    id: UploadId,
    number: u16,
) -> Result<PartRecord, StoreError> {
    let missing = || Err(MultipartError::InvalidPart(number).into());
    parts.get((&id.0, number))?.map_or_else(missing, |row| decode_row(row.value()))
}
