//! `CopyObject`.

use s3s::dto::{CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, ETag, MetadataDirective};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Result};

use super::error::from_store;
use super::meta::{
    Preconditions, full_object, last_modified, meta_of, precondition_failed, put_checksums,
    source_preconditions,
};
use super::put::condition_in;
use super::unsupported::{check_metadata, wishes};
use crate::store::{ObjectRecord, Store, StoreError};

pub(super) async fn copy_object(
    store: &Store,
    request: S3Request<CopyObjectInput>,
) -> S3Result<CopyObjectOutput> {
    let mut input = request.input;
    let is_replacing =
        input.metadata_directive.as_ref().is_some_and(|d| d.as_str() == MetadataDirective::REPLACE);
    wishes!(input).check()?;
    let (bucket, key) = source_name(&input.copy_source)?;
    if !is_replacing && bucket == *input.bucket && key == *input.key {
        let message = "This copy request is illegal because it is trying to copy an object to itself without \
                       changing the object's metadata, storage class, website redirect location or encryption \
                       attributes.";
        return Err(S3Error::with_message(S3ErrorCode::InvalidRequest, message));
    }
    let condition = condition_in(&request.headers)?;
    let source = find_source(store, (&bucket, &key), &source_preconditions!(input)).await?;
    let meta = is_replacing.then(|| meta_of!(input));
    meta.as_ref().map_or(Ok(()), check_metadata)?;
    let target = (&*input.bucket, &*input.key);
    let copied = store.copy_if((&bucket, &key), Some(source.body), target, meta, condition).await;
    let record = copied.map_err(from_store)?;
    let mut result = CopyObjectResult {
        e_tag: Some(ETag::Strong(record.etag.clone())),
        last_modified: Some(last_modified(&record)),
        ..CopyObjectResult::default()
    };
    put_checksums!(result, &record.checksums);
    result.checksum_type = Some(full_object());
    Ok(CopyObjectOutput { copy_object_result: Some(result), ..CopyObjectOutput::default() })
}

/// Bucket and key of what is to be copied.
pub(super) fn source_name(source: &CopySource) -> S3Result<(String, String)> {
    match source {
        CopySource::Bucket { bucket, key, version_id }
            if version_id.as_deref().is_none_or(|id| id == "null") =>
        {
            Ok((bucket.to_string(), key.to_string()))
        }
        _ => {
            let message = "Only a bucket and a key can be copied from";
            Err(S3Error::with_message(S3ErrorCode::NotImplemented, message))
        }
    }
}

/// What is to be copied, if it is as the client wants it.
pub(super) async fn find_source(
    store: &Store,
    (bucket, key): (&str, &str),
    preconditions: &Preconditions,
) -> S3Result<ObjectRecord> {
    let source = store.head(bucket, key).await.map_err(from_store)?;
    let source = source.ok_or_else(|| from_store(StoreError::NoSuchKey))?;
    preconditions.check(&source).map_err(|_| precondition_failed())?;
    Ok(source)
}
