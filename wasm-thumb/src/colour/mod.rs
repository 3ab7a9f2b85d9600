//! Steps 5 and 7: colour. What is transparent is laid on white, and an embedded profile's values become sRGB's:
//! before the picture gets its size where that changes with every pixel, as with transparency and inks, and
//! otherwise after, when there are fewer of them.
//!
//! Profiles of cameras, phones and screens (a matrix and curves), of printing presses (tables) and of grey
//! pictures are followed. Without a profile values are those of sRGB, and inks let light through one after another.

mod inks;
mod profile;
pub(crate) mod srgb;

use fast_image_resize::pixels::U16x3;

use crate::Size;
use crate::decode::Channels;
use crate::scale::{Opaque, Reduced, Small};
use profile::Profile;
pub(crate) use profile::{D50, profile_name};

/// How the colours of a picture become those of sRGB.
pub(crate) struct Colours<'a> {
    channels: Channels,
    profile: Option<Profile<'a>>,
}

impl<'a> Colours<'a> {
    /// `channels` are those of the file, `profile` an ICC profile.
    pub(crate) fn new(profile: Option<&'a [u8]>, channels: Channels) -> Self {
        let profile = profile.and_then(|bytes| Profile::parse(bytes, channels));
        Self { channels, profile: profile.filter(|profile| !profile.is_srgb()) }
    }

    /// The picture on white, before it is made `size`.
    pub(crate) fn lay_on_white(&self, reduced: Reduced, size: Size) -> Opaque {
        let Reduced { width, height, pixels } = reduced;
        let shrinks = u64::from(size.width()) * u64::from(size.height()) < pixels.len() as u64;
        let can_wait = shrinks && matches!(self.channels, Channels::Gray | Channels::Rgb);
        let light = |pixel: [u16; 4]| match (&self.profile, self.channels) {
            (Some(profile), Channels::Cmyk) => profile.to_linear_srgb(pixel),
            (None, Channels::Cmyk) => inks::to_linear_srgb(pixel),
            (Some(profile), _) if !can_wait => on_white(convert(pixel, profile)),
            _ => on_white(pixel),
        };
        let pixels = pixels.into_iter().map(|pixel| U16x3::new(light(pixel))).collect();
        Opaque { width, height, pixels, is_srgb: !can_wait || self.profile.is_none() }
    }

    /// The values of sRGB of what has its size.
    pub(crate) fn encode(&self, light: Opaque) -> Small {
        let Opaque { width, height, pixels, is_srgb } = light;
        let convert = |[r, g, b]: [u16; 3]| match &self.profile {
            Some(profile) if !is_srgb => convert_opaque([r, g, b], profile),
            _ => [r, g, b],
        };
        let pixels = pixels.into_iter().map(|pixel| convert(pixel.0).map(srgb::encode_8)).collect();
        Small { width, height, pixels }
    }
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
    let light = convert_opaque([r, g, b].map(|light| times(light, opaque, divisor)), profile);
    let [r, g, b] = light.map(|light| times(light, divisor, opaque));
    [r, g, b, alpha]
}

/// The same, of a pixel without alpha.
fn convert_opaque(light: [u16; 3], profile: &Profile) -> [u16; 3] {
    let [r, g, b] = light.map(srgb::encode_16);
    profile.to_linear_srgb([r, g, b, 0])
}
