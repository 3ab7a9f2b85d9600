//! What can go wrong, classed by whose fault it is.

use std::io;

use thiserror::Error;

/// Why a store could not be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process uses the same directory.
    #[error("the data directory is in use by another process")]
    InUse,
    /// A version of this program that is newer than this one wrote the data.
    #[error("the data has format {found}, this version reads up to {known}")]
    NewerFormat {
        /// The format found.
        found: u64,
        /// The newest that this version reads.
        known: u64,
    },
    /// The directory cannot be made, read or written.
    #[error("data directory: {0}")]
    Io(#[from] io::Error),
    /// The database cannot be used.
    #[error("database: {0}")]
    Database(#[source] Box<redb::Error>),
    /// Clearing up after the last run failed.
    #[error("clearing up after the last run: {0}")]
    Recover(#[from] StoreError),
}

/// What the bytes were said to be and are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// Fewer bytes than announced.
    TooShort,
    /// More bytes than announced.
    TooLong,
    /// The MD5 in `Content-MD5`.
    Md5,
    /// An `x-amz-checksum-*`.
    Checksum(super::Algorithm),
}

/// Why an operation failed. Whatever it is, nothing was changed, except as [`StoreError::Commit`] says.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The caller named a bucket that does not exist.
    #[error("no bucket {0:?}")]
    NoSuchBucket(String),
    /// The caller named an object that does not exist, as the source of a copy or for a condition.
    #[error("no such object")]
    NoSuchKey,
    /// Keys have 1 to [`super::MAX_KEY_BYTES`] bytes.
    #[error("a key of {0} bytes")]
    KeyLength(usize),
    /// The body is larger than the store takes.
    #[error("a body of more than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: u64,
    },
    /// The bytes are not those that were announced.
    #[error("the body does not match what was announced: {0:?}")]
    Mismatch(Mismatch),
    /// An upload in parts was not used as it must be.
    #[error("upload in parts: {0}")]
    Multipart(#[from] super::multipart::MultipartError),
    /// The condition of a conditional write does not hold.
    #[error("the condition does not hold")]
    PreconditionFailed,
    /// The body broke off.
    #[error("receiving the body: {0}")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A file could not be read or written.
    #[error("file: {0}")]
    Io(#[from] io::Error),
    /// The database failed.
    #[error("database: {0}")]
    Database(#[source] Box<redb::Error>),
    /// The database failed while it made a change durable: the change may or may not be there.
    #[error("commit: {0}")]
    Commit(#[source] Box<redb::Error>),
    /// A row that this version cannot read.
    #[error("unreadable row: {0}")]
    Row(#[from] serde_json::Error),
    /// The index names a body that is not there.
    #[error("body {0} is missing")]
    MissingBody(super::BodyId),
    /// The work was cut off because the process is ending.
    #[error("the process is ending")]
    Ending,
}

macro_rules! database_errors {
    ($($error:ty),+) => {
        $(impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                Self::Database(Box::new(error.into()))
            }
        }

        impl From<$error> for OpenError {
            fn from(error: $error) -> Self {
                Self::Database(Box::new(error.into()))
            }
        })+
    };
}

database_errors!(redb::StorageError, redb::TableError, redb::TransactionError, redb::SetDurabilityError);

impl From<redb::DatabaseError> for OpenError {
    fn from(error: redb::DatabaseError) -> Self {
        match error {
            redb::DatabaseError::DatabaseAlreadyOpen => Self::InUse,
            other => Self::Database(Box::new(other.into())),
        }
    }
}
