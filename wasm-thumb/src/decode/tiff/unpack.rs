//! What a strip or tile is packed with, unpacked a row at a time (TIFF 6.0, sections 9, 11 and 13; Adobe Photoshop
//! TIFF Technical Notes, 2002, for Deflate).

use std::convert::Infallible;
use std::slice::Iter;

use fax::Color;
use fax::decoder::{DecodeStatus, Group4Decoder, pels};
use fdeflate::Decompressor;
use weezl::{BitOrder, LzwStatus};

use super::directory::corrupt;
use super::unsupported;
use crate::Error;

/// How far back Deflate refers.
const WINDOW_BYTES: usize = 32 << 10;
/// The most bytes that Group 4 takes for a row beside those that its pixels take, of which each takes less than one.
const FAX_ROW_BYTES: u64 = 64;

/// How pieces are packed, JPEG aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Fax,
    Lzw,
    Deflate,
    PackBits,
}

impl Packing {
    /// By the number of tag `Compression`.
    pub(super) fn new(number: u64) -> Result<Self, Error> {
        Ok(match number {
            1 => Self::Plain,
            4 => Self::Fax,
            5 => Self::Lzw,
            8 | 32_946 => Self::Deflate,
            32_773 => Self::PackBits,
            _ => return Err(unsupported("this coding")),
        })
    }

    /// Whether a piece ends by itself, so that the length that is told for it does not matter.
    pub(super) fn ends_itself(self) -> bool {
        matches!(self, Self::Plain | Self::Deflate)
    }

    /// The most memory that it takes beside rows, for a piece of these sides and a file of so many bytes.
    pub(super) fn working_bytes(self, (width, height): (u32, u32), file_bytes: usize) -> u64 {
        match self {
            Self::Plain | Self::PackBits => 0,
            Self::Lzw | Self::Deflate => 192 << 10,
            // A place where colours change takes at least 10 bits and is two bytes, in a list that doubles.
            Self::Fax => 5 * (file_bytes as u64).min(most_fax_bytes(width, height)),
        }
    }
}

fn most_fax_bytes(width: u32, height: u32) -> u64 {
    (u64::from(width) + FAX_ROW_BYTES).saturating_mul(u64::from(height))
}

/// A piece that is being unpacked.
pub(super) struct Unpacker<'a> {
    length: usize,
    rest: &'a [u8],
    state: State<'a>,
}

enum State<'a> {
    Plain,
    Fax(Group4Decoder<Bits<'a>>, u16),
    Lzw(weezl::decode::Decoder),
    Deflate(Box<Inflating>),
    /// Bytes to come of a run, and what it repeats if it does.
    PackBits(usize, Option<u8>),
}

struct Inflating {
    decompressor: Decompressor,
    window: Vec<u8>,
    /// What of the window has not been handed over.
    from: usize,
    to: usize,
}

/// Bytes whose first bit is the highest, or the lowest.
struct Bits<'a> {
    bytes: Iter<'a, u8>,
    is_reversed: bool,
}

impl Iterator for Bits<'_> {
    type Item = Result<u8, Infallible>;

    fn next(&mut self) -> Option<Self::Item> {
        let byte = *self.bytes.next()?;
        Some(Ok(if self.is_reversed { byte.reverse_bits() } else { byte }))
    }
}

impl<'a> Unpacker<'a> {
    /// A piece of this width and height, pixels.
    pub(super) fn new(
        packing: Packing,
        packed: &'a [u8],
        (width, height): (u32, u32),
        is_reversed: bool,
    ) -> Result<Self, Error> {
        let mut rest = packed;
        let state = match packing {
            Packing::Plain => State::Plain,
            Packing::PackBits => State::PackBits(0, None),
            Packing::Lzw => {
                let configuration = weezl::decode::Configuration::with_tiff_size_switch(BitOrder::Msb, 8);
                State::Lzw(configuration.with_yield_on_full_buffer(true).build())
            }
            Packing::Deflate => {
                let mut decompressor = Decompressor::new();
                decompressor.ignore_adler32();
                let window = vec![0; 2 * WINDOW_BYTES];
                State::Deflate(Box::new(Inflating { decompressor, window, from: 0, to: 0 }))
            }
            Packing::Fax => {
                let width_of_row = u16::try_from(width).map_err(|_| unsupported("so wide a fax"))?;
                // So that no row takes more memory than has been told.
                let most = usize::try_from(most_fax_bytes(width, height)).unwrap_or(usize::MAX);
                rest = &packed[..packed.len().min(most)];
                let bytes = rest.iter();
                let Ok(decoder) = Group4Decoder::new(Bits { bytes, is_reversed }, width_of_row);
                State::Fax(decoder, width_of_row)
            }
        };
        Ok(Self { length: rest.len(), rest, state })
    }

    /// How many packed bytes it has looked at, at most.
    pub(super) fn taken(&self) -> usize {
        if matches!(self.state, State::Fax(..)) { self.length } else { self.length - self.rest.len() }
    }

    /// Fills a row. None if the piece ends before.
    pub(super) fn fill(&mut self, row: &mut [u8]) -> Result<Option<()>, Error> {
        Ok(match &mut self.state {
            State::Plain => take(&mut self.rest, row),
            State::PackBits(count, repeated) => unpack_bits(&mut self.rest, count, repeated, row),
            State::Lzw(decoder) => return lzw(&mut self.rest, decoder, row),
            State::Deflate(inflating) => return inflating.fill(&mut self.rest, row),
            State::Fax(decoder, width) => {
                match decoder.advance() {
                    Ok(DecodeStatus::Incomplete) => {}
                    Ok(DecodeStatus::End) => return Ok(None),
                    Err(_) => return Err(damaged()),
                }
                row.fill(0);
                for (x, colour) in pels(decoder.transition(), *width).enumerate() {
                    if let (Color::Black, Some(byte)) = (colour, row.get_mut(x / 8)) {
                        *byte |= 0x80 >> (x % 8);
                    }
                }
                Some(())
            }
        })
    }
}

fn damaged() -> Error {
    corrupt("its data cannot be unpacked")
}

/// Fills `row` from the start of `rest`.
fn take(rest: &mut &[u8], row: &mut [u8]) -> Option<()> {
    row.copy_from_slice(rest.split_off(..row.len())?);
    Some(())
}

fn unpack_bits(
    rest: &mut &[u8],
    count: &mut usize,
    repeated: &mut Option<u8>,
    mut row: &mut [u8],
) -> Option<()> {
    while !row.is_empty() {
        if *count == 0 {
            let header = rest.split_off_first()?.cast_signed();
            *count = usize::from(header.unsigned_abs()) + 1;
            *repeated = None;
            if header == i8::MIN {
                *count = 0;
                continue;
            } else if header < 0 {
                *repeated = Some(*rest.split_off_first()?);
            }
        }
        let part = row.split_off_mut(..row.len().min(*count))?;
        *count -= part.len();
        match *repeated {
            Some(byte) => part.fill(byte),
            None => take(rest, part)?,
        }
    }
    Some(())
}

fn lzw(
    rest: &mut &[u8],
    decoder: &mut weezl::decode::Decoder,
    mut row: &mut [u8],
) -> Result<Option<()>, Error> {
    while !row.is_empty() {
        let done = decoder.decode_bytes(rest, row);
        *rest = rest.get(done.consumed_in..).unwrap_or_default();
        row = row.get_mut(done.consumed_out..).unwrap_or_default();
        match done.status.map_err(|_| damaged())? {
            LzwStatus::Ok => {}
            LzwStatus::NoProgress | LzwStatus::Done if row.is_empty() => {}
            LzwStatus::NoProgress | LzwStatus::Done => return Ok(None),
        }
    }
    Ok(Some(()))
}

impl Inflating {
    fn fill(&mut self, rest: &mut &[u8], mut row: &mut [u8]) -> Result<Option<()>, Error> {
        while !row.is_empty() {
            if self.from == self.to {
                if self.to == self.window.len() {
                    self.window.copy_within(WINDOW_BYTES.., 0);
                    self.to = WINDOW_BYTES;
                }
                self.from = self.to;
                let read = self.decompressor.read(rest, &mut self.window, self.to, false);
                let (taken, made) = read.map_err(|_| damaged())?;
                *rest = rest.get(taken..).unwrap_or_default();
                self.to += made;
                if made == 0 {
                    return Ok(None);
                }
            }
            let ready = &self.window[self.from..self.to];
            let count = ready.len().min(row.len());
            let Some(part) = row.split_off_mut(..count) else { return Ok(None) };
            part.copy_from_slice(&ready[..count]);
            self.from += count;
        }
        Ok(Some(()))
    }
}
