//! Errors as answers: the one place where something that went wrong becomes `application/problem+json`.

use std::any::Any;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use wire::{Code, Problem};

use crate::store::StoreError;

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
        let mut response = (status, axum::Json(self.0)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
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
    tracing::error!(message, "a handler panicked");
    ApiError::new(Code::Internal, "Something went wrong on our side. Try again in a moment.").into_response()
}
