//! `POST /api/upload`: leave to send files, one by one.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::{Extension, Json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use wire::api::MAX_FILES_PER_UPLOAD;
use wire::{
    Code, ImageId, MediaType, OriginalKey, Problem, SafeName, SignedUpload, UploadFile, UploadOutcome,
    UploadRequest, UploadResponse,
};

use crate::openapi::{Faults, Refusals};
use crate::problem::ApiError;
use crate::sign::{self, SignedFiles, Upload};
use crate::state::Api;

/// Leave to send files straight to S3, one by one
#[utoipa::path(post, path = "/upload", operation_id = "upload", request_body = UploadRequest, responses(
    (status = 200, description = "One outcome a file, in the order asked", body = UploadResponse),
    (status = 413, description = "The request is too large", body = Problem, content_type = "application/problem+json"),
    Refusals, Faults
))]
pub(crate) async fn sign(
    State(api): State<Api>,
    headers: HeaderMap,
    request: Result<Json<UploadRequest>, JsonRejection>,
) -> Result<(Extension<SignedFiles>, Json<UploadResponse>), ApiError> {
    let Json(UploadRequest { files }) = request?;
    if files.is_empty() {
        return Err(ApiError::new(Code::BadRequest, "Name at least one file."));
    }
    if files.len() > MAX_FILES_PER_UPLOAD {
        let detail = format!("Ask for at most {MAX_FILES_PER_UPLOAD} files at once, not {}.", files.len());
        return Err(ApiError::new(Code::TooManyFiles, detail));
    }
    let url = api.post_url(&headers)?;
    let credentials = api.aws.credentials.provide_credentials().await.map_err(|error| {
        tracing::error!(%error, "no credentials to sign with");
        ApiError::new(Code::Unavailable, "Uploads cannot be signed now. Try again in a moment.")
    })?;
    let now = SystemTime::now();
    let uploads: Vec<UploadOutcome> = files
        .iter()
        .map(|file| match sign_one(&api, &credentials, &url, now, file) {
            Ok(signed) => UploadOutcome::Signed(signed),
            Err(error) => UploadOutcome::Refused { error: error.into_problem() },
        })
        .collect();
    let signed = uploads.iter().filter(|outcome| matches!(outcome, UploadOutcome::Signed(_))).count();
    Ok((Extension(SignedFiles(signed)), Json(UploadResponse { uploads })))
}

fn sign_one(
    api: &Api,
    credentials: &Credentials,
    url: &str,
    now: SystemTime,
    file: &UploadFile,
) -> Result<SignedUpload, ApiError> {
    let media_type = check(file, api.config.max_bytes)?;
    let key = new_id(now)?;
    let original = OriginalKey { id: key, name: SafeName::new(&file.name) };
    let upload = Upload {
        bucket: &api.config.uploads_bucket,
        key: &original.to_string(),
        content_type: media_type.as_str(),
        bytes: file.size,
        sha256: file.sha256.as_deref(),
    };
    let form = sign::sign(&upload, credentials, &api.aws.region, now, api.config.policy_lifetime)
        .map_err(|error| ApiError::internal(&format!("an upload could not be signed: {error}")))?;
    tracing::info!(image = %key, key = %original, bytes = file.size, "signed");
    Ok(SignedUpload { key, url: url.to_owned(), fields: form.fields, expires_at: form.expires_at })
}

/// What can be judged before a byte has arrived.
fn check(file: &UploadFile, max_bytes: u64) -> Result<MediaType, ApiError> {
    let media_type = file.media_type.parse().map_err(|_| {
        ApiError::new(
            Code::UnsupportedType,
            "This kind of file is not accepted. Choose a JPEG, PNG, WebP, GIF, BMP or TIFF file.",
        )
    })?;
    if file.size == 0 {
        return Err(ApiError::new(Code::BadRequest, "This file is empty. Choose another one."));
    }
    if file.size > max_bytes {
        let detail = format!(
            "This file has {:.1} MB; at most {:.0} MB are accepted. Make it smaller and try again.",
            megabytes(file.size),
            megabytes(max_bytes)
        );
        return Err(ApiError::new(Code::TooLarge, detail));
    }
    let digest_is_usable = |text: &String| STANDARD.decode(text).is_ok_and(|digest| digest.len() == 32);
    if file.sha256.as_ref().is_some_and(|text| !digest_is_usable(text)) {
        return Err(ApiError::new(Code::BadRequest, "sha256 has to be the base64 of 32 bytes."));
    }
    Ok(media_type)
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn new_id(now: SystemTime) -> Result<ImageId, ApiError> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|error| ApiError::internal(&format!("no random bytes: {error}")))?;
    let since_1970 = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Ok(ImageId::new(u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX), random))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(media_type: &str, size: u64, sha256: Option<&str>) -> UploadFile {
        UploadFile {
            name: "a.jpg".into(),
            media_type: media_type.into(),
            size,
            sha256: sha256.map(str::to_owned),
        }
    }

    fn code(file: &UploadFile) -> Code {
        check(file, 1_000).unwrap_err().into_problem().code
    }

    #[test]
    fn judges_type_size_and_digest() {
        let digest = STANDARD.encode([7; 32]);
        let hex_digest = "07".repeat(32);
        assert_eq!(check(&file("image/jpeg", 1_000, Some(&digest)), 1_000).unwrap(), MediaType::Jpeg);
        assert_eq!(code(&file("text/html", 5, None)), Code::UnsupportedType);
        assert_eq!(code(&file("image/svg+xml", 5, None)), Code::UnsupportedType);
        assert_eq!(code(&file("image/jpeg", 0, None)), Code::BadRequest);
        assert_eq!(code(&file("image/jpeg", 1_001, None)), Code::TooLarge);
        for bad in ["", "abc", "AAAA", &hex_digest] {
            assert_eq!(code(&file("image/jpeg", 5, Some(bad))), Code::BadRequest, "{bad}");
        }
    }
}
