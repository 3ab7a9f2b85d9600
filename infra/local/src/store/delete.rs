//! Deleting objects, and the bodies that nothing names any longer.

use redb::{Durability, WriteTransaction};

use super::db::{blocking, to_its_end};
use super::error::StoreError;
use super::record::{BodyId, ObjectRecord, decode_row};
use super::refs::release_body;
use super::tables::{GARBAGE, OBJECTS, object_row};
use super::write::check_condition;
use super::{Condition, Store};
use crate::fail_point;

impl Store {
    /// Deletes an object; one that is not there is no error, as in S3.
    pub async fn delete(&self, bucket: &str, key: &str) -> Result<(), StoreError> {
        self.delete_many(bucket, vec![(key.to_owned(), Condition::Always)]).await.map(drop)
    }

    /// Deletes those objects that are as their condition wants them; of each it says whether it was. What is deleted
    /// goes at once.
    pub async fn delete_many(
        &self,
        bucket: &str,
        objects: Vec<(String, Condition)>,
    ) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        self.check_bucket(bucket)?;
        let (store, bucket) = (self.clone(), bucket.to_owned());
        to_its_end(async move {
            let deleted = store.db.write(Durability::Immediate, move |txn| {
                let (mut garbage, mut outcomes) = (Vec::new(), Vec::with_capacity(objects.len()));
                for (key, condition) in &objects {
                    let met = check_condition(txn, &bucket, key, condition);
                    match &met {
                        Ok(()) => garbage.extend(remove(txn, &bucket, key)?),
                        Err(error) if error.is_refusal() => {}
                        Err(_) => return met.map(|()| (garbage, outcomes)),
                    }
                    outcomes.push(met);
                }
                fail_point::hit("delete.applied");
                Ok((garbage, outcomes))
            });
            let (garbage, outcomes) = deleted.await?;
            fail_point::hit("delete.committed");
            store.sweep(garbage).await;
            Ok(outcomes)
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

/// Removes the row of an object, if there is one. Returns its body if nothing names that any longer.
fn remove(txn: &WriteTransaction, bucket: &str, key: &str) -> Result<Option<BodyId>, StoreError> {
    let row = object_row(bucket, key.as_bytes());
    let removed = txn.open_table(OBJECTS)?.remove(row.as_slice())?.map(|row| decode_row(row.value()));
    removed.transpose()?.map_or(Ok(None), |removed: ObjectRecord| release_body(txn, removed.body))
}

/// The files of these bodies are gone.
pub(super) fn clear_rows(txn: &WriteTransaction, gone: &[BodyId]) -> Result<(), StoreError> {
    let mut rows = txn.open_table(GARBAGE)?;
    gone.iter().try_for_each(|id| rows.remove(&id.0).map(drop))?;
    Ok(())
}
