//! Deleting objects, and the bodies that nothing names any longer.

use redb::{Durability, ReadableTable, WriteTransaction};

use super::Store;
use super::db::{blocking, to_its_end};
use super::error::StoreError;
use super::record::{BodyId, ObjectRecord, decode_row};
use super::space::Change;
use super::tables::{BODIES, GARBAGE, OBJECTS, object_row};
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
                let (mut garbage, mut change) = (Vec::new(), Change::default());
                for key in &keys {
                    let row = object_row(&bucket, key.as_bytes());
                    let removed = txn
                        .open_table(OBJECTS)?
                        .remove(row.as_slice())?
                        .map(|row| decode_row::<ObjectRecord>(row.value()))
                        .transpose()?;
                    let Some(removed) = removed else { continue };
                    if let Some(body) = release_body(txn, removed.body)? {
                        garbage.push(body);
                        change.less += removed.size;
                    }
                }
                change.write(txn)?;
                fail_point::hit("delete.applied");
                Ok((garbage, change))
            });
            let (garbage, change) = deleted.await?;
            fail_point::hit("delete.committed");
            store.space.add_stored(change);
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

/// An object gives up its body. Returns the body if it was the last: it is garbage once the transaction is
/// committed, and not before.
pub(super) fn release_body(txn: &WriteTransaction, body: BodyId) -> Result<Option<BodyId>, StoreError> {
    let mut bodies = txn.open_table(BODIES)?;
    let others = bodies.get(&body.0)?.map_or(0, |row| row.value()).saturating_sub(1);
    if others > 0 {
        bodies.insert(&body.0, others)?;
        return Ok(None);
    }
    bodies.remove(&body.0)?;
    txn.open_table(GARBAGE)?.insert(&body.0, ())?;
    Ok(Some(body))
}

/// The files of these bodies are gone.
pub(super) fn clear_rows(txn: &WriteTransaction, gone: &[BodyId]) -> Result<(), StoreError> {
    let mut rows = txn.open_table(GARBAGE)?;
    gone.iter().try_for_each(|id| rows.remove(&id.0).map(drop))?;
    Ok(())
}
