//! Writing what is made of originals.

use aws_sdk_s3::operation::get_object::GetObjectError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use wire::{EntryKey, ImageId, Metadata, ThumbnailKey};

use super::{Store, StoreError};
use crate::products::Products;

/// A thumbnail's address has its hash in it, so what is there never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

impl Store {
    /// Writes what was made of an image, its entry last, and removes what was there before.
    pub(crate) async fn put(&self, products: Products) -> Result<EntryKey, StoreError> {
        let keys = products.keys();
        let Products { entry, metadata, pictures } = products;
        self.put_pictures(pictures).await?;
        self.put_entry(&entry, &metadata).await?;
        self.remove_others(entry.id, &keys).await?;
        Ok(entry)
    }

    /// Writes pictures, by their keys.
    pub(crate) async fn put_pictures(&self, pictures: Vec<(String, Vec<u8>)>) -> Result<(), StoreError> {
        for (key, jpeg) in pictures {
            self.s3
                .put_object()
                .bucket(&self.processed)
                .key(key)
                .content_type("image/jpeg")
                .cache_control(IMMUTABLE)
                .checksum_sha256(STANDARD.encode(Sha256::digest(&jpeg)))
                .body(jpeg.into())
                .send()
                .await
                .map_err(StoreError::of("PutObject"))?;
        }
        Ok(())
    }

    /// Writes the entry, which finishes the image.
    pub(crate) async fn put_entry(&self, key: &EntryKey, metadata: &Metadata) -> Result<(), StoreError> {
        let json = serde_json::to_vec(metadata).map_err(|error| StoreError::broken("PutObject", &error))?;
        self.s3
            .put_object()
            .bucket(&self.processed)
            .key(key.to_string())
            .content_type("application/json")
            .checksum_sha256(STANDARD.encode(Sha256::digest(&json)))
            .body(json.into())
            .send()
            .await
            .map(drop)
            .map_err(StoreError::of("PutObject"))
    }

    /// The entries of an image: none while it is not finished, and one afterwards.
    pub(crate) async fn entries(&self, id: ImageId) -> Result<Vec<EntryKey>, StoreError> {
        let keys = self.list(EntryKey::prefix(id)).await?;
        Ok(keys.iter().filter_map(|key| key.parse().ok()).collect())
    }

    /// Removes all that was made of an image but what `keep` names: results of earlier tries, or of an original
    /// that was deleted.
    pub(crate) async fn remove_others(&self, id: ImageId, keep: &[String]) -> Result<(), StoreError> {
        // Entries come first: while there is one, what it names is there.
        for key in self.keys(id).await?.into_iter().filter(|key| !keep.contains(key)) {
            self.remove(key).await?;
        }
        Ok(())
    }

    /// The keys of all that was made of an image, entries first.
    pub(crate) async fn keys(&self, id: ImageId) -> Result<Vec<String>, StoreError> {
        let mut keys = self.list(EntryKey::prefix(id)).await?;
        keys.extend(self.list(ThumbnailKey::prefix(id)).await?);
        Ok(keys)
    }

    /// What an object holds that was made; `None` if it is not there.
    pub(crate) async fn made(&self, key: String) -> Result<Option<Vec<u8>>, StoreError> {
        let answer = match self.s3.get_object().bucket(&self.processed).key(key).send().await {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => {
                return Ok(None);
            }
            Err(error) => return Err(StoreError::of("GetObject")(error)),
        };
        let body = answer.body.collect().await.map_err(|error| StoreError::broken("GetObject", &error))?;
        Ok(Some(body.to_vec()))
    }

    pub(crate) async fn remove(&self, key: String) -> Result<(), StoreError> {
        let delete = self.s3.delete_object().bucket(&self.processed).key(key);
        delete.send().await.map(drop).map_err(StoreError::of("DeleteObject"))
    }

    /// The keys of an image's few objects.
    async fn list(&self, prefix: String) -> Result<Vec<String>, StoreError> {
        Ok(self.listing(&self.processed, prefix, None).await?.0)
    }

    /// As many keys as S3 lists at once, and whether there are more.
    pub(crate) async fn listing(
        &self,
        bucket: &str,
        prefix: String,
        start_after: Option<String>,
    ) -> Result<(Vec<String>, bool), StoreError> {
        let list = self.s3.list_objects_v2().bucket(bucket).prefix(prefix).set_start_after(start_after);
        let listing = list.send().await.map_err(StoreError::of("ListObjectsV2"))?;
        let is_truncated = listing.is_truncated() == Some(true);
        let keys = listing.contents.unwrap_or_default().into_iter().filter_map(|object| object.key);
        Ok((keys.collect(), is_truncated))
    }
}
