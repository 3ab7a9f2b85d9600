//! From decoded pixels to linear light, averaging squares of whole pixels on the way.
//!
//! One pass over the rows that are kept; apart from the result it takes one row of sums. All in integers: the
//! average is exact but for its last rounding.

use super::{Crop, Reduced};
use crate::colour::srgb::{LINEAR_OF_8, linear_of_16};
use crate::decode::{Channels, Depth, Pixels};

/// Red, green, blue, each times alpha, and alpha: linear light of 0 to 65535.
type Light = [u32; 4];

const OPAQUE: u32 = 65_535;

/// Averages the part of the picture that is kept. Encoded values are taken for sRGB.
pub(crate) fn reduce(pixels: &Pixels, crop: &Crop) -> Reduced {
    use Channels::{Gray, GrayAlpha, Rgb, Rgba};
    match (pixels.depth, pixels.channels) {
        (Depth::Eight, Gray) => average(pixels, crop, |&[y]| gray(light_8(y))),
        (Depth::Eight, GrayAlpha) => {
            average(pixels, crop, |&[y, a]| veil(gray(light_8(y)), u32::from(a) * 257))
        }
        (Depth::Eight, Rgb) => {
            average(pixels, crop, |&[r, g, b]| [light_8(r), light_8(g), light_8(b), OPAQUE])
        }
        (Depth::Eight, Rgba) => average(pixels, crop, |&[r, g, b, a]| {
            veil([light_8(r), light_8(g), light_8(b), OPAQUE], u32::from(a) * 257)
        }),
        (Depth::Sixteen, Gray) => average(pixels, crop, |p: &[u8; 2]| gray(light_16(u16_at(p, 0)))),
        (Depth::Sixteen, GrayAlpha) => {
            average(pixels, crop, |p: &[u8; 4]| veil(gray(light_16(u16_at(p, 0))), u16_at(p, 1).into()))
        }
        (Depth::Sixteen, Rgb) => average(pixels, crop, |p: &[u8; 6]| rgb(|i| light_16(u16_at(p, i)))),
        (Depth::Sixteen, Rgba) => {
            average(pixels, crop, |p: &[u8; 8]| veil(rgb(|i| light_16(u16_at(p, i))), u16_at(p, 3).into()))
        }
        (Depth::Float, Gray) => average(pixels, crop, |p: &[u8; 4]| gray(light_16(float_at(p, 0)))),
        (Depth::Float, GrayAlpha) => {
            average(pixels, crop, |p: &[u8; 8]| veil(gray(light_16(float_at(p, 0))), float_at(p, 1).into()))
        }
        (Depth::Float, Rgb) => average(pixels, crop, |p: &[u8; 12]| rgb(|i| light_16(float_at(p, i)))),
        (Depth::Float, Rgba) => average(pixels, crop, |p: &[u8; 16]| {
            veil(rgb(|i| light_16(float_at(p, i))), float_at(p, 3).into())
        }),
    }
}

/// Averages squares of `crop.factor` pixels of `N` bytes each, those at the right and lower edge as far as they go.
fn average<const N: usize>(pixels: &Pixels, crop: &Crop, light: impl Fn(&[u8; N]) -> Light) -> Reduced {
    let (width, height) = crop.reduced_size();
    let (from, to) = (crop.columns.0 as usize, crop.columns.1 as usize);
    let factor = crop.factor as usize;
    let rows = pixels.bytes.as_chunks::<N>().0.chunks_exact(pixels.width as usize);
    let rows = rows.take(crop.rows.1 as usize).skip(crop.rows.0 as usize);
    let mut reduced = Vec::with_capacity(width as usize * height as usize);
    let mut sums = vec![[0u64; 4]; width as usize];
    let mut rows_summed = 0;
    let mut rows_left = (crop.rows.1 - crop.rows.0) as usize;
    for row in rows {
        for (sum, cell) in sums.iter_mut().zip(row[from..to].chunks(factor)) {
            // A row is at most 65,536 pixels of 16 bits for each square, which 32 bits hold.
            let mut partial = [0u32; 4];
            for pixel in cell {
                let light = light(pixel);
                partial = std::array::from_fn(|i| partial[i] + light[i]);
            }
            *sum = std::array::from_fn(|i| sum[i] + u64::from(partial[i]));
        }
        rows_summed += 1;
        rows_left -= 1;
        if rows_summed == factor || rows_left == 0 {
            let mut columns_left = to - from;
            for sum in &mut sums {
                let count = (columns_left.min(factor) * rows_summed) as u64;
                columns_left -= columns_left.min(factor);
                // An average of 16-bit values has 16 bits.
                reduced.push(sum.map(|s| u16::try_from((s + count / 2) / count).unwrap_or(u16::MAX)));
                *sum = [0; 4];
            }
            rows_summed = 0;
        }
    }
    Reduced { width, height, pixels: reduced }
}

fn light_8(encoded: u8) -> u32 {
    u32::from(LINEAR_OF_8[usize::from(encoded)])
}

fn light_16(encoded: u16) -> u32 {
    u32::from(linear_of_16(encoded))
}

fn gray(light: u32) -> Light {
    [light, light, light, OPAQUE]
}

fn rgb(light: impl Fn(usize) -> u32) -> Light {
    [light(0), light(1), light(2), OPAQUE]
}

/// The colour times an alpha of 0 to 65535.
fn veil(colour: Light, alpha: u32) -> Light {
    let times = |light: u32| (light * alpha + OPAQUE / 2) / OPAQUE;
    [times(colour[0]), times(colour[1]), times(colour[2]), alpha]
}

fn u16_at(pixel: &[u8], index: usize) -> u16 {
    u16::from_ne_bytes([pixel[2 * index], pixel[2 * index + 1]])
}

/// A float of 0 to 1 as 0 to 65535; what is no number counts as 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn float_at(pixel: &[u8], index: usize) -> u16 {
    let bytes = [pixel[4 * index], pixel[4 * index + 1], pixel[4 * index + 2], pixel[4 * index + 3]];
    (f32::from_ne_bytes(bytes).clamp(0.0, 1.0) * 65_535.0 + 0.5) as u16
}
