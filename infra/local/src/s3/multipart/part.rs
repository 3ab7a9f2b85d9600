//! `UploadPart` and `UploadPartCopy`.

use std::ops::Range;

use s3s::dto::{
    CopyPartResult, ETag, UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Result};

use super::parse_upload_id;
use crate::s3::copy::{find_source, source_name};
use crate::s3::error::from_store;
use crate::s3::meta::{put_checksums, source_preconditions, timestamp_ms};
use crate::s3::receive::announced;
use crate::s3::unsupported::refuse;
use crate::store::multipart::check_part_number;
use crate::store::{Store, StoreError, read_range};

pub(in crate::s3) async fn upload_part(
    store: &Store,
    mut request: S3Request<UploadPartInput>,
) -> S3Result<UploadPartOutput> {
    let announced = announced!(request)?;
    announced.require_length()?;
    let mut input = request.input;
    refuse(input.sse_customer_algorithm.is_some(), "server-side encryption with your own key")?;
    let number = check_part_number(input.part_number.into()).map_err(from_store)?;
    let id = parse_upload_id(&input.upload_id)?;
    let upload = store.upload(&input.bucket, &input.key, id).await.map_err(from_store)?;
    let algorithm = upload.checksum.map(|checksum| checksum.algorithm);
    let mut confirmed = announced.algorithms();
    confirmed.extend(algorithm);
    let body = input.body.take();
    let staged = announced.receive(store, body, request.trailing_headers.as_ref(), algorithm).await?;
    let mut part = store.put_part(&input.bucket, &input.key, id, number, staged).await.map_err(from_store)?;
    part.checksums.retain(|algorithm, _| confirmed.contains(algorithm));
    let mut output = UploadPartOutput { e_tag: Some(ETag::Strong(part.md5)), ..UploadPartOutput::default() };
    put_checksums!(output, &part.checksums);
    Ok(output)
}

pub(in crate::s3) async fn upload_part_copy(
    store: &Store,
    mut input: UploadPartCopyInput,
) -> S3Result<UploadPartCopyOutput> {
    let number = check_part_number(input.part_number.into()).map_err(from_store)?;
    let id = parse_upload_id(&input.upload_id)?;
    let upload = store.upload(&input.bucket, &input.key, id).await.map_err(from_store)?;
    let (bucket, key) = source_name(&input.copy_source)?;
    let source = find_source(store, (&bucket, &key), &source_preconditions!(input)).await?;
    let found = store.get(&bucket, &key).await.map_err(from_store)?;
    let found = found.filter(|(record, _)| record.body == source.body);
    let (record, file) = found.ok_or_else(|| from_store(StoreError::PreconditionFailed))?;
    let range = match &input.copy_source_range {
        Some(range) => parse_source_range(range, record.size)?,
        None => 0..record.size,
    };
    let algorithm = upload.checksum.map(|checksum| checksum.algorithm);
    let wanted: Vec<_> = algorithm.into_iter().collect();
    let staged = store.stage(read_range(file, range), &wanted).await.map_err(from_store)?;
    let mut part = store.put_part(&input.bucket, &input.key, id, number, staged).await.map_err(from_store)?;
    part.checksums.retain(|algorithm, _| wanted.contains(algorithm));
    let mut result = CopyPartResult {
        e_tag: Some(ETag::Strong(part.md5)),
        last_modified: Some(timestamp_ms(part.last_modified_ms)),
        ..CopyPartResult::default()
    };
    put_checksums!(result, &part.checksums);
    Ok(UploadPartCopyOutput { copy_part_result: Some(result), ..UploadPartCopyOutput::default() })
}

/// `bytes=first-last`, both within the source: less lenient than the header of GET, as on AWS.
fn parse_source_range(range: &str, size: u64) -> S3Result<Range<u64>> {
    let parse = || {
        let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
        Some((first.parse::<u64>().ok()?, last.parse::<u64>().ok()?))
    };
    match parse() {
        Some((first, last)) if first <= last && last < size => Ok(first..last + 1),
        Some((first, last)) if first <= last => {
            let message = format!("Range specified is not valid for source object of size: {size}");
            Err(S3Error::with_message(S3ErrorCode::InvalidRange, message))
        }
        _ => {
            let message = "The x-amz-copy-source-range value must be of the form bytes=first-last where first and \
                           last are the zero-based offsets of the first and last bytes to copy";
            Err(S3Error::with_message(S3ErrorCode::InvalidArgument, message))
        }
    }
}
