//! What the engine hands back.

use crate::{Format, Metadata, Orientation};

/// A finished thumbnail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    /// A baseline JPEG file, 4:4:4, sRGB, without metadata.
    pub bytes: Vec<u8>,
    /// Width of the thumbnail, pixels.
    pub width: u32,
    /// Height of the thumbnail, pixels.
    pub height: u32,
    /// Width of the upright original, pixels.
    pub source_width: u32,
    /// Height of the upright original, pixels.
    pub source_height: u32,
    /// Format of the original.
    pub format: Format,
    /// How the original was stored; the thumbnail is upright.
    pub orientation: Orientation,
}

/// What a file tells without its pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Format of the picture.
    pub format: Format,
    /// Width of the upright picture, pixels.
    pub width: u32,
    /// Height of the upright picture, pixels.
    pub height: u32,
    /// How the picture is stored.
    pub orientation: Orientation,
    /// What else the file tells.
    pub metadata: Metadata,
}
