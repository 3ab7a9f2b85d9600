//! The headers of a bitmap ("Bitmap Storage", Windows GDI): that of the file, that of the picture in one of its
//! versions, masks and palette.

use crate::{Error, Format};

/// Before the header of the picture.
const FILE_HEADER_BYTES: usize = 14;
const CORE_HEADER_BYTES: usize = 12;
const INFO_HEADER_BYTES: usize = 40;

/// What the headers tell.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Whether the first row is the uppermost; usually it is the lowest.
    pub(super) is_top_down: bool,
    pub(super) coding: Coding,
    /// Where the pixels begin.
    pub(super) data: usize,
    /// Red, green and blue of each index; black where the file has none.
    pub(super) palette: Vec<[u8; 3]>,
}

/// How pixels are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// Indices of 1, 2, 4 or 8 bits.
    Indexed(usize),
    /// Blue, green, red, and nothing for the fourth byte if there is one.
    Bytes(usize),
    /// Numbers of so many bytes in which each colour and alpha has its bits.
    Fields(usize, [Field; 4]),
    /// Run lengths of indices of 4 or 8 bits.
    Runs(usize),
}

/// The bits of one colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    shift: u32,
    /// The greatest value; zero if there are no bits.
    most: u32,
}

impl Field {
    /// The eight highest bits of a mask.
    fn of(mask: u32) -> Result<Self, Error> {
        let (shift, len) = (mask.trailing_zeros(), mask.count_ones());
        if mask == 0 {
            return Ok(Self::default());
        }
        if (mask >> shift).trailing_ones() != len {
            return Err(bad("a mask with holes"));
        }
        let kept = len.min(8);
        Ok(Self { shift: shift + len - kept, most: (1 << kept) - 1 })
    }

    /// The value, spread over 0 to 255.
    pub(super) fn read(self, pixel: u32) -> u8 {
        let value = pixel.checked_shr(self.shift).unwrap_or(0) & self.most;
        u8::try_from((value * 255 + self.most / 2) / self.most.max(1)).unwrap_or(u8::MAX)
    }
}

impl Coding {
    /// Whether there is alpha.
    pub(super) fn has_alpha(self) -> bool {
        matches!(self, Self::Fields(_, [.., alpha]) if alpha.most > 0)
    }

    /// Bits of a pixel that is not coded in runs.
    pub(super) fn bits(self) -> usize {
        match self {
            Self::Indexed(bits) | Self::Runs(bits) => bits,
            Self::Bytes(bytes) | Self::Fields(bytes, _) => bytes * 8,
        }
    }
}

impl Header {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        let cut = || Error::Truncated { format: Format::Bmp, bytes: bytes.len() };
        let data = number(bytes, 10).ok_or_else(cut)?;
        let size = number(bytes, FILE_HEADER_BYTES).ok_or_else(cut)?;
        let after = FILE_HEADER_BYTES.saturating_add(size);
        let header = bytes.get(FILE_HEADER_BYTES..after).ok_or_else(cut)?;
        let (width, height, is_top_down, bits) = if size == CORE_HEADER_BYTES {
            (short(header, 4), short(header, 6), false, short(header, 10))
        } else {
            let (width, height) = (signed(header, 4), signed(header, 8));
            let width = width.and_then(|width| u32::try_from(width).ok());
            (width, height.map(i32::unsigned_abs), height.is_some_and(i32::is_negative), short(header, 14))
        };
        let (Some(width), Some(height), Some(bits)) = (width, height, bits) else {
            return Err(bad("a size below zero"));
        };
        // What short headers do not tell is zero.
        let kind = number(header, 16).unwrap_or(0);
        let coding = match (kind, bits) {
            (0, 1 | 2 | 4 | 8) => Coding::Indexed(bits as usize),
            (0, 16) => Coding::Fields(2, fields([0x7C00, 0x03E0, 0x001F, 0])?),
            (0, 24 | 32) => Coding::Bytes(bits as usize / 8),
            (1, 8) | (2, 4) if !is_top_down => Coding::Runs(bits as usize),
            (3 | 6, 16 | 32) => Coding::Fields(bits as usize / 8, masks(bytes, size, kind).ok_or_else(cut)??),
            (4 | 5, _) => return Err(unsupported("JPEG or PNG inside")),
            (11..=13, _) => return Err(unsupported("inks")),
            _ => return Err(bad("a depth or coding that there is not")),
        };
        let masks_bytes = match (size, kind) {
            (INFO_HEADER_BYTES, 3) => 12,
            (INFO_HEADER_BYTES, 6) => 16,
            _ => 0,
        };
        let palette = match coding {
            Coding::Indexed(bits) | Coding::Runs(bits) => {
                let used = number(header, 32).unwrap_or(0);
                let colour_bytes = if size == CORE_HEADER_BYTES { 3 } else { 4 };
                palette(bytes, after + masks_bytes, (used, bits), colour_bytes)?
            }
            _ => Vec::new(),
        };
        Ok(Self { width, height, is_top_down, coding, data, palette })
    }
}

/// An embedded profile, which the fifth version of the header knows.
pub(super) fn profile(bytes: &[u8]) -> Option<&[u8]> {
    let header = bytes.get(FILE_HEADER_BYTES..)?;
    // `MBED` as a number of four letters.
    if number(header, 0)? < 124 || header.get(56..60)? != b"DEBM" {
        return None;
    }
    let (offset, length) = (number(header, 112)?, number(header, 116)?);
    header.get(offset..)?.get(..length)
}

/// Red, green, blue and alpha: in the header of the later versions, and at the same place, behind it, of the first.
fn masks(bytes: &[u8], size: usize, kind: usize) -> Option<Result<[Field; 4], Error>> {
    let mask = |index: usize| number(bytes, FILE_HEADER_BYTES + INFO_HEADER_BYTES + 4 * index);
    let has_alpha = size >= 56 || kind == 6;
    let masks = [mask(0)?, mask(1)?, mask(2)?, if has_alpha { mask(3)? } else { 0 }];
    let masks = masks.map(|mask| u32::try_from(mask).unwrap_or(0));
    if masks.iter().take(3).any(|&mask| mask == 0) {
        return Some(Err(bad("no mask for a colour")));
    }
    Some(fields(masks))
}

fn fields(masks: [u32; 4]) -> Result<[Field; 4], Error> {
    let [r, g, b, a] = masks.map(Field::of);
    Ok([r?, g?, b?, a?])
}

fn palette(
    bytes: &[u8],
    start: usize,
    (used, bits): (usize, usize),
    colour_bytes: usize,
) -> Result<Vec<[u8; 3]>, Error> {
    let most = 1 << bits;
    if used > most {
        return Err(bad("more colours than it has numbers for"));
    }
    let used = if used == 0 { most } else { used };
    let entries = bytes.get(start..).and_then(|rest| rest.get(..used * colour_bytes));
    let entries = entries.ok_or(Error::Truncated { format: Format::Bmp, bytes: bytes.len() })?;
    let mut palette: Vec<[u8; 3]> =
        entries.chunks_exact(colour_bytes).map(|entry| [entry[2], entry[1], entry[0]]).collect();
    palette.resize(256, [0; 3]);
    Ok(palette)
}

fn bad(defect: &'static str) -> Error {
    Error::BadHeader { format: Format::Bmp, defect }
}

fn unsupported(variant: &'static str) -> Error {
    Error::UnsupportedVariant { format: Format::Bmp, variant }
}

fn signed(bytes: &[u8], offset: usize) -> Option<i32> {
    bytes.get(offset..)?.first_chunk().map(|number| i32::from_le_bytes(*number))
}

fn short(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes.get(offset..)?.first_chunk().map(|number| u32::from(u16::from_le_bytes(*number)))
}

fn number(bytes: &[u8], offset: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(*bytes.get(offset..)?.first_chunk()?)).ok()
}
