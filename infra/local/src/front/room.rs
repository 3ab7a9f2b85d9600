//! No leave to upload when there is no room: told before the bytes are sent, not after.

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode};
use wire::{Code, Problem};

use crate::store::Store;

/// Answers requests for leave to upload with 503 while the store is full; everything else goes on.
pub(crate) async fn refuse_when_full(State(store): State<Store>, request: Request, next: Next) -> Response {
    let is_for_upload = request.method() == Method::POST && request.uri().path() == "/api/upload";
    if !is_for_upload || store.check_room().is_ok() {
        return next.run(request).await;
    }
    tracing::warn!("an upload was refused: the store is full");
    let detail =
        "There is no room for more photos at the moment. Those that are here can be seen and deleted.";
    let problem = Problem::new(Code::Unavailable, detail);
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, Json(problem)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}
