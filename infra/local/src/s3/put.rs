//! `PutObject`.

use http::HeaderMap;
use http::header::{IF_MATCH, IF_NONE_MATCH};
use s3s::dto::{ETag, ETagCondition, PutObjectInput, PutObjectOutput};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result};

use super::error::from_store;
use super::meta::{meta_of, put_checksums};
use super::receive::announced;
use super::unsupported::{check_metadata, refuse, wishes};
use crate::store::{Condition, EventName, PutOptions, Store};

/// Receives, checks, commits.
pub(super) async fn put_object(
    store: &Store,
    mut request: S3Request<PutObjectInput>,
) -> S3Result<S3Response<PutObjectOutput>> {
    wishes!(request.input).check()?;
    refuse(request.input.write_offset_bytes.is_some(), "appending")?;
    let announced = announced!(request)?;
    announced.require_length()?;
    let input = request.input;
    store.check_name(&input.bucket, &input.key).map_err(from_store)?;
    let condition = condition(input.if_match.as_ref(), input.if_none_match.as_ref())?;
    let mut input = input;
    let options = PutOptions { condition, event: EventName::Put, meta: meta_of!(input) };
    check_metadata(&options.meta)?;

    let confirmed = announced.algorithms();
    let body = input.body.take();
    let staged = announced.receive(store, body, request.trailing_headers.as_ref(), None).await?;
    let mut record = store.commit(&input.bucket, &input.key, staged, options).await.map_err(from_store)?;

    let mut output = PutObjectOutput { e_tag: Some(ETag::Strong(record.etag)), ..PutObjectOutput::default() };
    record.checksums.retain(|algorithm, _| confirmed.contains(algorithm));
    if !record.checksums.is_empty() {
        put_checksums!(output, &record.checksums);
        output.checksum_type = Some(super::meta::full_object());
    }
    Ok(S3Response::new(output))
}

/// When an object is to be written at all.
pub(super) fn condition(
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<Condition> {
    match (if_none_match, if_match) {
        (None, None) => Ok(Condition::Always),
        (Some(ETagCondition::Any), None) => Ok(Condition::IfAbsent),
        (None, Some(ETagCondition::ETag(etag))) => Ok(Condition::IfEtag(etag.value().to_owned())),
        _ => Err(S3Error::with_message(
            S3ErrorCode::NotImplemented,
            "A header you provided implies functionality that is not implemented",
        )),
    }
}

/// As [`condition`], for an operation whose input does not have these fields.
pub(super) fn condition_in(headers: &HeaderMap) -> S3Result<Condition> {
    let read = |name| {
        let value = headers.get(name).map(|value| ETagCondition::parse_http_header(value.as_bytes()));
        value.transpose().map_err(|_| S3Error::new(S3ErrorCode::InvalidArgument))
    };
    condition(read(IF_MATCH)?.as_ref(), read(IF_NONE_MATCH)?.as_ref())
}
