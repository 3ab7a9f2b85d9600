//! Step 5: colour. An embedded profile's values become sRGB's, and what is transparent is laid on white.
//!
//! Profiles of a matrix and curves are followed, and grey ones of a curve: those of cameras, phones and screens.
//! Profiles of look-up tables, such as those of printing presses, are ignored for now: their values are taken
//! for sRGB.

mod profile;
pub(crate) mod srgb;

use fast_image_resize::pixels::U16x3;

use crate::decode::Channels;
use crate::scale::{Opaque, Reduced};
use profile::Profile;

/// The picture in linear light of sRGB, on white. `channels` are those of the file.
pub(crate) fn to_opaque_srgb(reduced: Reduced, profile: Option<&[u8]>, channels: Channels) -> Opaque {
    let Reduced { width, height, mut pixels } = reduced;
    let is_gray = matches!(channels, Channels::Gray | Channels::GrayAlpha);
    if let Some(profile) = profile.and_then(|bytes| Profile::parse(bytes, is_gray)) {
        for pixel in &mut pixels {
            *pixel = convert(*pixel, &profile);
        }
    }
    let on_white = |[r, g, b, alpha]: [u16; 4]| {
        let white = u16::MAX - alpha;
        U16x3::new([r, g, b].map(|light| light.saturating_add(white)))
    };
    Opaque { width, height, pixels: pixels.into_iter().map(on_white).collect() }
}

/// A pixel whose light was had by sRGB's curve, as the profile would have had it. The average of light along one
/// curve and along the other differ too little to see.
fn convert([r, g, b, alpha]: [u16; 4], profile: &Profile) -> [u16; 4] {
    if alpha == 0 {
        return [0; 4];
    }
    let (opaque, divisor) = (u32::from(u16::MAX), u32::from(alpha));
    let times = |light: u16, factor: u32, divisor: u32| {
        u16::try_from((u32::from(light) * factor + divisor / 2) / divisor).unwrap_or(u16::MAX)
    };
    let encoded = [r, g, b].map(|light| srgb::encode_16(times(light, opaque, divisor)));
    let [r, g, b] = profile.to_linear_srgb(encoded).map(|light| times(light, divisor, opaque));
    [r, g, b, alpha]
}
