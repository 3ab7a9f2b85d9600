//! From the components' planes to rows of pixels: chroma is brought to full size, and colours become RGB.
//!
//! Samples of chroma lie in the middle of the pixels that they are for (JFIF 1.02). Where there is one for two
//! pixels, each pixel takes 3/4 of the nearer and 1/4 of the farther sample; otherwise the nearest.
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "of 8 bits by what is computed")]

use super::frame::{Colour, Component, Frame};
use super::planes::Plane;
use crate::decode::{Area, RowSink, Samples, Scale};

/// Hands over the rows that are wanted, from the top.
pub(super) fn hand_over(frame: &Frame, planes: &[Plane], scale: Scale, sink: &mut impl RowSink) {
    let (width, height) = frame.scaled(scale);
    let Area { columns, rows } = sink.wanted();
    let (left, right) = (columns.0 as usize, (columns.1 as usize).min(width));
    let stretches: Vec<_> = frame
        .components
        .iter()
        .zip(planes)
        .map(|(component, plane)| Stretch::new(frame, component, plane, scale))
        .collect();
    let mut spread_rows: Vec<Vec<u8>> = stretches
        .iter()
        .map(|stretch| if stretch.is_none() { Vec::new() } else { vec![0; width.next_multiple_of(2)] })
        .collect();
    let (mut blended, mut pixels) = (Vec::new(), Vec::new());
    for y in rows.0..rows.1.min(height as u32) {
        for ((plane, stretch), row) in planes.iter().zip(&stretches).zip(&mut spread_rows) {
            if !stretch.is_none() {
                stretch.row(plane, y as usize, (left, right), &mut blended, row);
            }
        }
        let row = |component: usize| -> &[u8] {
            let (Some(plane), Some(stretch)) = (planes.get(component), stretches.get(component)) else {
                return &[];
            };
            let row = if stretch.is_none() { plane.row(y as usize) } else { &spread_rows[component] };
            row.get(left..right).unwrap_or_default()
        };
        if frame.colour == Colour::Gray {
            sink.row(y, columns.0, 1, Samples::Eight(row(0)));
            continue;
        }
        let rows = [row(0), row(1), row(2), row(3)];
        convert(frame, rows, &mut pixels);
        sink.row(y, columns.0, 1, Samples::Eight(&pixels));
    }
}

/// How a component's samples become as many as the picture has, across and down: samples for so many pixels.
struct Stretch {
    across: (usize, usize),
    down: (usize, usize),
    /// Whether samples are blended, which is done where there is one for one or two pixels both ways.
    is_smooth: bool,
}

impl Stretch {
    fn new(frame: &Frame, component: &Component, plane: &Plane, scale: Scale) -> Self {
        let side = scale.block_side();
        let across = (component.h * plane.sides.0, frame.most.0 * side);
        let down = (component.v * plane.sides.1, frame.most.1 * side);
        let is_half = |(samples, pixels): (usize, usize)| samples == pixels || 2 * samples == pixels;
        Self { across, down, is_smooth: is_half(across) && is_half(down) }
    }

    fn is_none(&self) -> bool {
        self.across.0 == self.across.1 && self.down.0 == self.down.1
    }

    /// The columns from `left` to `right` (not included) of row `y` of the picture. The row has a place more than the
    /// picture has columns if their number is odd.
    fn row(
        &self,
        plane: &Plane,
        y: usize,
        (left, right): (usize, usize),
        blended: &mut Vec<u16>,
        row: &mut [u8],
    ) {
        let (samples, pixels) = self.across;
        if !self.is_smooth || 2 * samples != pixels {
            self.blend(plane, y, (0, plane.width), blended);
            for (x, out) in row.iter_mut().enumerate().take(right).skip(left) {
                let at = ((2 * x + 1) * samples / (2 * pixels)).min(plane.width.saturating_sub(1));
                *out = (blended.get(1 + at).map_or(0, |four| four + 2) >> 2) as u8;
            }
            return;
        }
        let (from, to) = (left / 2, right.div_ceil(2).min(plane.width));
        self.blend(plane, y, (from, to), blended);
        let pairs = row.get_mut(2 * from..).unwrap_or_default().as_chunks_mut().0;
        for (pair, around) in pairs.iter_mut().zip(blended.windows(3)) {
            // Rounded up and down in turn, so that there is no drift.
            let here = 3 * around[1];
            *pair = [here + around[0] + 8, here + around[2] + 7].map(|value| (value >> 4) as u8);
        }
    }

    /// Four times the samples `from` to `to` (not included) of a plane at row `y` of the picture, and one more before
    /// and after them; at the edges, the last ones again.
    fn blend(&self, plane: &Plane, y: usize, (from, to): (usize, usize), blended: &mut Vec<u16>) {
        let (samples, pixels) = self.down;
        let (near, far) = if self.is_smooth && 2 * samples == pixels {
            (y / 2, if y.is_multiple_of(2) { (y / 2).saturating_sub(1) } else { y / 2 + 1 })
        } else {
            let nearest = (2 * y + 1) * samples / (2 * pixels);
            (nearest, nearest)
        };
        let (near, far) = (plane.row(near), plane.row(far));
        blended.clear();
        let (before, after) = (from.saturating_sub(1), to.min(plane.width.saturating_sub(1)));
        for (from, to) in [(before, before + 1), (from, to), (after, after + 1)] {
            let (near, far) = (near.get(from..to).unwrap_or_default(), far.get(from..to).unwrap_or_default());
            blended.extend(near.iter().zip(far).map(|(&near, &far)| 3 * u16::from(near) + u16::from(far)));
        }
    }
}

/// Red, green and blue of each pixel; or cyan, magenta, yellow and black, 0 for no ink.
fn convert(frame: &Frame, rows: [&[u8]; 4], out: &mut Vec<u8>) {
    let colour = frame.colour;
    let [first, second, third, fourth] = rows;
    let threes = first.iter().zip(second).zip(third).map(|((&a, &b), &c)| [a, b, c]);
    if !matches!(colour, Colour::Cmyk | Colour::Ycck) {
        out.resize(first.len() * 3, 0);
        let pixels = out.as_chunks_mut().0.iter_mut().zip(threes);
        match colour {
            Colour::Rgb => pixels.for_each(|(out, rgb)| *out = rgb),
            _ => pixels.for_each(|(out, ycc)| *out = rgb(ycc)),
        }
        return;
    }
    out.resize(first.len() * 4, 0);
    let turn = if frame.has_inverted_inks { 255 } else { 0 };
    for ((out, inks), &black) in out.as_chunks_mut().0.iter_mut().zip(threes).zip(fourth) {
        // What luma and chroma tell is the light that each ink lets through; stored, again, as ink.
        let [cyan, magenta, yellow] =
            if colour == Colour::Ycck { rgb(inks).map(|light| 255 - light) } else { inks };
        *out = [cyan, magenta, yellow, black].map(|ink| ink ^ turn);
    }
}

/// JFIF 1.02, with 16 bits behind the point.
#[inline]
fn rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = ((i32::from(y) << 16) + 32_768, i32::from(cb) - 128, i32::from(cr) - 128);
    [y + 91_881 * cr, y - 22_554 * cb - 46_802 * cr, y + 116_130 * cb]
        .map(|value| (value >> 16).clamp(0, 255) as u8)
}
