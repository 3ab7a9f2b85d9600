//! Pixels at 1/2, 1/4 or 1/8: averages of squares, which need neither the filter nor chroma at full size.
//!
//! A picture that is made smaller is smoothed more by that than by the filter. At 1/2 each pixel has its own
//! chroma; smaller ones take averages of chroma too.
#![expect(clippy::cast_possible_truncation, reason = "averages of bytes are bytes")]

use super::super::defect::Defect;
use super::super::{Emit, Part};
use super::colour::convert;
use super::predict::{Block, FIRST, Work};
use crate::Error;
use crate::limits::zeroes;

/// Lines of averages of a row of macroblocks.
pub(super) struct Shrunk {
    /// Averages across a macroblock: 8, 4 or 2.
    side: usize,
    /// Luma and chroma.
    lines: [Vec<u8>; 3],
    rgb: Vec<u8>,
    wanted: Part,
    stride: usize,
}

impl Shrunk {
    /// Bytes a macroblock's column takes.
    pub(super) const BYTES: u64 = 3 * 64 + 3 * 8;

    pub(super) fn new(side: usize, blocks: usize, wanted: Part) -> Result<Self, Error> {
        let stride = side * blocks;
        let lines = || zeroes(side * stride);
        let rgb = zeroes(3 * (wanted.columns.1 - wanted.columns.0))?;
        Ok(Self { side, lines: [lines()?, lines()?, lines()?], rgb, wanted, stride })
    }

    /// Takes a macroblock.
    pub(super) fn put(&mut self, x: usize, work: &Work) {
        let at = x * self.side;
        if at >= self.wanted.columns.1 || at + self.side <= self.wanted.columns.0 {
            return;
        }
        let [luma, u, v] = &mut self.lines;
        let [work_u, work_v] = work.chroma();
        let (luma, u, v) =
            (lines(luma, self.stride, at), lines(u, self.stride, at), lines(v, self.stride, at));
        match self.side {
            8 => {
                averages::<2, 17>(work.luma(), luma);
                averages::<1, 9>(work_u, u);
                averages::<1, 9>(work_v, v);
            }
            4 => {
                averages::<4, 17>(work.luma(), luma);
                averages::<2, 9>(work_u, u);
                averages::<2, 9>(work_v, v);
            }
            _ => {
                averages::<8, 17>(work.luma(), luma);
                averages::<4, 9>(work_u, u);
                averages::<4, 9>(work_v, v);
            }
        }
    }

    /// Hands over the rows of pixels of row `y` of macroblocks.
    pub(super) fn finish_row(&mut self, y: usize, emit: &mut Emit) -> Result<(), Defect> {
        let (from, to) = self.wanted.columns;
        let top = y * self.side;
        for y in top.max(self.wanted.rows.0)..(top + self.side).min(self.wanted.rows.1) {
            let start = (y - top) * self.stride;
            let [luma, u, v] =
                self.lines.each_ref().map(|lines| lines.get(start + from..start + to).unwrap_or_default());
            convert(luma, [u, v], &mut self.rgb);
            emit(y, &self.rgb)?;
        }
        Ok(())
    }
}

/// The lines from column `at` on.
fn lines(plane: &mut [u8], stride: usize, at: usize) -> impl Iterator<Item = &mut [u8]> {
    plane.chunks_exact_mut(stride).map(move |line| line.get_mut(at..).unwrap_or_default())
}

/// Averages squares of `N`×`N` pixels.
fn averages<'a, const N: usize, const ROWS: usize>(
    block: &Block<ROWS>,
    lines: impl Iterator<Item = &'a mut [u8]>,
) {
    for (rows, line) in block.0[1..].as_chunks::<N>().0.iter().zip(lines) {
        // Sums down, of which neighbours are added.
        let mut sums = [0u16; 16];
        for row in rows {
            let pixels = row[FIRST..FIRST + 16].iter();
            sums.iter_mut().zip(pixels).for_each(|(sum, pixel)| *sum += u16::from(*pixel));
        }
        let across = sums[..ROWS - 1].as_chunks::<N>().0;
        for (average, sums) in line.iter_mut().zip(across) {
            let square = (N * N) as u16;
            *average = ((sums.iter().sum::<u16>() + square / 2) / square) as u8;
        }
    }
}
