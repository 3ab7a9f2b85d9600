//! Which path leads to which handler, and what surrounds them all.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request as AxumRequest};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::CONTENT_LENGTH;
use http::{HeaderName, Request, StatusCode};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use wire::Code;

use crate::config::Config;
use crate::guard;
use crate::problem::{ApiError, after_panic};
use crate::routes;
use crate::state::{Api, Aws};

/// A hundred files with long names take less than half of this.
const MAX_REQUEST_BYTES: usize = 256 << 10;

/// Longer than any request should take; shorter than API Gateway waits.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The API under `/api`, and problem+json for everything else.
pub fn router(config: Config, aws: Aws) -> Router {
    let api = Router::new()
        .route("/upload", post(routes::upload::sign))
        .route("/images", get(routes::images::list))
        .route("/image/{key}", get(routes::image::show).delete(routes::image::delete))
        .route("/config", get(routes::config::show))
        .route("/health", get(routes::health::show));
    let around = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, RandomRequestId))
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request<_>| {
            let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
            tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
        }))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT));
    let state = Api::new(config, aws);
    Router::new()
        .nest("/api", api)
        .fallback(|| async { ApiError::new(Code::NotFound, "There is nothing at this address.") })
        .method_not_allowed_fallback(|| async {
            ApiError::new(Code::MethodNotAllowed, "This address exists, but not for this method.")
        })
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .layer(from_fn_with_state(state.clone(), guard::only_through_the_cdn))
        .layer(from_fn(refuse_large))
        .layer(around)
        .with_state(state)
}

/// A body that is announced as too large is refused before any of it is waited for.
async fn refuse_large(request: AxumRequest, next: Next) -> Response {
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: u64| bytes > MAX_REQUEST_BYTES as u64) {
        return ApiError::new(Code::TooLarge, "The request is too large. Send fewer files at once.")
            .into_response();
    }
    next.run(request).await
}

/// Gives each request that has none an id of 16 hex digits.
#[derive(Clone, Copy)]
struct RandomRequestId;

impl MakeRequestId for RandomRequestId {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        let id = format!("{:016x}", getrandom::u64().ok()?);
        Some(RequestId::new(id.parse().ok()?))
    }
}
