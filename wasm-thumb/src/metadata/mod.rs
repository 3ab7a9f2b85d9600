//! What the file says about the picture besides its pixels. None of it goes into a thumbnail.

mod block;
mod exif;
mod position;
mod text;
mod tiff;

pub use position::Position;

use crate::{Format, Orientation};
use tiff::Tiff;

/// What the metadata tell. Texts are made safe to show: without control characters, at most 100 letters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// Maker and model.
    pub camera: Option<String>,
    /// Model of the lens.
    pub lens: Option<String>,
    /// How the picture was exposed.
    pub exposure: Exposure,
    /// The moment at the camera's place, as in RFC 3339; with the offset from UTC only where the camera knew it.
    pub taken_at: Option<String>,
    /// Whether the file tells where it was taken; see [`crate::position`].
    pub has_position: bool,
    /// The name that the embedded colour profile gives itself.
    pub profile: Option<String>,
}

/// How a picture was exposed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exposure {
    /// Seconds, as a fraction: numerator and denominator, neither zero.
    pub time_s: Option<(u32, u32)>,
    /// The focal length in apertures.
    pub f_number: Option<f64>,
    /// The sensitivity of ISO 12232.
    pub iso: Option<u32>,
    /// Millimetres.
    pub focal_length_mm: Option<f64>,
    /// Millimetres, for the same angle of view on film of 35 mm.
    pub focal_length_35_mm: Option<u16>,
    /// What was added to the measured exposure, in steps of doubling.
    pub bias_ev: Option<f64>,
}

/// The orientation that the metadata tell; upright if they tell none.
pub(crate) fn orientation(bytes: &[u8], format: Format) -> Orientation {
    exif(bytes, format).and_then(exif::orientation).unwrap_or_default()
}

/// The orientation and what else the metadata tell; `profile` is the embedded colour profile.
pub(crate) fn read(bytes: &[u8], format: Format, profile: Option<&[u8]>) -> (Orientation, Metadata) {
    let exif = exif(bytes, format);
    let profile = profile.and_then(crate::colour::profile_name).and_then(|name| text::clean(name.as_bytes()));
    let metadata = Metadata { profile, ..exif.and_then(exif::read).unwrap_or_default() };
    (exif.and_then(exif::orientation).unwrap_or_default(), metadata)
}

/// Where the picture was taken, if the file tells.
pub(crate) fn position(bytes: &[u8], format: Format) -> Option<Position> {
    exif(bytes, format).and_then(position::read)
}

/// The EXIF data, if there are any.
fn exif(bytes: &[u8], format: Format) -> Option<Tiff<'_>> {
    block::find(bytes, format).and_then(Tiff::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn orientation_of(data: &[u8]) -> Option<Orientation> {
        Tiff::new(data).and_then(exif::orientation)
    }

    #[test]
    fn reads_both_byte_orders() {
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0";
        assert_eq!(orientation_of(little), Some(Orientation::RightTop));
        assert_eq!(orientation_of(big), Some(Orientation::LeftBottom));
    }

    #[test]
    fn ignores_what_is_cut_or_out_of_range() {
        let whole = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        for end in 0..whole.len() {
            assert_eq!(orientation_of(&whole[..end]), None, "{end}");
        }
        assert_eq!(orientation_of(b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x09\0\0\0"), None);
        assert_eq!(orientation_of(b"II*\0\xFF\xFF\xFF\xFF\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"), None);
    }
}
