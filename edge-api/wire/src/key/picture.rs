//! Pictures made of an original, and what stands in for them.

use std::fmt;
use std::str::FromStr;

use super::text::{Hex, parse_hex, parse_number, parse_size};
use super::{ParseKeyError, Sha256, THUMBNAILS};
use crate::id::ImageId;

/// `thumbs/{id}/{W}x{H}-{hash}.jpg` in the processed bucket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ThumbnailKey {
    /// The image.
    pub id: ImageId,
    /// What is there.
    pub rendition: Rendition,
}

impl ThumbnailKey {
    /// What all keys of this image's thumbnails start with.
    #[must_use]
    pub fn prefix(id: ImageId) -> String {
        format!("{THUMBNAILS}{id}/")
    }
}

impl fmt::Display for ThumbnailKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rendition { width, height, sha256, .. } = &self.rendition;
        f.write_str(&address(self.id, (*width, *height), &sha256.0[..8]))
    }
}

/// The key of a picture, by its size and the first 8 bytes of its SHA-256.
fn address(id: ImageId, (width, height): (u32, u32), hash: &[u8]) -> String {
    format!("{THUMBNAILS}{id}/{width}x{height}-{}.jpg", Hex(hash))
}

/// A picture made of an original.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rendition {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Size of the file, bytes.
    pub bytes: u64,
    /// Of the file.
    pub sha256: Sha256,
}

/// A picture beside the thumbnail. Of its hash the entry says only what its address has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Larger {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Size of the file, bytes.
    pub bytes: u64,
    /// The first 8 bytes of its SHA-256.
    pub hash: [u8; 8],
}

impl Larger {
    /// Its key.
    #[must_use]
    pub fn key(&self, id: ImageId) -> String {
        address(id, (self.width, self.height), &self.hash)
    }
}

impl fmt::Display for Larger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}-{}-{}", self.width, self.height, Hex(&self.hash), self.bytes)
    }
}

impl FromStr for Larger {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (size, rest) = text.split_once('-').ok_or(ParseKeyError)?;
        let (hash, bytes) = rest.split_once('-').ok_or(ParseKeyError)?;
        let (width, height) = parse_size(size)?;
        let hash = parse_hex(hash)?.try_into().map_err(|_| ParseKeyError)?;
        Ok(Self { width, height, bytes: parse_number(bytes)?, hash })
    }
}

/// A `ThumbHash` of the thumbnail, 5 to 30 bytes: a blur in its colours. As text, hex digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Placeholder(Vec<u8>);

impl Placeholder {
    /// The most bytes that one has.
    pub const MAX_BYTES: usize = 30;

    /// Of the bytes of a hash; `None` if there are too many, or too few.
    #[must_use]
    pub fn new(hash: Vec<u8>) -> Option<Self> {
        (5..=Self::MAX_BYTES).contains(&hash.len()).then_some(Self(hash))
    }

    /// The hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(&self.0).fmt(f)
    }
}

impl FromStr for Placeholder {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(parse_hex(text)?).ok_or(ParseKeyError)
    }
}
