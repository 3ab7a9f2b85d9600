//! From coefficients to samples (ITU-T T.81, A.3.3), at the scale wanted: the low coefficients of a block of 8×8
//! are, but for a factor, those of a block of 4×4, of 2×2 or of one sample.
//!
//! In 32-bit integers that wrap: whatever a damaged file says, it is the same everywhere.

use std::num::Wrapping;

use super::quantise::Steps;

type Int = Wrapping<i32>;

/// Bits behind the point of the constants.
const CONSTANT_BITS: usize = 13;
/// Bits behind the point between the two passes.
const PASS_BITS: usize = 2;

/// √2·cos(kπ/16) for k of 1 to 7.
const C1: Int = Wrapping(11_363);
const C2: Int = Wrapping(10_703);
const C3: Int = Wrapping(9_633);
const C5: Int = Wrapping(6_437);
const C6: Int = Wrapping(4_433);
const C7: Int = Wrapping(2_260);

/// The coefficients of a block, row by row.
pub(super) type Block = [i16; 64];

/// A block's samples, written to `plane` from `at` on.
pub(super) fn inverse(block: &Block, steps: &Steps, side: usize, plane: &mut [u8], at: usize, stride: usize) {
    match side {
        8 => put(&eighths(block, steps), plane, at, stride),
        4 => put(&quarters(block, steps), plane, at, stride),
        2 => put(&halves(block, steps), plane, at, stride),
        _ => put(&[[dc_sample(block[0], steps)]], plane, at, stride),
    }
}

/// The average of a block, which is all that its first coefficient tells.
#[inline]
pub(super) fn dc_sample(dc: i16, steps: &Steps) -> u8 {
    sample(Wrapping(i32::from(dc)) * Wrapping(i32::from(steps[0])), 3)
}

fn put<const N: usize>(samples: &[[u8; N]; N], plane: &mut [u8], at: usize, stride: usize) {
    let rows = plane.get_mut(at..).unwrap_or_default().chunks_mut(stride);
    for (row, samples) in rows.zip(samples) {
        if let Some(place) = row.first_chunk_mut() {
            *place = *samples;
        }
    }
}

/// A sample of 0 to 255 from a value around 0 with so many bits behind the point.
#[inline]
fn sample(value: Int, bits: usize) -> u8 {
    let rounded = (value + Wrapping(1 << (bits - 1))) >> bits;
    u8::try_from((rounded + Wrapping(128)).0.clamp(0, 255)).unwrap_or_default()
}

#[inline]
fn round(value: Int, bits: usize) -> Int {
    (value + Wrapping(1 << (bits - 1))) >> bits
}

#[inline]
fn coefficient(block: &Block, steps: &Steps, row: usize, column: usize) -> Int {
    let at = 8 * row + column;
    Wrapping(i32::from(block[at])) * Wrapping(i32::from(steps[at]))
}

fn halves(block: &Block, steps: &Steps) -> [[u8; 2]; 2] {
    let at = |row, column| coefficient(block, steps, row, column);
    let (left, right) =
        ([at(0, 0) + at(0, 1), at(1, 0) + at(1, 1)], [at(0, 0) - at(0, 1), at(1, 0) - at(1, 1)]);
    [
        [sample(left[0] + left[1], 3), sample(right[0] + right[1], 3)],
        [sample(left[0] - left[1], 3), sample(right[0] - right[1], 3)],
    ]
}

fn quarters(block: &Block, steps: &Steps) -> [[u8; 4]; 4] {
    let mut columns = [[Wrapping(0); 4]; 4];
    for x in 0..4 {
        let line = four(std::array::from_fn(|y| coefficient(block, steps, y, x)));
        for (row, value) in columns.iter_mut().zip(line) {
            row[x] = round(value, CONSTANT_BITS - PASS_BITS);
        }
    }
    columns.map(|row| four(row).map(|value| sample(value, CONSTANT_BITS + PASS_BITS + 3)))
}

/// Four points, times 2√2, with the bits of the constants behind the point.
#[inline]
fn four([f0, f1, f2, f3]: [Int; 4]) -> [Int; 4] {
    let (sum, difference) = ((f0 + f2) << CONSTANT_BITS, (f0 - f2) << CONSTANT_BITS);
    let (outer, inner) = (f1 * C2 + f3 * C6, f1 * C6 - f3 * C2);
    [sum + outer, difference + inner, difference - inner, sum - outer]
}

fn eighths(block: &Block, steps: &Steps) -> [[u8; 8]; 8] {
    let mut columns = [[Wrapping(0); 8]; 8];
    for x in 0..8 {
        let line = eight(std::array::from_fn(|y| coefficient(block, steps, y, x)));
        for (row, value) in columns.iter_mut().zip(line) {
            row[x] = round(value, CONSTANT_BITS - PASS_BITS);
        }
    }
    columns.map(|row| eight(row).map(|value| sample(value, CONSTANT_BITS + PASS_BITS + 3)))
}

/// Eight points, times 2√2, with the bits of the constants behind the point: the even coefficients are a
/// transform of four points, the odd ones an antisymmetric rest.
#[inline]
fn eight([f0, f1, f2, f3, f4, f5, f6, f7]: [Int; 8]) -> [Int; 8] {
    let [e0, e1, e2, e3] = four([f0, f2, f4, f6]);
    let o0 = f1 * C1 + f3 * C3 + f5 * C5 + f7 * C7;
    let o1 = f1 * C3 - f3 * C7 - f5 * C1 - f7 * C5;
    let o2 = f1 * C5 - f3 * C1 + f5 * C7 + f7 * C3;
    let o3 = f1 * C7 - f3 * C5 + f5 * C3 - f7 * C1;
    [e0 + o0, e1 + o1, e2 + o2, e3 + o3, e3 - o3, e2 - o2, e1 - o1, e0 - o0]
}

#[cfg(test)]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "small numbers"
)]
mod tests {
    use super::*;

    /// The transform by its definition, at `side` samples a block.
    fn by_definition(block: &Block, side: usize) -> Vec<f64> {
        let n = side as f64;
        let basis = |u: usize, x: usize| {
            let scale = if u == 0 { 0.5f64.sqrt() } else { 1.0 };
            scale * ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / (2.0 * n)).cos()
        };
        let mut samples = Vec::new();
        for (y, x) in (0..side).flat_map(|y| (0..side).map(move |x| (y, x))) {
            let terms = (0..side).flat_map(|v| (0..side).map(move |u| (v, u)));
            let sum: f64 = terms.map(|(v, u)| f64::from(block[8 * v + u]) * basis(u, x) * basis(v, y)).sum();
            samples.push((sum / 4.0 + 128.0).clamp(0.0, 255.0));
        }
        samples
    }

    #[test]
    fn samples_are_those_of_the_definition() {
        let mut seed = 1u32;
        let mut random = |most: i32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8).cast_signed() % (2 * most + 1) - most
        };
        for round in 0..2000 {
            let most = [3, 30, 200, 1000][round % 4];
            let block: Block = std::array::from_fn(|at| random(most / (1 + at as i32)) as i16);
            for side in [1, 2, 4, 8] {
                let mut plane = vec![7; side * (side + 3)];
                inverse(&block, &[1; 64], side, &mut plane, 1, side + 3);
                for (at, expected) in by_definition(&block, side).into_iter().enumerate() {
                    let actual = f64::from(plane[1 + at / side * (side + 3) + at % side]);
                    assert!((actual - expected).abs() < 0.6, "{side}: {actual} is not {expected}");
                }
            }
        }
    }
}
