//! Steps 5 and 7: colour. What is transparent is laid on white, and an embedded profile's values become sRGB's:
//! before the picture gets its size where that changes with every pixel, as with transparency and inks, and
//! otherwise after, when there are fewer of them.
//!
//! Profiles of cameras, phones and screens (a matrix and curves), of printing presses (tables) and of grey
//! pictures are followed. Without a profile values are those of sRGB, and inks let light through one after another.

mod inks;
mod profile;
mod space;
pub(crate) mod srgb;

use crate::decode::Channels;
use crate::scale::{self, Kept, Read, Reduced, Small, Write};
use crate::{Error, Size};
use profile::Profile;
pub(crate) use profile::profile_name;
pub(crate) use space::{Chromaticities, ColourSpace, Transfer};

/// How the colours of a picture become those of sRGB.
pub(crate) struct Colours<'a> {
    channels: Channels,
    profile: Option<Profile<'a>>,
}

impl<'a> Colours<'a> {
    /// `channels` are those of the file, `space` is what it tells of them.
    pub(crate) fn new(space: Option<&'a ColourSpace>, channels: Channels) -> Self {
        let profile = space.and_then(|space| match space {
            ColourSpace::Profile(bytes) => Profile::parse(bytes, channels),
            ColourSpace::Primaries(chromaticities, transfer) => {
                Profile::of_primaries(*chromaticities, *transfer, channels)
            }
        });
        Self { channels, profile: profile.filter(|profile| !profile.is_srgb()) }
    }

    /// The part of the picture that is kept, at `size`, in 8-bit sRGB on white.
    pub(crate) fn resize(&self, reduced: &Reduced, kept: Kept, size: Size) -> Result<Small, Error> {
        let shrinks = u64::from(size.width()) * u64::from(size.height()) < reduced.pixels.len() as u64;
        let as_it_is = encoded(|light| light);
        let resize = |read: Read<'_, 3>, write: Write<'_, 3>| scale::resize(reduced, kept, size, read, write);
        match (self.channels, &self.profile) {
            (Channels::Gray, None) => {
                scale::resize(reduced, kept, size, &each(|[y, ..]| [y]), &encoded(|[y]| [y; 3]))
            }
            (Channels::Gray, Some(profile)) if shrinks => {
                let write = encoded(|[y]| convert_opaque([y; 3], profile));
                scale::resize(reduced, kept, size, &each(|[y, ..]| [y]), &write)
            }
            (Channels::Rgb, None) => resize(&each(|[r, g, b, _]| [r, g, b]), &as_it_is),
            (Channels::Rgb, Some(profile)) if shrinks => {
                resize(&each(|[r, g, b, _]| [r, g, b]), &encoded(|light| convert_opaque(light, profile)))
            }
            (Channels::Gray | Channels::Rgb, Some(profile)) => {
                resize(&each(|[r, g, b, _]| convert_opaque([r, g, b], profile)), &as_it_is)
            }
            (Channels::GrayAlpha | Channels::Rgba, None) => resize(&each(on_white), &as_it_is),
            (Channels::GrayAlpha | Channels::Rgba, Some(profile)) => {
                resize(&each(|pixel| on_white(convert(pixel, profile))), &as_it_is)
            }
            (Channels::Cmyk, profile) => {
                resize(&each(|through| convert_inks(through, profile.as_ref())), &as_it_is)
            }
        }
    }
}

/// Reads a row pixel by pixel.
fn each<const N: usize>(light: impl Fn([u16; 4]) -> [u16; N]) -> impl Fn(&[[u16; 4]], &mut [[f32; N]]) {
    move |row, read| {
        for (read, pixel) in read.iter_mut().zip(row) {
            *read = light(*pixel).map(f32::from);
        }
    }
}

/// Writes a row of 8-bit sRGB.
fn encoded<const N: usize>(light: impl Fn([u16; N]) -> [u16; 3]) -> impl Fn(&[[u16; N]], &mut [[u8; 3]]) {
    move |row, written| {
        for (written, pixel) in written.iter_mut().zip(row) {
            *written = light(*pixel).map(srgb::encode_8);
        }
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

/// Inks of which is known what they let through, as if it were encoded by sRGB's curve: a press darkens halftones
/// about as much as that does, so that averages of these are near to averages of light.
fn convert_inks(through: [u16; 4], profile: Option<&Profile>) -> [u16; 3] {
    match profile {
        Some(profile) => profile.inks_to_linear_srgb(through),
        None => inks::to_linear_srgb(through.map(srgb::encode_8)),
    }
}
