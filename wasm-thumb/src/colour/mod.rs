//! Step 5: colour. What is transparent is laid on white, in linear light.
//!
//! An embedded profile is ignored for now: its values are taken for sRGB.

pub(crate) mod srgb;

use fast_image_resize::pixels::U16x3;

use crate::scale::{Opaque, Reduced};

/// The picture in linear light of sRGB, on white.
pub(crate) fn to_opaque_srgb(reduced: Reduced, _profile: Option<&[u8]>) -> Opaque {
    let on_white = |[r, g, b, alpha]: [u16; 4]| {
        let white = u16::MAX - alpha;
        U16x3::new([r, g, b].map(|light| light.saturating_add(white)))
    };
    let Reduced { width, height, pixels } = reduced;
    Opaque { width, height, pixels: pixels.into_iter().map(on_white).collect() }
}
