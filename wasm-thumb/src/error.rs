//! Why there is no thumbnail, classed by whose fault it is.

use thiserror::Error;

use crate::Format;

/// What a decoder or encoder said.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why there is no thumbnail.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing that anybody would know as a picture.
    #[error("not a picture ({bytes} bytes of unknown kind)")]
    NotAnImage {
        /// Length of the input.
        bytes: usize,
    },

    /// A picture of a kind that is not read here.
    #[error("{kind} pictures are not supported")]
    UnsupportedFormat {
        /// The kind's usual name.
        kind: &'static str,
    },
    /// A format that is read here, in a variant that is not.
    #[error("{format} with {variant} is not supported")]
    UnsupportedVariant {
        /// The format.
        format: Format,
        /// What is special about it.
        variant: &'static str,
    },

    /// The picture breaks off.
    #[error("the {format} breaks off after {bytes} bytes")]
    Truncated {
        /// The format.
        format: Format,
        /// Length of the input.
        bytes: usize,
    },
    /// The picture contradicts itself or its format.
    #[error("the {format} is damaged")]
    Corrupt {
        /// The format.
        format: Format,
        /// Where the decoder stopped.
        source: Cause,
    },
    /// The header cannot be right.
    #[error("the {format} has {defect}")]
    BadHeader {
        /// The format.
        format: Format,
        /// What is wrong with it.
        defect: &'static str,
    },

    /// The input is longer than [`crate::Limits::max_input_bytes`].
    #[error("the file has {bytes} bytes, more than {max_bytes}")]
    TooManyBytes {
        /// Length of the input.
        bytes: u64,
        /// The limit.
        max_bytes: u64,
    },
    /// The picture has more pixels than [`crate::Limits::max_pixels`].
    #[error("the picture has {width}×{height} pixels, more than {max_pixels}")]
    TooManyPixels {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
        /// The limit.
        max_pixels: u64,
    },
    /// Decoding would take more memory than [`crate::Limits::max_alloc_bytes`].
    #[error("decoding {width}×{height} pixels takes {bytes} bytes of memory, more than {max_bytes}")]
    TooMuchMemory {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
        /// What it would take.
        bytes: u64,
        /// The limit.
        max_bytes: u64,
    },

    /// The decoder itself refuses the picture for its size.
    #[error("the {format} is too large")]
    DecoderLimit {
        /// The format.
        format: Format,
        /// Which limit it is.
        source: Cause,
    },

    /// The machine has no memory left.
    #[error("out of memory: {bytes} bytes")]
    OutOfMemory {
        /// How much was wanted.
        bytes: u64,
    },
    /// The thumbnail could not be written as JPEG.
    #[error("cannot encode")]
    Encode(#[source] Cause),
}

impl Error {
    /// The stable code for programs: `not_an_image`, `unsupported_format`, `corrupt`, `too_many_pixels` or
    /// `internal`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnImage { .. } => "not_an_image",
            Self::UnsupportedFormat { .. } | Self::UnsupportedVariant { .. } => "unsupported_format",
            Self::Truncated { .. } | Self::Corrupt { .. } | Self::BadHeader { .. } => "corrupt",
            Self::TooManyBytes { .. }
            | Self::TooManyPixels { .. }
            | Self::TooMuchMemory { .. }
            | Self::DecoderLimit { .. } => "too_many_pixels",
            Self::OutOfMemory { .. } | Self::Encode(_) => "internal",
        }
    }
}
