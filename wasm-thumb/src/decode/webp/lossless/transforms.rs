//! What was done to the pixels before they were coded, undone row by row (RFC 9649, section 3.5).
//!
//! A pixel is a number: alpha, red, green and blue from the top.
#![expect(clippy::cast_possible_truncation, reason = "bytes of a pixel")]

use super::predict;

pub(super) const OPAQUE: u32 = 0xFF00_0000;

/// A value for each square of 2ⁿ pixels.
pub(super) struct Squares {
    pub(super) values: Vec<u32>,
    /// n.
    pub(super) bits: u32,
    /// Squares across.
    pub(super) across: usize,
}

impl Squares {
    /// The values of the squares that row `y` runs through.
    pub(super) fn row(&self, y: usize) -> &[u32] {
        let start = (y >> self.bits) * self.across;
        self.values.get(start..start + self.across).unwrap_or_default()
    }
}

/// One of the four transforms.
pub(super) enum Transform {
    Predict(Squares),
    Colour(Squares),
    AddGreen,
    /// A palette, and how many pixels a number holds, as a power of two.
    Palette {
        colours: Vec<u32>,
        pixels_bits: u32,
    },
}

/// Undoes a transform of row `y`. `above` is the row before, as this transform left it.
pub(super) fn undo(transform: &Transform, y: usize, width: usize, row: &mut Vec<u32>, above: &mut Vec<u32>) {
    match transform {
        Transform::Predict(squares) => {
            if y == 0 {
                predict::undo_first_row(row);
            } else {
                predict::undo(squares, y, row, above);
            }
            above.clear();
            above.extend_from_slice(row);
            above.push(0);
        }
        Transform::Colour(squares) => {
            for (pixels, factors) in row.chunks_mut(1 << squares.bits).zip(squares.row(y)) {
                for pixel in pixels {
                    *pixel = with_colour(*pixel, *factors);
                }
            }
        }
        Transform::AddGreen => {
            for pixel in row {
                let green = *pixel >> 8 & 0xFF;
                *pixel =
                    *pixel & 0xFF00_FF00 | ((*pixel & 0x00FF_00FF) + (green << 16 | green)) & 0x00FF_00FF;
            }
        }
        Transform::Palette { colours, pixels_bits } => {
            let bits = 8 >> pixels_bits;
            let colour = |index: u32| colours.get(index as usize).copied().unwrap_or(0);
            if *pixels_bits == 0 {
                for pixel in row {
                    *pixel = colour(*pixel >> 8 & 0xFF);
                }
                return;
            }
            let packed = std::mem::take(row);
            let pixels = packed.iter().flat_map(|number| {
                (0..1 << pixels_bits).map(move |n| number >> 8 >> (n * bits) & ((1 << bits) - 1))
            });
            row.extend(pixels.take(width).map(colour));
        }
    }
}

/// The sum of each of the four bytes.
pub(super) fn add(a: u32, b: u32) -> u32 {
    let even = (a & 0x00FF_00FF) + (b & 0x00FF_00FF);
    let odd = (a >> 8 & 0x00FF_00FF) + (b >> 8 & 0x00FF_00FF);
    even & 0x00FF_00FF | (odd & 0x00FF_00FF) << 8
}

/// Red and blue, of which a part of green, and of blue a part of red, had been taken.
fn with_colour(pixel: u32, factors: u32) -> u32 {
    let part = |factor: u32, value: u32| (i32::from(factor as i8) * i32::from(value as i8)) >> 5;
    let green = pixel >> 8;
    let red = (pixel >> 16).wrapping_add(part(factors, green).cast_unsigned()) & 0xFF;
    let of_green = part(factors >> 8, green).cast_unsigned();
    let of_red = part(factors >> 16, red).cast_unsigned();
    let blue = pixel.wrapping_add(of_green).wrapping_add(of_red) & 0xFF;
    pixel & 0xFF00_FF00 | red << 16 | blue
}
