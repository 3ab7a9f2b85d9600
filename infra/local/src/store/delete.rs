//! Deleting objects, and the bodies that nothing names any longer.

use redb::{Durability, ReadableTable, WriteTransaction};

use super::Store;
use super::bodies::Bodies;
use super::db::{Db, blocking};
use super::error::StoreError;
use super::record::{BodyId, ObjectRecord, decode_row};
use super::tables::{BODIES, COMPLETED_PARTS, GARBAGE, OBJECTS, object_row};

impl Store {
    /// Deletes an object; one that is not there is no error, as in S3.
    pub async fn delete(&self, bucket: &str, key: &str) -> Result<(), StoreError> {
        self.delete_many(bucket, vec![key.to_owned()]).await
    }

    /// Deletes objects, all or none of them.
    pub async fn delete_many(&self, bucket: &str, keys: Vec<String>) -> Result<(), StoreError> {
        self.check_bucket(bucket)?;
        let (store, bucket) = (self.clone(), bucket.to_owned());
        blocking(move || {
            let garbage = store.db.write_blocking(Durability::Immediate, |txn| {
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
                Ok(garbage)
            })?;
            sweep(&store.db, &store.bodies, &garbage);
            Ok(())
        })
        .await
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
    txn.open_table(COMPLETED_PARTS)?.remove(&body.0)?;
    txn.open_table(GARBAGE)?.insert(&body.0, ())?;
    Ok(Some(body))
}

/// Removes files of garbage, then their rows. Never fails the request that made the garbage: what is left is
/// swept at the next start. The rows may come back after a crash; then there is nothing to remove.
pub(super) fn sweep(db: &Db, bodies: &Bodies, garbage: &[BodyId]) {
    let gone: Vec<BodyId> = garbage.iter().copied().filter(|id| bodies.remove(*id)).collect();
    if gone.is_empty() {
        return;
    }
    let cleared = db.write_blocking(Durability::None, |txn| {
        let mut rows = txn.open_table(GARBAGE)?;
        gone.iter().try_for_each(|id| rows.remove(&id.0).map(drop))?;
        Ok(())
    });
    if let Err(error) = cleared {
        tracing::warn!(%error, "rows of removed bodies could not be cleared");
    }
}
