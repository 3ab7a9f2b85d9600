//! Prediction from the pixels around, and what is added to it (RFC 6386, sections 12 and 14.5).
//!
//! The pixels around are those from before any loop filter, which is the last stage of a frame (section 15): the
//! filter may be left out, and what follows is predicted the same.
#![expect(clippy::cast_possible_truncation, reason = "averages of bytes are bytes")]

use super::modes::{Luma, Whole};
use super::tokens::Residue;
use super::transform::{self, Rows};

/// Where the first pixel of a row lies; the pixel to the left is before it.
pub(super) const FIRST: usize = 8;
/// What lies above the picture, and to the left of it.
const ABOVE: u8 = 127;
const LEFT: u8 = 129;

/// A block of `N`×`N` pixels below a row of those above, in rows of 32.
#[derive(Clone, Debug)]
pub(super) struct Block<const ROWS: usize>(pub(super) [[u8; 32]; ROWS]);

/// The macroblock that is being made.
#[derive(Clone, Debug)]
pub(super) struct Work {
    luma: Block<17>,
    chroma: [Block<9>; 2],
}

/// The lowest row of pixels above each macroblock of a row.
pub(super) struct Above {
    luma: Vec<[u8; 16]>,
    chroma: Vec<[[u8; 8]; 2]>,
}

impl Above {
    /// Bytes a macroblock.
    pub(super) const BYTES: u64 = 32;

    pub(super) fn new(columns: usize) -> Self {
        Self { luma: vec![[ABOVE; 16]; columns], chroma: vec![[[ABOVE; 8]; 2]; columns] }
    }
}

impl<const ROWS: usize> Block<ROWS> {
    const SIDE: usize = ROWS - 1;

    fn new() -> Self {
        Self([[0; 32]; ROWS])
    }

    /// A row of the finished pixels.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.0[y + 1][FIRST..FIRST + Self::SIDE]
    }

    /// Begins a row of blocks.
    fn begin_row(&mut self, is_top: bool) {
        self.0[0][FIRST - 1] = if is_top { ABOVE } else { LEFT };
        self.0[1..].iter_mut().for_each(|row| row[FIRST - 1] = LEFT);
    }

    /// Moves on to the right: the last column becomes the one to the left.
    fn step(&mut self) {
        self.0.iter_mut().for_each(|row| row[FIRST - 1] = row[FIRST + Self::SIDE - 1]);
    }

    /// Predicts it as a whole. `has` tells whether there is something above and to the left.
    fn predict(&mut self, mode: Whole, has: (bool, bool)) {
        let above = self.0[0];
        let above = &above[FIRST - 1..];
        let (corner, above) = (i16::from(above[0]), &above[1..=Self::SIDE]);
        match mode {
            Whole::Average => {
                let sum_above: u32 = above.iter().map(|&pixel| u32::from(pixel)).sum();
                let sum_left: u32 = self.0[1..].iter().map(|row| u32::from(row[FIRST - 1])).sum();
                let side = Self::SIDE as u32;
                let average = match has {
                    (true, true) => (sum_above + sum_left + side) / (2 * side),
                    (true, false) => (sum_above + side / 2) / side,
                    (false, true) => (sum_left + side / 2) / side,
                    (false, false) => 128,
                };
                self.0[1..].iter_mut().for_each(|row| row[FIRST..FIRST + Self::SIDE].fill(average as u8));
            }
            Whole::Above => {
                self.0[1..].iter_mut().for_each(|row| row[FIRST..FIRST + Self::SIDE].copy_from_slice(above));
            }
            Whole::Left => {
                self.0[1..].iter_mut().for_each(|row| {
                    let left = row[FIRST - 1];
                    row[FIRST..FIRST + Self::SIDE].fill(left);
                });
            }
            Whole::Gradient => {
                for row in &mut self.0[1..] {
                    let slope = i16::from(row[FIRST - 1]) - corner;
                    for (pixel, above) in row[FIRST..FIRST + Self::SIDE].iter_mut().zip(above) {
                        *pixel = transform::sum(*above, slope);
                    }
                }
            }
        }
    }

    /// Adds the residue of a block as a whole, whose first subblock is number `first`.
    fn add(&mut self, rows: Option<&Rows>, first: usize) {
        let Some(rows) = rows else { return };
        let across = Self::SIDE / 4;
        for (y, pixels) in self.0[1..].iter_mut().enumerate() {
            let start = first + y / 4 * across;
            let residue = rows[y % 4][start..start + across].as_flattened();
            let pixels = pixels[FIRST..FIRST + Self::SIDE].iter_mut().zip(residue);
            pixels.for_each(|(pixel, residue)| *pixel = transform::sum(*pixel, *residue));
        }
    }
}

impl Work {
    pub(super) fn new() -> Self {
        Self { luma: Block::new(), chroma: [Block::new(), Block::new()] }
    }

    pub(super) fn luma(&self) -> &Block<17> {
        &self.luma
    }

    pub(super) fn chroma(&self) -> &[Block<9>; 2] {
        &self.chroma
    }

    /// Begins a row of macroblocks.
    pub(super) fn begin_row(&mut self, is_top: bool) {
        self.luma.begin_row(is_top);
        self.chroma.iter_mut().for_each(|block| block.begin_row(is_top));
    }

    /// Makes the macroblock at column `x`, and leaves its lowest row in `above`. The residue is zero afterwards.
    pub(super) fn make(
        &mut self,
        (x, is_top): (usize, bool),
        above: &mut Above,
        (luma, chroma): (&Luma, Whole),
        residue: &mut Residue,
    ) {
        let (Some(&pixels), Some(&chroma_pixels)) = (above.luma.get(x), above.chroma.get(x)) else { return };
        if x > 0 {
            self.luma.step();
            self.chroma.iter_mut().for_each(Block::step);
        }
        let has = (!is_top, x > 0);
        self.luma.0[0][FIRST..FIRST + 16].copy_from_slice(&pixels);
        let rows = residue.finish();
        match luma {
            Luma::Whole(mode) => {
                self.luma.predict(*mode, has);
                self.luma.add(rows, 0);
            }
            Luma::Subs(modes) => {
                // The last macroblock has none above to the right, and takes the last pixel instead.
                let next = above.luma.get(x + 1);
                let right = next.map_or([pixels[15]; 4], |next| [next[0], next[1], next[2], next[3]]);
                for row in [0, 4, 8, 12] {
                    // Subblocks lower down have nothing finished above to the right either, and take the same.
                    self.luma.0[row][FIRST + 16..FIRST + 20].copy_from_slice(&right);
                }
                self.luma.make_subs(modes, rows);
            }
        }
        for ((plane, above), first) in self.chroma.iter_mut().zip(&chroma_pixels).zip([16, 20]) {
            plane.0[0][FIRST..FIRST + 8].copy_from_slice(above);
            plane.predict(chroma, has);
            plane.add(rows, first);
        }
        if let (Some(luma), Some(chroma)) = (above.luma.get_mut(x), above.chroma.get_mut(x)) {
            luma.copy_from_slice(self.luma.row(15));
            let planes = chroma.iter_mut().zip(&self.chroma);
            planes.for_each(|(pixels, plane)| pixels.copy_from_slice(plane.row(7)));
        }
    }
}
