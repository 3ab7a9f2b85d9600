//! What is known of each component: samples, and where they cannot be computed at once, coefficients.

use std::ops::Range;
use std::slice::ChunksExact;

use super::frame::{Component, Frame};
use super::quantise::Steps;
use super::transform::{self, Averages, Block};
use crate::Error;
use crate::decode::Scale;
use crate::limits::zeroes;

/// What is shown where nothing is known: the middle between black and white, without colour.
const UNKNOWN: u8 = 128;

/// The samples of a component, in whole blocks.
pub(super) struct Plane {
    pub(super) samples: Vec<u8>,
    pub(super) stride: usize,
    /// Samples across and down of a block.
    pub(super) sides: (usize, usize),
    /// Samples that belong to the picture.
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Plane {
    pub(super) fn new(frame: &Frame, component: &Component, scale: Scale) -> Result<Self, Error> {
        let sides = frame.block_sides(component, scale);
        let stride = component.padded.0 * sides.0;
        let mut samples = zeroes(stride * component.padded.1 * sides.1)?;
        samples.fill(UNKNOWN);
        let scaled = |pixels: u32, factor: usize, most: usize, side: usize| {
            (pixels as usize * factor * side).div_ceil(most * 8)
        };
        Ok(Self {
            samples,
            stride,
            sides,
            width: scaled(frame.width, component.h, frame.most.0, sides.0),
            height: scaled(frame.height, component.v, frame.most.1, sides.1),
        })
    }

    /// Transforms a block and puts it at column `x` and row `y` of the blocks.
    pub(super) fn put(&mut self, block: &Block, steps: &Steps, x: usize, y: usize) {
        let at = y * self.stride * self.sides.1 + x * self.sides.0;
        transform::inverse(block, steps, self.sides, &mut self.samples, at, self.stride);
    }

    /// Puts a block whose samples are all alike.
    pub(super) fn fill(&mut self, sample: u8, x: usize, y: usize) {
        let at = y * self.stride * self.sides.1 + x * self.sides.0;
        let rows = self.samples.get_mut(at..).unwrap_or_default().chunks_mut(self.stride);
        for row in rows.take(self.sides.1) {
            row.iter_mut().take(self.sides.0).for_each(|place| *place = sample);
        }
    }

    /// Puts blocks of which only the lowest coefficients are known, for one sample or two by two: `h` across and `v` down in each unit of row `row` of the units. Of each unit, `of_unit` are the values of these blocks.
    pub(super) fn put_units(
        &mut self,
        row: usize,
        (h, v): (usize, usize),
        units: &ChunksExact<i16>,
        of_unit: &Range<usize>,
        steps: &Steps,
    ) {
        let strip = self.stride * self.sides.1;
        let strips = self.samples.chunks_exact_mut(strip.max(1)).skip(row * v).take(v);
        let (width, per_row) = (h * self.sides.0, of_unit.len() / v.max(1));
        let averages = Averages::new(steps);
        for (y, strip) in strips.enumerate() {
            let (top, bottom) = strip.split_at_mut(self.stride);
            let (from, to) = (of_unit.start + y * per_row, of_unit.start + (y + 1) * per_row);
            let places = top.chunks_exact_mut(width.max(1));
            let units = units.clone().map(|unit| unit.get(from..to).unwrap_or_default());
            if self.sides == (1, 1) {
                for (place, values) in places.zip(units) {
                    for (sample, &first) in place.iter_mut().zip(values) {
                        *sample = averages.sample(first);
                    }
                }
                continue;
            }
            for ((top, bottom), values) in places.zip(bottom.chunks_exact_mut(width.max(1))).zip(units) {
                let pairs = top.as_chunks_mut().0.iter_mut().zip(bottom.as_chunks_mut().0);
                for ((top, bottom), values) in pairs.zip(values.as_chunks().0) {
                    [*top, *bottom] = transform::low_samples(*values, steps);
                }
            }
        }
    }

    /// A row of samples; past the last one, that.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        let from = y.min(self.height.saturating_sub(1)) * self.stride;
        self.samples.get(from..from + self.width).unwrap_or_default()
    }
}

/// The coefficients of a component until the last scan: all of each block, or only the first.
pub(super) struct Coefficients {
    values: Vec<i16>,
    per_block: usize,
    blocks_across: usize,
}

impl Coefficients {
    pub(super) fn new(component: &Component, scale: Scale) -> Result<Self, Error> {
        let per_block = if scale == Scale::Eighth { 1 } else { 64 };
        let (across, down) = component.padded;
        Ok(Self { values: zeroes(across * down * per_block)?, per_block, blocks_across: across })
    }

    /// The coefficients of a row of blocks from that at column `x` on, and how many a block has.
    #[inline]
    pub(super) fn row_from(&mut self, x: usize, y: usize) -> (&mut [i16], usize) {
        let (from, to) = (y * self.blocks_across + x, (y + 1) * self.blocks_across);
        let row = self.values.get_mut(from * self.per_block..to * self.per_block).unwrap_or_default();
        (row, self.per_block)
    }

    /// All coefficients of a block, if they are kept.
    #[inline]
    pub(super) fn block_mut(&mut self, x: usize, y: usize) -> Option<&mut Block> {
        let from = (y * self.blocks_across + x) * self.per_block;
        self.values.get_mut(from..)?.first_chunk_mut()
    }

    /// Transforms everything to samples.
    pub(super) fn finish(self, plane: &mut Plane, steps: &Steps) {
        if self.per_block == 1 {
            let averages = Averages::new(steps);
            for (sample, &first) in plane.samples.iter_mut().zip(&self.values) {
                *sample = averages.sample(first);
            }
            return;
        }
        for (index, block) in self.values.as_chunks::<64>().0.iter().enumerate() {
            plane.put(block, steps, index % self.blocks_across, index / self.blocks_across);
        }
    }
}
