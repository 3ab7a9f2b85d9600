//! Which part of the stored picture is kept, and how far whole pixels are averaged.

use crate::Size;
use crate::decode::{Order, Scale};

/// How many times the final size the reduced picture has at least. With 3, what averaging squares does to the
/// picture cannot be told from what the filter alone would have done.
const REDUCED_SCALE: f64 = 3.0;
/// How many times the final size the decoder has to leave at least.
const DECODED_SCALE: f64 = 2.0;
/// The same of a picture that is shown whole and large, where a reduced picture of three times its size would take
/// hundreds of megabytes.
const WHOLE_SCALE: f64 = 1.5;
/// The largest square that is averaged to one pixel: sums of as many values of 16 bits fit 32 bits.
const MAX_FACTOR: u32 = 256;

/// The middle of a picture in the shape of the thumbnail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Crop {
    /// Side of the squares that are averaged to a pixel.
    pub(super) factor: u32,
    /// Columns of the decoded picture that are read, from and to (not included).
    pub(super) columns: (u32, u32),
    /// Rows of the decoded picture that are read, from and to (not included).
    pub(super) rows: (u32, u32),
    /// The part that is kept of what is read.
    pub(crate) kept: Kept,
}

/// A part of the reduced picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Crop {
    /// The largest centred part of `width`×`height` pixels with the shape of `size`, in the pixels that are left
    /// of them when they are decoded at `scale`.
    pub(crate) fn cover(width: u32, height: u32, size: Size, scale: Scale) -> Self {
        let (kept_width, kept_height) = largest(width, height, size);
        let (left, top) = ((f64::from(width) - kept_width) / 2.0, (f64::from(height) - kept_height) / 2.0);
        let denominator = f64::from(scale.denominator());
        let (left, top) = (left / denominator, top / denominator);
        let (kept_width, kept_height) = (kept_width / denominator, kept_height / denominator);
        let times = (kept_width / f64::from(size.width())).min(kept_height / f64::from(size.height()));
        let factor = whole(times / REDUCED_SCALE).clamp(1, MAX_FACTOR);
        let (width, height) = (width.div_ceil(scale.denominator()), height.div_ceil(scale.denominator()));
        let columns = (whole(left), whole((left + kept_width).ceil()).min(width));
        let rows = (whole(top), whole((top + kept_height).ceil()).min(height));
        let divisor = f64::from(factor);
        let kept = Kept {
            left: (left - f64::from(columns.0)) / divisor,
            top: (top - f64::from(rows.0)) / divisor,
            width: kept_width / divisor,
            height: kept_height / divisor,
        };
        Self { factor, columns, rows, kept }
    }

    /// All of `width`×`height` pixels, decoded at `scale`, of which pictures are wanted that are at least `times`
    /// smaller.
    pub(crate) fn whole((width, height): (u32, u32), scale: Scale, times: f64) -> Self {
        let denominator = scale.denominator();
        let factor = whole(times / f64::from(denominator) / WHOLE_SCALE).clamp(1, MAX_FACTOR);
        let divisor = f64::from(denominator) * f64::from(factor);
        let kept = Kept {
            left: 0.0,
            top: 0.0,
            width: f64::from(width) / divisor,
            height: f64::from(height) / divisor,
        };
        Self {
            factor,
            columns: (0, width.div_ceil(denominator)),
            rows: (0, height.div_ceil(denominator)),
            kept,
        }
    }

    /// Width and height of the reduced picture.
    pub(super) fn reduced_size(&self) -> (u32, u32) {
        let cells = |(from, to): (u32, u32)| (to - from).div_ceil(self.factor);
        (cells(self.columns), cells(self.rows))
    }

    /// What the reduced picture takes while it is summed: 8 bytes for the average of a square, and up to 16 for its
    /// sum.
    pub(crate) fn reducing_bytes(&self, order: Order) -> u64 {
        let squares = self.squares();
        let sums = match order {
            _ if self.factor == 1 => 0,
            Order::Rows => u64::from(self.reduced_size().0),
            Order::Any => squares,
        };
        // A row of samples and their light, where these have to be computed.
        let row = u64::from(self.columns.1 - self.columns.0) * 8;
        squares * 8 + sums * 16 + row
    }

    /// What is taken after decoding, until the thumbnail of `size` has its pixels. The reduced picture, 8 bytes a
    /// square, is turned (8 more), or resized: that takes shares and a window of rows in floats of four bytes, up to
    /// four of them a pixel, and 3 bytes a pixel of the thumbnail.
    pub(crate) fn resizing_bytes(&self, size: Size) -> u64 {
        let (across, down) = self.reduced_size();
        let (width, height) = (u64::from(size.width()), u64::from(size.height()));
        // As many rows become one, or columns, but for rounding.
        let taps = |from: u32, to: u64| (6 * u64::from(from)).div_ceil(to).max(6) + 4;
        let (taps_across, taps_down) = (taps(across, width), taps(down, height));
        let longest = u64::from(across.max(down));
        let shares = (taps_across * width * 5 + taps_down * height * 5) * 4 + (width + height) * 8;
        let window = (taps_across.max(taps_down) + 2) * (longest + 8) * 16;
        self.squares() * 8 + (self.squares() * 8).max(shares + window + width * height * 3)
    }

    fn squares(&self) -> u64 {
        let (width, height) = self.reduced_size();
        u64::from(width) * u64::from(height)
    }
}

/// Width and height of the largest part of `width`×`height` pixels with the shape of `size`.
fn largest(width: u32, height: u32, size: Size) -> (f64, f64) {
    let (source_width, source_height) = (f64::from(width), f64::from(height));
    let (target_width, target_height) = (f64::from(size.width()), f64::from(size.height()));
    let is_tall = u64::from(width) * u64::from(size.height()) <= u64::from(height) * u64::from(size.width());
    if is_tall {
        (source_width, (source_width * target_height / target_width).min(source_height))
    } else {
        ((source_height * target_width / target_height).min(source_width), source_height)
    }
}

/// How many times smaller a decoder may make a picture of which a thumbnail of `size` is wanted.
pub(crate) fn spare(width: u32, height: u32, size: Size) -> f64 {
    let (width, height) = largest(width, height, size);
    (width / f64::from(size.width())).min(height / f64::from(size.height())) / DECODED_SCALE
}

/// The whole part of a number of pixels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length in pixels, from u32")]
fn whole(pixels: f64) -> u32 {
    pixels as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(width: u32, height: u32) -> Size {
        Size::new(width, height).unwrap()
    }

    fn kept(left: f64, top: f64, width: f64, height: f64) -> Kept {
        Kept { left, top, width, height }
    }

    #[test]
    fn keeps_the_middle() {
        let crop = Crop::cover(4000, 3000, size(100, 100), Scale::Full);
        assert_eq!((crop.factor, crop.columns, crop.rows), (10, (500, 3500), (0, 3000)));
        assert_eq!((crop.kept, crop.reduced_size()), (kept(0.0, 0.0, 300.0, 300.0), (300, 300)));
        let crop = Crop::cover(3000, 4000, size(100, 100), Scale::Full);
        assert_eq!((crop.columns, crop.rows), ((0, 3000), (500, 3500)));
    }

    #[test]
    fn keeps_fractions_of_pixels() {
        let crop = Crop::cover(301, 200, size(100, 100), Scale::Full);
        assert_eq!((crop.factor, crop.columns), (1, (50, 251)));
        assert_eq!(crop.kept, kept(0.5, 0.0, 200.0, 200.0));
    }

    #[test]
    fn always_lies_inside_the_picture() {
        let sides = [1, 2, 3, 99, 100, 101, 300, 599, 600, 601, 1999, 16_384, 65_535, 268_435_456];
        for (width, height) in sides.iter().flat_map(|&w| sides.map(|h| (w, h))) {
            for target in [size(100, 100), size(1, 4096), size(4096, 1), size(7, 3), size(1, 1)] {
                for scale in [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth] {
                    let crop = Crop::cover(width, height, target, scale);
                    let is_inside =
                        |(from, to), side: u32| from < to && to <= side.div_ceil(scale.denominator());
                    let is_inside = is_inside(crop.columns, width) && is_inside(crop.rows, height);
                    assert!(is_inside, "{width}×{height} {crop:?}");
                }
            }
        }
    }
}
