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

/// A block's samples, so many across and down (1, 2, 4 or 8), written to `plane` from `at` on.
pub(super) fn inverse(
    block: &Block,
    steps: &Steps,
    sides: (usize, usize),
    plane: &mut [u8],
    at: usize,
    stride: usize,
) {
    match sides.0 {
        8 => inverse_across(block, steps, eight, sides.1, plane, at, stride),
        4 => inverse_across(block, steps, four, sides.1, plane, at, stride),
        2 => inverse_across(block, steps, two, sides.1, plane, at, stride),
        _ => inverse_across(block, steps, one, sides.1, plane, at, stride),
    }
}

fn inverse_across<const W: usize>(
    block: &Block,
    steps: &Steps,
    across: impl Fn([Int; W]) -> [Int; W],
    down: usize,
    plane: &mut [u8],
    at: usize,
    stride: usize,
) {
    match down {
        8 => put(&samples(block, steps, across, eight), plane, at, stride),
        4 => put(&samples(block, steps, across, four), plane, at, stride),
        2 => put(&samples(block, steps, across, two), plane, at, stride),
        _ => put(&samples(block, steps, across, one), plane, at, stride),
    }
}

/// The transform, column by column and then row by row.
#[inline]
fn samples<const W: usize, const H: usize>(
    block: &Block,
    steps: &Steps,
    across: impl Fn([Int; W]) -> [Int; W],
    down: impl Fn([Int; H]) -> [Int; H],
) -> [[u8; W]; H] {
    let mut columns = [[Wrapping(0); W]; H];
    for x in 0..W {
        let mut line = [Wrapping(0); H];
        for (y, place) in line.iter_mut().enumerate() {
            *place = coefficient(block, steps, y, x);
        }
        for (row, value) in columns.iter_mut().zip(down(line)) {
            row[x] = round(value, CONSTANT_BITS - PASS_BITS);
        }
    }
    // Loops, as calls to closures over arrays are not always inlined.
    let mut samples = [[0; W]; H];
    for (samples, row) in samples.iter_mut().zip(columns) {
        for (place, value) in samples.iter_mut().zip(across(row)) {
            *place = sample(value, CONSTANT_BITS + PASS_BITS + 3);
        }
    }
    samples
}

/// The samples of a block of which only the lowest coefficients are known: two of a row, or of a column, or two of
/// each of two rows.
#[inline]
pub(super) fn low_samples([dc, across, down, both]: [i16; 4], steps: &Steps) -> [[u8; 2]; 2] {
    let times = |value: i16, at: usize| Wrapping(i32::from(value)) * Wrapping(i32::from(steps[at]));
    let (dc, across, down, both) = (times(dc, 0), times(across, 1), times(down, 8), times(both, 9));
    let (left, right) = ([dc + across, down + both], [dc - across, down - both]);
    [
        [sample(left[0] + left[1], 3), sample(right[0] + right[1], 3)],
        [sample(left[0] - left[1], 3), sample(right[0] - right[1], 3)],
    ]
}

/// From first coefficients to the averages of their blocks, which is all that they tell.
#[derive(Clone, Copy)]
pub(super) struct Averages {
    step: i16,
    /// What is farther from 0 than this is as white or as black.
    most: i16,
}

/// Eight times as far as a sample can be from the middle, and a little more for what is rounded.
const BEYOND: u16 = 8 * 129;

impl Averages {
    pub(super) fn new(steps: &Steps) -> Self {
        // So everything fits 16 bits.
        let step = steps[0].min(BEYOND);
        let most = if step == 0 { 0 } else { BEYOND.div_ceil(step) };
        Self { step: step.cast_signed(), most: most.cast_signed() }
    }

    #[inline]
    pub(super) fn sample(self, first: i16) -> u8 {
        let average = (first.clamp(-self.most, self.most) * self.step + 4) >> 3;
        u8::try_from((average + 128).clamp(0, 255)).unwrap_or_default()
    }
}

fn put<const W: usize, const H: usize>(samples: &[[u8; W]; H], plane: &mut [u8], at: usize, stride: usize) {
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

fn one(f: [Int; 1]) -> [Int; 1] {
    f.map(|f| f << CONSTANT_BITS)
}

fn two([f0, f1]: [Int; 2]) -> [Int; 2] {
    [(f0 + f1) << CONSTANT_BITS, (f0 - f1) << CONSTANT_BITS]
}

/// Four points, times 2√2, with the bits of the constants behind the point.
#[inline]
fn four([f0, f1, f2, f3]: [Int; 4]) -> [Int; 4] {
    let (sum, difference) = ((f0 + f2) << CONSTANT_BITS, (f0 - f2) << CONSTANT_BITS);
    let (outer, inner) = (f1 * C2 + f3 * C6, f1 * C6 - f3 * C2);
    [sum + outer, difference + inner, difference - inner, sum - outer]
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

    /// The transform by its definition, at so many samples a block across and down.
    fn by_definition(block: &Block, (across, down): (usize, usize)) -> Vec<f64> {
        let basis = |n: usize, u: usize, x: usize| {
            let scale = if u == 0 { 0.5f64.sqrt() } else { 1.0 };
            scale * ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / (2.0 * n as f64)).cos()
        };
        let mut samples = Vec::new();
        for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
            let terms = (0..down).flat_map(|v| (0..across).map(move |u| (v, u)));
            let term = |(v, u)| f64::from(block[8 * v + u]) * basis(across, u, x) * basis(down, v, y);
            samples.push((terms.map(term).sum::<f64>() / 4.0 + 128.0).clamp(0.0, 255.0));
        }
        samples
    }

    #[test]
    fn averages_are_those_of_any_number_of_bits() {
        for step in [0, 1, 2, 3, 7, 16, 255, 256, 1031, 1032, 1033, 2048, 40_000, u16::MAX] {
            let averages = Averages::new(&[step; 64]);
            for first in i16::MIN..=i16::MAX {
                let product = Wrapping(i32::from(first)) * Wrapping(i32::from(step));
                assert_eq!(averages.sample(first), sample(product, 3), "{first} {step}");
            }
        }
    }

    #[test]
    fn samples_are_those_of_the_definition() {
        let mut seed = 1u32;
        let mut random = |most: i32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8).cast_signed() % (2 * most + 1) - most
        };
        for round in 0..500 {
            let most = [3, 30, 200, 1000][round % 4];
            let block: Block = std::array::from_fn(|at| random(most / (1 + at as i32)) as i16);
            for sides in [1, 2, 4, 8].into_iter().flat_map(|across| [1, 2, 4, 8].map(|down| (across, down))) {
                let stride = sides.0 + 3;
                let mut plane = vec![7; sides.1 * stride];
                inverse(&block, &[1; 64], sides, &mut plane, 1, stride);
                let low = low_samples([block[0], block[1], block[8], block[9]], &[1; 64]);
                for (at, expected) in by_definition(&block, sides).into_iter().enumerate() {
                    let (x, y) = (at % sides.0, at / sides.0);
                    let actual = plane[1 + y * stride + x];
                    assert!(
                        (f64::from(actual) - expected).abs() < 0.6,
                        "{sides:?}: {actual} is not {expected}"
                    );
                    if sides == (2, 2) {
                        assert_eq!(low[y][x], actual);
                    }
                }
            }
        }
    }
}
