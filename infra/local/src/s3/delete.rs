//! `DeleteObject` and `DeleteObjects`.

use s3s::dto::{
    DeleteObjectInput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ETag, ETagCondition, Error,
    ObjectIdentifier,
};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::error::from_store;
use super::get::refuse_versions;
use super::unsupported::refuse;
use crate::store::{Condition, Store, StoreError};

/// The most keys in one request, as on AWS.
const MAX_KEYS: usize = 1000;

pub(super) async fn delete_object(store: &Store, input: DeleteObjectInput) -> S3Result<()> {
    refuse_versions(input.version_id.as_deref())?;
    refuse_other_conditions(input.if_match_last_modified_time.is_some() || input.if_match_size.is_some())?;
    let doomed = (input.key, condition(input.if_match));
    let deleted = store.delete_many(&input.bucket, vec![doomed]).await;
    deleted.and_then(|outcomes| outcomes.into_iter().collect()).map_err(from_store)
}

pub(super) async fn delete_objects(
    store: &Store,
    input: DeleteObjectsInput,
) -> S3Result<DeleteObjectsOutput> {
    let objects = input.delete.objects;
    if objects.is_empty() || objects.len() > MAX_KEYS {
        return Err(S3Error::new(S3ErrorCode::MalformedXML));
    }
    refuse_other_conditions(
        objects.iter().any(|object| object.last_modified_time.is_some() || object.size.is_some()),
    )?;
    let doomed: Vec<(String, Condition)> = objects.into_iter().map(doomed).collect();
    let keys: Vec<String> = doomed.iter().map(|(key, _)| key.clone()).collect();
    let outcomes = store.delete_many(&input.bucket, doomed).await.map_err(from_store)?;
    let is_quiet = input.delete.quiet.unwrap_or_default();
    let (mut deleted, mut errors) = (Vec::new(), Vec::new());
    for (key, outcome) in keys.into_iter().zip(outcomes) {
        match outcome {
            Ok(()) => deleted.push(DeletedObject { key: Some(key), ..DeletedObject::default() }),
            Err(error) => errors.push(failed(key, error)),
        }
    }
    Ok(DeleteObjectsOutput {
        deleted: (!is_quiet).then_some(deleted),
        errors: (!errors.is_empty()).then_some(errors),
        ..DeleteObjectsOutput::default()
    })
}

/// What directory buckets of AWS know and others do not.
fn refuse_other_conditions(is_asked: bool) -> S3Result<()> {
    refuse(is_asked, "deletes on condition of a size or a time")
}

fn condition(if_match: Option<ETagCondition>) -> Condition {
    match if_match {
        None => Condition::Always,
        Some(ETagCondition::Any) => Condition::IfPresent,
        Some(ETagCondition::ETag(etag)) => Condition::IfEtag(etag.value().to_owned()),
    }
}

fn doomed(object: ObjectIdentifier) -> (String, Condition) {
    // In a document the star is an entity tag like another.
    let is_any = |etag: &ETag| etag.value() == "*";
    let if_match =
        object.e_tag.map(|etag| if is_any(&etag) { ETagCondition::Any } else { ETagCondition::ETag(etag) });
    (object.key, condition(if_match))
}

fn failed(key: String, error: StoreError) -> Error {
    let error = from_store(error);
    Error {
        key: Some(key),
        code: Some(error.code().as_str().to_owned()),
        message: error.message().map(str::to_owned),
        version_id: None,
    }
}
