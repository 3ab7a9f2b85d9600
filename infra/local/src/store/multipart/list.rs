//! What is under way.

use std::collections::BTreeSet;

use redb::ReadTransaction;

use super::part::PartRecord;
use super::upload::{UploadId, UploadRecord, find_upload, upload_row};
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::list::{common_prefix, successor};
use crate::store::record::decode_row;
use crate::store::tables::{PARTS, UPLOADS, object_row};

/// A page of the parts of an upload.
#[derive(Clone, Debug)]
pub struct PartsPage {
    /// What the upload was begun with.
    pub upload: UploadRecord,
    /// By number.
    pub parts: Vec<(u16, PartRecord)>,
    /// There are more.
    pub is_truncated: bool,
}

/// Where a listing of uploads goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadAfter {
    /// After all uploads of this key.
    Key(String),
    /// After this upload of this key.
    Upload(String, UploadId),
    /// After all uploads of keys that start with this.
    Prefix(String),
}

/// Which uploads are asked for.
#[derive(Clone, Debug, Default)]
pub struct UploadsQuery {
    /// Only keys that start with this.
    pub prefix: String,
    /// Keys that have this after the prefix are shown as one common prefix.
    pub delimiter: Option<String>,
    /// Where to go on.
    pub after: Option<UploadAfter>,
    /// The most entries, uploads and common prefixes together.
    pub max_uploads: usize,
}

/// A page of the uploads under way in a bucket.
#[derive(Clone, Debug, Default)]
pub struct UploadsPage {
    /// By key, and for each in the order in which they were begun.
    pub uploads: Vec<(String, UploadId, UploadRecord)>,
    /// Common prefixes, by name.
    pub prefixes: BTreeSet<String>,
    /// Present if there is more.
    pub next: Option<UploadAfter>,
}

impl Store {
    /// The parts of an upload with a number above `after`, at most `max`.
    pub async fn list_parts(
        &self,
        bucket: &str,
        key: &str,
        id: UploadId,
        after: u16,
        max: usize,
    ) -> Result<PartsPage, StoreError> {
        self.check_name(bucket, key)?;
        let row = upload_row(bucket, key, id);
        self.db
            .read(move |txn| {
                let upload = find_upload(&txn.open_table(UPLOADS)?, &row)?;
                let mut page = PartsPage { upload, parts: Vec::new(), is_truncated: false };
                let from = (&id.0, after.saturating_add(1));
                for part in txn.open_table(PARTS)?.range(from..=(&id.0, u16::MAX))? {
                    if page.parts.len() == max {
                        page.is_truncated = true;
                        break;
                    }
                    let (row, part) = part?;
                    page.parts.push((row.value().1, decode_row(part.value())?));
                }
                Ok(page)
            })
            .await
    }

    /// A page of the uploads under way in a bucket. Its cost grows with their number up to there.
    pub async fn list_uploads(&self, bucket: &str, query: UploadsQuery) -> Result<UploadsPage, StoreError> {
        self.check_bucket(bucket)?;
        let bucket = bucket.to_owned();
        self.db.read(move |txn| list(txn, &bucket, &query)).await
    }
}

fn list(txn: &ReadTransaction, bucket: &str, query: &UploadsQuery) -> Result<UploadsPage, StoreError> {
    let mut page = UploadsPage::default();
    let from = object_row(bucket, query.prefix.as_bytes());
    let Some(end) = successor(&from) else { return Ok(page) };
    let mut last = None;
    for row in txn.open_table(UPLOADS)?.range(from.as_slice()..end.as_slice())? {
        let (row, record) = row?;
        let Some((row, id)) = row.value().split_last_chunk() else { continue };
        let id = UploadId(*id);
        let key = row.get(bucket.len() + 1..row.len() - 1).unwrap_or_default();
        let key = String::from_utf8_lossy(key).into_owned();
        if query.after.as_ref().is_some_and(|after| !after.is_before(&key, id)) {
            continue;
        }
        let common = common_prefix(&key, &query.prefix, query.delimiter.as_deref());
        if common.is_some_and(|common| page.prefixes.contains(common)) {
            continue;
        }
        if page.uploads.len() + page.prefixes.len() == query.max_uploads {
            page.next = last;
            return Ok(page);
        }
        if let Some(common) = common {
            last = Some(UploadAfter::Prefix(common.to_owned()));
            page.prefixes.insert(common.to_owned());
        } else {
            last = Some(UploadAfter::Upload(key.clone(), id));
            page.uploads.push((key, id, decode_row(record.value())?));
        }
    }
    Ok(page)
}

impl UploadAfter {
    fn is_before(&self, key: &str, id: UploadId) -> bool {
        match self {
            Self::Key(after) => after.as_str() < key,
            Self::Upload(after, upload) => (after.as_str(), upload.0) < (key, id.0),
            Self::Prefix(prefix) => prefix.as_str() < key && !key.starts_with(prefix.as_str()),
        }
    }
}
