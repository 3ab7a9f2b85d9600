//! The forward cosine transform of ITU-T T.81, A.3.3, in 32-bit integers.
//!
//! It works by the even and odd half of its matrix, with 14 bits for the factors and 6 for the fraction of samples
//! and of what is between the two passes; so what comes out is within 1/16 of the exact value, and within 0.014% where
//! it is large.

/// Bits of the fraction of a sample.
pub(super) const SAMPLE_FRACTION_BITS: u32 = 6;
/// Bits of the fraction of a coefficient.
pub(super) const COEFFICIENT_FRACTION_BITS: u32 = 4;

const FACTOR_BITS: u32 = 14;
/// cos(kπ/16)/2 for k = 0 to 7.
const COSINE: [i32; 8] = [8192, 8035, 7568, 6811, 5793, 4551, 3135, 1598];

/// The place in the zigzag of T.81, figure 5, of each coefficient, counted by rows.
const ZIGZAG_OF: [u8; 64] = [
    0, 1, 5, 6, 14, 15, 27, 28, 2, 4, 7, 13, 16, 26, 29, 42, 3, 8, 12, 17, 25, 30, 41, 43, 9, 11, 18, 24, 31,
    40, 44, 53, 10, 19, 23, 32, 39, 45, 52, 54, 20, 22, 33, 38, 46, 51, 55, 60, 21, 34, 37, 47, 50, 56, 59,
    61, 35, 36, 48, 49, 57, 58, 62, 63,
];

/// The row and column of each place in the zigzag: vertical and horizontal frequency.
pub(super) fn frequencies() -> [(u8, u8); 64] {
    let mut frequencies = [(0, 0); 64];
    for (index, &place) in (0u8..).zip(&ZIGZAG_OF) {
        frequencies[usize::from(place)] = (index / 8, index % 8);
    }
    frequencies
}

/// Samples around zero, by rows, of at most 8 bits and sign before the fraction, to coefficients in the order of
/// the zigzag.
pub(super) fn forward(samples: &[[i32; 8]; 8]) -> [i16; 64] {
    let down = pass(*samples, FACTOR_BITS);
    let across = pass(transposed(&down), FACTOR_BITS + SAMPLE_FRACTION_BITS - COEFFICIENT_FRACTION_BITS);
    let mut coefficients = [0; 64];
    for (index, &place) in ZIGZAG_OF.iter().enumerate() {
        // The second pass has left rows and columns exchanged. A coefficient is at most 1024 before its fraction.
        let value = across[index % 8][index / 8];
        coefficients[usize::from(place)] = i16::try_from(value).unwrap_or(i16::MAX);
    }
    coefficients
}

/// Transforms the eight columns at once.
fn pass(x: [[i32; 8]; 8], shift: u32) -> [[i32; 8]; 8] {
    let [_, c1, c2, c3, c4, c5, c6, c7] = COSINE;
    let mut y = [[0; 8]; 8];
    let half = 1 << (shift - 1);
    for i in 0..8 {
        let sum = |a: usize, b: usize| x[a][i] + x[b][i];
        let difference = |a: usize, b: usize| x[a][i] - x[b][i];
        let (s0, s1, s2, s3) = (sum(0, 7), sum(1, 6), sum(2, 5), sum(3, 4));
        let (d0, d1, d2, d3) = (difference(0, 7), difference(1, 6), difference(2, 5), difference(3, 4));
        y[0][i] = (c4 * (s0 + s1 + s2 + s3) + half) >> shift;
        y[1][i] = (c1 * d0 + c3 * d1 + c5 * d2 + c7 * d3 + half) >> shift;
        y[2][i] = (c2 * (s0 - s3) + c6 * (s1 - s2) + half) >> shift;
        y[3][i] = (c3 * d0 - c7 * d1 - c1 * d2 - c5 * d3 + half) >> shift;
        y[4][i] = (c4 * (s0 - s1 - s2 + s3) + half) >> shift;
        y[5][i] = (c5 * d0 - c1 * d1 + c7 * d2 + c3 * d3 + half) >> shift;
        y[6][i] = (c6 * (s0 - s3) - c2 * (s1 - s2) + half) >> shift;
        y[7][i] = (c7 * d0 - c5 * d1 + c3 * d2 - c1 * d3 + half) >> shift;
    }
    y
}

fn transposed(x: &[[i32; 8]; 8]) -> [[i32; 8]; 8] {
    std::array::from_fn(|row| std::array::from_fn(|column| x[column][row]))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    /// The definition.
    fn exact(samples: &[[i32; 8]; 8], v: u8, u: u8) -> f64 {
        let scale = |k: u8| if k == 0 { 0.5f64.sqrt() } else { 1.0 };
        let mut sum = 0.0;
        for (y, row) in (0u8..).zip(samples) {
            for (x, &sample) in (0u8..).zip(row) {
                let wave = |at: u8, k: u8| (f64::from(2 * at + 1) * f64::from(k) * PI / 16.0).cos();
                sum += f64::from(sample) / 64.0 * wave(x, u) * wave(y, v);
            }
        }
        sum * scale(u) * scale(v) / 4.0
    }

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "0 to 7")]
    fn is_the_definition() {
        let mut seed = 1u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            i32::try_from(seed >> 18).unwrap() - 8192
        };
        let mut cases: Vec<[[i32; 8]; 8]> =
            (0..200).map(|_| std::array::from_fn(|_| std::array::from_fn(|_| random()))).collect();
        // The samples that make each coefficient as large as it can be.
        for (v, u) in frequencies() {
            let sign = |at: usize, k: u8| ((2.0 * at as f64 + 1.0) * f64::from(k) * PI / 16.0).cos().signum();
            let extreme = |y, x| if sign(y, v) * sign(x, u) > 0.0 { 8128 } else { -8192 };
            cases.push(std::array::from_fn(|y| std::array::from_fn(|x| extreme(y, x))));
        }
        for samples in cases {
            let found = forward(&samples);
            for (place, (v, u)) in frequencies().into_iter().enumerate() {
                let error = f64::from(found[place]) / 16.0 - exact(&samples, v, u);
                let allowed = 1.0 / 16.0 + exact(&samples, v, u).abs() * 1.4e-4;
                assert!(error.abs() <= allowed, "{place}: off by {error}");
            }
        }
    }
}
