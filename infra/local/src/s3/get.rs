//! `GetObject` and `HeadObject`.

use s3s::dto::{
    ChecksumMode, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, StreamingBlob,
};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::error::from_store;
use super::meta::{Preconditions, describe, length, put_checksums};
use crate::store::{ObjectRecord, Store, StoreError, read_range};

pub(super) async fn get_object(store: &Store, input: GetObjectInput) -> S3Result<GetObjectOutput> {
    let (record, file) = store
        .get(&input.bucket, &input.key)
        .await
        .map_err(from_store)?
        .ok_or_else(|| from_store(StoreError::NoSuchKey))?;
    let preconditions = Preconditions {
        if_match: input.if_match,
        if_none_match: input.if_none_match,
        if_modified_since: input.if_modified_since,
        if_unmodified_since: input.if_unmodified_since,
    };
    preconditions.check(&record)?;

    let mut output = GetObjectOutput::default();
    describe!(output, &record);
    let mut range = 0..record.size;
    if let Some(asked) = input.range {
        range = asked.check(record.size).map_err(|_| not_satisfiable(&record))?;
        let (first, last) = (range.start, range.end.saturating_sub(1));
        output.content_range = Some(format!("bytes {first}-{last}/{}", record.size));
    } else if is_enabled(input.checksum_mode.as_ref()) {
        put_checksums!(output, &record.checksums);
    }
    output.content_length = Some(length(range.end - range.start));
    output.body = Some(StreamingBlob::wrap(read_range(file, range)));
    Ok(output)
}

pub(super) async fn head_object(store: &Store, input: HeadObjectInput) -> S3Result<HeadObjectOutput> {
    let record = store
        .head(&input.bucket, &input.key)
        .await
        .map_err(from_store)?
        .ok_or_else(|| from_store(StoreError::NoSuchKey))?;
    let preconditions = Preconditions {
        if_match: input.if_match,
        if_none_match: input.if_none_match,
        if_modified_since: input.if_modified_since,
        if_unmodified_since: input.if_unmodified_since,
    };
    preconditions.check(&record)?;
    let mut output = HeadObjectOutput::default();
    describe!(output, &record);
    output.content_length = Some(length(record.size));
    if is_enabled(input.checksum_mode.as_ref()) {
        put_checksums!(output, &record.checksums);
    }
    Ok(output)
}

fn is_enabled(mode: Option<&ChecksumMode>) -> bool {
    mode.is_some_and(|mode| mode.as_str() == ChecksumMode::ENABLED)
}

fn not_satisfiable(record: &ObjectRecord) -> S3Error {
    let message = "The requested range is not satisfiable";
    let mut error = S3Error::with_message(S3ErrorCode::InvalidRange, message);
    if let Ok(range) = format!("bytes */{}", record.size).parse() {
        error.set_headers([(http::header::CONTENT_RANGE, range)].into_iter().collect());
    }
    error
}
