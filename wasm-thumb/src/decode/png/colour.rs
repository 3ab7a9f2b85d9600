//! What the samples of a PNG mean (PNG 3, 4.3): the first of a coding point, a profile, the word that it is sRGB,
//! and gamma with chromaticities, as browsers do.

use super::inflate;
use super::info::Told;
use crate::colour::{Chromaticities, ColourSpace, Transfer};

/// 1 in the numbers of `gAMA` and `cHRM`.
const ONE: f64 = 100_000.0;
/// The gamma that stands for sRGB's curve, and how far from it files are that mean the same.
const SRGB_GAMMA: (u32, u32) = (45_455, 1_000);
/// How far chromaticities are from sRGB's where rounding put them.
const SAME_CHROMATICITY: f64 = 0.001;

const D65: (f64, f64) = (0.3127, 0.3290);
const SRGB: Chromaticities =
    Chromaticities { white: D65, primaries: [(0.640, 0.330), (0.300, 0.600), (0.150, 0.060)] };
const REC_2020: Chromaticities =
    Chromaticities { white: D65, primaries: [(0.708, 0.292), (0.170, 0.797), (0.131, 0.046)] };
const DISPLAY_P3: Chromaticities =
    Chromaticities { white: D65, primaries: [(0.680, 0.320), (0.265, 0.690), (0.150, 0.060)] };

/// Their colour space; none if the samples are sRGB's, or nothing is said. A profile is left out if it cannot
/// be unpacked into `max_bytes`.
pub(super) fn space(told: &Told, is_gray: bool, max_bytes: usize) -> Option<ColourSpace> {
    if let Some((primaries, transfer)) = told.coding_point
        && let Some((chromaticities, curve)) = coded(primaries, transfer)
    {
        let is_srgb = chromaticities == SRGB && curve == Transfer::Srgb;
        return if is_srgb { None } else { Some(ColourSpace::Primaries(chromaticities, curve)) };
    }
    let embedded = told.profile.and_then(|chunk| inflate::profile(chunk, max_bytes));
    if let Some(profile) = embedded {
        return Some(ColourSpace::Profile(profile));
    }
    if told.is_srgb {
        return None;
    }
    let gamma = told.gamma?;
    let curve = if gamma.abs_diff(SRGB_GAMMA.0) <= SRGB_GAMMA.1 {
        Transfer::Srgb
    } else {
        Transfer::Gamma(ONE / f64::from(gamma))
    };
    let chromaticities = told.chromaticities.map_or(SRGB, chromaticities);
    let is_close = |(x, y): (f64, f64), (other_x, other_y): (f64, f64)| {
        (x - other_x).abs() <= SAME_CHROMATICITY && (y - other_y).abs() <= SAME_CHROMATICITY
    };
    let mut pairs = chromaticities.primaries.into_iter().zip(SRGB.primaries);
    let has_srgb_colours = is_gray
        || is_close(chromaticities.white, D65) && pairs.all(|(told, expected)| is_close(told, expected));
    if curve == Transfer::Srgb && has_srgb_colours {
        None
    } else {
        Some(ColourSpace::Primaries(chromaticities, curve))
    }
}

/// Primaries and curve of a coding point (ITU-T H.273), for pictures of ordinary range.
fn coded(primaries: u8, transfer: u8) -> Option<(Chromaticities, Transfer)> {
    let chromaticities = match primaries {
        1 => SRGB,
        9 => REC_2020,
        12 => DISPLAY_P3,
        _ => return None,
    };
    let curve = match transfer {
        1 | 6 | 14 | 15 => Transfer::Rec709,
        4 => Transfer::Gamma(2.2),
        8 => Transfer::Gamma(1.0),
        13 => Transfer::Srgb,
        _ => return None,
    };
    Some((chromaticities, curve))
}

fn chromaticities(words: [u32; 8]) -> Chromaticities {
    let [wx, wy, rx, ry, gx, gy, bx, by] = words.map(|word| f64::from(word) / ONE);
    Chromaticities { white: (wx, wy), primaries: [(rx, ry), (gx, gy), (bx, by)] }
}
