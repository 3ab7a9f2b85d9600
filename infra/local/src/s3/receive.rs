//! Receiving a body: what is announced of it before it comes and after it, and what becomes of the announcement.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use s3s::dto::StreamingBlob;
use s3s::stream::DynByteStream;
use s3s::{S3Error, S3ErrorCode, S3Result, TrailingHeaders};

use super::error::{bad_request, from_store};
use crate::store::{Algorithm, Checksums, Expectations, Staged, Store};

/// Takes the checksums out of any input that has these fields.
macro_rules! take_checksums {
    ($input:expr) => {{
        use $crate::store::Algorithm;
        [
            (Algorithm::Crc32, $input.checksum_crc32.take()),
            (Algorithm::Crc32c, $input.checksum_crc32c.take()),
            (Algorithm::Crc64Nvme, $input.checksum_crc64nvme.take()),
            (Algorithm::Sha1, $input.checksum_sha1.take()),
            (Algorithm::Sha256, $input.checksum_sha256.take()),
        ]
        .into_iter()
        .filter_map(|(algorithm, sum)| Some((algorithm, sum?)))
        .collect::<$crate::store::Checksums>()
    }};
}

/// Takes what is announced of a body out of any input that has these fields.
macro_rules! announced {
    ($request:expr) => {{
        let input = &mut $request.input;
        $crate::s3::receive::Announced::new(
            input.content_length,
            input.content_md5.take(),
            $crate::s3::receive::take_checksums!(input),
            &$request.headers,
        )
    }};
}

pub(super) use {announced, take_checksums};

/// What a client says about a body.
#[derive(Clone, Debug, Default)]
pub(super) struct Announced {
    pub(super) expectations: Expectations,
    /// The checksums that will follow the body.
    trailing: Vec<Algorithm>,
}

impl Announced {
    /// Fails on a length, a hash or a checksum that cannot be one.
    pub(super) fn new(
        content_length: Option<i64>,
        content_md5: Option<String>,
        checksums: Checksums,
        headers: &HeaderMap,
    ) -> S3Result<Self> {
        let trailing = announced_trailers(headers);
        if checksums.len() + trailing.len() > 1 {
            let message =
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.";
            return Err(S3Error::with_message(S3ErrorCode::InvalidRequest, message));
        }
        checksums.iter().try_for_each(|(algorithm, sum)| check_form(*algorithm, sum))?;
        let md5 = content_md5.map(|text| {
            let bytes = BASE64_STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
            bytes.ok_or_else(|| {
                let message = "The Content-MD5 you specified was invalid.";
                S3Error::with_message(S3ErrorCode::InvalidDigest, message)
            })
        });
        // A body in chunks may come without a length of its own.
        let decoded = || headers.get("x-amz-decoded-content-length")?.to_str().ok()?.parse().ok();
        let length = content_length.and_then(|length| u64::try_from(length).ok()).or_else(decoded);
        Ok(Self { expectations: Expectations { length, md5: md5.transpose()?, checksums }, trailing })
    }

    /// Fails without a length, as AWS does.
    pub(super) fn require_length(&self) -> S3Result<()> {
        if self.expectations.length.is_some() {
            return Ok(());
        }
        let message = "You must provide the Content-Length HTTP header.";
        Err(S3Error::with_message(S3ErrorCode::MissingContentLength, message))
    }

    /// The checksums that the client gives, before the body or after it.
    pub(super) fn algorithms(&self) -> Vec<Algorithm> {
        self.expectations.checksums.keys().chain(&self.trailing).copied().collect()
    }

    /// Receives the body, with what is announced and the checksums `wanted` besides, and fails if it is not what it was
    /// announced to be.
    pub(super) async fn receive(
        mut self,
        store: &Store,
        body: Option<StreamingBlob>,
        trailers: Option<&TrailingHeaders>,
        wanted: Option<Algorithm>,
    ) -> S3Result<Staged> {
        let body = body.unwrap_or_else(|| StreamingBlob::from(s3s::Body::from(Bytes::new())));
        let mut hashed = self.algorithms();
        hashed.extend(wanted);
        let staged = store.stage(DynByteStream::from(body), &hashed).await.map_err(from_store)?;
        self.read_trailers(trailers)?;
        staged.check(&self.expectations).map_err(from_store)?;
        Ok(staged)
    }

    /// Takes the checksums that followed the body.
    fn read_trailers(&mut self, trailers: Option<&TrailingHeaders>) -> S3Result<()> {
        let arrived = trailers.and_then(TrailingHeaders::take).unwrap_or_default();
        for algorithm in &self.trailing {
            let sum = arrived.get(algorithm.header()).and_then(|sum| sum.to_str().ok()).ok_or_else(|| {
                let message = "The request contained trailing data that was not well-formed";
                bad_request("MalformedTrailerError", message)
            })?;
            check_form(*algorithm, sum)?;
            self.expectations.checksums.insert(*algorithm, sum.to_owned());
        }
        Ok(())
    }
}

/// Fails unless a checksum is base64 of as many bytes as the algorithm gives.
pub(super) fn check_form(algorithm: Algorithm, sum: &str) -> S3Result<()> {
    if BASE64_STANDARD.decode(sum).is_ok_and(|bytes| bytes.len() == algorithm.digest_bytes()) {
        return Ok(());
    }
    let message = format!("Value for {} header is invalid.", algorithm.header());
    Err(S3Error::with_message(S3ErrorCode::InvalidRequest, message))
}

fn announced_trailers(headers: &HeaderMap) -> Vec<Algorithm> {
    let values = headers.get_all("x-amz-trailer").iter().filter_map(|value| value.to_str().ok());
    let names: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    let is_announced =
        |algorithm: &Algorithm| names.iter().any(|name| name.eq_ignore_ascii_case(algorithm.header()));
    Algorithm::ALL.into_iter().filter(is_announced).collect()
}
