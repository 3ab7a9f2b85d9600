//! The rest of the way, by Lanczos' filter with three lobes, in linear light of 16 bits.

use std::f64::consts::PI;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U16x3;
use fast_image_resize::{Filter, FilterType, ResizeAlg, ResizeOptions, Resizer};

use super::{Kept, Opaque};
use crate::{Error, Size};

const LOBES: f64 = 3.0;

/// The part of the picture that is kept, at `size`.
pub(crate) fn resize(source: &Opaque, kept: Kept, size: Size) -> Result<Opaque, Error> {
    // What rounding may have put outside.
    let (left, top) = (kept.left.max(0.0), kept.top.max(0.0));
    let width = kept.width.min(f64::from(source.width) - left);
    let height = kept.height.min(f64::from(source.height) - top);
    let filter = Filter::new("lanczos3", lanczos, LOBES).map_err(|error| Error::Resize(error.into()))?;
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Custom(filter)))
        .crop(left, top, width, height)
        .use_alpha(false);
    let view = TypedImageRef::new(source.width, source.height, &source.pixels)
        .map_err(|error| Error::Resize(error.into()))?;
    let mut small = TypedImage::<U16x3>::new(size.width(), size.height());
    Resizer::new().resize_typed(&view, &mut small, &options).map_err(|error| Error::Resize(error.into()))?;
    let pixels = small.pixels().to_vec();
    Ok(Opaque { width: size.width(), height: size.height(), pixels, is_srgb: source.is_srgb })
}

/// Lanczos' window, in nothing but additions, multiplications and divisions, which are the same everywhere.
fn lanczos(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else if x.abs() < LOBES {
        let (over, under) = (sin_pi(x) * sin_pi(x / LOBES) * LOBES, PI * PI * x * x);
        over / under
    } else {
        0.0
    }
}

/// 1 / (2n·(2n + 1)) for n from 1 on: as many as it takes for 14 digits at π/2.
const RECIPROCALS: [f64; 9] = [
    1.0 / 6.0,
    1.0 / 20.0,
    1.0 / 42.0,
    1.0 / 72.0,
    1.0 / 110.0,
    1.0 / 156.0,
    1.0 / 210.0,
    1.0 / 272.0,
    1.0 / 342.0,
];

/// sin(πx), by the Taylor series around the nearest multiple of π.
fn sin_pi(x: f64) -> f64 {
    let nearest = x.round();
    let angle = PI * (x - nearest);
    let square = angle * angle;
    let mut term = angle;
    let mut sum = angle;
    for reciprocal in RECIPROCALS {
        term = -term * square * reciprocal;
        sum += term;
    }
    if nearest % 2.0 == 0.0 { sum } else { -sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sine_is_a_sine() {
        for step in -400..=400 {
            let x = f64::from(step) / 100.0;
            assert!((sin_pi(x) - (PI * x).sin()).abs() < 1e-13, "{x}");
        }
    }

    #[test]
    fn the_window_has_its_zeroes_and_its_peak() {
        assert!((lanczos(0.0) - 1.0).abs() < 1e-15 && (lanczos(1e-9) - 1.0).abs() < 1e-12);
        for zero in [1.0, 2.0, 3.0, -1.0, -2.0, 4.5] {
            assert!(lanczos(zero).abs() < 1e-15, "{zero}");
        }
    }
}
