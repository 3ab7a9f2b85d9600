//! Inks without a profile, as browsers show them: each lets through what it does not hold back, one after another.

use super::srgb::LINEAR_OF_8;

/// Linear light of sRGB, 0 to 65535, of what cyan, magenta, yellow and black let through, 0 (all ink) to 255. That is
/// as fine as the file is, and each of these averages another pixel.
pub(super) fn to_linear_srgb([c, m, y, k]: [u8; 4]) -> [u16; 3] {
    [c, m, y].map(|through| {
        let encoded = (u32::from(through) * u32::from(k) + 127) / 255;
        LINEAR_OF_8[encoded as usize & 255]
    })
}
