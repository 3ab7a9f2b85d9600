//! Linear light of a row of samples, where it takes more than one look-up each.

use crate::colour::srgb::{LINEAR_OF_8, linear_of_16};
use crate::decode::{Channels, Samples};

/// Puts the light of each sample into `light`: 0 to 65535, times alpha where there is one; of an ink, what it lets
/// through.
pub(super) fn of(samples: Samples<'_>, channels: Channels, light: &mut Vec<u16>) {
    light.clear();
    if channels == Channels::Cmyk {
        match samples {
            Samples::Eight(samples) => {
                light.extend(samples.iter().map(|&ink| LINEAR_OF_8[usize::from(255 - ink)]));
            }
            Samples::Sixteen(samples) => light.extend(samples.iter().map(|&ink| linear_of_16(65_535 - ink))),
            Samples::Float(samples) => {
                light.extend(samples.iter().map(|&ink| linear_of_16(65_535 - whole(ink))));
            }
        }
        return;
    }
    let alpha = if channels.has_alpha() { channels.count() } else { 0 };
    match samples {
        Samples::Eight(samples) => {
            each(samples, alpha, light, |v| LINEAR_OF_8[usize::from(v)], |a| u16::from(a) * 257);
        }
        Samples::Sixteen(samples) => each(samples, alpha, light, linear_of_16, |a| a),
        Samples::Float(samples) => each(samples, alpha, light, |v| linear_of_16(whole(v)), whole),
    }
}

/// `alpha` is which sample of each pixel is alpha, counted from one; none is if it is zero.
fn each<S: Copy>(
    samples: &[S],
    alpha: usize,
    light: &mut Vec<u16>,
    linear: impl Fn(S) -> u16,
    share: impl Fn(S) -> u16,
) {
    if alpha == 0 {
        light.extend(samples.iter().map(|&sample| linear(sample)));
        return;
    }
    for pixel in samples.chunks_exact(alpha) {
        let [colours @ .., alpha] = pixel else { return };
        let alpha = share(*alpha);
        light.extend(colours.iter().map(|&sample| times(linear(sample), alpha)));
        light.push(alpha);
    }
}

/// A colour times an alpha, which takes the place of the fourth.
pub(super) fn veil([r, g, b, _]: [u16; 4], alpha: u16) -> [u16; 4] {
    [times(r, alpha), times(g, alpha), times(b, alpha), alpha]
}

fn times(light: u16, alpha: u16) -> u16 {
    let product = u32::from(light) * u32::from(alpha);
    u16::try_from((product + 32_767) / 65_535).unwrap_or(u16::MAX)
}

/// A float of 0 to 1 as 0 to 65535; what is no number counts as 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn whole(sample: f32) -> u16 {
    (sample.clamp(0.0, 1.0) * 65_535.0 + 0.5) as u16
}
