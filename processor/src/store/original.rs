//! Reading originals.

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::operation::head_object::{HeadObjectError, HeadObjectOutput};
use aws_sdk_s3::types::ChecksumMode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use wire::OriginalKey;

use super::{Store, StoreError};

/// What S3 knows of an original.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) bytes: u64,
    pub(crate) content_type: Option<String>,
    /// What whoever sent it declared.
    pub(crate) sha256: Option<[u8; 32]>,
    /// Changes with the bytes.
    pub(crate) etag: Option<String>,
}

impl From<HeadObjectOutput> for Head {
    fn from(head: HeadObjectOutput) -> Self {
        let digest = head.checksum_sha256().and_then(|text| STANDARD.decode(text).ok()?.try_into().ok());
        Self {
            bytes: head.content_length().and_then(|length| length.try_into().ok()).unwrap_or_default(),
            sha256: digest,
            etag: head.e_tag,
            content_type: head.content_type,
        }
    }
}

/// The bytes of an original.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: [u8; 32],
}

impl Store {
    /// What S3 knows of an original; `None` if it is not there (any more).
    pub(crate) async fn head(&self, bucket: &str, key: &OriginalKey) -> Result<Option<Head>, StoreError> {
        let head =
            self.s3.head_object().bucket(bucket).key(key.to_string()).checksum_mode(ChecksumMode::Enabled);
        match head.send().await {
            Ok(head) => Ok(Some(head.into())),
            Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => Ok(None),
            Err(error) => Err(StoreError::of("HeadObject")(error)),
        }
    }

    /// The bytes of the original that `head` describes, and no others, hashed as they come; `None` if it was deleted
    /// since. The buffer is made once, with the size that is known.
    pub(crate) async fn read(
        &self,
        bucket: &str,
        key: &OriginalKey,
        head: &Head,
    ) -> Result<Option<Body>, StoreError> {
        let get = self.s3.get_object().bucket(bucket).key(key.to_string()).set_if_match(head.etag.clone());
        let mut answer = match get.send().await {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().is_some_and(|e| e.code() == Some("NoSuchKey")) => {
                return Ok(None);
            }
            Err(error) => return Err(StoreError::of("GetObject")(error)),
        };
        let broken = |cause: String| StoreError::broken("GetObject", &cause);
        let expected = usize::try_from(head.bytes).map_err(|error| broken(error.to_string()))?;
        let mut bytes = Vec::with_capacity(expected);
        let mut digest = Sha256::new();
        while let Some(chunk) = answer.body.try_next().await.map_err(|error| broken(error.to_string()))? {
            if chunk.len() > expected - bytes.len() {
                return Err(broken(format!("more than {expected} bytes arrived")));
            }
            digest.update(&chunk);
            bytes.extend_from_slice(&chunk);
        }
        if bytes.len() < expected {
            return Err(broken(format!("{} of {expected} bytes arrived", bytes.len())));
        }
        Ok(Some(Body { bytes, sha256: digest.finalize().into() }))
    }
}
