//! Inks without a profile, as browsers show them: each lets through what it does not hold back, one after another.

use super::srgb::linear_of_16;

/// Linear light of sRGB, 0 to 65535, of what cyan, magenta, yellow and black let through, 0 (all ink) to 65535.
pub(super) fn to_linear_srgb([c, m, y, k]: [u16; 4]) -> [u16; 3] {
    let whole = u32::from(u16::MAX);
    [c, m, y].map(|through| {
        let encoded = (u32::from(through) * u32::from(k) + whole / 2) / whole;
        linear_of_16(u16::try_from(encoded).unwrap_or(u16::MAX))
    })
}
