//! What the parts of Imagasaur say to each other.
//!
//! The page, the API, the processor and the tests all use these types, so a change of the contract is a
//! change of this crate and the compiler finds who is concerned. No I/O, no clock, no randomness; builds for
//! wasm32.
//!
//! In reading order: [`id`] names an image, [`name`] makes a file's name safe, [`key`] maps an image to its
//! objects in S3, [`failure`] lists why a picture can be refused, [`api`] holds the bodies of requests and
//! answers, [`live`] what is said over a WebSocket, [`problem`] the errors, [`media`] the types of picture that are accepted.

#![forbid(unsafe_code)]

pub mod api;
pub mod failure;
pub mod id;
pub mod key;
pub mod live;
pub mod media;
pub mod name;
pub mod problem;
#[cfg(feature = "openapi")]
mod schema;

pub use api::{
    Config, Health, Image, ImageDetails, ImagePage, Metadata, SignedUpload, Status, Thumbnail, UploadFile,
    UploadOutcome, UploadRequest, UploadResponse,
};
pub use failure::{Failure, FailureCode};
pub use id::{ImageId, ParseImageIdError};
pub use key::{EntryKey, OriginalKey, ParseKeyError, ThumbnailKey};
pub use live::LiveMessage;
pub use media::MediaType;
pub use name::SafeName;
pub use problem::{Code, Problem};
