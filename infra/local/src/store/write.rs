//! Making a received body an object, and copying one.

use bytes::Bytes;
use futures::Stream;
use redb::{Durability, ReadableTable, WriteTransaction};

use super::db::{blocking, now_ms, to_its_end};
use super::digest::{Algorithm, Expectations};
use super::error::StoreError;
use super::event::{self, EventName};
use super::record::{BodyId, ObjectMeta, ObjectRecord, decode_row, encode_row};
use super::refs::{release_body, retain_body};
use super::tables::{OBJECTS, object_row};
use super::{Staged, Store};
use crate::{fail_point, queue};

/// What must be so for a write or a deletion to happen. Checked inside the transaction: of many writers one wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// Write in any case.
    #[default]
    Always,
    /// Only if there is no object of that key (`If-None-Match: *`).
    IfAbsent,
    /// Only if there is one (`If-Match: *`).
    IfPresent,
    /// Only if the object has this entity tag, without quotes (`If-Match`).
    IfEtag(String),
}

/// How an object is written.
#[derive(Clone, Debug, Default)]
pub struct PutOptions {
    /// What is kept with the bytes.
    pub meta: ObjectMeta,
    /// When it is written at all.
    pub condition: Condition,
    /// What its event says happened.
    pub event: EventName,
}

impl Store {
    /// Receives, checks and commits in one go. When this returns, the object and its event are durable.
    pub async fn put<S, E>(
        &self,
        bucket: &str,
        key: &str,
        body: S,
        expectations: &Expectations,
        options: PutOptions,
    ) -> Result<ObjectRecord, StoreError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.check_name(bucket, key)?;
        let wanted: Vec<Algorithm> = expectations.checksums.keys().copied().collect();
        let staged = self.stage(body, &wanted).await?;
        staged.check(expectations)?;
        self.commit(bucket, key, staged, options).await
    }

    /// Makes a received body the object `key`, in place of what was there. When this returns, the object and
    /// its event are durable; on any error other than [`StoreError::Commit`] all is as before.
    ///
    /// Once begun it runs to its end, even if nobody waits for it any longer.
    pub async fn commit(
        &self,
        bucket: &str,
        key: &str,
        staged: Staged,
        options: PutOptions,
    ) -> Result<ObjectRecord, StoreError> {
        self.check_name(bucket, key)?;
        let (store, bucket, key) = (self.clone(), bucket.to_owned(), key.to_owned());
        to_its_end(async move { store.commit_to_its_end(bucket, key, staged, options).await }).await
    }

    async fn commit_to_its_end(
        &self,
        bucket: String,
        key: String,
        staged: Staged,
        options: PutOptions,
    ) -> Result<ObjectRecord, StoreError> {
        let record = ObjectRecord {
            size: staged.size(),
            etag: staged.md5_hex(),
            last_modified_ms: now_ms(),
            checksums: staged.checksums().clone(),
            meta: options.meta,
            multipart: None,
            body: staged.id(),
        };
        let store = self.clone();
        let (done, record) = self
            .publish(staged, move |txn| {
                check_condition(txn, &bucket, &key, &options.condition)?;
                let done = store.insert(txn, &bucket, &key, &record, options.event)?;
                Ok((done, record.clone()))
            })
            .await?;
        self.after_insert(done).await;
        Ok(record)
    }

    /// Makes a received body durable, and then the rows with which `write` names it. On any error other than
    /// [`StoreError::Commit`] the body goes. For `write` holds what [`super::db::Db::write`] says.
    pub(super) async fn publish<T: Send + 'static>(
        &self,
        staged: Staged,
        mut write: impl FnMut(&WriteTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let mut staged = self.sync(staged).await?;
        staged.submit();
        let (staged, written) = self
            .db
            .write_with(Durability::Immediate, staged, move |txn, _staged| {
                let done = write(txn)?;
                fail_point::hit("put.applied");
                Ok(done)
            })
            .await;
        if written.is_ok() {
            fail_point::hit("put.committed");
        }
        // What it does when it is dropped may block.
        blocking(move || {
            drop(staged);
            Ok(())
        })
        .await?;
        written
    }

    /// Makes a body's file durable. Few at a time: the disk gathers what waits, and no thread waits in vain.
    async fn sync(&self, staged: Staged) -> Result<Staged, StoreError> {
        let _turn = self.syncs.acquire().await.map_err(|_closed| StoreError::Ending)?;
        blocking(move || {
            staged.sync()?;
            Ok(staged)
        })
        .await
    }

    /// Copies an object without copying bytes. `meta` replaces the source's if given.
    pub async fn copy(
        &self,
        source: (&str, &str),
        target: (&str, &str),
        meta: Option<ObjectMeta>,
    ) -> Result<ObjectRecord, StoreError> {
        self.copy_if(source, None, target, meta, Condition::Always).await
    }

    /// As [`Store::copy`], but only if the source still has `body`, where one is given, and the target is as
    /// `condition` wants it.
    pub async fn copy_if(
        &self,
        source: (&str, &str),
        body: Option<BodyId>,
        target: (&str, &str),
        meta: Option<ObjectMeta>,
        condition: Condition,
    ) -> Result<ObjectRecord, StoreError> {
        self.check_name(source.0, source.1)?;
        self.check_name(target.0, target.1)?;
        let source_row = object_row(source.0, source.1.as_bytes());
        let (store, bucket, key) = (self.clone(), target.0.to_owned(), target.1.to_owned());
        to_its_end(async move {
            let inner = store.clone();
            let copied = store.db.write(Durability::Immediate, move |txn| {
                let mut record: ObjectRecord = match txn.open_table(OBJECTS)?.get(source_row.as_slice())? {
                    Some(row) => decode_row(row.value())?,
                    None => return Err(StoreError::NoSuchKey),
                };
                if body.is_some_and(|body| record.body != body) {
                    return Err(StoreError::PreconditionFailed);
                }
                check_condition(txn, &bucket, &key, &condition)?;
                record.last_modified_ms = now_ms();
                record.meta = meta.clone().unwrap_or(record.meta);
                // A copy was never in parts, so it has the entity tag of an object that was put whole.
                record.etag = record.multipart.take().map_or(record.etag, |multipart| multipart.md5);
                let done = inner.insert(txn, &bucket, &key, &record, EventName::Copy)?;
                Ok((record, done))
            });
            let (record, done) = copied.await?;
            store.after_insert(done).await;
            Ok(record)
        })
        .await
    }

    /// Writes the rows of an object: its own, its body's, its event's, and those of what it replaces.
    pub(super) fn insert(
        &self,
        txn: &WriteTransaction,
        bucket: &str,
        key: &str,
        record: &ObjectRecord,
        event: EventName,
    ) -> Result<Inserted, StoreError> {
        // Before the old body is released: a copy onto itself has the same one.
        retain_body(txn, record.body, record.size)?;
        let replaced = txn
            .open_table(OBJECTS)?
            .insert(object_row(bucket, key.as_bytes()).as_slice(), encode_row(record)?.as_slice())?
            .map(|row| decode_row::<ObjectRecord>(row.value()))
            .transpose()?;
        let garbage = replaced.map(|old| release_body(txn, old.body)).transpose()?.flatten();
        let is_announced = self.settings.notifications.iter().any(|rule| rule.matches(bucket, key));
        if is_announced {
            queue::push(txn, record.last_modified_ms, |sequence| {
                event::json(bucket, key, record, event, sequence)
            })?;
        }
        Ok(Inserted { garbage, is_announced })
    }

    pub(super) async fn after_insert(&self, done: Inserted) {
        if done.is_announced {
            self.queue.wake();
        }
        self.sweep(done.garbage.into_iter().collect()).await;
    }
}

/// What is left to do after the transaction.
pub(super) struct Inserted {
    garbage: Option<BodyId>,
    is_announced: bool,
}

pub(super) fn check_condition(
    txn: &WriteTransaction,
    bucket: &str,
    key: &str,
    condition: &Condition,
) -> Result<(), StoreError> {
    if *condition == Condition::Always {
        return Ok(());
    }
    let objects = txn.open_table(OBJECTS)?;
    let found = objects.get(object_row(bucket, key.as_bytes()).as_slice())?;
    let found = found.map(|row| decode_row::<ObjectRecord>(row.value())).transpose()?;
    match (condition, found) {
        (Condition::Always, _) | (Condition::IfAbsent, None) | (Condition::IfPresent, Some(_)) => Ok(()),
        (Condition::IfEtag(etag), Some(found)) if *etag == found.etag => Ok(()),
        (Condition::IfEtag(_) | Condition::IfPresent, None) => Err(StoreError::NoSuchKey),
        _ => Err(StoreError::PreconditionFailed),
    }
}
