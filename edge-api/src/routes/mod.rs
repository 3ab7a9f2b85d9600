//! One file an endpoint.

pub(crate) mod config;
pub(crate) mod health;
pub(crate) mod image;
pub(crate) mod images;
#[cfg(feature = "socket")]
pub(crate) mod live;
pub(crate) mod upload;
mod view;

use std::error::Error;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use wire::Code;

use crate::problem::ApiError;

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
            return Self::new(Code::TooLarge, "The request is too large. Send fewer files at once.");
        }
        Self::new(Code::BadRequest, cause(&rejection))
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(Code::BadRequest, cause(&rejection))
    }
}

/// What the reader of the request said, without the words in which axum wraps it.
fn cause(rejection: &dyn Error) -> String {
    let mut cause = rejection;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
