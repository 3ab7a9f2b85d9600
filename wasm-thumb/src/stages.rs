//! Single steps of the pipeline, for what measures them. Not part of the interface: it may change at any time.

pub use crate::encode::{PlaneTuning, Tuning};
use crate::scale::Small;
use crate::{Error, Options, Quality, encode, pipeline};

/// The thumbnail before it is encoded: 8-bit sRGB, row by row, of `options.size`.
///
/// # Errors
/// As [`crate::thumbnail`].
pub fn unencoded(bytes: &[u8], options: &Options) -> Result<Vec<[u8; 3]>, Error> {
    pipeline::unencoded(bytes, options).map(|(small, _)| small.pixels)
}

/// Encodes `width` × `height` pixels of 8-bit sRGB, row by row.
///
/// # Errors
/// [`Error::Encode`] if there are not that many pixels.
pub fn encode(
    pixels: Vec<[u8; 3]>,
    (width, height): (u32, u32),
    quality: Quality,
    tuning: &Tuning,
) -> Result<Vec<u8>, Error> {
    if pixels.is_empty() || pixels.len() as u64 != u64::from(width) * u64::from(height) {
        return Err(Error::Encode("the pixels do not make the picture".into()));
    }
    encode::tuned(&Small { width, height, pixels }, quality, tuning)
}
