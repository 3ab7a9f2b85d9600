//! Making a received body an object, and copying one.

use bytes::Bytes;
use futures::Stream;
use redb::{Durability, ReadableTable, WriteTransaction};

use super::db::{blocking, now_ms};
use super::delete::{release_body, sweep};
use super::digest::{Algorithm, Expectations};
use super::error::StoreError;
use super::event::{self, EventName};
use super::record::{BodyId, ObjectMeta, ObjectRecord, decode_row, encode_row};
use super::tables::{BODIES, OBJECTS, object_row};
use super::{Staged, Store};
use crate::queue;

/// What must be so for a write to happen. Checked inside the transaction: of many writers one wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// Write in any case.
    #[default]
    Always,
    /// Only if there is no object of that key (`If-None-Match: *`).
    IfAbsent,
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
    pub async fn commit(
        &self,
        bucket: &str,
        key: &str,
        staged: Staged,
        options: PutOptions,
    ) -> Result<ObjectRecord, StoreError> {
        self.check_name(bucket, key)?;
        let (store, bucket, key) = (self.clone(), bucket.to_owned(), key.to_owned());
        blocking(move || store.commit_blocking(&bucket, &key, staged, options)).await
    }

    fn commit_blocking(
        &self,
        bucket: &str,
        key: &str,
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
        let done = self.publish(staged, |txn| {
            check_condition(txn, bucket, key, &options.condition)?;
            self.insert(txn, bucket, key, &record, options.event)
        })?;
        self.after_insert(&done);
        Ok(record)
    }

    /// Makes a received body durable, and then the rows with which `write` names it.
    pub(super) fn publish<T>(
        &self,
        staged: Staged,
        write: impl FnOnce(&WriteTransaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        staged.sync()?;
        match self.db.write_blocking(Durability::Immediate, write) {
            Ok(done) => {
                staged.settle();
                Ok(done)
            }
            Err(error) => {
                if matches!(error, StoreError::Commit(_)) {
                    staged.leave();
                }
                Err(error)
            }
        }
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
        blocking(move || {
            let (record, done) = store.db.write_blocking(Durability::Immediate, |txn| {
                let mut record: ObjectRecord = match txn.open_table(OBJECTS)?.get(source_row.as_slice())? {
                    Some(row) => decode_row(row.value())?,
                    None => return Err(StoreError::NoSuchKey),
                };
                if body.is_some_and(|body| record.body != body) {
                    return Err(StoreError::PreconditionFailed);
                }
                check_condition(txn, &bucket, &key, &condition)?;
                record.last_modified_ms = now_ms();
                record.meta = meta.unwrap_or(record.meta);
                // A copy was never in parts, so it has the entity tag of an object that was put whole.
                record.etag = record.multipart.take().map_or(record.etag, |multipart| multipart.md5);
                let done = store.insert(txn, &bucket, &key, &record, EventName::Copy)?;
                Ok((record, done))
            })?;
            store.after_insert(&done);
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
        // Counted before the old body is released: a copy onto itself has the same one.
        let shared = txn.open_table(BODIES)?.get(&record.body.0)?.map_or(0, |row| row.value());
        txn.open_table(BODIES)?.insert(&record.body.0, shared + 1)?;
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

    pub(super) fn after_insert(&self, done: &Inserted) {
        if done.is_announced {
            self.queue.wake();
        }
        sweep(&self.db, &self.bodies, done.garbage.as_slice());
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
        (Condition::Always, _) | (Condition::IfAbsent, None) => Ok(()),
        (Condition::IfEtag(etag), Some(found)) if *etag == found.etag => Ok(()),
        (Condition::IfEtag(_), None) => Err(StoreError::NoSuchKey),
        _ => Err(StoreError::PreconditionFailed),
    }
}
