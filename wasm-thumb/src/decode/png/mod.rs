//! PNG (W3C, third edition), row by row; an interlaced one pass by pass. Of an animation the still picture.

mod chunks;
mod colour;
mod crc;
mod expand;
mod header;
mod inflate;
mod info;
#[cfg(test)]
mod tests;
mod unfilter;

use self::crc::Crc;
use self::expand::Expander;
use self::inflate::Inflated;
use self::info::Info;
use super::{Channels, Order, RowSink};
use crate::Error;
use crate::colour::ColourSpace;
use crate::limits::zeroes;

/// What the decoder needs beside its rows: the window, tables of inflate and of checksums, a palette.
const WORKING_BYTES: u64 = inflate::WINDOW_BYTES + (96 << 10);
/// The rows that the decoder keeps at once, at most: one compressed, one plain, the one above it, one of palette
/// indices and one expanded. None of them is longer than what is handed over but for a few bytes.
const ROWS_KEPT: u64 = 5;
/// The longest profile, unpacked.
const MAX_PROFILE_BYTES: usize = 8 << 20;

/// First column, first row, and the steps between columns and rows, of each pass of Adam7 (PNG 3, 8.1).
const ADAM7: [(u32, u32, u32, u32); 7] =
    [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
/// The one pass of a picture that is not interlaced.
const WHOLE: [(u32, u32, u32, u32); 1] = [(0, 0, 1, 1)];

/// A picture of which everything before the pixels has been read.
pub(crate) struct Opened<'a> {
    bytes: &'a [u8],
    crc: Crc,
    info: Info<'a>,
}

impl<'a> Opened<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let crc = Crc::new();
        let info = Info::read(bytes, &crc)?;
        Ok(Self { bytes, crc, info })
    }

    pub(super) fn dimensions(&self) -> (u32, u32) {
        (self.info.header.width, self.info.header.height)
    }

    pub(super) fn channels(&self) -> Channels {
        expand::channels(&self.info)
    }

    pub(super) fn order(&self) -> Order {
        if self.info.header.is_interlaced { Order::Any } else { Order::Rows }
    }

    pub(super) fn colour_space(&self) -> Option<ColourSpace> {
        let is_gray = matches!(self.channels(), Channels::Gray | Channels::GrayAlpha);
        colour::space(&self.info.told, is_gray, MAX_PROFILE_BYTES)
    }

    pub(super) fn decoded_bytes(&self) -> u64 {
        let sample_bytes = if self.info.header.depth == 16 { 2 } else { 1 };
        let row_bytes = u64::from(self.dimensions().0) * self.channels().count() as u64 * sample_bytes;
        row_bytes * ROWS_KEPT + WORKING_BYTES + self.profile_bytes()
    }

    pub(super) fn profile_bytes(&self) -> u64 {
        let packed = self.info.told.profile;
        packed.and_then(|chunk| inflate::profile_bytes(chunk, MAX_PROFILE_BYTES)).unwrap_or(0) as u64
    }

    pub(super) fn decode(self, sink: &mut impl RowSink) -> Result<(), Error> {
        chunks::check(self.bytes, &self.crc)?;
        let header = &self.info.header;
        let (width, height) = self.dimensions();
        let (top, bottom) = sink.wanted().rows;
        let len = |width: u32| {
            let bytes = header.row_bytes(width);
            usize::try_from(bytes).map_err(|_| Error::OutOfMemory { bytes })
        };
        let mut inflated = Inflated::new(self.bytes, &self.crc, len(width)?.saturating_add(1))?;
        let mut expander = Expander::new(&self.info, width as usize)?;
        let (mut above, mut row) = (zeroes(len(width)?)?, zeroes(len(width)?)?);
        let passes: &[_] = if header.is_interlaced { &ADAM7 } else { &WHOLE };
        for (number, &(left, first, across, down)) in passes.iter().enumerate() {
            let count = width.saturating_sub(left).div_ceil(across);
            if count == 0 {
                continue;
            }
            let len = len(count)?;
            above.fill(0);
            for y in (first..height).step_by(down as usize) {
                // The rows below are not looked at; that they are there has been checked.
                if y >= bottom && number + 1 == passes.len() {
                    return Ok(());
                }
                let plain = row.get_mut(..len).unwrap_or_default();
                unfilter::undo(inflated.take(len + 1)?, &above, plain, header.pixel_bytes())?;
                if (top..bottom).contains(&y) {
                    sink.row(y, left, across, expander.row(plain, count as usize));
                }
                std::mem::swap(&mut above, &mut row);
            }
        }
        Ok(())
    }
}
