//! What S3 says when it does not do what was asked.

use std::fmt;

use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use thiserror::Error;

/// S3 did not do what was asked.
#[derive(Debug, Error)]
#[error("{operation} failed: {cause}")]
pub struct StoreError {
    operation: &'static str,
    cause: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Transient,
    Permanent,
    Overwritten,
}

/// What S3 answers about an object that nobody can read before somebody does something about it: it is archived, or
/// its key is gone. Everything else may go better another time: also a denial, since permissions take their time to
/// spread and credentials expire.
const PERMANENT: [&str; 5] = [
    "InvalidObjectState",
    "KMS.DisabledException",
    "KMS.InvalidStateException",
    "KMS.NotFoundException",
    "KeyTooLongError",
];

impl StoreError {
    pub(super) fn of<E, R>(operation: &'static str) -> impl FnOnce(SdkError<E, R>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
        R: fmt::Debug,
    {
        move |error| {
            let kind = match error.as_service_error().and_then(ProvideErrorMetadata::code) {
                Some(code) if PERMANENT.contains(&code) => Kind::Permanent,
                Some("PreconditionFailed") => Kind::Overwritten,
                _ => Kind::Transient,
            };
            Self { operation, cause: DisplayErrorContext(error).to_string(), kind }
        }
    }

    pub(super) fn broken(operation: &'static str, cause: &impl ToString) -> Self {
        Self { operation, cause: cause.to_string(), kind: Kind::Transient }
    }

    /// Whether no number of tries will help.
    pub(crate) fn is_permanent(&self) -> bool {
        self.kind == Kind::Permanent
    }

    /// Whether the object is no longer the one that was asked for.
    pub(crate) fn is_overwritten(&self) -> bool {
        self.kind == Kind::Overwritten
    }
}
