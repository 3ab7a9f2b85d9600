//! `PutObject`, and the forms of browsers.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::{ETAG, LOCATION};
use http::{HeaderMap, HeaderValue, Method};
use s3s::dto::{ETag, ETagCondition, PutObjectInput, PutObjectOutput, StreamingBlob};
use s3s::stream::DynByteStream;
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result, TrailingHeaders};

use super::error::{bad_request, from_store};
use super::meta::{length, meta_of, put_checksums};
use crate::store::event::form_encode;
use crate::store::{Algorithm, Condition, EventName, Expectations, PutOptions, Store};

/// Receives, checks, commits. A form arrives here too: the library has judged its policy by then.
pub(super) async fn put_object(
    store: &Store,
    mut request: S3Request<PutObjectInput>,
) -> S3Result<S3Response<PutObjectOutput>> {
    let is_form = request.method == Method::POST;
    let input = &mut request.input;
    refuse_unsupported(input, is_form)?;
    store.check_name(&input.bucket, &input.key).map_err(from_store)?;
    if !is_form && input.content_length.is_none() {
        let message = "You must provide the Content-Length HTTP header.";
        return Err(S3Error::with_message(S3ErrorCode::MissingContentLength, message));
    }
    let mut expectations = expectations(input)?;
    let trailing = announced_trailers(&request.headers);
    let wanted: Vec<Algorithm> =
        expectations.checksums.keys().copied().chain(trailing.iter().copied()).collect();
    let options = PutOptions {
        condition: condition(input)?,
        event: if is_form { EventName::Post } else { EventName::Put },
        meta: meta_of!(input),
    };

    let body = input.body.take().unwrap_or_else(|| StreamingBlob::from(s3s::Body::from(Bytes::new())));
    let staged = store.stage(DynByteStream::from(body), &wanted).await.map_err(from_store)?;
    read_trailers(request.trailing_headers.as_ref(), &trailing, &mut expectations)?;
    staged.check(&expectations).map_err(from_store)?;
    let record =
        store.commit(&request.input.bucket, &request.input.key, staged, options).await.map_err(from_store)?;

    let etag = ETag::Strong(record.etag.clone());
    let mut headers = HeaderMap::new();
    if is_form {
        // In a path a plus sign is one: a space needs the other form.
        let key = form_encode(&request.input.key).replace('+', "%20");
        let location = format!("/{}/{key}", request.input.bucket);
        headers.extend(HeaderValue::from_str(&location).ok().map(|location| (LOCATION, location)));
        headers.extend(etag.to_http_header().ok().map(|etag| (ETAG, etag)));
    }
    let mut output = PutObjectOutput { e_tag: Some(etag), ..PutObjectOutput::default() };
    let mut confirmed = record.checksums;
    confirmed.retain(|algorithm, _| wanted.contains(algorithm));
    if !confirmed.is_empty() {
        put_checksums!(output, &confirmed);
    }
    output.size = is_form.then(|| length(record.size));
    Ok(S3Response::with_headers(output, headers))
}

/// Refuses what would otherwise be silently left out, and fields that a form's policy does not name: the library
/// lets those about encryption through.
fn refuse_unsupported(input: &PutObjectInput, is_form: bool) -> S3Result<()> {
    let is_encryption_asked = input.server_side_encryption.is_some()
        || input.ssekms_key_id.is_some()
        || input.ssekms_encryption_context.is_some()
        || input.bucket_key_enabled.is_some()
        || input.sse_customer_algorithm.is_some()
        || input.sse_customer_key.is_some()
        || input.sse_customer_key_md5.is_some();
    if is_form && is_encryption_asked {
        let message = "Invalid according to Policy: Extra input fields: x-amz-server-side-encryption";
        return Err(S3Error::with_message(S3ErrorCode::AccessDenied, message));
    }
    let unsupported = [
        (is_encryption_asked, "server-side encryption"),
        (input.tagging.is_some(), "tagging"),
        (input.website_redirect_location.is_some(), "website redirects"),
        (input.object_lock_mode.is_some() || input.object_lock_legal_hold_status.is_some(), "object lock"),
        (input.write_offset_bytes.is_some(), "appending"),
    ];
    match unsupported.into_iter().find(|(is_asked, _)| *is_asked) {
        Some((_, what)) => Err(S3Error::with_message(
            S3ErrorCode::NotImplemented,
            format!("A header you provided implies functionality that is not implemented: {what}"),
        )),
        None => Ok(()),
    }
}

fn expectations(input: &mut PutObjectInput) -> S3Result<Expectations> {
    let md5 = input.content_md5.take().map(|text| {
        let bytes = BASE64_STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| {
            S3Error::with_message(S3ErrorCode::InvalidDigest, "The Content-MD5 you specified was invalid.")
        })
    });
    let checksums = [
        (Algorithm::Crc32, input.checksum_crc32.take()),
        (Algorithm::Crc32c, input.checksum_crc32c.take()),
        (Algorithm::Crc64Nvme, input.checksum_crc64nvme.take()),
        (Algorithm::Sha1, input.checksum_sha1.take()),
        (Algorithm::Sha256, input.checksum_sha256.take()),
    ];
    Ok(Expectations {
        length: input.content_length.and_then(|length| u64::try_from(length).ok()),
        md5: md5.transpose()?,
        checksums: checksums.into_iter().filter_map(|(algorithm, sum)| Some((algorithm, sum?))).collect(),
    })
}

fn condition(input: &PutObjectInput) -> S3Result<Condition> {
    match (&input.if_none_match, &input.if_match) {
        (None, None) => Ok(Condition::Always),
        (Some(ETagCondition::Any), None) => Ok(Condition::IfAbsent),
        (None, Some(ETagCondition::ETag(etag))) => Ok(Condition::IfEtag(etag.value().to_owned())),
        _ => Err(S3Error::with_message(
            S3ErrorCode::NotImplemented,
            "A header you provided implies functionality that is not implemented",
        )),
    }
}

/// The checksums that will follow the body.
fn announced_trailers(headers: &HeaderMap) -> Vec<Algorithm> {
    let values = headers.get_all("x-amz-trailer").iter().filter_map(|value| value.to_str().ok());
    let names: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    let is_announced =
        |algorithm: &Algorithm| names.iter().any(|name| name.eq_ignore_ascii_case(algorithm.header()));
    Algorithm::ALL.into_iter().filter(is_announced).collect()
}

/// Takes the checksums that followed the body.
fn read_trailers(
    trailers: Option<&TrailingHeaders>,
    announced: &[Algorithm],
    expectations: &mut Expectations,
) -> S3Result<()> {
    let arrived = trailers.and_then(TrailingHeaders::take).unwrap_or_default();
    for algorithm in announced {
        let sum = arrived.get(algorithm.header()).and_then(|sum| sum.to_str().ok()).ok_or_else(|| {
            let message = "The request contained trailing data that was not well-formed";
            bad_request("MalformedTrailerError", message)
        })?;
        expectations.checksums.insert(*algorithm, sum.to_owned());
    }
    Ok(())
}
