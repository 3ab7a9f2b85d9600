//! `GetObjectAttributes`.

use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{Method, Response};
use http_body_util::BodyExt;
use s3s::dto::{
    Checksum, GetObjectAttributesInput, GetObjectAttributesOutput, GetObjectAttributesParts,
    ObjectAttributes, ObjectPart, StorageClass,
};
use s3s::{Body, HttpError, S3Result};

use super::error::from_store;
use super::get::refuse_versions;
use super::list::page_size;
use super::meta::{last_modified, length, put_checksums, put_object_checksums};
use crate::store::multipart::CompletedParts;
use crate::store::{Checksums, Store, StoreError};

pub(super) async fn get_object_attributes(
    store: &Store,
    input: GetObjectAttributesInput,
) -> S3Result<GetObjectAttributesOutput> {
    refuse_versions(input.version_id.as_deref())?;
    let record = store.head(&input.bucket, &input.key).await.map_err(from_store)?;
    let record = record.ok_or_else(|| from_store(StoreError::NoSuchKey))?;
    // Some clients send one header for all, some one for each.
    let asked = || input.object_attributes.iter().flat_map(|names| names.as_str().split(',')).map(str::trim);
    let is_asked = |name: &str| asked().any(|asked| asked == name);
    let mut output = GetObjectAttributesOutput {
        last_modified: Some(last_modified(&record)),
        ..GetObjectAttributesOutput::default()
    };
    if is_asked(ObjectAttributes::ETAG) {
        output.e_tag = Some(s3s::dto::ETag::Strong(record.etag.clone()));
    }
    if is_asked(ObjectAttributes::CHECKSUM) {
        let mut checksum = Checksum::default();
        put_object_checksums!(checksum, &record);
        output.checksum = Some(checksum);
    }
    if is_asked(ObjectAttributes::OBJECT_SIZE) {
        output.object_size = Some(length(record.size));
    }
    if is_asked(ObjectAttributes::STORAGE_CLASS) {
        output.storage_class = Some(StorageClass::from_static(StorageClass::STANDARD));
    }
    if is_asked(ObjectAttributes::OBJECT_PARTS)
        && let Some(parts) = store.completed_parts(&record).await.map_err(from_store)?
    {
        let (max, count) = page_size(input.max_parts, "max-parts")?;
        output.object_parts = Some(page(&parts, input.part_number_marker.unwrap_or(0), max, count));
    }
    Ok(output)
}

/// Whether a request is for attributes.
pub(super) fn is_asked_for(head: &Parts) -> bool {
    let is_named = |query: &str| query.split('&').any(|pair| pair == "attributes" || pair == "attributes=");
    head.method == Method::GET && head.uri.query().is_some_and(is_named)
}

/// Takes the quotes off the entity tag: here AWS leaves them out, and the library always writes them.
pub(super) async fn with_bare_etag(response: Response<Body>) -> Result<Response<Body>, HttpError> {
    let (mut head, body) = response.into_parts();
    let bytes = body.collect().await.map_err(HttpError::new)?.to_bytes();
    let text = String::from_utf8_lossy(&bytes);
    let text = text.replace("<ETag>\"", "<ETag>").replace("\"</ETag>", "</ETag>");
    head.headers.remove(CONTENT_LENGTH);
    Ok(Response::from_parts(head, Body::from(text)))
}

fn page(parts: &CompletedParts, marker: i32, max: i32, count: usize) -> GetObjectAttributesParts {
    let after: Vec<_> = parts.parts.iter().filter(|(number, ..)| i32::from(*number) > marker).collect();
    let here = &after[..after.len().min(count)];
    let part = |(number, size, sum): &&(u16, u64, String)| {
        let mut part = ObjectPart {
            part_number: Some(i32::from(*number)),
            size: Some(length(*size)),
            ..ObjectPart::default()
        };
        let checksums: Checksums =
            parts.algorithm.map(|algorithm| (algorithm, sum.clone())).into_iter().collect();
        put_checksums!(part, &checksums);
        part
    };
    GetObjectAttributesParts {
        total_parts_count: i32::try_from(parts.parts.len()).ok(),
        part_number_marker: Some(marker),
        next_part_number_marker: here.last().map(|(number, ..)| i32::from(*number)),
        max_parts: Some(max),
        is_truncated: Some(here.len() < after.len()),
        // AWS tells single parts only where they have checksums.
        parts: parts.algorithm.is_some().then(|| here.iter().map(part).collect()),
    }
}
