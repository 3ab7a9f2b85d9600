//! Lanczos' filter with three lobes: by what shares the pixels of a line become those of a shorter or a longer one.

use std::f64::consts::PI;

use crate::Error;
use crate::limits::zeroes;

const LOBES: f64 = 3.0;
/// Pixels that are added at a time; how many are added for each pixel is a multiple of this.
pub(super) const AT_ONCE: usize = 4;

/// The shares of one direction.
pub(super) struct Weights {
    /// How many neighbouring pixels become one.
    pub(super) taps: usize,
    /// Of each pixel, the first of those that become it. The last ones may lie outside; their share is 0.
    pub(super) first: Vec<usize>,
    /// Of each pixel, the shares of those from the first on. They add up to 1.
    pub(super) shares: Vec<f32>,
}

impl Weights {
    /// From a line of `side` pixels, of which `length` are kept from `from` on, to one of `count`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels, from u32")]
    pub(super) fn new(side: u32, from: f64, length: f64, count: u32) -> Result<Self, Error> {
        let scale = length / f64::from(count);
        let stretch = scale.max(1.0);
        let reach = LOBES * stretch;
        let inside = ((2.0 * reach).ceil() as u32).clamp(1, side);
        let taps = (inside as usize).next_multiple_of(AT_ONCE);
        let mut weights =
            Self { taps, first: zeroes(count as usize)?, shares: zeroes(count as usize * taps)? };
        for ((at, first), shares) in
            (0..count).zip(&mut weights.first).zip(weights.shares.chunks_exact_mut(taps))
        {
            let centre = from + (f64::from(at) + 0.5) * scale;
            let start = ((centre - reach - 0.5).ceil().max(0.0) as u32).min(side - inside);
            *first = start as usize;
            let mut sum = 0.0;
            let shares = &mut shares[..inside as usize];
            for (pixel, share) in (start..).zip(shares.iter_mut()) {
                let weight = lanczos((f64::from(pixel) + 0.5 - centre) / stretch);
                sum += weight;
                *share = weight as f32;
            }
            let whole = (1.0 / sum) as f32;
            for share in shares {
                *share *= whole;
            }
        }
        Ok(weights)
    }

    /// How many pixels from the first on are looked at, those outside included.
    pub(super) fn end(&self) -> usize {
        self.first.last().map_or(0, |first| first + self.taps)
    }
}

/// Lanczos' window, in nothing but additions, multiplications and divisions, which are the same everywhere.
fn lanczos(x: f64) -> f64 {
    if x.abs() < 1e-9 {
        1.0
    } else if x.abs() < LOBES {
        sin_pi(x) * sin_pi(x / LOBES) * LOBES / (PI * PI * x * x)
    } else {
        0.0
    }
}

/// 1 / (2n·(2n + 1)) for n from 1 on: as many as it takes for 11 digits at π/2.
const RECIPROCALS: [f64; 7] =
    [1.0 / 6.0, 1.0 / 20.0, 1.0 / 42.0, 1.0 / 72.0, 1.0 / 110.0, 1.0 / 156.0, 1.0 / 210.0];
/// What added to a small number leaves it no bits after the point.
const TO_WHOLE: f64 = 6_755_399_441_055_744.0;

/// sin(πx) of small numbers, by the Taylor series around the nearest multiple of π.
fn sin_pi(x: f64) -> f64 {
    let shifted = x + TO_WHOLE;
    let angle = PI * (x - (shifted - TO_WHOLE));
    let square = angle * angle;
    let series = RECIPROCALS.iter().rev().fold(1.0, |sum, reciprocal| 1.0 - square * reciprocal * sum);
    let sine = angle * series;
    if shifted.to_bits() & 1 == 0 { sine } else { -sine }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sine_is_a_sine() {
        for step in -400..=400 {
            let x = f64::from(step) / 100.0;
            assert!((sin_pi(x) - (PI * x).sin()).abs() < 1e-11, "{x}");
        }
    }

    #[test]
    fn the_window_has_its_zeroes_and_its_peak() {
        assert!((lanczos(0.0) - 1.0).abs() < 1e-15 && (lanczos(1e-8) - 1.0).abs() < 1e-11);
        for zero in [1.0, 2.0, 3.0, -1.0, -2.0, 4.5] {
            assert!(lanczos(zero).abs() < 1e-15, "{zero}");
        }
    }

    #[test]
    fn shares_add_up_to_one_and_lie_inside() {
        for (side, from, length, count) in [
            (300, 0.0, 300.0, 100),
            (333, 16.5, 300.0, 100),
            (5, 0.25, 4.5, 100),
            (1, 0.0, 1.0, 7),
            (1000, 3.0, 900.0, 1),
            (100, 0.0, 100.0, 100),
        ] {
            let weights = Weights::new(side, from, length, count).unwrap();
            for (first, shares) in weights.first.iter().zip(weights.shares.chunks_exact(weights.taps)) {
                let sum: f32 = shares.iter().sum();
                assert!((sum - 1.0).abs() < 1e-6, "{sum}");
                let outside = &shares[shares.len().min(side as usize - first)..];
                assert!(outside.iter().all(|share| *share == 0.0), "{side} {first}");
            }
        }
    }
}
