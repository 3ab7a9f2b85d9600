//! Errors in AWS's words.

use http::{Response, StatusCode};
use s3s::{Body, HttpError, S3Error, S3ErrorCode};

use super::chunked::TOO_LARGE;
use crate::store::multipart::MultipartError;
use crate::store::{Mismatch, StoreError};

/// What AWS would answer.
#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
pub(super) fn from_store(error: StoreError) -> S3Error {
    let (code, message) = match &error {
        StoreError::NoSuchBucket(_) => (S3ErrorCode::NoSuchBucket, "The specified bucket does not exist"),
        StoreError::NoSuchKey => (S3ErrorCode::NoSuchKey, "The specified key does not exist."),
        StoreError::KeyLength(0) => (S3ErrorCode::InvalidArgument, "A key has at least one byte."),
        StoreError::KeyLength(_) => (S3ErrorCode::KeyTooLongError, "Your key is too long"),
        StoreError::TooLarge { .. } => {
            (S3ErrorCode::EntityTooLarge, "Your proposed upload exceeds the maximum allowed size")
        }
        StoreError::Mismatch(Mismatch::TooShort | Mismatch::TooLong) => (
            S3ErrorCode::IncompleteBody,
            "You did not provide the number of bytes specified by the Content-Length HTTP header",
        ),
        StoreError::Mismatch(Mismatch::Md5) => {
            (S3ErrorCode::BadDigest, "The Content-MD5 you specified did not match what we received.")
        }
        StoreError::Mismatch(Mismatch::Checksum(algorithm)) => {
            let message =
                format!("The {} you specified did not match the calculated checksum.", algorithm.name());
            return S3Error::with_message(S3ErrorCode::BadDigest, message);
        }
        StoreError::PreconditionFailed => {
            (S3ErrorCode::PreconditionFailed, "At least one of the pre-conditions you specified did not hold")
        }
        error if error.is_full() => {
            tracing::warn!(%error, "a body was refused for want of room");
            return full();
        }
        StoreError::Multipart(error) => return from_multipart(error),
        StoreError::Body(source) => return body_error(&source.to_string()),
        _ => {
            tracing::error!(%error, "a request failed through no fault of its own");
            (S3ErrorCode::InternalError, "We encountered an internal error. Please try again.")
        }
    };
    S3Error::with_message(code, message)
}

fn from_multipart(error: &MultipartError) -> S3Error {
    let (code, message) = match error {
        MultipartError::NoSuchUpload => (
            S3ErrorCode::NoSuchUpload,
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted \
             or completed.",
        ),
        MultipartError::PartNumber(_) => {
            (S3ErrorCode::InvalidArgument, "Part number must be an integer between 1 and 10000, inclusive")
        }
        MultipartError::InvalidPart(_) => (
            S3ErrorCode::InvalidPart,
            "One or more of the specified parts could not be found. The part may not have been uploaded, or the \
             specified entity tag may not match the part's entity tag.",
        ),
        MultipartError::PartOrder => (
            S3ErrorCode::InvalidPartOrder,
            "The list of parts was not in ascending order. Parts must be ordered by part number.",
        ),
        MultipartError::PartTooSmall { .. } => {
            (S3ErrorCode::EntityTooSmall, "Your proposed upload is smaller than the minimum allowed size")
        }
        MultipartError::Size { .. } => (
            S3ErrorCode::InvalidRequest,
            "The provided 'x-amz-mp-object-size' header does not match what was computed.",
        ),
        MultipartError::Checksum => {
            (S3ErrorCode::BadDigest, "The checksum you specified did not match the calculated checksum.")
        }
    };
    S3Error::with_message(code, message)
}

/// Why a body broke off. The library's types for this are private, their texts are not.
fn body_error(text: &str) -> S3Error {
    if text.contains(TOO_LARGE) {
        bad_request("InvalidChunkSizeError", "A signed chunk may have 16 MiB at most")
    } else if text.contains("Sha256Mismatch") {
        let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        bad_request("XAmzContentSHA256Mismatch", message)
    } else if text.contains("SignatureMismatch") {
        let message = "The signature of a part of the body does not match.";
        S3Error::with_message(S3ErrorCode::SignatureDoesNotMatch, message)
    } else {
        let message = "The request body terminated unexpectedly";
        S3Error::with_message(S3ErrorCode::IncompleteBody, message)
    }
}

/// There is no room. AWS never says so; a client that tries again at once, as it would after 503, helps nobody.
fn full() -> S3Error {
    let message = "There is no room for the object. Existing objects can be read and deleted.";
    let mut error = S3Error::with_message(S3ErrorCode::Custom("InsufficientStorage".into()), message);
    error.set_status_code(StatusCode::INSUFFICIENT_STORAGE);
    error
}

/// A code of AWS that the library does not know, with status 400.
pub(super) fn bad_request(code: &'static str, message: &'static str) -> S3Error {
    let mut error = S3Error::with_message(S3ErrorCode::Custom(code.into()), message);
    error.set_status_code(StatusCode::BAD_REQUEST);
    error
}

/// An answer that is an error.
pub(super) fn response(code: S3ErrorCode, message: &str) -> Result<Response<Body>, HttpError> {
    into_response(S3Error::with_message(code, message.to_owned()))
}

/// The answer that an error is.
pub(super) fn into_response(error: S3Error) -> Result<Response<Body>, HttpError> {
    error.to_http_response().map_err(|error| HttpError::new(Box::new(error)))
}
