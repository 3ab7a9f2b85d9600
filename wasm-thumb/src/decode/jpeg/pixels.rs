//! From the components' planes to pixels: chroma is brought to full size, and colours become RGB.
//!
//! Samples of chroma lie in the middle of the pixels that they are for (JFIF 1.02). Where there is one for two
//! pixels, each pixel takes 3/4 of the nearer and 1/4 of the farther sample; otherwise the nearest.
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "of 8 bits by what is computed")]

use super::frame::{Colour, Frame};
use super::planes::Plane;
use crate::Error;
use crate::decode::Scale;
use crate::limits::zeroes;

/// The finished pixels: a byte each if the picture is grey, red, green and blue otherwise.
pub(super) fn finish(frame: &Frame, planes: &[Plane], scale: Scale) -> Result<Vec<u8>, Error> {
    let (width, height) = frame.scaled(scale);
    let bytes_each = if frame.colour == Colour::Gray { 1 } else { 3 };
    let mut pixels = zeroes(width * height * bytes_each)?;
    let mut rows = planes.iter().map(|_| vec![0; width]).collect::<Vec<Vec<u8>>>();
    let mut blended = Vec::new();
    for (y, out) in pixels.chunks_exact_mut(width * bytes_each).enumerate() {
        for ((plane, component), row) in planes.iter().zip(&frame.components).zip(&mut rows) {
            let (most_h, most_v) = frame.most;
            if (component.h, component.v) == (most_h, most_v) {
                row.copy_from_slice(plane.row(y));
                continue;
            }
            // A sample for more than two pixels, across or down, is not blended with others.
            let is_half = |factor: usize, most: usize| factor == most || 2 * factor == most;
            let is_smooth = is_half(component.h, most_h) && is_half(component.v, most_v);
            blend(plane, y, (component.v, most_v), is_smooth, &mut blended);
            spread(&blended, (component.h, most_h), is_smooth, row);
        }
        convert(frame.colour, &rows, out);
    }
    Ok(pixels)
}

/// Four times the row of a plane at row `y` of the picture.
fn blend(plane: &Plane, y: usize, (v, most): (usize, usize), is_smooth: bool, blended: &mut Vec<u16>) {
    let (near, far) = if is_smooth && 2 * v == most {
        (y / 2, if y.is_multiple_of(2) { (y / 2).saturating_sub(1) } else { y / 2 + 1 })
    } else {
        let nearest = (2 * y + 1) * v / (2 * most);
        (nearest, nearest)
    };
    let samples = plane.row(near).iter().zip(plane.row(far));
    blended.clear();
    blended.extend(samples.map(|(&near, &far)| 3 * u16::from(near) + u16::from(far)));
}

/// A row of four times the samples, at the picture's width.
fn spread(blended: &[u16], (h, most): (usize, usize), is_smooth: bool, row: &mut [u8]) {
    if !is_smooth || 2 * h != most {
        for (x, out) in row.iter_mut().enumerate() {
            let at = ((2 * x + 1) * h / (2 * most)).min(blended.len().saturating_sub(1));
            *out = (blended.get(at).map_or(0, |four| four + 2) >> 2) as u8;
        }
        return;
    }
    let last = blended.last().copied().unwrap_or_default();
    let mut before = blended.first().copied().unwrap_or_default();
    let after = blended.iter().skip(1).chain(std::iter::once(&last));
    for ((pair, &here), &after) in row.chunks_mut(2).zip(blended).zip(after) {
        // Rounded up and down in turn, so that there is no drift.
        for (out, value) in pair.iter_mut().zip([3 * here + before + 8, 3 * here + after + 7]) {
            *out = (value >> 4) as u8;
        }
        before = here;
    }
}

fn convert(colour: Colour, rows: &[Vec<u8>], out: &mut [u8]) {
    match (colour, rows) {
        (Colour::Gray, [y]) => out.copy_from_slice(y),
        (Colour::YCbCr, [y, cb, cr]) => {
            for (((out, &y), &cb), &cr) in out.as_chunks_mut().0.iter_mut().zip(y).zip(cb).zip(cr) {
                *out = rgb(y, cb, cr);
            }
        }
        (Colour::Rgb, [r, g, b]) => {
            for (((out, &r), &g), &b) in out.as_chunks_mut().0.iter_mut().zip(r).zip(g).zip(b) {
                *out = [r, g, b];
            }
        }
        (Colour::Cmyk | Colour::Ycck, [c, m, y, k]) => {
            let inks = c.iter().zip(m).zip(y).zip(k);
            for (out, (((&c, &m), &y), &k)) in out.as_chunks_mut().0.iter_mut().zip(inks) {
                let inks = if colour == Colour::Ycck { rgb(c, m, y).map(|c| 255 - c) } else { [c, m, y] };
                *out = inks.map(|ink| under(ink, k));
            }
        }
        _ => {}
    }
}

/// JFIF 1.02, with 16 bits behind the point.
#[inline]
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = ((i32::from(y) << 16) + 32_768, i32::from(cb) - 128, i32::from(cr) - 128);
    [y + 91_881 * cr, y - 22_554 * cb - 46_802 * cr, y + 116_130 * cb]
        .map(|value| (value >> 16).clamp(0, 255) as u8)
}

/// What an ink lets through under black: a product of fractions of 255, both inverted.
#[inline]
fn under(ink: u8, black: u8) -> u8 {
    ((u32::from(ink) * u32::from(black) + 127) / 255) as u8
}
