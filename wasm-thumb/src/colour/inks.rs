//! Inks without a profile, as browsers show them: each lets through what it does not hold back, one after another.

use super::srgb::linear_of_16;

/// Linear light of sRGB, 0 to 65535, of cyan, magenta, yellow and black, 0 (no ink) to 65535.
pub(super) fn to_linear_srgb([c, m, y, k]: [u16; 4]) -> [u16; 3] {
    let whole = u32::from(u16::MAX);
    let through = |ink: u16| whole - u32::from(ink);
    [c, m, y].map(|ink| {
        let encoded = (through(ink) * through(k) + whole / 2) / whole;
        linear_of_16(u16::try_from(encoded).unwrap_or(u16::MAX))
    })
}
