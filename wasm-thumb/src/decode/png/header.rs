//! The header chunk (PNG 3, 11.2.1).

use crate::{Error, Format};

/// What a stored sample means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Gray,
    Rgb,
    /// An entry of the palette.
    Indexed,
    GrayAlpha,
    Rgba,
}

impl Kind {
    /// Samples a pixel, as stored.
    pub(super) fn samples(self) -> u8 {
        match self {
            Self::Gray | Self::Indexed => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bits a sample: 1, 2, 4, 8 or 16.
    pub(super) depth: u8,
    pub(super) kind: Kind,
    pub(super) is_interlaced: bool,
}

impl Header {
    /// Reads the chunk's data.
    pub(super) fn read(data: &[u8]) -> Result<Self, Error> {
        let bad = |defect| Error::BadHeader { format: Format::Png, defect };
        let &[w0, w1, w2, w3, h0, h1, h2, h3, depth, kind, compression, filter, interlace] = data else {
            return Err(bad("a header of a wrong length"));
        };
        let (width, height) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
        if width == 0 || height == 0 {
            return Err(bad("a side of no pixels"));
        }
        let kind = match (kind, depth) {
            (0, 1 | 2 | 4 | 8 | 16) => Kind::Gray,
            (2, 8 | 16) => Kind::Rgb,
            (3, 1 | 2 | 4 | 8) => Kind::Indexed,
            (4, 8 | 16) => Kind::GrayAlpha,
            (6, 8 | 16) => Kind::Rgba,
            _ => return Err(bad("a kind of pixels that there is not")),
        };
        if compression != 0 || filter != 0 || interlace > 1 {
            return Err(bad("a coding that there is not"));
        }
        Ok(Self { width, height, depth, kind, is_interlaced: interlace == 1 })
    }

    /// Bytes from a stored byte to that which filters compare it with, at least one.
    pub(super) fn pixel_bytes(&self) -> usize {
        usize::from(self.kind.samples() * self.depth).div_ceil(8)
    }

    /// Bytes of a stored row of `width` pixels, without the filter's number.
    pub(super) fn row_bytes(&self, width: u32) -> u64 {
        let pixel_bits = u64::from(self.kind.samples()) * u64::from(self.depth);
        (u64::from(width) * pixel_bits).div_ceil(8)
    }
}
