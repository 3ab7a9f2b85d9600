//! Errors as answers: the one place where something that went wrong becomes `application/problem+json`.
//!
//! A handler returns an [`ApiError`]; its problem travels as an extension of the answer, without a body. [`write`]
//! gives it the request's id, logs it and writes it. Answers that other layers made, of a status that is an error,
//! become problems there too, so that there is no other form of error.

use std::any::Any;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use wire::{Code, Problem};

use crate::request_id;
use crate::store::StoreError;

/// The media type of every error.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// What is said of a fault of ours: where it lies is for the log.
const OUR_FAULT: &str = "Something went wrong on our side. Try again in a moment.";

/// Why a request is not answered as hoped.
#[derive(Debug)]
pub(crate) struct ApiError(Problem);

impl ApiError {
    /// An error with a sentence for people.
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Problem::new(code, detail))
    }

    pub(crate) fn no_such_image() -> Self {
        Self::new(Code::NotFound, "There is no such image. It may have been deleted.")
    }

    /// Our own fault; the cause goes to the log only.
    pub(crate) fn internal(cause: &str) -> Self {
        tracing::error!(cause, "a fault of ours");
        Self::new(Code::Internal, OUR_FAULT)
    }

    pub(crate) fn into_problem(self) -> Problem {
        self.0
    }
}

impl From<StoreError> for ApiError {
    /// What the store said goes to the log, not to the client.
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "the store failed");
        Self::new(Code::Unavailable, "The store cannot be reached. Try again in a moment.")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self.0);
        response
    }
}

/// The answer to a request whose handler panicked.
#[expect(clippy::needless_pass_by_value, reason = "the signature is that of tower-http's panic handler")]
pub(crate) fn after_panic(panic: Box<dyn Any + Send + 'static>) -> http::Response<Body> {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("(no message)");
    ApiError::internal(&format!("a handler panicked: {message}")).into_response()
}

/// An answer that is a problem, for layers outside the router; [`write`] has to be round them.
#[must_use]
pub fn answer(problem: Problem) -> Response {
    ApiError(problem).into_response()
}

/// Writes the body of each answer that is an error and is not written yet.
pub async fn write(request: Request, next: Next) -> Response {
    let id = request_id::of(request.headers()).map(str::to_owned);
    let mut response = next.run(request).await;
    let status = response.status();
    // Layers within may have written it: what they said is more than its status.
    let is_written = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == MEDIA_TYPE);
    let untold = || if is_written { None } else { of_status(status) };
    let Some(mut problem) = response.extensions_mut().remove::<Problem>().or_else(untold) else {
        return response;
    };
    problem.request_id = id;
    tracing::info!(status = problem.status, code = ?problem.code, detail = problem.detail, "refused");
    let Ok(json) = serde_json::to_vec(&problem) else { return response };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.remove(CONTENT_LENGTH);
    *response.body_mut() = Body::from(json);
    response
}

/// What can be said of an answer that none of our handlers made; `None` if it is no error.
fn of_status(status: StatusCode) -> Option<Problem> {
    let (code, detail) = match status.as_u16() {
        0..400 => return None,
        404 => (Code::NotFound, "There is nothing at this address."),
        405 => (Code::MethodNotAllowed, "This address exists, but not for this method."),
        413 => (Code::TooLarge, "The request is too large."),
        400..500 => (Code::BadRequest, "The request cannot be understood."),
        503 | 504 => (Code::Unavailable, "This takes longer than it should. Try again in a moment."),
        _ => (Code::Internal, OUR_FAULT),
    };
    Some(Problem { status: status.as_u16(), ..Problem::new(code, detail) })
}
