//! Where given images stand.
//!
//! Pages poll for what was uploaded just now, so the images asked for lie close together: one listing that starts at
//! the newest of them most often holds them all. What lies beyond it is asked for one by one.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use futures::future::try_join;
use futures::stream::{self, StreamExt, TryStreamExt};
use wire::{EntryKey, ImageId, OriginalKey};

use super::{Found, Original, Store, StoreError};

/// How many calls one request has under way at once.
const PARALLEL_CALLS: usize = 50;

/// Up to as many images, one by one is less work than a listing.
const FEW: usize = 4;

/// The most objects that S3 lists at once.
const LISTING: i32 = 1_000;

/// Keys and sizes of objects.
type Objects = Vec<(String, u64)>;

impl Store {
    /// What is known of each of these images, in the order asked.
    pub(crate) async fn find_all(&self, ids: &[ImageId]) -> Result<Vec<Option<Found>>, StoreError> {
        let mut sorted = ids.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let entries = self.objects_of(&self.processed, wire::key::ENTRIES, &sorted);
        let originals = self.objects_of(&self.uploads, wire::key::ORIGINALS, &sorted);
        let (entries, originals) = try_join(entries, originals).await?;
        let found = |id| {
            entry(&entries, id).map(Found::Entry).or_else(|| original(&originals, id).map(Found::Original))
        };
        Ok(ids.iter().copied().map(found).collect())
    }

    /// What is known of an image.
    pub(crate) async fn find(&self, id: ImageId) -> Result<Option<Found>, StoreError> {
        Ok(self.find_all(&[id]).await?.pop().flatten())
    }

    /// The objects of each image that has any. `ids` are sorted; `folder` is what all keys begin with.
    async fn objects_of(
        &self,
        bucket: &str,
        folder: &str,
        ids: &[ImageId],
    ) -> Result<BTreeMap<ImageId, Objects>, StoreError> {
        let mut found = BTreeMap::new();
        let mut beyond = ids;
        if let [first, _, ..] = ids
            && ids.len() > FEW
        {
            let listing = self.s3.list_objects_v2().bucket(bucket).prefix(folder).max_keys(LISTING);
            let listing = listing.start_after(format!("{folder}{first}"));
            let listing = listing.send().await.map_err(StoreError::of("ListObjectsV2"))?;
            let is_whole = listing.is_truncated() != Some(true);
            let mut last = None;
            for (key, bytes) in keys(listing) {
                last = id_of(&key, folder).or(last);
                if let Some(id) = id_of(&key, folder).filter(|id| ids.binary_search(id).is_ok()) {
                    add(&mut found, id, (key, bytes));
                }
            }
            // Of the last image in the listing some objects may be beyond its end.
            let seen = last.map_or(0, |last| ids.partition_point(|id| *id < last));
            beyond = if is_whole { &[] } else { &ids[seen..] };
        }
        let one_by_one: Vec<_> = stream::iter(beyond.to_vec())
            .map(|id| async move { Ok((id, self.list(bucket, &format!("{folder}{id}/")).await?)) })
            .buffer_unordered(PARALLEL_CALLS)
            .try_collect()
            .await?;
        found.extend(one_by_one);
        Ok(found)
    }

    /// Keys and sizes of the few objects of one image: one list call.
    pub(super) async fn list(&self, bucket: &str, prefix: &str) -> Result<Objects, StoreError> {
        let list = self.s3.list_objects_v2().bucket(bucket).prefix(prefix);
        Ok(keys(list.send().await.map_err(StoreError::of("ListObjectsV2"))?).collect())
    }
}

fn keys(
    listing: aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output,
) -> impl Iterator<Item = (String, u64)> {
    listing.contents.unwrap_or_default().into_iter().filter_map(|object| {
        let bytes = object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
        Some((object.key?, bytes))
    })
}

fn id_of(key: &str, folder: &str) -> Option<ImageId> {
    key.strip_prefix(folder)?.split_once('/')?.0.parse().ok()
}

fn add(found: &mut BTreeMap<ImageId, Objects>, id: ImageId, object: (String, u64)) {
    match found.entry(id) {
        Entry::Occupied(mut objects) => objects.get_mut().push(object),
        Entry::Vacant(place) => drop(place.insert(vec![object])),
    }
}

/// The entry that counts: `ready` sorts last.
fn entry(found: &BTreeMap<ImageId, Objects>, id: ImageId) -> Option<EntryKey> {
    found.get(&id)?.iter().rev().find_map(|(key, _)| key.parse().ok())
}

fn original(found: &BTreeMap<ImageId, Objects>, id: ImageId) -> Option<Original> {
    let as_original = |(key, bytes): &(String, u64)| {
        let key: OriginalKey = key.parse().ok()?;
        Some(Original { key, bytes: *bytes })
    };
    found.get(&id)?.iter().find_map(as_original)
}
