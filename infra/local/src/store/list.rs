//! Listing a bucket, in the order of keys, by seeking.

use std::ops::Bound;

use redb::ReadTransaction;

use super::Store;
use super::error::StoreError;
use super::record::{ObjectRecord, decode_row};
use super::tables::{OBJECTS, object_row};

/// Where a listing goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// After this key.
    Key(String),
    /// After all keys that start with this.
    Prefix(String),
}

/// Which objects are asked for.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// Only keys that start with this.
    pub prefix: String,
    /// Keys that have this after the prefix are shown as one common prefix.
    pub delimiter: Option<String>,
    /// Where to go on.
    pub after: Option<After>,
    /// The most entries, objects and common prefixes together.
    pub max_keys: usize,
}

/// A page of a listing.
#[derive(Clone, Debug, Default)]
pub struct ListPage {
    /// Objects, by key.
    pub objects: Vec<(String, ObjectRecord)>,
    /// Common prefixes, by name.
    pub prefixes: Vec<String>,
    /// Present if there is more.
    pub next: Option<After>,
}

impl Store {
    /// A page of a bucket. Its cost depends on the page, not on the bucket: what a common prefix hides is
    /// skipped, not read.
    pub async fn list(&self, bucket: &str, query: ListQuery) -> Result<ListPage, StoreError> {
        self.check_bucket(bucket)?;
        let bucket = bucket.to_owned();
        self.db.read(move |txn| list(txn, &bucket, &query)).await
    }
}

fn list(txn: &ReadTransaction, bucket: &str, query: &ListQuery) -> Result<ListPage, StoreError> {
    let mut page = ListPage::default();
    if query.max_keys == 0 {
        return Ok(page);
    }
    let objects = txn.open_table(OBJECTS)?;
    let name_at = bucket.len() + 1;
    let all = object_row(bucket, query.prefix.as_bytes());
    let Some(end) = successor(&all) else { return Ok(page) };
    let mut from = match &query.after {
        None => Bound::Included(all.clone()),
        Some(After::Key(key)) => Bound::Excluded(object_row(bucket, key.as_bytes())),
        Some(After::Prefix(prefix)) => past(&object_row(bucket, prefix.as_bytes())),
    };
    if key_of(&from).is_none_or(|key| *key < all) {
        from = Bound::Included(all.clone());
    }
    let mut last = None;
    'seek: while key_of(&from).is_some_and(|key| *key < end) {
        let (start, stop) = (from.as_ref().map(Vec::as_slice), Bound::Excluded(end.as_slice()));
        for row in objects.range::<&[u8]>((start, stop))? {
            if page.objects.len() + page.prefixes.len() == query.max_keys {
                page.next = last;
                return Ok(page);
            }
            let (row, value) = row?;
            let key = String::from_utf8_lossy(&row.value()[name_at..]).into_owned();
            if let Some(common) = common_prefix(&key, &query.prefix, query.delimiter.as_deref()) {
                last = Some(After::Prefix(common.to_owned()));
                from = past(&object_row(bucket, common.as_bytes()));
                page.prefixes.push(common.to_owned());
                continue 'seek;
            }
            last = Some(After::Key(key.clone()));
            page.objects.push((key, decode_row(value.value())?));
        }
        break;
    }
    Ok(page)
}

/// The part of a key up to and with the first delimiter after the prefix.
pub(super) fn common_prefix<'a>(key: &'a str, prefix: &str, delimiter: Option<&str>) -> Option<&'a str> {
    let delimiter = delimiter.filter(|delimiter| !delimiter.is_empty())?;
    let rest = key.get(prefix.len()..)?;
    Some(&key[..prefix.len() + rest.find(delimiter)? + delimiter.len()])
}

/// From the first row that does not start with `row` and is greater.
fn past(row: &[u8]) -> Bound<Vec<u8>> {
    successor(row).map_or(Bound::Unbounded, Bound::Included)
}

/// The smallest bytes greater than all that start with `row`.
pub(super) fn successor(row: &[u8]) -> Option<Vec<u8>> {
    let at = row.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut next = row[..=at].to_vec();
    next[at] += 1;
    Some(next)
}

fn key_of(bound: &Bound<Vec<u8>>) -> Option<&Vec<u8>> {
    match bound {
        Bound::Included(key) | Bound::Excluded(key) => Some(key),
        Bound::Unbounded => None,
    }
}
