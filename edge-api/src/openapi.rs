//! The API's description of itself, from the same types and handlers that answer.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use utoipa::{IntoResponses, OpenApi};
use wire::Problem;

/// What the document says before its paths.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Imagasaur",
        description = "Signs uploads, lists images and their thumbnails, deletes them.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "The origin that serves this"))
)]
pub(crate) struct Document;

/// What any request may be answered with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "for the document only")]
pub(crate) enum Faults {
    /// More than a client may ask for at the moment; `Retry-After` says when to ask again.
    #[response(status = 429, content_type = "application/problem+json")]
    TooManyRequests(Problem),
    /// Something went wrong on our side.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// The store cannot be reached.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// What a request with parameters or a body may be refused with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "for the document only")]
pub(crate) enum Refusals {
    /// The request cannot be understood.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(Problem),
}

/// The document as it is served.
#[derive(Clone, Debug)]
pub(crate) struct Json(Arc<Bytes>);

impl Json {
    pub(crate) fn of(document: &utoipa::openapi::OpenApi) -> Self {
        // A document that cannot be written would be a defect of its types; a test reads it.
        Self(Arc::new(serde_json::to_vec(document).unwrap_or_default().into()))
    }
}

/// This document
#[utoipa::path(get, path = "/openapi.json", operation_id = "openapi", responses(
    (status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = serde_json::Value),
    Faults
))]
pub(crate) async fn show(Extension(Json(document)): Extension<Json>) -> Response {
    ([(CONTENT_TYPE, "application/json")], document.as_ref().clone()).into_response()
}
