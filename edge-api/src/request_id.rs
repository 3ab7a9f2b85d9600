//! A name for each request, to find it in a log by.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};

/// The header of requests and answers.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest that a client may give itself, bytes.
const MAX_BYTES: usize = 64;

/// Keeps the id that a client or a proxy has given, if it is one that may stand in a log, or gives one. The answer
/// has the same.
pub async fn give(mut request: Request, next: Next) -> Response {
    let id = given(request.headers()).or_else(random);
    match &id {
        Some(id) => request.headers_mut().insert(REQUEST_ID, id.clone()),
        None => request.headers_mut().remove(REQUEST_ID),
    };
    let mut response = next.run(request).await;
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The id of a request, once [`give`] has seen it.
pub(crate) fn of(headers: &HeaderMap) -> Option<&str> {
    headers.get(REQUEST_ID)?.to_str().ok()
}

fn given(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(REQUEST_ID)?;
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.=".contains(byte);
    ((1..=MAX_BYTES).contains(&id.len()) && id.as_bytes().iter().all(is_plain)).then(|| id.clone())
}

/// 16 hex digits. Without randomness a request has no id.
fn random() -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{:016x}", getrandom::u64().ok()?)).ok()
}
