//! Windows bitmaps of every version, and those of OS/2 that look the same; rows that are not wanted are not touched.

mod header;
mod runs;

use self::header::{Coding, Header};
use super::{Channels, Order, RowSink, Samples};
use crate::limits::zeroes;
use crate::{Error, Format};

/// A picture whose header has been read.
#[derive(Debug)]
pub(crate) struct Opened<'a> {
    bytes: &'a [u8],
    header: Header,
}

impl<'a> Opened<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        Ok(Self { bytes, header: Header::read(bytes)? })
    }

    pub(super) fn dimensions(&self) -> (u32, u32) {
        (self.header.width, self.header.height)
    }

    pub(super) fn channels(&self) -> Channels {
        channels(self.header.coding)
    }

    #[expect(clippy::unused_self, reason = "as of every format")]
    pub(super) fn order(&self) -> Order {
        Order::Rows
    }

    pub(super) fn profile(&self) -> Option<Vec<u8>> {
        header::profile(self.bytes).map(<[u8]>::to_vec)
    }

    pub(super) fn decoded_bytes(&self) -> u64 {
        // The palette, a row and a profile.
        u64::from(self.header.width) * 4 + 4096 + self.profile_bytes()
    }

    pub(super) fn profile_bytes(&self) -> u64 {
        header::profile(self.bytes).map_or(0, <[u8]>::len) as u64
    }

    pub(super) fn decode(self, sink: &mut impl RowSink) -> Result<(), Error> {
        let Self { bytes, header } = self;
        let cut = || Error::Truncated { format: Format::Bmp, bytes: bytes.len() };
        let data = bytes.get(header.data..).ok_or_else(cut)?;
        let (width, height) = (header.width as usize, header.height as usize);
        let mut pixels = zeroes(width * channels(header.coding).count())?;
        if let Coding::Runs(bits) = header.coding {
            return runs::decode(data, &header, bits, &mut pixels, sink).ok_or_else(cut);
        }
        let row_bits = width.checked_mul(header.coding.bits()).ok_or_else(cut)?;
        let (row_bytes, stride) = (row_bits.div_ceil(8), row_bits.div_ceil(32) * 4);
        // Padding after the last row may be missing.
        let needed = stride.checked_mul(height.saturating_sub(1)).and_then(|all| all.checked_add(row_bytes));
        if needed.is_none_or(|needed| needed > data.len()) {
            return Err(cut());
        }
        let (top, bottom) = sink.wanted().rows;
        for y in top..bottom.min(header.height) {
            let stored = if header.is_top_down { y } else { header.height - 1 - y } as usize;
            let row = data.get(stored * stride..).and_then(|rest| rest.get(..row_bytes)).ok_or_else(cut)?;
            convert(row, &header, &mut pixels);
            sink.row(y, 0, 1, Samples::Eight(&pixels));
        }
        Ok(())
    }
}

fn channels(coding: Coding) -> Channels {
    if coding.has_alpha() { Channels::Rgba } else { Channels::Rgb }
}

/// A row's red, green and blue, and alpha if it has any.
fn convert(row: &[u8], header: &Header, pixels: &mut [u8]) {
    match header.coding {
        Coding::Indexed(bits) | Coding::Runs(bits) => {
            let (in_a_byte, mask) = (8 / bits, 0xFF >> (8 - bits));
            let groups = pixels.chunks_mut(3 * in_a_byte);
            for (group, byte) in groups.zip(row) {
                for (place, pixel) in group.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                    let index = (byte >> (8 - bits * (place + 1))) & mask;
                    *pixel = header.palette.get(usize::from(index)).copied().unwrap_or_default();
                }
            }
        }
        Coding::Bytes(bytes) => {
            for (pixel, stored) in pixels.as_chunks_mut::<3>().0.iter_mut().zip(row.chunks_exact(bytes)) {
                if let [b, g, r, ..] = *stored {
                    *pixel = [r, g, b];
                }
            }
        }
        Coding::Fields(bytes, fields) => {
            let stored = row.chunks_exact(bytes).map(|stored| match *stored {
                [low, high] => u32::from(u16::from_le_bytes([low, high])),
                _ => stored.first_chunk().map_or(0, |number| u32::from_le_bytes(*number)),
            });
            if header.coding.has_alpha() {
                for (pixel, stored) in pixels.as_chunks_mut().0.iter_mut().zip(stored) {
                    *pixel = fields.map(|field| field.read(stored));
                }
            } else {
                let [r, g, b, _] = fields;
                for (pixel, stored) in pixels.as_chunks_mut().0.iter_mut().zip(stored) {
                    *pixel = [r, g, b].map(|field| field.read(stored));
                }
            }
        }
    }
}
