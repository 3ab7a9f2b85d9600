//! Step 5: colour. An embedded profile's values become sRGB's, and what is transparent is laid on white.
//!
//! Profiles of cameras, phones and screens (a matrix and curves), of printing presses (tables) and of grey
//! pictures are followed. Without a profile values are those of sRGB, and inks let light through one after another.

mod inks;
mod profile;
pub(crate) mod srgb;

use fast_image_resize::pixels::U16x3;

use crate::decode::Channels;
use crate::scale::{Opaque, Reduced};
use profile::Profile;
pub(crate) use profile::profile_name;

/// The picture in linear light of sRGB, on white. `channels` are those of the file.
pub(crate) fn to_opaque_srgb(reduced: Reduced, profile: Option<&[u8]>, channels: Channels) -> Opaque {
    let Reduced { width, height, pixels } = reduced;
    let profile = profile.and_then(|bytes| Profile::parse(bytes, channels));
    let light = |pixel: [u16; 4]| match (&profile, channels) {
        (Some(profile), Channels::Cmyk) => profile.to_linear_srgb(pixel),
        (None, Channels::Cmyk) => inks::to_linear_srgb(pixel),
        (Some(profile), _) => on_white(convert(pixel, profile)),
        (None, _) => on_white(pixel),
    };
    let pixels = pixels.into_iter().map(|pixel| U16x3::new(light(pixel))).collect();
    Opaque { width, height, pixels }
}

/// Red, green and blue, each times alpha, with white behind.
fn on_white([r, g, b, alpha]: [u16; 4]) -> [u16; 3] {
    [r, g, b].map(|light| light.saturating_add(u16::MAX - alpha))
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
    let [r, g, b] = [r, g, b].map(|light| srgb::encode_16(times(light, opaque, divisor)));
    let [r, g, b] = profile.to_linear_srgb([r, g, b, 0]).map(|light| times(light, divisor, opaque));
    [r, g, b, alpha]
}
