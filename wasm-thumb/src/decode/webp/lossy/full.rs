//! Pixels at full scale: filtered, chroma brought to full size.
//!
//! The filter changes up to three rows above a row of macroblocks, and a row of pixels needs chroma from the next
//! row of samples: so what is below the middle of a row of macroblocks waits for the next one.

use super::super::defect::Defect;
use super::super::{Emit, Part};
use super::colour::{convert, upsample};
use super::filter::{self, Strength, Window};
use super::predict::Work;
use crate::Error;
use crate::limits::zeroes;

/// Rows kept from the row of macroblocks before: of luma and of chroma.
const KEPT: [usize; 3] = [8, 4, 4];
const SIDES: [usize; 3] = [16, 8, 8];

/// The planes of a row of macroblocks, and what lines of pixels are made in.
pub(super) struct Full {
    planes: [Vec<u8>; 3],
    /// Pixels from row to row, by plane.
    strides: [usize; 3],
    strengths: Vec<Strength>,
    /// Width and height of the picture.
    size: (usize, usize),
    wanted: Part,
    chroma: [Vec<u8>; 2],
    rgb: Vec<u8>,
}

impl Full {
    /// Bytes a macroblock's column takes.
    pub(super) const BYTES: u64 = 24 * 16 + 2 * 12 * 8 + 16 * 5 + 8;

    pub(super) fn new(size: (usize, usize), wanted: Part) -> Result<Self, Error> {
        let blocks = size.0.div_ceil(16);
        let strides = SIDES.map(|side| side * blocks);
        let plane = |i: usize| zeroes((KEPT[i] + SIDES[i]) * strides[i]);
        Ok(Self {
            planes: [plane(0)?, plane(1)?, plane(2)?],
            strides,
            strengths: vec![Strength::default(); blocks],
            size,
            wanted,
            chroma: [zeroes(size.0)?, zeroes(size.0)?],
            rgb: zeroes(3 * size.0)?,
        })
    }

    /// Takes a macroblock.
    pub(super) fn put(&mut self, x: usize, work: &Work, strength: Strength) {
        if let Some(kept) = self.strengths.get_mut(x) {
            *kept = strength;
        }
        let [luma, u, v] = &mut self.planes;
        let [_, stride, _] = self.strides;
        for (y, row) in luma.chunks_exact_mut(2 * stride).skip(KEPT[0]).enumerate() {
            if let Some(pixels) = row.get_mut(16 * x..16 * x + 16) {
                pixels.copy_from_slice(work.luma().row(y));
            }
        }
        for (plane, block) in [u, v].into_iter().zip(work.chroma()) {
            for (y, row) in plane.chunks_exact_mut(stride).skip(KEPT[1]).enumerate() {
                if let Some(pixels) = row.get_mut(8 * x..8 * x + 8) {
                    pixels.copy_from_slice(block.row(y));
                }
            }
        }
    }

    /// Filters row `y` of macroblocks and hands over the rows of pixels that are finished with it.
    pub(super) fn finish_row(&mut self, y: usize, is_simple: bool, emit: &mut Emit) -> Result<(), Defect> {
        let mut plane = 0;
        let mut windows = self.planes.each_mut().map(|pixels| {
            let window =
                Window { pixels, stride: self.strides[plane], before: KEPT[plane], side: SIDES[plane] };
            plane += 1;
            window
        });
        filter::row(&mut windows, &self.strengths, is_simple, y == 0);
        let height = self.size.1;
        let from = (16 * y).saturating_sub(7);
        let to = if 16 * (y + 1) >= height { height } else { 16 * y + 9 };
        for row in from.max(self.wanted.rows.0)..to.min(self.wanted.rows.1) {
            self.finish_pixels(row, 16 * y, height.div_ceil(2), emit)?;
        }
        for ((plane, stride), (kept, side)) in
            self.planes.iter_mut().zip(self.strides).zip(KEPT.into_iter().zip(SIDES))
        {
            plane.copy_within(side * stride..(side + kept) * stride, 0);
        }
        Ok(())
    }

    /// Hands over the rows that wait for row `y` of macroblocks, as there is none.
    pub(super) fn finish_without(&mut self, y: usize, emit: &mut Emit) -> Result<(), Defect> {
        let from = (16 * y).saturating_sub(7);
        for row in from.max(self.wanted.rows.0)..(16 * y).min(self.wanted.rows.1) {
            self.finish_pixels(row, 16 * y, 8 * y, emit)?;
        }
        Ok(())
    }

    /// Hands over row `y`; the planes' rows of macroblocks begin at row `top`, and of chroma there are so many rows.
    fn finish_pixels(
        &mut self,
        y: usize,
        top: usize,
        chroma_rows: usize,
        emit: &mut Emit,
    ) -> Result<(), Defect> {
        let width = self.size.0;
        let line = |plane: usize, y: usize, top: usize, width: usize| {
            let start = (y + KEPT[plane] - top) * self.strides[plane];
            self.planes[plane].get(start..start + width).unwrap_or_default()
        };
        let near = y / 2;
        let far = if y.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(chroma_rows - 1) };
        for (plane, full) in self.chroma.iter_mut().enumerate() {
            let line = |y| line(plane + 1, y, top / 2, width.div_ceil(2));
            upsample(line(near), line(far), full);
        }
        let (from, to) = self.wanted.columns;
        let luma = line(0, y, top, width).get(from..to).unwrap_or_default();
        let [u, v] = self.chroma.each_ref().map(|chroma| chroma.get(from..to).unwrap_or_default());
        let rgb = self.rgb.get_mut(..3 * (to - from)).unwrap_or_default();
        convert(luma, [u, v], rgb);
        emit(y, rgb)
    }
}
