//! One file an endpoint.

pub(crate) mod config;
pub(crate) mod health;
pub(crate) mod image;
pub(crate) mod images;
pub(crate) mod upload;
mod view;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use wire::Code;

use crate::problem::ApiError;

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
            return Self::new(Code::TooLarge, "The request is too large. Send fewer files at once.");
        }
        Self::new(Code::BadRequest, rejection.body_text())
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(Code::BadRequest, rejection.body_text())
    }
}
