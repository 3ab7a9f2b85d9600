//! `GET /thumbs/…`: what the CDN does with the processed bucket.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use tokio::io::AsyncReadExt;

use crate::store::{Store, StoreError};

const BUCKET: &str = "processed";

pub(super) async fn get(
    State(store): State<Store>,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    match read(&store, &format!("{}{id}/{file}", wire::key::THUMBNAILS), &headers).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a thumbnail could not be read");
            (StatusCode::SERVICE_UNAVAILABLE, "The store cannot be read now.").into_response()
        }
    }
}

async fn read(store: &Store, key: &str, headers: &HeaderMap) -> Result<Response, StoreError> {
    let Some((record, mut body)) = store.get(BUCKET, key).await? else {
        return Ok((StatusCode::NOT_FOUND, "There is no such thumbnail.").into_response());
    };
    let etag = format!("\"{}\"", record.etag);
    let caching = record.meta.cache_control.unwrap_or_else(|| "no-cache".to_owned());
    let common = [(ETAG, etag.clone()), (CACHE_CONTROL, caching)];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    // A thumbnail is a few kilobytes: no need to stream it.
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes).await?;
    let content_type = record.meta.content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    Ok((common, [(CONTENT_TYPE, content_type)], bytes).into_response())
}
