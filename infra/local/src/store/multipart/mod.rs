//! Objects that arrive in parts.
//!
//! An upload has a row in `uploads`, a part one in `parts` and a body like an object's, so what holds of objects
//! holds of parts: one that was answered is on disk, one that was not is cleared up at the next start. Completing
//! writes the parts one after the other into the body of the object, which is then like any other; the object, its
//! event and the end of the upload are one transaction.
//!
//! In reading order: `upload` begins and ends an upload, `part` receives parts, `complete` puts them together,
//! `describe` says what they become, `list` tells what there is.

mod complete;
mod describe;
mod list;
mod part;
mod upload;

use thiserror::Error;

pub use self::complete::{CompletedParts, Completion, CompletionPart};
pub use self::list::{PartsPage, UploadAfter, UploadsPage, UploadsQuery};
pub use self::part::{PartRecord, check_part_number};
pub use self::upload::{UploadChecksum, UploadId, UploadRecord};

/// The highest number of a part, as on AWS.
pub const MAX_PART_NUMBER: u16 = 10_000;

/// Every part but the last has at least so many bytes, as on AWS.
pub const MIN_PART_BYTES: u64 = 5 << 20;

/// The largest object in parts, bytes, as on AWS.
pub const MAX_MULTIPART_BYTES: u64 = 5 << 40;

/// What is wrong with how an upload in parts is used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MultipartError {
    /// There is no such upload of this key: it was completed, aborted, or never begun.
    #[error("no such upload")]
    NoSuchUpload,
    /// Parts are numbered from 1 to [`MAX_PART_NUMBER`].
    #[error("a part of number {0}")]
    PartNumber(i64),
    /// A part that was asked for is not there, or not with this entity tag or checksum.
    #[error("part {0} is not there or another one")]
    InvalidPart(u16),
    /// The parts are not in ascending order.
    #[error("the parts are not in ascending order")]
    PartOrder,
    /// A part that is not the last is too small.
    #[error("part {number} has {size} bytes only")]
    PartTooSmall {
        /// The part.
        number: u16,
        /// Its bytes.
        size: u64,
    },
    /// The parts have another size than announced.
    #[error("the parts have {size} bytes, announced were {announced}")]
    Size {
        /// What they have.
        size: u64,
        /// What was announced.
        announced: u64,
    },
    /// The whole has another checksum than announced.
    #[error("the whole does not have the checksum that was announced")]
    Checksum,
}
