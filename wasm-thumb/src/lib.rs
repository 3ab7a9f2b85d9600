//! Thumbnails: the bytes of a picture in, the bytes of a small JPEG out.
//!
//! The same input gives the same output, byte for byte, on x86-64, arm64 and wasm32, so that a browser can
//! show the very thumbnail that a server is going to make. To that end nothing here reads a clock, a file or
//! the network, starts a thread or keeps a global, and no result depends on the platform's mathematics library
//! or on its vector instructions.
//!
//! ```
//! let bytes = fixtures::photo_jpeg(320, 240, 1);
//! let thumbnail = wasm_thumb::thumbnail(&bytes, &wasm_thumb::Options::default())?;
//! assert_eq!((thumbnail.width, thumbnail.height), (100, 100));
//! # Ok::<(), wasm_thumb::Error>(())
//! ```
#![forbid(unsafe_code)]

mod error;
mod options;
mod output;

// The list of the steps, then the steps themselves, a module each.
mod pipeline;
mod renditions;

mod colour;
mod decode;
mod encode;
mod limits;
mod metadata;
mod orient;
mod scale;
mod sniff;

pub use error::Error;
pub use limits::Limits;
pub use metadata::{Exposure, Metadata, Position};
pub use options::{InvalidOption, Options, Quality, Size};
pub use orient::Orientation;
pub use output::{Inspection, Thumbnail};
pub use pipeline::{inspect, position, thumbnail};
pub use renditions::{Coding, Picture, Shape, Spec, renditions};
pub use sniff::{Format, sniff};

#[cfg(feature = "steps")]
#[doc(hidden)]
pub mod steps;
