//! Objects that arrive in parts.

mod begin;
mod complete;
mod list;
mod part;

pub(super) use self::begin::{abort_multipart_upload, create_multipart_upload};
pub(super) use self::complete::complete_multipart_upload;
pub(super) use self::list::{list_multipart_uploads, list_parts};
pub(super) use self::part::{upload_part, upload_part_copy};

use s3s::S3Result;

use super::error::from_store;
use crate::store::StoreError;
use crate::store::multipart::{MultipartError, UploadId};

/// What is no upload id names no upload.
fn parse_upload_id(text: &str) -> S3Result<UploadId> {
    let missing = || from_store(StoreError::Multipart(MultipartError::NoSuchUpload));
    UploadId::parse(text).ok_or_else(missing)
}
