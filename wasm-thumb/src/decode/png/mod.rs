//! PNG (W3C, third edition), by the decoder of the `png` crate, row by row; an interlaced one pass by pass. Of an
//! animation the still picture.

mod chunks;
mod colour;
mod profile;

use std::io::ErrorKind;

use png::{BitDepth, ColorType, Decoder, DecodingError, Limits, Reader, Transformations};

use self::chunks::Essential;
use super::{Channels, Order, RowSink, Samples};
use crate::limits::zeroes;
use crate::{Error, Format};

/// What the decoder needs beside its rows: the window of inflate, its tables, and room to move in.
const WORKING_BYTES: u64 = 512 << 10;
/// The rows that the decoder keeps at once, at most, with what is made of the last one.
const ROWS_KEPT: u64 = 12;
/// The longest profile, unpacked, beside a row.
const MAX_PROFILE_BYTES: usize = 8 << 20;

/// First column, first row, and the steps between columns and rows, of each pass of Adam7 (PNG 3, 8.1).
const ADAM7: [(u32, u32, u32, u32); 7] =
    [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
/// The one pass of a picture that is not interlaced.
const WHOLE: [(u32, u32, u32, u32); 1] = [(0, 0, 1, 1)];

/// A picture of which everything before the pixels has been read.
pub(crate) struct Opened<'a> {
    bytes: &'a [u8],
    reader: Reader<Essential<'a>>,
    channels: Channels,
    depth: BitDepth,
}

impl<'a> Opened<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let failure = |error| failure(bytes, error);
        // What one row takes is judged by `decoded_bytes`; here it is only not to be refused.
        let mut decoder = Decoder::new_with_limits(Essential::new(bytes), Limits { bytes: usize::MAX });
        let header = decoder.read_header_info().map_err(failure)?;
        let row_bytes = usize::try_from(u64::from(header.width) * 8).unwrap_or(usize::MAX);
        decoder.set_limits(Limits { bytes: MAX_PROFILE_BYTES.saturating_add(row_bytes) });
        decoder.set_transformations(Transformations::EXPAND);
        // They have been checked.
        decoder.ignore_checksums(true);
        let reader = decoder.read_info().map_err(failure)?;
        let (colour, depth) = reader.output_color_type();
        let channels = match colour {
            ColorType::Grayscale => Channels::Gray,
            ColorType::GrayscaleAlpha => Channels::GrayAlpha,
            ColorType::Rgb | ColorType::Indexed => Channels::Rgb,
            ColorType::Rgba => Channels::Rgba,
        };
        Ok(Self { bytes, reader, channels, depth })
    }

    pub(super) fn dimensions(&self) -> (u32, u32) {
        self.reader.info().size()
    }

    pub(super) fn channels(&self) -> Channels {
        self.channels
    }

    pub(super) fn order(&self) -> Order {
        if self.reader.info().interlaced { Order::Any } else { Order::Rows }
    }

    /// A profile, embedded or made of what the file tells in other words.
    pub(super) fn profile(&self) -> Option<Vec<u8>> {
        let is_gray = matches!(self.channels, Channels::Gray | Channels::GrayAlpha);
        colour::profile(self.reader.info(), is_gray)
    }

    pub(super) fn decoded_bytes(&self) -> u64 {
        let sample_bytes = if self.depth == BitDepth::Sixteen { 2 } else { 1 };
        let row_bytes = u64::from(self.dimensions().0) * self.channels.count() as u64 * sample_bytes;
        row_bytes * ROWS_KEPT + WORKING_BYTES
    }

    pub(super) fn decode(mut self, sink: &mut impl RowSink) -> Result<(), Error> {
        chunks::check(self.bytes)?;
        let (width, height) = self.dimensions();
        let (top, bottom) = sink.wanted().rows;
        let too_long = Error::OutOfMemory { bytes: u64::from(width) * 8 };
        let mut row = zeroes(self.reader.output_line_size(width).ok_or(too_long)?)?;
        let mut samples = Vec::new();
        let passes: &[_] = if self.reader.info().interlaced { &ADAM7 } else { &WHOLE };
        for (number, &(left, first, across, down)) in passes.iter().enumerate() {
            let count = width.saturating_sub(left).div_ceil(across) as usize * self.channels.count();
            if count == 0 {
                continue;
            }
            for y in (first..height).step_by(down as usize) {
                // The rows below are not looked at; that they are there has been checked.
                if y >= bottom && number + 1 == passes.len() {
                    return Ok(());
                }
                let told = self.reader.read_row(&mut row).map_err(|error| failure(self.bytes, error))?;
                if told.is_none() {
                    return Err(Error::Truncated { format: Format::Png, bytes: self.bytes.len() });
                }
                if !(top..bottom).contains(&y) {
                    continue;
                }
                if self.depth == BitDepth::Sixteen {
                    samples.clear();
                    let pairs = row.as_chunks().0.iter().take(count);
                    samples.extend(pairs.map(|&pair| u16::from_be_bytes(pair)));
                    sink.row(y, left, across, Samples::Sixteen(&samples));
                } else {
                    sink.row(y, left, across, Samples::Eight(row.get(..count).unwrap_or_default()));
                }
            }
        }
        Ok(())
    }
}

fn failure(bytes: &[u8], error: DecodingError) -> Error {
    let format = Format::Png;
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Error::Truncated { format, bytes: bytes.len() }
        }
        DecodingError::LimitsExceeded => Error::DecoderLimit { format, source: "a row or a profile".into() },
        error => Error::Corrupt { format, source: error.to_string().into() },
    }
}
