//! `DeleteObject` and `DeleteObjects`.

use s3s::dto::{DeleteObjectInput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::error::from_store;
use super::get::refuse_versions;
use super::unsupported::refuse;
use crate::store::Store;

/// The most keys in one request, as on AWS.
const MAX_KEYS: usize = 1000;

pub(super) async fn delete_object(store: &Store, input: DeleteObjectInput) -> S3Result<()> {
    refuse_versions(input.version_id.as_deref())?;
    refuse(input.if_match.is_some(), "conditional deletes")?;
    store.delete(&input.bucket, &input.key).await.map_err(from_store)
}

pub(super) async fn delete_objects(
    store: &Store,
    input: DeleteObjectsInput,
) -> S3Result<DeleteObjectsOutput> {
    let objects = input.delete.objects;
    if objects.is_empty() || objects.len() > MAX_KEYS {
        return Err(S3Error::new(S3ErrorCode::MalformedXML));
    }
    refuse(objects.iter().any(|object| object.e_tag.is_some()), "conditional deletes")?;
    let keys: Vec<String> = objects.into_iter().map(|object| object.key).collect();
    store.delete_many(&input.bucket, keys.clone()).await.map_err(from_store)?;
    let is_quiet = input.delete.quiet.unwrap_or_default();
    let deleted = |key| DeletedObject { key: Some(key), ..DeletedObject::default() };
    Ok(DeleteObjectsOutput {
        deleted: (!is_quiet).then(|| keys.into_iter().map(deleted).collect()),
        ..DeleteObjectsOutput::default()
    })
}
