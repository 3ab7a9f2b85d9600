//! TIFF (revision 6.0), its first page: strips or tiles, each unpacked row by row. Those coded as JPEG are decoded by
//! the decoder of JPEG.

mod directory;
mod jpeg;
mod samples;
mod unpack;

use self::directory::{Directory, File, Values, corrupt};
use self::samples::{Layout, Row};
use self::unpack::{Packing, Unpacker};
use super::{Channels, Order, RowSink};
use crate::limits::zeroes;
use crate::{Error, Format};

mod tag {
    pub(super) const WIDTH: u16 = 256;
    pub(super) const HEIGHT: u16 = 257;
    pub(super) const COMPRESSION: u16 = 259;
    pub(super) const FILL_ORDER: u16 = 266;
    pub(super) const STRIP_OFFSETS: u16 = 273;
    pub(super) const ROWS_PER_STRIP: u16 = 278;
    pub(super) const STRIP_BYTE_COUNTS: u16 = 279;
    pub(super) const PLANAR_CONFIGURATION: u16 = 284;
    pub(super) const TILE_WIDTH: u16 = 322;
    pub(super) const TILE_HEIGHT: u16 = 323;
    pub(super) const TILE_OFFSETS: u16 = 324;
    pub(super) const TILE_BYTE_COUNTS: u16 = 325;
    pub(super) const ICC_PROFILE: u16 = 34_675;
}

/// Number of tag `Compression` for JPEG.
const JPEG: u64 = 7;
/// The longest profile.
const MAX_PROFILE_BYTES: usize = 16 << 20;
/// What a piece needs beside its rows and what its packing takes.
const WORKING_BYTES: u64 = 64 << 10;
/// What may be stored for a pixel of the picture: four floats and as much again for the rims of tiles, and this more.
const MAX_PIXEL_BYTES: u64 = 32;
const MAX_MORE_BYTES: u64 = 512 << 20;

/// A picture whose directory has been read.
pub(crate) struct Opened<'a> {
    directory: Directory<'a>,
    size: (u32, u32),
    grid: Grid,
    pieces: Pieces<'a>,
    layout: Layout,
    /// None for JPEG.
    packing: Option<Packing>,
    /// Whether the bits of a fax begin with the lowest of a byte.
    is_reversed: bool,
    /// Planes that are stored apart and of use, of which each has as many pieces as the picture.
    planes: usize,
    /// Samples of a pixel that are stored together.
    together: usize,
}

/// Strips or tiles.
#[derive(Clone, Copy, Debug)]
struct Grid {
    /// Of a piece, pixels; those at the right and lower edge may be smaller.
    width: u32,
    height: u32,
    across: u32,
    down: u32,
    is_tiled: bool,
}

/// Where strips or tiles are.
#[derive(Clone, Copy, Debug)]
struct Pieces<'a> {
    file: File<'a>,
    offsets: Values<'a>,
    lengths: Values<'a>,
}

/// A piece's number and the part of the picture that it fills, pixels.
#[derive(Clone, Copy, Debug)]
struct Place {
    index: usize,
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

/// Rows in the making.
struct Buffers {
    row: Vec<u8>,
    second: Vec<u8>,
    /// A row of all planes.
    merged: Vec<u8>,
    converted: Row,
}

impl<'a> Opened<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let directory = Directory::new(bytes)?;
        let (width, height) = (directory.side(tag::WIDTH)?, directory.side(tag::HEIGHT)?);
        let size = width.zip(height).ok_or_else(|| corrupt("its directory tells no width and height"))?;
        let (grid, pieces) = Grid::read(&directory, size)?;
        let compression = directory.number(tag::COMPRESSION)?.unwrap_or(1);
        let is_planar = directory.number(tag::PLANAR_CONFIGURATION)? == Some(2);
        let (packing, layout) = if compression == JPEG {
            if is_planar {
                return Err(unsupported("planes of JPEG"));
            }
            (None, Layout::of_jpeg(jpeg::channels(&directory, &pieces)?))
        } else {
            (Some(Packing::new(compression)?), Layout::read(&directory)?)
        };
        if packing == Some(Packing::Fax) && layout.bits * layout.samples != 1 {
            return Err(unsupported("a fax of grays or colours"));
        }
        let is_reversed = directory.number(tag::FILL_ORDER)? == Some(2);
        let (planes, together, stored) = if is_planar && layout.samples > 1 {
            (layout.channels.count(), 1, layout.samples)
        } else {
            (1, layout.samples, 1)
        };
        if (grid.pieces() as u64).saturating_mul(stored as u64) > pieces.offsets.len() as u64 {
            return Err(corrupt("its directory has too few strips or tiles"));
        }
        let opened = Self { directory, size, grid, pieces, layout, packing, is_reversed, planes, together };
        let pixels = u64::from(size.0) * u64::from(size.1);
        if opened.stored_bytes() > pixels.saturating_mul(MAX_PIXEL_BYTES).saturating_add(MAX_MORE_BYTES) {
            let source = "tiles far larger than the picture".into();
            return Err(Error::DecoderLimit { format: Format::Tiff, source });
        }
        Ok(opened)
    }

    pub(super) fn dimensions(&self) -> (u32, u32) {
        self.size
    }

    pub(super) fn channels(&self) -> Channels {
        self.layout.channels
    }

    pub(super) fn order(&self) -> Order {
        if self.grid.is_tiled && self.grid.across > 1 { Order::Any } else { Order::Rows }
    }

    /// An embedded profile; one that cannot be read is as good as none.
    pub(super) fn profile(&self) -> Option<Vec<u8>> {
        self.stored_profile().map(<[u8]>::to_vec)
    }

    fn stored_profile(&self) -> Option<&[u8]> {
        let values = self.directory.find(tag::ICC_PROFILE).ok()??;
        (values.bytes.len() <= MAX_PROFILE_BYTES).then_some(values.bytes)
    }

    /// A row of a piece as it is stored, bytes.
    fn row_bytes(&self) -> u64 {
        self.layout.row_bytes(self.grid.width, self.together)
    }

    /// All pieces of all planes that are read, unpacked.
    fn stored_bytes(&self) -> u64 {
        let rows = (self.grid.pieces() as u64).saturating_mul(u64::from(self.grid.height));
        self.row_bytes().saturating_mul(rows).saturating_mul(self.planes as u64)
    }

    pub(super) fn decoded_bytes(&self) -> u64 {
        let (width, height) = (self.grid.width, self.grid.height);
        let beside = match self.packing {
            // The most that a decoder of JPEG keeps, and a JPEG joined with its tables.
            None => {
                let piece = self.row_bytes().saturating_mul(u64::from(height));
                piece.saturating_mul(2).saturating_add(self.directory.file.bytes.len() as u64)
            }
            Some(packing) => {
                let bytes = packing.working_bytes((width, height), self.directory.file.bytes.len());
                bytes.saturating_mul(self.planes as u64)
            }
        };
        // As stored, once more for its predictor, and with all planes; converted, with room to grow.
        let converted = (self.layout.channels.count() * self.layout.bits.div_ceil(8)) as u64;
        let rows = self.row_bytes().saturating_mul(2);
        let rows = rows.saturating_add(u64::from(width).saturating_mul(3 * converted));
        rows.saturating_add(beside).saturating_add(WORKING_BYTES + self.profile_bytes())
    }

    pub(super) fn profile_bytes(&self) -> u64 {
        self.stored_profile().map_or(0, <[u8]>::len) as u64
    }

    pub(super) fn decode(self, sink: &mut impl RowSink) -> Result<(), Error> {
        let wanted = sink.wanted();
        let is_wanted = |from: u32, len: u32, (first, end): (u32, u32)| from < end && from + len > first;
        let mut buffers = self.buffers()?;
        // Pieces may share bytes, but not so many that reading takes longer than the file and the picture are large.
        let most =
            (self.directory.file.bytes.len() as u64).saturating_add(self.stored_bytes()).saturating_mul(2);
        let mut taken = 0_u64;
        for index in 0..self.grid.pieces() {
            let place = self.grid.place(index, self.size);
            if !is_wanted(place.left, place.width, wanted.columns)
                || !is_wanted(place.top, place.height, wanted.rows)
            {
                continue;
            }
            let bytes = if self.packing.is_some() {
                self.piece(place, &mut buffers, sink)?
            } else {
                jpeg::decode(&self.directory, &self.pieces, (self.grid.width, self.grid.height), place, sink)?
            };
            taken = taken.saturating_add(bytes as u64);
            if taken > most {
                return Err(corrupt("its strips or tiles overlap"));
            }
        }
        Ok(())
    }

    fn buffers(&self) -> Result<Buffers, Error> {
        let too_long = || Error::DecoderLimit { format: Format::Tiff, source: "a row".into() };
        let is_unpacked = self.packing.is_some();
        let row = if is_unpacked { usize::try_from(self.row_bytes()).map_err(|_| too_long())? } else { 0 };
        let all = if self.planes > 1 { row.checked_mul(self.planes).ok_or_else(too_long)? } else { 0 };
        let second = if self.layout.needs_second_row() { row } else { 0 };
        let (row, second, merged) = (zeroes(row)?, zeroes(second)?, zeroes(all)?);
        Ok(Buffers { row, second, merged, converted: Row::default() })
    }

    /// Hands over a strip or tile; returns how many packed bytes it took.
    fn piece(&self, place: Place, buffers: &mut Buffers, sink: &mut impl RowSink) -> Result<usize, Error> {
        let Buffers { row, second, merged, converted } = buffers;
        let Some(packing) = self.packing else { return Ok(0) };
        let mut unpackers = Vec::with_capacity(self.planes);
        for plane in 0..self.planes {
            let packed =
                self.pieces.packed(place.index + plane * self.grid.pieces(), packing.ends_itself())?;
            let sides = (self.grid.width, self.grid.height);
            unpackers.push(Unpacker::new(packing, packed, sides, self.is_reversed)?);
        }
        let (width, sample_bytes) = (place.width as usize, self.layout.bits / 8);
        for y in place.top..place.top + place.height {
            for (plane, unpacker) in unpackers.iter_mut().enumerate() {
                unpacker.fill(row)?.ok_or_else(|| self.directory.file.truncated())?;
                self.layout.restore(row, second, self.together);
                if self.planes > 1 {
                    let pixels = merged.chunks_exact_mut(self.planes * sample_bytes);
                    for (pixel, sample) in pixels.zip(row.chunks_exact(sample_bytes)) {
                        pixel[plane * sample_bytes..][..sample_bytes].copy_from_slice(sample);
                    }
                }
            }
            let (row, stored) =
                if self.planes > 1 { (&*merged, self.planes) } else { (&*row, self.together) };
            sink.row(y, place.left, 1, converted.convert(row, &self.layout, stored, width));
        }
        Ok(unpackers.iter().map(Unpacker::taken).sum())
    }
}

impl Grid {
    /// The strips or tiles of a picture of this width and height, and where they are.
    fn read<'a>(directory: &Directory<'a>, (width, height): (u32, u32)) -> Result<(Self, Pieces<'a>), Error> {
        let strips = directory.list(tag::STRIP_OFFSETS)?.zip(directory.list(tag::STRIP_BYTE_COUNTS)?);
        let tiles = directory.list(tag::TILE_OFFSETS)?.zip(directory.list(tag::TILE_BYTE_COUNTS)?);
        let is_tiled = tiles.is_some();
        let missing = || corrupt("its directory tells neither strips nor tiles");
        let (piece_width, piece_height, (offsets, lengths)) = if let Some(tiles) = tiles {
            let (across, down) = (directory.side(tag::TILE_WIDTH)?, directory.side(tag::TILE_HEIGHT)?);
            let (across, down) = across.zip(down).ok_or_else(missing)?;
            (across, down, tiles)
        } else {
            let rows = directory.side(tag::ROWS_PER_STRIP)?.unwrap_or(height).min(height);
            (width, rows, strips.ok_or_else(missing)?)
        };
        let (across, down) = (width.div_ceil(piece_width), height.div_ceil(piece_height));
        // So that numbers of pieces are small ones from here on.
        if u64::from(across) * u64::from(down) > offsets.len().min(lengths.len()) as u64 {
            return Err(corrupt("its directory has too few strips or tiles"));
        }
        let grid = Self { width: piece_width, height: piece_height, across, down, is_tiled };
        Ok((grid, Pieces { file: directory.file, offsets, lengths }))
    }

    /// Strips or tiles of a plane.
    fn pieces(self) -> usize {
        self.across as usize * self.down as usize
    }

    fn place(self, index: usize, (width, height): (u32, u32)) -> Place {
        let across = self.across as usize;
        // Less than the sides of the picture, which are of 32 bits.
        let start = |number: usize, side: u32| u32::try_from(number).unwrap_or(u32::MAX).saturating_mul(side);
        let left = start(index % across, self.width);
        let top = start(index / across, self.height);
        Place {
            index,
            left,
            top,
            width: self.width.min(width.saturating_sub(left)),
            height: self.height.min(height.saturating_sub(top)),
        }
    }
}

impl<'a> Pieces<'a> {
    /// The bytes of a piece, as many as there are, or all from its start.
    fn packed(&self, index: usize, to_the_end: bool) -> Result<&'a [u8], Error> {
        let offset = self.offsets.get(index).and_then(|offset| usize::try_from(offset).ok());
        let packed = offset.and_then(|offset| self.file.bytes.get(offset..));
        let packed = packed.ok_or_else(|| self.file.truncated())?;
        Ok(packed.get(..self.length(index)).filter(|_| !to_the_end).unwrap_or(packed))
    }

    /// How many bytes a piece is said to have.
    fn length(&self, index: usize) -> usize {
        let length = self.lengths.get(index).unwrap_or(0);
        usize::try_from(length).unwrap_or(usize::MAX)
    }
}

fn unsupported(variant: &'static str) -> Error {
    Error::UnsupportedVariant { format: Format::Tiff, variant }
}
