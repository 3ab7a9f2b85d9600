//! `ListParts` and `ListMultipartUploads`.

use s3s::S3Result;
use s3s::dto::{
    CommonPrefix, ETag, Initiator, ListMultipartUploadsInput, ListMultipartUploadsOutput, ListPartsInput,
    ListPartsOutput, MultipartUpload, Part, StorageClass,
};

use super::begin::{checksum_algorithm, checksum_type};
use super::parse_upload_id;
use crate::s3::error::from_store;
use crate::s3::list::{Encoding, invalid, owner, page_size};
use crate::s3::meta::{length, put_checksums, timestamp_ms};
use crate::store::multipart::{UploadAfter, UploadId, UploadsQuery};
use crate::store::{Store, multipart::PartRecord};

pub(in crate::s3) async fn list_parts(store: &Store, input: ListPartsInput) -> S3Result<ListPartsOutput> {
    let id = parse_upload_id(&input.upload_id)?;
    let (max_parts, max) = page_size(input.max_parts, "max-parts")?;
    let marker = input.part_number_marker.unwrap_or_default();
    let after = u16::try_from(marker).map_err(|_| invalid("part-number-marker is out of range"))?;
    let page = store.list_parts(&input.bucket, &input.key, id, after, max).await.map_err(from_store)?;
    let checksum = page.upload.checksum;
    let part = |(number, record): &(u16, PartRecord)| {
        let mut part = Part {
            part_number: Some(i32::from(*number)),
            size: Some(length(record.size)),
            e_tag: Some(ETag::Strong(record.md5.clone())),
            last_modified: Some(timestamp_ms(record.last_modified_ms)),
            ..Part::default()
        };
        let mut checksums = record.checksums.clone();
        checksums.retain(|algorithm, _| checksum.is_some_and(|checksum| checksum.algorithm == *algorithm));
        put_checksums!(part, &checksums);
        part
    };
    Ok(ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        max_parts: Some(max_parts),
        part_number_marker: Some(marker),
        next_part_number_marker: Some(page.parts.last().map_or(0, |(number, _)| i32::from(*number))),
        is_truncated: Some(page.is_truncated),
        parts: Some(page.parts.iter().map(part).collect()),
        owner: Some(owner()),
        initiator: Some(initiator()),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        checksum_algorithm: checksum.map(checksum_algorithm),
        checksum_type: checksum.map(checksum_type),
        ..ListPartsOutput::default()
    })
}

pub(in crate::s3) async fn list_multipart_uploads(
    store: &Store,
    input: ListMultipartUploadsInput,
) -> S3Result<ListMultipartUploadsOutput> {
    let encoding = Encoding::new(input.encoding_type.as_ref())?;
    let (max_uploads, max) = page_size(input.max_uploads, "max-uploads")?;
    let query = UploadsQuery {
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter: input.delimiter.clone(),
        after: after(&input)?,
        max_uploads: max,
    };
    let page = store.list_uploads(&input.bucket, query).await.map_err(from_store)?;
    let upload =
        |(key, id, record): &(String, UploadId, crate::store::multipart::UploadRecord)| MultipartUpload {
            key: Some(encoding.apply(key)),
            upload_id: Some(id.to_string()),
            initiated: Some(timestamp_ms(id.initiated_ms())),
            initiator: Some(initiator()),
            owner: Some(owner()),
            storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
            checksum_algorithm: record.checksum.map(checksum_algorithm),
            checksum_type: record.checksum.map(checksum_type),
        };
    let prefix = |prefix: &String| CommonPrefix { prefix: Some(encoding.apply(prefix)) };
    let (next_key, next_upload) = match &page.next {
        None => (None, None),
        Some(UploadAfter::Upload(key, id)) => (Some(encoding.apply(key)), Some(id.to_string())),
        Some(UploadAfter::Key(key) | UploadAfter::Prefix(key)) => (Some(encoding.apply(key)), None),
    };
    Ok(ListMultipartUploadsOutput {
        bucket: Some(input.bucket),
        prefix: input.prefix.map(|prefix| encoding.apply(&prefix)),
        delimiter: input.delimiter.map(|delimiter| encoding.apply(&delimiter)),
        key_marker: Some(encoding.apply(&input.key_marker.unwrap_or_default())),
        upload_id_marker: Some(input.upload_id_marker.unwrap_or_default()),
        next_key_marker: next_key,
        next_upload_id_marker: next_upload,
        encoding_type: input.encoding_type,
        max_uploads: Some(max_uploads),
        is_truncated: Some(page.next.is_some()),
        uploads: Some(page.uploads.iter().map(upload).collect()),
        common_prefixes: Some(page.prefixes.iter().map(prefix).collect()),
        ..ListMultipartUploadsOutput::default()
    })
}

/// Where the client wants to go on. A marker that is a common prefix of this listing means what is after all of it.
fn after(input: &ListMultipartUploadsInput) -> S3Result<Option<UploadAfter>> {
    let Some(key) = input.key_marker.clone().filter(|key| !key.is_empty()) else { return Ok(None) };
    match input.upload_id_marker.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => {
            let id = UploadId::parse(id).ok_or_else(|| invalid("Invalid uploadId marker"))?;
            Ok(Some(UploadAfter::Upload(key, id)))
        }
        None if input
            .delimiter
            .as_deref()
            .is_some_and(|delimiter| !delimiter.is_empty() && key.ends_with(delimiter)) =>
        {
            Ok(Some(UploadAfter::Prefix(key)))
        }
        None => Ok(Some(UploadAfter::Key(key))),
    }
}

fn initiator() -> Initiator {
    let owner = owner();
    Initiator { id: owner.id, display_name: owner.display_name }
}
