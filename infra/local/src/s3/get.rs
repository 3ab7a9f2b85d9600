//! `GetObject` and `HeadObject`.

use std::ops::Range;

use http::StatusCode;
use s3s::dto::{
    ChecksumMode, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, StreamingBlob,
};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::error::from_store;
use super::meta::{describe, length, preconditions, put_object_checksums};
use super::unsupported::refuse;
use crate::store::{ObjectRecord, Store, StoreError, read_range};

/// Fills any output of reading an object from any input that asks for one: all but the body.
macro_rules! answer {
    ($store:expr, $input:expr, $record:expr, $output:ty) => {{
        let (input, record): (_, &ObjectRecord) = (&mut $input, $record);
        preconditions!(input).check(record)?;
        let slice = slice($store, record, input.range, input.part_number).await?;
        let mut output = <$output>::default();
        describe!(output, record);
        output.content_length = Some(length(slice.bytes.end - slice.bytes.start));
        output.content_range = slice.content_range(record);
        output.parts_count = slice.parts_count;
        if slice.is_whole() && is_enabled(input.checksum_mode.as_ref()) {
            put_object_checksums!(output, record);
        }
        (output, slice.bytes)
    }};
}

pub(super) async fn get_object(store: &Store, mut input: GetObjectInput) -> S3Result<GetObjectOutput> {
    refuse_versions(input.version_id.as_deref())?;
    let found = store.get(&input.bucket, &input.key).await.map_err(from_store)?;
    let (record, file) = found.ok_or_else(|| from_store(StoreError::NoSuchKey))?;
    let (mut output, range) = answer!(store, input, &record, GetObjectOutput);
    output.body = Some(StreamingBlob::wrap(read_range(file, range)));
    Ok(output)
}

pub(super) async fn head_object(store: &Store, mut input: HeadObjectInput) -> S3Result<HeadObjectOutput> {
    refuse_versions(input.version_id.as_deref())?;
    let found = store.head(&input.bucket, &input.key).await.map_err(from_store)?;
    let record = found.ok_or_else(|| from_store(StoreError::NoSuchKey))?;
    let (mut output, _) = answer!(store, input, &record, HeadObjectOutput);
    // The library does this for GET alone.
    let instead = |asked: Option<String>, kept: &mut Option<String>| *kept = asked.or_else(|| kept.take());
    instead(input.response_content_type.take(), &mut output.content_type);
    instead(input.response_cache_control.take(), &mut output.cache_control);
    instead(input.response_content_disposition.take(), &mut output.content_disposition);
    instead(input.response_content_encoding.take(), &mut output.content_encoding);
    instead(input.response_content_language.take(), &mut output.content_language);
    output.expires = input.response_expires.take().or(output.expires);
    Ok(output)
}

/// Nothing is kept of what was replaced; what there is has the version that AWS calls null.
pub(super) fn refuse_versions(version: Option<&str>) -> S3Result<()> {
    refuse(version.is_some_and(|version| version != "null"), "versions")
}

/// What is asked for of an object.
struct Slice {
    bytes: Range<u64>,
    is_partial: bool,
    parts_count: Option<i32>,
}

impl Slice {
    fn is_whole(&self) -> bool {
        !self.is_partial
    }

    fn content_range(&self, record: &ObjectRecord) -> Option<String> {
        let Range { start, end } = self.bytes;
        // Of an empty part no first and last byte can be told.
        (self.is_partial && start < end).then(|| format!("bytes {start}-{}/{}", end - 1, record.size))
    }
}

/// All of it, the bytes of a range, or those of a part as it was uploaded.
async fn slice(
    store: &Store,
    record: &ObjectRecord,
    range: Option<s3s::dto::Range>,
    part_number: Option<i32>,
) -> S3Result<Slice> {
    match (range, part_number) {
        (Some(_), Some(_)) => {
            let message = "Cannot specify both Range header and partNumber query parameter";
            Err(S3Error::with_message(S3ErrorCode::InvalidRequest, message))
        }
        (Some(asked), None) => match asked.check(record.size) {
            Ok(bytes) if !bytes.is_empty() => Ok(Slice { bytes, is_partial: true, parts_count: None }),
            _ => Err(not_satisfiable(record)),
        },
        (None, Some(number)) => part(store, record, number).await,
        (None, None) => Ok(Slice { bytes: 0..record.size, is_partial: false, parts_count: None }),
    }
}

async fn part(store: &Store, record: &ObjectRecord, number: i32) -> S3Result<Slice> {
    let number = usize::try_from(number).ok().filter(|number| *number > 0);
    let number = number.ok_or_else(|| {
        let message = "Part number must be an integer between 1 and 10000, inclusive";
        S3Error::with_message(S3ErrorCode::InvalidArgument, message)
    })?;
    let Some(parts) = store.completed_parts(record).await.map_err(from_store)? else {
        if number > 1 {
            return Err(no_such_part());
        }
        return Ok(Slice { bytes: 0..record.size, is_partial: true, parts_count: None });
    };
    let (_, size, _) = parts.parts.get(number - 1).ok_or_else(no_such_part)?;
    let start = parts.parts[..number - 1].iter().map(|(_, size, _)| size).sum();
    let parts_count = i32::try_from(parts.parts.len()).ok();
    Ok(Slice { bytes: start..start + size, is_partial: true, parts_count })
}

fn is_enabled(mode: Option<&ChecksumMode>) -> bool {
    mode.is_some_and(|mode| mode.as_str() == ChecksumMode::ENABLED)
}

fn no_such_part() -> S3Error {
    let message = "The requested partnumber is not satisfiable";
    let mut error = S3Error::with_message(S3ErrorCode::Custom("InvalidPartNumber".into()), message);
    error.set_status_code(StatusCode::RANGE_NOT_SATISFIABLE);
    error
}

fn not_satisfiable(record: &ObjectRecord) -> S3Error {
    let message = "The requested range is not satisfiable";
    let mut error = S3Error::with_message(S3ErrorCode::InvalidRange, message);
    if let Ok(range) = format!("bytes */{}", record.size).parse() {
        error.set_headers([(http::header::CONTENT_RANGE, range)].into_iter().collect());
    }
    error
}
