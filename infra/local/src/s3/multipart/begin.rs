//! `CreateMultipartUpload` and `AbortMultipartUpload`.

use s3s::dto::{
    AbortMultipartUploadInput, ChecksumAlgorithm, ChecksumType, CreateMultipartUploadInput,
    CreateMultipartUploadOutput,
};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::parse_upload_id;
use crate::s3::error::from_store;
use crate::s3::meta::meta_of;
use crate::s3::unsupported::{check_metadata, wishes};
use crate::store::multipart::{UploadChecksum, UploadRecord};
use crate::store::{Algorithm, Store};

pub(in crate::s3) async fn create_multipart_upload(
    store: &Store,
    mut input: CreateMultipartUploadInput,
) -> S3Result<CreateMultipartUploadOutput> {
    wishes!(input).check()?;
    let checksum = checksum(input.checksum_algorithm.as_ref(), input.checksum_type.as_ref())?;
    let record = UploadRecord { meta: meta_of!(input), checksum };
    check_metadata(&record.meta)?;
    let id = store.create_upload(&input.bucket, &input.key, record).await.map_err(from_store)?;
    Ok(CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(id.to_string()),
        checksum_type: checksum.map(checksum_type),
        checksum_algorithm: input.checksum_algorithm,
        ..CreateMultipartUploadOutput::default()
    })
}

pub(in crate::s3) async fn abort_multipart_upload(
    store: &Store,
    input: AbortMultipartUploadInput,
) -> S3Result<()> {
    let id = parse_upload_id(&input.upload_id)?;
    store.abort_upload(&input.bucket, &input.key, id).await.map_err(from_store)
}

/// How the bytes of an upload are checked, with the defaults of AWS.
fn checksum(
    algorithm: Option<&ChecksumAlgorithm>,
    kind: Option<&ChecksumType>,
) -> S3Result<Option<UploadChecksum>> {
    let kind = kind.map(ChecksumType::as_str);
    let Some(name) = algorithm.map(ChecksumAlgorithm::as_str) else {
        if kind.is_none() {
            return Ok(None);
        }
        return Err(invalid(
            "The x-amz-checksum-type header can only be used with x-amz-checksum-algorithm.",
        ));
    };
    let algorithm = Algorithm::ALL.into_iter().find(|algorithm| algorithm.name() == name);
    let algorithm = algorithm.ok_or_else(|| {
        invalid(
            "Checksum algorithm provided is unsupported. Please try again with any of the valid types: \
             [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
        )
    })?;
    let can_be_full = matches!(algorithm, Algorithm::Crc32 | Algorithm::Crc32c | Algorithm::Crc64Nvme);
    let can_be_composite = algorithm != Algorithm::Crc64Nvme;
    let is_full_object = match kind {
        None => !can_be_composite,
        Some(ChecksumType::FULL_OBJECT) if can_be_full => true,
        Some(ChecksumType::COMPOSITE) if can_be_composite => false,
        Some(kind) => {
            let message = format!(
                "The {kind} checksum type cannot be used with the {} checksum algorithm.",
                name.to_ascii_lowercase()
            );
            return Err(S3Error::with_message(S3ErrorCode::InvalidRequest, message));
        }
    };
    Ok(Some(UploadChecksum { algorithm, is_full_object }))
}

pub(super) fn checksum_type(checksum: UploadChecksum) -> ChecksumType {
    let name = if checksum.is_full_object { ChecksumType::FULL_OBJECT } else { ChecksumType::COMPOSITE };
    ChecksumType::from_static(name)
}

pub(super) fn checksum_algorithm(checksum: UploadChecksum) -> ChecksumAlgorithm {
    ChecksumAlgorithm::from_static(checksum.algorithm.name())
}

fn invalid(message: &'static str) -> S3Error {
    S3Error::with_message(S3ErrorCode::InvalidRequest, message)
}
