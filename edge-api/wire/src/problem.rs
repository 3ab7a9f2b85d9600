//! Errors of the API, after RFC 9457 (problem details for HTTP APIs).

use serde::{Deserialize, Serialize};

/// The stable code of an API error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Code {
    /// The request cannot be understood.
    BadRequest,
    /// There is no such image or path.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The file or the request is larger than allowed.
    TooLarge,
    /// The file's type is not accepted.
    UnsupportedType,
    /// The cursor is not one that this API made.
    InvalidCursor,
    /// More files in one request than allowed.
    TooManyFiles,
    /// More files than this client may have signed at the moment; `Retry-After` says when to ask again.
    TooManyRequests,
    /// The server failed in a way that it did not expect.
    Internal,
    /// The store cannot be reached.
    Unavailable,
}

impl Code {
    /// The HTTP status that goes with the code.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest | Self::InvalidCursor | Self::TooManyFiles => 400,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TooLarge => 413,
            Self::UnsupportedType => 415,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// A few words that say the same for every occurrence.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::BadRequest => "The request cannot be understood",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::TooLarge => "Too large",
            Self::UnsupportedType => "Type not accepted",
            Self::InvalidCursor => "Invalid cursor",
            Self::TooManyFiles => "Too many files",
            Self::TooManyRequests => "Too many requests",
            Self::Internal => "Internal error",
            Self::Unavailable => "Temporarily unavailable",
        }
    }
}

/// An error as the API sends it, with the media type `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `about:blank`: the code says all that a type would.
    #[serde(rename = "type")]
    pub kind: String,
    /// A few words that say the same for every occurrence of the code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time and what to do, for people.
    pub detail: String,
    /// For programs.
    pub code: Code,
    /// What to look for in the log; also the header `x-request-id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    /// A problem with a sentence for people.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code,
            request_id: None,
        }
    }
}
