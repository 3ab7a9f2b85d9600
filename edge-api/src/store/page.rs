//! Pages of the gallery: one list call each.

use wire::{EntryKey, ImageId};

use super::{Store, StoreError};

/// A page of entries, newest first.
#[derive(Clone, Debug)]
pub(crate) struct EntryPage {
    pub(crate) entries: Vec<EntryKey>,
    /// After which image the next page starts, if there is one.
    pub(crate) next: Option<ImageId>,
}

impl Store {
    /// A page of entries after that of the image `after`: one list call.
    pub(crate) async fn page(&self, after: Option<ImageId>, limit: u16) -> Result<EntryPage, StoreError> {
        let mut start_after = after.map(EntryKey::after);
        loop {
            let (entries, truncated_at) = self.listing(start_after, limit).await?;
            let next = entries.last().filter(|_| truncated_at.is_some()).map(|last| last.id);
            // A stretch of the bucket without a single entry in it is none of our doing, but must not end the gallery.
            if entries.is_empty() && truncated_at.is_some() {
                start_after = truncated_at;
                continue;
            }
            return Ok(EntryPage { entries, next });
        }
    }

    /// The entries among the next `limit` objects and, if more follow, the last of these objects.
    async fn listing(
        &self,
        start_after: Option<String>,
        limit: u16,
    ) -> Result<(Vec<EntryKey>, Option<String>), StoreError> {
        let listing = self
            .s3
            .list_objects_v2()
            .bucket(&self.processed)
            .prefix(wire::key::ENTRIES)
            .set_start_after(start_after)
            .max_keys(limit.into())
            .send()
            .await
            .map_err(StoreError::of("ListObjectsV2"))?;
        let is_truncated = listing.is_truncated() == Some(true);
        let mut keys: Vec<String> =
            listing.contents.unwrap_or_default().into_iter().filter_map(|object| object.key).collect();
        let mut entries: Vec<EntryKey> = Vec::with_capacity(keys.len());
        for key in &keys {
            match key.parse::<EntryKey>() {
                // While an image is processed anew, its old entry may still be there: `failed` sorts first.
                Ok(entry) if entries.last().is_some_and(|last| last.id == entry.id) => {
                    entries.pop();
                    entries.push(entry);
                }
                Ok(entry) => entries.push(entry),
                Err(_) => tracing::warn!(key, "an object among the entries is none"),
            }
        }
        Ok((entries, keys.pop().filter(|_| is_truncated)))
    }
}
