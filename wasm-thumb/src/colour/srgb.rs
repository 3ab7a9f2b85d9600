//! The transfer curve of sRGB (IEC 61966-2-1) between encoded values and linear light of 0 to 65535.
//!
//! Tables and integers, because the power function of one platform is not that of another to the last bit.

/// Linear light of each 8-bit value.
#[rustfmt::skip]
pub(crate) const LINEAR_OF_8: [u16; 256] = [
    0, 20, 40, 60, 80, 99, 119, 139, 159, 179, 199, 219, 241, 264, 288, 313, 340, 367, 396, 427, 458, 491,
    526, 562, 599, 637, 677, 718, 761, 805, 851, 898, 947, 997, 1048, 1101, 1156, 1212, 1270, 1330, 1391,
    1453, 1517, 1583, 1651, 1720, 1790, 1863, 1937, 2013, 2090, 2170, 2250, 2333, 2418, 2504, 2592, 2681,
    2773, 2866, 2961, 3058, 3157, 3258, 3360, 3464, 3570, 3678, 3788, 3900, 4014, 4129, 4247, 4366, 4488,
    4611, 4736, 4864, 4993, 5124, 5257, 5392, 5530, 5669, 5810, 5953, 6099, 6246, 6395, 6547, 6700, 6856,
    7014, 7174, 7335, 7500, 7666, 7834, 8004, 8177, 8352, 8528, 8708, 8889, 9072, 9258, 9445, 9635, 9828,
    10022, 10219, 10417, 10619, 10822, 11028, 11235, 11446, 11658, 11873, 12090, 12309, 12530, 12754, 12980,
    13209, 13440, 13673, 13909, 14146, 14387, 14629, 14874, 15122, 15371, 15623, 15878, 16135, 16394, 16656,
    16920, 17187, 17456, 17727, 18001, 18277, 18556, 18837, 19121, 19407, 19696, 19987, 20281, 20577, 20876,
    21177, 21481, 21787, 22096, 22407, 22721, 23038, 23357, 23678, 24002, 24329, 24658, 24990, 25325, 25662,
    26001, 26344, 26688, 27036, 27386, 27739, 28094, 28452, 28813, 29176, 29542, 29911, 30282, 30656, 31033,
    31412, 31794, 32179, 32567, 32957, 33350, 33745, 34143, 34544, 34948, 35355, 35764, 36176, 36591, 37008,
    37429, 37852, 38278, 38706, 39138, 39572, 40009, 40449, 40891, 41337, 41785, 42236, 42690, 43147, 43606,
    44069, 44534, 45002, 45473, 45947, 46423, 46903, 47385, 47871, 48359, 48850, 49344, 49841, 50341, 50844,
    51349, 51858, 52369, 52884, 53401, 53921, 54445, 54971, 55500, 56032, 56567, 57105, 57646, 58190, 58737,
    59287, 59840, 60396, 60955, 61517, 62082, 62650, 63221, 63795, 64372, 64952, 65535,
];

/// Linear light half-way (in encoded values) between 8-bit value `i` and the next.
#[rustfmt::skip]
const LINEAR_HALFWAY: [u16; 255] = [
    10, 30, 50, 70, 90, 109, 129, 149, 169, 189, 209, 230, 252, 276, 300, 326, 353, 382, 411, 442, 475, 508,
    543, 580, 618, 657, 697, 739, 783, 828, 874, 922, 971, 1022, 1075, 1129, 1184, 1241, 1300, 1360, 1422,
    1485, 1550, 1617, 1685, 1755, 1826, 1900, 1975, 2051, 2130, 2210, 2292, 2375, 2460, 2547, 2636, 2727,
    2819, 2914, 3010, 3107, 3207, 3309, 3412, 3517, 3624, 3733, 3844, 3957, 4071, 4188, 4306, 4427, 4549,
    4673, 4800, 4928, 5058, 5190, 5325, 5461, 5599, 5739, 5881, 6026, 6172, 6320, 6471, 6623, 6778, 6935,
    7093, 7254, 7417, 7582, 7750, 7919, 8090, 8264, 8440, 8618, 8798, 8980, 9165, 9351, 9540, 9731, 9925,
    10120, 10318, 10518, 10720, 10924, 11131, 11340, 11551, 11765, 11981, 12199, 12419, 12642, 12867, 13094,
    13324, 13556, 13790, 14027, 14266, 14508, 14751, 14998, 15246, 15497, 15750, 16006, 16264, 16525, 16788,
    17053, 17321, 17591, 17864, 18139, 18416, 18696, 18979, 19264, 19551, 19841, 20134, 20429, 20726, 21026,
    21329, 21634, 21941, 22251, 22564, 22879, 23197, 23517, 23840, 24165, 24493, 24824, 25157, 25493, 25831,
    26172, 26516, 26862, 27211, 27562, 27916, 28273, 28632, 28994, 29359, 29726, 30096, 30469, 30844, 31222,
    31603, 31986, 32372, 32761, 33153, 33547, 33944, 34344, 34746, 35151, 35559, 35970, 36383, 36799, 37218,
    37640, 38064, 38492, 38922, 39354, 39790, 40228, 40670, 41114, 41560, 42010, 42463, 42918, 43376, 43837,
    44301, 44768, 45237, 45709, 46185, 46663, 47144, 47628, 48114, 48604, 49097, 49592, 50091, 50592, 51096,
    51603, 52113, 52626, 53142, 53661, 54183, 54707, 55235, 55766, 56299, 56836, 57375, 57918, 58463, 59012,
    59563, 60118, 60675, 61235, 61799, 62365, 62935, 63507, 64083, 64661, 65243,
];

/// Of every sixteenth linear light, how many of [`LINEAR_HALFWAY`] lie below it. No two of these lie within sixteen.
static HALFWAY_BELOW: [u8; 4096] = counts_below(&LINEAR_HALFWAY, 0);
/// The same of [`LINEAR_OF_8`] without its first entry.
static STEPS_BELOW: [u8; 4096] = counts_below(&LINEAR_OF_8, 1);

#[expect(clippy::cast_possible_truncation, reason = "at most 255")]
const fn counts_below(entries: &[u16], from: usize) -> [u8; 4096] {
    let mut counts = [0; 4096];
    let (mut at, mut next) = (0, from);
    while at < counts.len() {
        while next < entries.len() && (entries[next] as usize) < at * 16 {
            next += 1;
        }
        counts[at] = (next - from) as u8;
        at += 1;
    }
    counts
}

/// The 8-bit value nearest to a linear light.
pub(crate) fn encode_8(linear: u16) -> u8 {
    let low = HALFWAY_BELOW[usize::from(linear / 16)];
    let is_next = LINEAR_HALFWAY.get(usize::from(low)).is_some_and(|&halfway| halfway < linear);
    low + u8::from(is_next)
}

/// Linear light of a 16-bit value, interpolated between the 8-bit ones.
pub(crate) fn linear_of_16(encoded: u16) -> u16 {
    let (index, rest) = (usize::from(encoded / 257), u32::from(encoded % 257));
    let low = u32::from(LINEAR_OF_8[index]);
    let high = u32::from(LINEAR_OF_8[(index + 1).min(255)]);
    narrow(low + ((high - low) * rest + 128) / 257)
}

/// The greatest 8-bit value whose linear light is not above this one, and by how much this is above that.
pub(crate) fn at_or_below(linear: u16) -> (u8, u16) {
    let low = STEPS_BELOW[usize::from(linear / 16)];
    let is_next = LINEAR_OF_8.get(usize::from(low) + 1).is_some_and(|&next| next <= linear);
    let below = low + u8::from(is_next);
    (below, linear - LINEAR_OF_8[usize::from(below)])
}

/// The 16-bit value of a linear light: the inverse of [`linear_of_16`].
pub(crate) fn encode_16(linear: u16) -> u16 {
    let (below, over) = at_or_below(linear);
    let rest = (u32::from(over) * PER_LINEAR[usize::from(below)] + (1 << 15)) >> 16;
    narrow(u32::from(below) * 257 + rest)
}

/// How much of a 16-bit value a linear light makes between an 8-bit value and the next, in 1/65536.
static PER_LINEAR: [u32; 256] = per_linear();

const fn per_linear() -> [u32; 256] {
    let mut steps = [0; 256];
    let mut at = 0;
    while at < 255 {
        let span = (LINEAR_OF_8[at + 1] - LINEAR_OF_8[at]) as u32;
        steps[at] = ((257 << 16) + span / 2) / span;
        at += 1;
    }
    steps
}

/// A value known to fit, as both callers interpolate between values that do.
fn narrow(value: u32) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(encoded: f64) -> f64 {
        if encoded <= 0.04045 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) }
    }

    #[test]
    fn tables_follow_the_formula() {
        for (i, &entry) in (0..=u8::MAX).zip(&LINEAR_OF_8) {
            assert!((exact(f64::from(i) / 255.0) * 65535.0 - f64::from(entry)).abs() < 0.51, "{i}");
        }
        for (i, &entry) in (0..=u8::MAX).zip(&LINEAR_HALFWAY) {
            assert!(((exact((f64::from(i) + 0.5) / 255.0)) * 65535.0 - f64::from(entry)).abs() < 0.51, "{i}");
        }
    }

    #[test]
    fn the_nearest_eight_bits_are_found() {
        for linear in 0..=u16::MAX {
            let below = LINEAR_HALFWAY.iter().filter(|&&halfway| halfway < linear).count();
            assert_eq!(usize::from(encode_8(linear)), below, "{linear}");
        }
    }

    #[test]
    fn the_eight_bits_below_are_found() {
        for linear in 0..=u16::MAX {
            let count = LINEAR_OF_8[1..].iter().filter(|&&step| step <= linear).count();
            let (below, over) = at_or_below(linear);
            assert_eq!((usize::from(below), over), (count, linear - LINEAR_OF_8[count]), "{linear}");
        }
    }

    #[test]
    fn eight_bits_come_back() {
        for value in 0..=255u8 {
            assert_eq!(encode_8(LINEAR_OF_8[usize::from(value)]), value);
            assert_eq!(encode_16(linear_of_16(u16::from(value) * 257)), u16::from(value) * 257);
        }
    }

    #[test]
    fn sixteen_bits_are_close_to_the_formula() {
        for value in (0..=65535u16).step_by(13) {
            let linear = exact(f64::from(value) / 65535.0) * 65535.0;
            assert!((linear - f64::from(linear_of_16(value))).abs() < 3.0, "{value}");
            assert!(encode_16(linear_of_16(value)).abs_diff(value) < 16, "{value}");
        }
    }
}
