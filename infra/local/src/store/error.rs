//! What can go wrong, classed by whose fault it is.

use std::io::{self, ErrorKind};
use std::sync::Arc;

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
    Io(#[source] io::Error),
    /// The database failed.
    #[error("database: {0}")]
    Database(#[source] Box<redb::Error>),
    /// The database failed while it made a change durable: the change may or may not be there.
    #[error("commit: {0}")]
    Commit(#[source] Arc<redb::Error>),
    /// The database cannot be written: nothing was changed.
    #[error("the database cannot be written: {0}")]
    Unwritable(String),
    /// The database has met an error of the disk and is not open at the moment.
    #[error("the database is not open")]
    Closed,
    /// There is no room for a body: the disk or what the operator allows is full. Reads go on.
    #[error("no room for {0} more bytes")]
    Full(u64),
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

impl StoreError {
    /// True if the request could not be done as things are; it was found out before anything was changed.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::NoSuchKey | Self::PreconditionFailed | Self::Multipart(_))
    }

    /// True if there is no room: the disk, a quota or what the operator allows is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        let kind = match self {
            Self::Full(_) => return true,
            Self::Database(error) => io_kind(error),
            Self::Commit(error) => io_kind(error),
            _ => None,
        };
        kind.is_some_and(is_no_room)
    }
}

fn io_kind(error: &redb::Error) -> Option<ErrorKind> {
    match error {
        redb::Error::Io(error) => Some(error.kind()),
        _ => None,
    }
}

fn is_no_room(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        if is_no_room(error.kind()) { Self::Full(0) } else { Self::Io(error) }
    }
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
