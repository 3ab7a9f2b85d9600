//! `CompleteMultipartUpload`.

use std::time::Duration;

use futures::FutureExt;
use s3s::dto::{CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart, ETag};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Result};
use tokio::task::JoinError;
use tokio::time::timeout;

use super::parse_upload_id;
use crate::s3::error::from_store;
use crate::s3::meta::put_object_checksums;
use crate::s3::put::condition;
use crate::s3::receive::take_checksums;
use crate::store::multipart::{Completion, CompletionPart, check_part_number};
use crate::store::{Store, StoreError};

/// After this the answer begins, with white space that keeps the client waiting, and what comes of it is said in the
/// answer's body, as AWS does it too.
const PATIENCE: Duration = Duration::from_secs(5);

pub(in crate::s3) async fn complete_multipart_upload(
    store: &Store,
    request: S3Request<CompleteMultipartUploadInput>,
) -> S3Result<CompleteMultipartUploadOutput> {
    let mut input = request.input;
    let id = parse_upload_id(&input.upload_id)?;
    let parts = input.multipart_upload.take().and_then(|upload| upload.parts).unwrap_or_default();
    if parts.is_empty() {
        return Err(S3Error::new(S3ErrorCode::MalformedXML));
    }
    let completion = Completion {
        parts: parts.into_iter().map(listed).collect::<S3Result<_>>()?,
        condition: condition(input.if_match.as_ref(), input.if_none_match.as_ref())?,
        checksum: take_checksums!(input).into_iter().next(),
        size: input.mpu_object_size.and_then(|size| u64::try_from(size).ok()),
    };
    let (store, bucket, key) = (store.clone(), input.bucket, input.key);
    // It goes on when the client has gone: its next try finds the object.
    let mut work = tokio::spawn(async move {
        let record = store.complete_upload(&bucket, &key, id, completion).await.map_err(from_store)?;
        let mut output = CompleteMultipartUploadOutput {
            location: Some(format!("/{bucket}/{key}")),
            e_tag: Some(ETag::Strong(record.etag.clone())),
            bucket: Some(bucket),
            key: Some(key),
            ..CompleteMultipartUploadOutput::default()
        };
        put_object_checksums!(output, &record);
        Ok(output)
    });
    if let Ok(done) = timeout(PATIENCE, &mut work).await {
        return finished(done);
    }
    let future = Some(work.map(finished).boxed());
    Ok(CompleteMultipartUploadOutput { future, ..CompleteMultipartUploadOutput::default() })
}

/// What a task came to.
fn finished<T>(done: Result<S3Result<T>, JoinError>) -> S3Result<T> {
    done.unwrap_or_else(|_| Err(from_store(StoreError::Ending)))
}

fn listed(mut part: CompletedPart) -> S3Result<CompletionPart> {
    let malformed = || S3Error::new(S3ErrorCode::MalformedXML);
    let checksums = take_checksums!(part);
    Ok(CompletionPart {
        number: check_part_number(part.part_number.ok_or_else(malformed)?.into()).map_err(from_store)?,
        etag: part.e_tag.ok_or_else(malformed)?.value().to_owned(),
        checksums,
    })
}
