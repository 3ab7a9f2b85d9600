//! Deleting objects, and the bodies that nothing names any longer.

use redb::{Durability, WriteTransaction};

use super::Store;
use super::db::{blocking, to_its_end};
use super::error::StoreError;
use super::record::{BodyId, ObjectRecord, decode_row};
use super::refs::release_body;
use super::tables::{GARBAGE, OBJECTS, object_row};
use crate::fail_point;

impl Store {
    /// Deletes an object; one that is not there is no error, as in S3.
    pub async fn delete(&self, bucket: &str, key: &str) -> Result<(), StoreError> {
        self.delete_many(bucket, vec![key.to_owned()]).await
    }

    /// Deletes objects, all or none of them.
    pub async fn delete_many(&self, bucket: &str, keys: Vec<String>) -> Result<(), StoreError> {
        self.check_bucket(bucket)?;
        let (store, bucket) = (self.clone(), bucket.to_owned());
        to_its_end(async move {
            let deleted = store.db.write(Durability::Immediate, move |txn| {
                let mut garbage = Vec::new();
                for key in &keys {
                    let row = object_row(&bucket, key.as_bytes());
                    let removed = txn
                        .open_table(OBJECTS)?
                        .remove(row.as_slice())?
                        .map(|row| decode_row::<ObjectRecord>(row.value()))
                        .transpose()?;
                    if let Some(removed) = removed {
                        garbage.extend(release_body(txn, removed.body)?);
                    }
                }
                fail_point::hit("delete.applied");
                Ok(garbage)
            });
            let garbage = deleted.await?;
            fail_point::hit("delete.committed");
            store.sweep(garbage).await;
            Ok(())
        })
        .await
    }

    /// Removes files of garbage, then their rows. Never fails the request that made the garbage: what is left is
    /// swept at the next start. The rows may come back after a crash; then there is nothing to remove.
    pub(super) async fn sweep(&self, garbage: Vec<BodyId>) {
        if garbage.is_empty() {
            return;
        }
        let garbage = match self.to_be_removed(garbage).await {
            Ok(garbage) if garbage.is_empty() => return,
            Ok(garbage) => garbage,
            Err(error) => return tracing::warn!(%error, "removed bodies could not be found"),
        };
        let bodies = self.bodies.clone();
        let removed = blocking(move || {
            let gone: Vec<BodyId> = garbage.into_iter().filter(|id| bodies.remove(*id)).collect();
            fail_point::hit("sweep.removed");
            Ok(gone)
        });
        let cleared = match removed.await {
            Ok(gone) => self.db.write(Durability::None, move |txn| clear_rows(txn, &gone)).await,
            Err(error) => Err(error),
        };
        match cleared {
            Ok(()) => fail_point::hit("sweep.cleared"),
            Err(error) => tracing::warn!(%error, "rows of removed bodies could not be cleared"),
        }
    }
}

/// The files of these bodies are gone.
pub(super) fn clear_rows(txn: &WriteTransaction, gone: &[BodyId]) -> Result<(), StoreError> {
    let mut rows = txn.open_table(GARBAGE)?;
    gone.iter().try_for_each(|id| rows.remove(&id.0).map(drop))?;
    Ok(())
}
