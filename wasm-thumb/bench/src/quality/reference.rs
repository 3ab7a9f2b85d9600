//! What a thumbnail should be: the middle of the full picture, through Lanczos' filter with three lobes in linear
//! light, all in floating point and without a step in between.

use std::f64::consts::PI;

use super::source::Linear;
use super::srgb;

/// The side of a thumbnail, pixels.
pub const SIDE: usize = 100;
const LOBES: f64 = 3.0;

/// A thumbnail: encoded sRGB, 0 to 1, row by row.
pub type Picture = Vec<[f32; 3]>;

/// What a thumbnail of this picture should be.
#[must_use]
pub fn thumbnail(source: &Linear) -> Picture {
    let side = source.width.min(source.height) as f64;
    part(source, (source.width as f64 - side) / 2.0, (source.height as f64 - side) / 2.0, side)
}

/// A thumbnail of a square of the picture.
#[must_use]
pub fn part(source: &Linear, left: f64, top: f64, side: f64) -> Picture {
    let columns = taps(left, side, source.width);
    let rows = taps(top, side, source.height);
    let mut sums = vec![[0.0; 3]; SIDE * SIDE];
    for (y, row) in source.pixels.chunks_exact(source.width).enumerate() {
        let wanted = |taps: &Taps| (taps.first..taps.first + taps.weights.len()).contains(&y);
        if !rows.iter().any(wanted) {
            continue;
        }
        let narrow: Vec<[f64; 3]> = columns.iter().map(|taps| taps.sum(row)).collect();
        for (taps, sums) in rows.iter().zip(sums.chunks_exact_mut(SIDE)).filter(|(taps, _)| wanted(taps)) {
            let weight = taps.weights[y - taps.first];
            for (sum, pixel) in sums.iter_mut().zip(&narrow) {
                *sum = std::array::from_fn(|i| sum[i] + pixel[i] * weight);
            }
        }
    }
    sums.into_iter().map(|light| light.map(|light| srgb::from_linear(light) as f32)).collect()
}

/// The weights of the pixels that make one pixel of the thumbnail.
struct Taps {
    first: usize,
    weights: Vec<f64>,
}

impl Taps {
    fn sum(&self, row: &[[f32; 3]]) -> [f64; 3] {
        let mut sum = [0.0; 3];
        for (pixel, weight) in row[self.first..].iter().zip(&self.weights) {
            sum = std::array::from_fn(|i| sum[i] + f64::from(pixel[i]) * weight);
        }
        sum
    }
}

/// The taps of each pixel along one side, of which `length` pixels from `start` are kept. Pixels that are cut off
/// do not count.
fn taps(start: f64, length: f64, all: usize) -> Vec<Taps> {
    let step = length / SIDE as f64;
    let reach = LOBES * step.max(1.0);
    (0..SIDE)
        .map(|index| {
            let centre = start + (index as f64 + 0.5) * step;
            let first = (centre - reach).max(start).floor() as usize;
            let last = ((centre + reach).min(start + length).ceil() as usize).min(all);
            let weights: Vec<f64> =
                (first..last).map(|at| lanczos((at as f64 + 0.5 - centre) / step.max(1.0))).collect();
            let total: f64 = weights.iter().sum();
            Taps { first, weights: weights.into_iter().map(|weight| weight / total).collect() }
        })
        .collect()
}

fn lanczos(x: f64) -> f64 {
    if x.abs() >= LOBES {
        0.0
    } else if x.abs() < 1e-9 {
        1.0
    } else {
        LOBES * (PI * x).sin() * (PI * x / LOBES).sin() / (PI * PI * x * x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_picture_stays_plain() {
        let source = Linear { width: 331, height: 257, pixels: vec![[0.5, 0.25, 0.0]; 331 * 257] };
        let expected = [0.735_357, 0.537_099, 0.0];
        for pixel in thumbnail(&source) {
            for (value, expected) in pixel.iter().zip(expected) {
                assert!((value - expected).abs() < 1e-4, "{pixel:?}");
            }
        }
    }

    #[test]
    fn the_middle_is_kept_and_light_is_averaged() {
        // Black outside the middle square, stripes of one pixel inside: half the light is 188 of 255.
        let pixel = |at: usize| {
            let x = at % 1000;
            let light = if (200..800).contains(&x) { (x % 2) as f32 } else { 0.0 };
            [light; 3]
        };
        let source = Linear { width: 1000, height: 600, pixels: (0..600_000).map(pixel).collect() };
        let made = thumbnail(&source);
        for column in [0, 50, 99] {
            assert!((made[50 * SIDE + column][0] - 0.7354).abs() < 0.02, "{column}: {:?}", made[column]);
        }
    }
}
