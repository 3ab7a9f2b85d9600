//! `GET /thumbs/…`: what the CDN does with the processed bucket.

use std::ops::Range;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, RANGE,
};
use http::{HeaderMap, StatusCode};
use http_range_header::parse_range_header;

use super::negotiate;
use crate::store::{Store, StoreError, read_range};

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
    let Some((record, body)) = store.get(BUCKET, key).await? else {
        return Ok((StatusCode::NOT_FOUND, "There is no such thumbnail.").into_response());
    };
    let etag = format!("\"{}\"", record.etag);
    let caching = record.meta.cache_control.unwrap_or_else(|| "no-cache".to_owned());
    let common = [(ETAG, etag.clone()), (CACHE_CONTROL, caching), (ACCEPT_RANGES, "bytes".to_owned())];
    if negotiate::is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let (status, range) = match asked_range(headers, &etag, record.size) {
        Asked::Whole => (StatusCode::OK, 0..record.size),
        Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Asked::Beyond => {
            let size = [(CONTENT_RANGE, format!("bytes */{}", record.size))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, size).into_response());
        }
    };
    let content_type = record.meta.content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    let length = [(CONTENT_TYPE, content_type), (CONTENT_LENGTH, (range.end - range.start).to_string())];
    let part = (status == StatusCode::PARTIAL_CONTENT).then(|| {
        let last = range.end.saturating_sub(1);
        [(CONTENT_RANGE, format!("bytes {}-{last}/{}", range.start, record.size))]
    });
    let mut response = (status, common, length, Body::from_stream(read_range(body, range))).into_response();
    response
        .headers_mut()
        .extend(part.into_iter().flatten().filter_map(|(name, value)| Some((name, value.parse().ok()?))));
    Ok(response)
}

/// What a client asks for of a file.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part(Range<u64>),
    /// A part that the file does not have.
    Beyond,
}

/// Source: RFC 9110, sections 13.1.5 and 14.2. A range that cannot be understood, and several at once, are answered
/// with the whole, as section 14.2 allows.
fn asked_range(headers: &HeaderMap, etag: &str, size: u64) -> Asked {
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let is_same = headers.get(IF_RANGE).is_none_or(|known| known.as_bytes() == etag.as_bytes());
    let Some(Ok(ranges)) = range.filter(|_| is_same).map(parse_range_header) else {
        return Asked::Whole;
    };
    match ranges.validate(size).as_deref() {
        Ok([range]) => Asked::Part(*range.start()..range.end() + 1),
        Ok(_) => Asked::Whole,
        Err(_) => Asked::Beyond,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let asked = |range: &'static str, if_range: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(RANGE, range.parse().unwrap());
            if let Some(etag) = if_range {
                headers.insert(IF_RANGE, etag.parse().unwrap());
            }
            asked_range(&headers, "\"a\"", 10)
        };
        assert_eq!(asked("bytes=2-5", None), Asked::Part(2..6));
        assert_eq!(asked("bytes=2-", None), Asked::Part(2..10));
        assert_eq!(asked("bytes=-3", None), Asked::Part(7..10));
        assert_eq!(asked("bytes=5-99", None), Asked::Part(5..10));
        assert_eq!(asked("bytes=-99", None), Asked::Part(0..10));
        assert_eq!(asked("bytes=10-", None), Asked::Beyond);
        assert_eq!(asked("bytes=0-0, 2-3", None), Asked::Whole);
        assert_eq!(asked("lines=1-2", None), Asked::Whole);
        assert_eq!(asked("bytes=2-5", Some("\"a\"")), Asked::Part(2..6));
        assert_eq!(asked("bytes=2-5", Some("\"b\"")), Asked::Whole, "it has changed since");
    }
}
