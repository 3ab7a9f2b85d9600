//! What is known of each component: samples, and where they cannot be computed at once, coefficients.

use super::frame::{Component, Frame};
use super::quantise::Steps;
use super::transform::{self, Block};
use crate::Error;
use crate::decode::Scale;
use crate::limits::zeroes;

/// The samples of a component, in whole blocks.
pub(super) struct Plane {
    pub(super) samples: Vec<u8>,
    pub(super) stride: usize,
    /// Samples that belong to the picture.
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Plane {
    pub(super) fn new(frame: &Frame, component: &Component, scale: Scale) -> Result<Self, Error> {
        let (side, denominator) = (scale.block_side(), scale.denominator() as usize);
        let stride = component.padded.0 * side;
        let scaled =
            |pixels: u32, factor: usize, most: usize| (pixels as usize * factor).div_ceil(most * denominator);
        Ok(Self {
            samples: zeroes(stride * component.padded.1 * side)?,
            stride,
            width: scaled(frame.width, component.h, frame.most.0),
            height: scaled(frame.height, component.v, frame.most.1),
        })
    }

    /// Transforms a block and puts it at column `x` and row `y` of the blocks.
    pub(super) fn put(&mut self, block: &Block, steps: &Steps, side: usize, x: usize, y: usize) {
        let at = (y * self.stride + x) * side;
        transform::inverse(block, steps, side, &mut self.samples, at, self.stride);
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

    /// The first coefficient of a block.
    #[inline]
    pub(super) fn first_of(&mut self, x: usize, y: usize) -> Option<&mut i16> {
        self.values.get_mut((y * self.blocks_across + x) * self.per_block)
    }

    /// All coefficients of a block, if they are kept.
    #[inline]
    pub(super) fn block_mut(&mut self, x: usize, y: usize) -> Option<&mut Block> {
        let from = (y * self.blocks_across + x) * self.per_block;
        self.values.get_mut(from..)?.first_chunk_mut()
    }

    /// Transforms everything to samples.
    pub(super) fn finish(self, plane: &mut Plane, steps: &Steps, scale: Scale) {
        if self.per_block == 1 {
            for (sample, &dc) in plane.samples.iter_mut().zip(&self.values) {
                *sample = transform::dc_sample(dc, steps);
            }
            return;
        }
        for (index, block) in self.values.as_chunks::<64>().0.iter().enumerate() {
            let (x, y) = (index % self.blocks_across, index / self.blocks_across);
            plane.put(block, steps, scale.block_side(), x, y);
        }
    }
}
