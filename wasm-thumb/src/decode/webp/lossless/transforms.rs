//! What was done to the pixels before they were coded, undone row by row (RFC 9649, section 3.5).
//!
//! A pixel is a number: alpha, red, green and blue from the top.
#![expect(clippy::cast_possible_truncation, reason = "bytes of a pixel")]
#![expect(clippy::inline_always, reason = "what is predicted is known where it is called, and only there")]

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
                first_row(row);
            } else {
                predict(squares, y, row, above);
            }
            above.clone_from(row);
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

/// The average of each of the four bytes, rounded down.
fn average(a: u32, b: u32) -> u32 {
    ((a ^ b) & 0xFEFE_FEFE) / 2 + (a & b)
}

fn each(a: u32, b: u32, c: u32, of: impl Fn(i32, i32, i32) -> i32) -> u32 {
    let byte = |shift: u32| {
        let at = |value: u32| (value >> shift & 0xFF).cast_signed();
        of(at(a), at(b), at(c)).clamp(0, 255).cast_unsigned() << shift
    };
    byte(0) | byte(8) | byte(16) | byte(24)
}

/// The one of two neighbours that is nearer to what both and the one between them suggest.
fn select(left: u32, above: u32, corner: u32) -> u32 {
    let distance = |a: u32, b: u32| -> u32 {
        a.to_le_bytes().into_iter().zip(b.to_le_bytes()).map(|(a, b)| u32::from(a.abs_diff(b))).sum()
    };
    if distance(above, corner) < distance(left, corner) { left } else { above }
}

fn first_row(row: &mut [u32]) {
    let mut left = OPAQUE;
    for pixel in row {
        left = add(*pixel, left);
        *pixel = left;
    }
}

fn predict(squares: &Squares, y: usize, row: &mut [u32], above: &[u32]) {
    let Some((first, &corner)) = row.first_mut().zip(above.first()) else { return };
    *first = add(*first, corner);
    // The last pixel has none above to the right: the first of its own row follows there.
    let after = *first;
    let side = 1 << squares.bits;
    let mut left = after;
    for (n, mode) in squares.row(y).iter().enumerate() {
        let (from, to) = ((n * side).max(1), ((n + 1) * side).min(row.len()));
        let Some((pixels, above)) = row.get_mut(from..to).zip(above.get(from - 1..)) else { return };
        let above = Above { pixels: above, after };
        left = match mode >> 8 & 15 {
            1 => above.undo(pixels, left, |left, _| left),
            2 => above.undo(pixels, left, |_, [_, above, _]| above),
            3 => above.undo(pixels, left, |_, [_, _, right]| right),
            4 => above.undo(pixels, left, |_, [corner, _, _]| corner),
            5 => above.undo(pixels, left, |left, [_, above, right]| average(average(left, right), above)),
            6 => above.undo(pixels, left, |left, [corner, _, _]| average(left, corner)),
            7 => above.undo(pixels, left, |left, [_, above, _]| average(left, above)),
            8 => above.undo(pixels, left, |_, [corner, above, _]| average(corner, above)),
            9 => above.undo(pixels, left, |_, [_, above, right]| average(above, right)),
            10 => above.undo(pixels, left, |left, [corner, above, right]| {
                average(average(left, corner), average(above, right))
            }),
            11 => above.undo(pixels, left, |left, [corner, above, _]| select(left, above, corner)),
            12 => above.undo(pixels, left, |left, [corner, above, _]| {
                each(left, above, corner, |left, above, corner| left + above - corner)
            }),
            13 => above.undo(pixels, left, |left, [corner, above, _]| {
                let middle = average(left, above);
                each(middle, corner, 0, |middle, corner, _| middle + (middle - corner) / 2)
            }),
            _ => above.undo(pixels, left, |_, _| OPAQUE),
        };
    }
}

/// The row above, from the pixel to the left of the first one on.
struct Above<'a> {
    pixels: &'a [u32],
    /// What follows the last pixel.
    after: u32,
}

impl Above<'_> {
    /// Adds to pixels what is predicted from the one to the left and the three above. Returns the last one.
    #[inline(always)]
    fn undo(&self, pixels: &mut [u32], mut left: u32, predict: impl Fn(u32, [u32; 3]) -> u32) -> u32 {
        let whole = self.pixels.len().saturating_sub(2);
        let (most, last) = pixels.split_at_mut(pixels.len().min(whole));
        for (pixel, above) in most.iter_mut().zip(self.pixels.windows(3)) {
            left = add(*pixel, predict(left, [above[0], above[1], above[2]]));
            *pixel = left;
        }
        if let (Some(pixel), [.., corner, above]) = (last.first_mut(), self.pixels) {
            left = add(*pixel, predict(left, [*corner, *above, self.after]));
            *pixel = left;
        }
        left
    }
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
