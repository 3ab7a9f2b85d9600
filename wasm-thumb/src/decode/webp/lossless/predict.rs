//! The predictor transform (RFC 9649, section 3.5.1) undone: to a pixel is added what its neighbours let expect.
//!
//! Where the pixel to the left is among these, each waits for the one before. There the four bytes of a pixel are lanes
//! of 16 bits in a word, so that a few operations on the word are a step of all four.
#![expect(clippy::cast_possible_truncation, reason = "bytes of a pixel")]
#![expect(clippy::inline_always, reason = "what is predicted is known where it is called, and only there")]

use super::transforms::{OPAQUE, Squares, add};

/// The lower byte of each lane, and 1 in each.
const BYTES: u64 = 0x00FF_00FF_00FF_00FF;
const ONES: u64 = 0x0001_0001_0001_0001;

/// A pixel in lanes: blue, red, green and alpha from the bottom.
type Lanes = u64;

/// The neighbours above: to the left, straight and to the right.
type Above = [Lanes; 3];

/// Undoes the first row, where there is only the left.
pub(super) fn undo_first_row(row: &mut [u32]) {
    by_left(row, &[], OPAQUE, |left, _| left);
}

/// Undoes row `y`. `above` is the row before, once it was undone, and one pixel more.
pub(super) fn undo(squares: &Squares, y: usize, row: &mut [u32], above: &mut [u32]) {
    let Some((first, &corner)) = row.first_mut().zip(above.first()) else { return };
    *first = add(*first, corner);
    let mut left = *first;
    // The last pixel has none above to the right: the first of its own row follows there.
    if let Some(after) = above.get_mut(row.len()) {
        *after = left;
    }
    for (n, mode) in squares.row(y).iter().enumerate() {
        let (from, to) = ((n << squares.bits).max(1), ((n + 1) << squares.bits).min(row.len()));
        let Some((pixels, above)) = row.get_mut(from..to).zip(above.get(from - 1..=to)) else { return };
        match mode >> 8 & 15 {
            1 => by_left(pixels, above, left, |left, _| left),
            2 => by_above(pixels, above, |_, above, _| above),
            3 => by_above(pixels, above, |_, _, right| right),
            4 => by_above(pixels, above, |corner, _, _| corner),
            5 => by_left(pixels, above, left, |left, [_, above, right]| mean(mean(left, right), above)),
            6 => by_left(pixels, above, left, |left, [corner, ..]| mean(left, corner)),
            7 => by_left(pixels, above, left, |left, [_, above, _]| mean(left, above)),
            8 => by_above(pixels, above, |corner, above, _| average(corner, above)),
            9 => by_above(pixels, above, |_, above, right| average(above, right)),
            10 => by_left(pixels, above, left, |left, [corner, above, right]| {
                mean(mean(left, corner), mean(above, right))
            }),
            11 => by_left(pixels, above, left, select),
            12 => by_left(pixels, above, left, |left, [corner, above, _]| {
                clamped(left + (above + 256 * ONES - corner))
            }),
            13 => by_left(pixels, above, left, |left, [corner, above, _]| beyond(mean(left, above), corner)),
            _ => by_above(pixels, above, |_, _, _| OPAQUE),
        }
        left = pixels.last().copied().unwrap_or(left);
    }
}

/// Adds what is predicted from the row above alone; nothing waits for anything. `above` begins to the left of the first
/// pixel.
#[inline(always)]
fn by_above(pixels: &mut [u32], above: &[u32], predict: impl Fn(u32, u32, u32) -> u32) {
    let from = |column: usize| above.get(column..).unwrap_or_default().iter();
    let neighbours = from(0).zip(from(1)).zip(from(2));
    for (pixel, ((&corner, &above), &right)) in pixels.iter_mut().zip(neighbours) {
        *pixel = add(*pixel, predict(corner, above, right));
    }
}

/// Adds what is predicted from the pixel to the left and those above. Where there is no row above it is empty.
#[inline(always)]
fn by_left(pixels: &mut [u32], above: &[u32], left: u32, predict: impl Fn(Lanes, Above) -> Lanes) {
    let mut left = apart(left);
    let mut step = |pixel: &mut u32, above: Above| {
        left = (apart(*pixel) + predict(left, above)) & BYTES;
        *pixel = together(left);
    };
    if let Some(([corner, middle], rest)) = above.split_first_chunk() {
        let (mut corner, mut middle) = (apart(*corner), apart(*middle));
        for (pixel, &right) in pixels.iter_mut().zip(rest) {
            let right = apart(right);
            step(pixel, [corner, middle, right]);
            (corner, middle) = (middle, right);
        }
    } else {
        for pixel in pixels {
            step(pixel, [0; 3]);
        }
    }
}

#[inline(always)]
fn apart(pixel: u32) -> Lanes {
    u64::from(pixel & 0x00FF_00FF) | u64::from(pixel & 0xFF00_FF00) << 24
}

#[inline(always)]
fn together(lanes: Lanes) -> u32 {
    lanes as u32 | (lanes >> 24) as u32
}

/// The average of each lane, rounded down.
#[inline(always)]
fn mean(a: Lanes, b: Lanes) -> Lanes {
    (a + b) >> 1 & BYTES
}

/// The average of each of four bytes, rounded down.
#[inline(always)]
fn average(a: u32, b: u32) -> u32 {
    ((a ^ b) & 0xFEFE_FEFE) / 2 + (a & b)
}

/// Each lane less 256, but not below 0 or above 255; lanes are below 768.
#[inline(always)]
fn clamped(lanes: Lanes) -> Lanes {
    let is_above_0 = lanes >> 8 & ONES;
    let is_above_255 = lanes >> 9 & ONES;
    lanes & ((is_above_0 << 8) - is_above_0) | ((is_above_255 << 8) - is_above_255)
}

/// As far beyond the middle of two neighbours as half of how far it is from the one between them, rounded towards it.
#[inline(always)]
fn beyond(middle: Lanes, corner: Lanes) -> Lanes {
    let distance = middle + 256 * ONES - corner;
    let is_negative = !(distance >> 8) & ONES;
    let half = (distance + is_negative) >> 1 & BYTES;
    clamped(middle + half + 128 * ONES)
}

/// The one of two neighbours that is nearer to what both and the one between them suggest.
#[inline(always)]
fn select(left: Lanes, [corner, above, _]: Above) -> Lanes {
    // What is compared is the sum of all lanes, which is chosen without a branch: there is no telling how it goes.
    let is_left = distance(above, corner) < distance(left, corner);
    let mask = u64::from(is_left).wrapping_neg();
    above ^ (above ^ left) & mask
}

/// The sum of the differences of all lanes.
#[inline(always)]
fn distance(a: Lanes, b: Lanes) -> u64 {
    let difference = a + 256 * ONES - b;
    let is_negative = !(difference >> 8) & ONES;
    // Of a negative one, 256 less than the lower byte, all bits are turned around and one is added.
    let turned = (difference & BYTES) ^ ((is_negative << 8) - is_negative);
    (turned + is_negative).wrapping_mul(ONES) >> 48
}
