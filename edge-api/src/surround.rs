//! What surrounds every handler: request id, log, errors as problems, time-out, size limit, other origins.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::CorsLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::{DefaultOnFailure, TraceLayer};
use tracing::Level;
use wire::Code;

use crate::problem::{self, ApiError, after_panic};
use crate::request_id;

/// A hundred files with long names take less than half of this.
const MAX_REQUEST_BYTES: usize = 256 << 10;

/// Longer than any request should take; shorter than API Gateway waits.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a browser may remember what another origin is allowed.
const CORS_MAX_AGE: Duration = Duration::from_hours(1);

/// Puts the layers round `router`. Pages of `origins` may read the answers; with none, only those of the same origin.
pub(crate) fn surround(router: Router, origins: &[HeaderValue]) -> Router {
    let span = |request: &Request| {
        let id = request_id::of(request.headers()).unwrap_or_default();
        tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
    };
    let trace = TraceLayer::new_for_http()
        .make_span_with(span)
        .on_failure(DefaultOnFailure::new().level(Level::WARN));
    let around = ServiceBuilder::new()
        .layer(from_fn(request_id::give))
        .layer(trace)
        .layer(from_fn(problem::write))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .layer(from_fn(refuse_large));
    let router = router.layer(around);
    // Without a list nothing is said of other origins, not even to their preflight requests.
    if origins.is_empty() { router } else { router.layer(cors(origins)) }
}

/// A body that is announced as too large is refused before any of it is waited for.
async fn refuse_large(request: Request, next: Next) -> Response {
    let length = request.headers().get(CONTENT_LENGTH);
    let announced = length.and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: u64| bytes > MAX_REQUEST_BYTES as u64) {
        return ApiError::new(Code::TooLarge, "The request is too large. Send fewer files at once.")
            .into_response();
    }
    next.run(request).await
}

fn cors(origins: &[HeaderValue]) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(origins.to_vec())
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, request_id::REQUEST_ID])
        .expose_headers([request_id::REQUEST_ID])
        .max_age(CORS_MAX_AGE)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
    use tower::ServiceExt;
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Log {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    async fn answer(request: http::request::Builder, origins: &[HeaderValue]) -> Response {
        let panics = || async {
            let secret = "a word of the inside";
            assert!(secret.is_empty(), "{secret}");
        };
        let slow = || std::future::pending::<()>();
        let router = Router::new().route("/panic", get(panics)).route("/slow", get(slow));
        surround(router, origins).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn problem(response: Response) -> serde_json::Value {
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await.unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_and_its_words_are_in_the_log_only() {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
        let guard = tracing::subscriber::set_default(subscriber);
        let request = Request::get("/panic").header("x-request-id", "the-request-7");
        let response = answer(request, &[]).await;
        drop(guard);
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["x-request-id"], "the-request-7");
        let problem = problem(response).await;
        assert_eq!(problem["code"], "internal");
        assert_eq!(problem["request_id"], "the-request-7");
        assert!(!problem.to_string().contains("inside"), "{problem}");
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let said = log.lines().find(|line| line.contains("a word of the inside")).unwrap();
        assert!(said.contains("the-request-7"), "{said}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_a_problem() {
        let response = answer(Request::get("/slow"), &[]).await;
        assert_eq!(response.status(), 503);
        assert_eq!(problem(response).await["code"], "unavailable");
    }

    #[tokio::test]
    async fn an_id_that_may_not_stand_in_a_log_is_replaced() {
        for bad in ["", "a b", "a\"b", "<x>", &"x".repeat(65)] {
            let response = answer(Request::get("/nothing").header("x-request-id", bad), &[]).await;
            let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
            assert!(id.len() == 16 && id != bad, "{bad:?} {id}");
            assert_eq!(problem(response).await["request_id"], id);
        }
    }

    #[tokio::test]
    async fn other_origins_may_read_only_if_they_are_listed() {
        let listed = [HeaderValue::from_static("https://a.example")];
        let allowed = async |origin: &'static str, origins: &[HeaderValue]| {
            let request = Request::get("/nothing").header("origin", origin);
            let preflight = Request::options("/nothing").header("origin", origin);
            let preflight = preflight.header("access-control-request-method", "DELETE");
            let answers = [answer(request, origins).await, answer(preflight, origins).await];
            answers.map(|answer| answer.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN).cloned())
        };
        assert_eq!(allowed("https://a.example", &[]).await, [None, None]);
        assert_eq!(allowed("https://b.example", &listed).await, [None, None]);
        assert_eq!(
            allowed("https://a.example", &listed).await,
            [Some(listed[0].clone()), Some(listed[0].clone())]
        );
    }
}
