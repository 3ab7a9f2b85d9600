//! `CopyObject`.

use s3s::dto::{CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, ETag, MetadataDirective};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::error::from_store;
use super::meta::{Preconditions, last_modified, meta_of, precondition_failed, put_checksums};
use crate::store::{Store, StoreError};

pub(super) async fn copy_object(store: &Store, mut input: CopyObjectInput) -> S3Result<CopyObjectOutput> {
    let CopySource::Bucket { bucket, key, version_id: None } = input.copy_source.clone() else {
        let message = "Only a bucket and a key can be copied from";
        return Err(S3Error::with_message(S3ErrorCode::NotImplemented, message));
    };
    let is_replacing =
        input.metadata_directive.as_ref().is_some_and(|d| d.as_str() == MetadataDirective::REPLACE);
    if !is_replacing && *bucket == *input.bucket && *key == *input.key {
        let message = "This copy request is illegal because it is trying to copy an object to itself without \
                       changing the object's metadata.";
        return Err(S3Error::with_message(S3ErrorCode::InvalidRequest, message));
    }
    let preconditions = Preconditions {
        if_match: input.copy_source_if_match.take(),
        if_none_match: input.copy_source_if_none_match.take(),
        if_modified_since: input.copy_source_if_modified_since.take(),
        if_unmodified_since: input.copy_source_if_unmodified_since.take(),
    };
    let source = store.head(&bucket, &key).await.map_err(from_store)?;
    let source = source.ok_or_else(|| from_store(StoreError::NoSuchKey))?;
    preconditions.check(&source).map_err(|_| precondition_failed())?;

    let meta = is_replacing.then(|| meta_of!(input));
    let record = store.copy((&bucket, &key), (&input.bucket, &input.key), meta).await.map_err(from_store)?;
    let mut result = CopyObjectResult {
        e_tag: Some(ETag::Strong(record.etag.clone())),
        last_modified: Some(last_modified(&record)),
        ..CopyObjectResult::default()
    };
    put_checksums!(result, &record.checksums);
    Ok(CopyObjectOutput { copy_object_result: Some(result), ..CopyObjectOutput::default() })
}
