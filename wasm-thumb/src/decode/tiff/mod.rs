//! TIFF (revision 6.0), its first page, by the decoder of the `tiff` crate, strip by strip or tile by tile. Those
//! coded as JPEG are decoded by our own decoder.

mod jpeg;
mod samples;

use std::io::{Cursor, ErrorKind};

use tiff::decoder::{ChunkType, Decoder, DecodingResult, Limits};
use tiff::tags::{CompressionMethod, PlanarConfiguration, Tag};
use tiff::{TiffError, TiffUnsupportedError};

use self::samples::{Kind, Layout};
use super::{Channels, Order, RowSink, Samples};
use crate::{Error, Format};

/// The longest list of numbers in a directory.
const MAX_LIST_BYTES: usize = 1 << 20;
/// The longest profile.
const MAX_PROFILE_BYTES: u64 = 16 << 20;
/// What a decoder of a strip needs beside its rows.
const WORKING_BYTES: u64 = 256 << 10;

/// A picture whose directory has been read.
pub(crate) struct Opened<'a> {
    bytes: &'a [u8],
    decoder: Decoder<Cursor<&'a [u8]>>,
    size: (u32, u32),
    grid: Grid,
    layout: Layout,
    /// Planes that are stored apart, of which each has as many pieces as the picture.
    planes: u32,
    is_jpeg: bool,
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

impl<'a> Opened<'a> {
    pub(super) fn new(bytes: &'a [u8], max_alloc_bytes: u64) -> Result<Self, Error> {
        let failure = |error| failure(bytes, error);
        let budget = usize::try_from(max_alloc_bytes).unwrap_or(usize::MAX);
        let mut limits = Limits::default();
        limits.decoding_buffer_size = budget;
        limits.intermediate_buffer_size = budget;
        limits.ifd_value_size = MAX_LIST_BYTES;
        let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(failure)?.with_limits(limits);
        let size = decoder.dimensions().map_err(failure)?;
        let grid = Grid::read(&decoder, size);
        let number = |decoder: &mut Decoder<_>, tag| decoder.find_tag_unsigned::<u16>(tag).map_err(failure);
        let is_jpeg = number(&mut decoder, Tag::Compression)? == Some(CompressionMethod::ModernJPEG.to_u16());
        let is_planar =
            number(&mut decoder, Tag::PlanarConfiguration)? == Some(PlanarConfiguration::Planar.to_u16());
        let layout = if is_jpeg {
            if is_planar {
                return Err(unsupported("planes of JPEG"));
            }
            Layout::of_jpeg(jpeg::channels(bytes, &mut decoder)?)
        } else {
            Layout::read(&mut decoder).map_err(failure)?.ok_or(unsupported("this kind of sample"))?
        };
        let planes = if is_planar && layout.samples > 1 { u32::from(layout.samples) } else { 1 };
        if planes > 1 && layout.bits < 8 {
            return Err(unsupported("planes of parts of bytes"));
        }
        Ok(Self { bytes, decoder, size, grid, layout, planes, is_jpeg })
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
    pub(super) fn profile(&mut self) -> Option<Vec<u8>> {
        let length = self.decoder.image_ifd().find_entry(Tag::IccProfile)?.count();
        // So that what is not there is not made room for.
        if length > MAX_PROFILE_BYTES.min(self.bytes.len() as u64) {
            return None;
        }
        let mut profile = vec![0; usize::try_from(length).ok()?];
        let read = self.decoder.image_ifd().find_tag_bytes(Tag::IccProfile, &mut profile, 0).ok()??;
        (read >= profile.len()).then_some(profile)
    }

    pub(super) fn decoded_bytes(&self) -> u64 {
        let pixels = u64::from(self.grid.width) * u64::from(self.grid.height);
        let piece = pixels.saturating_mul(self.layout.pixel_bytes());
        // A JPEG is joined with its tables, and its planes are beside its pixels.
        let beside = if self.is_jpeg { piece.saturating_add(self.bytes.len() as u64) } else { 0 };
        let row = u64::from(self.grid.width) * 8;
        piece.saturating_add(beside).saturating_add(row).saturating_add(WORKING_BYTES)
    }

    pub(super) fn decode(mut self, sink: &mut impl RowSink) -> Result<(), Error> {
        let wanted = sink.wanted();
        let is_wanted = |from: u32, len: u32, (first, end): (u32, u32)| from < end && from + len > first;
        for index in 0..self.grid.across * self.grid.down {
            let left = (index % self.grid.across) * self.grid.width;
            let top = (index / self.grid.across) * self.grid.height;
            let width = self.grid.width.min(self.size.0 - left);
            let height = self.grid.height.min(self.size.1 - top);
            if !is_wanted(left, width, wanted.columns) || !is_wanted(top, height, wanted.rows) {
                continue;
            }
            if self.is_jpeg {
                let most = (self.grid.width, self.grid.height);
                let place = (left, top, width, height);
                jpeg::decode(self.bytes, &mut self.decoder, (index, most), place, sink)?;
            } else if self.planes == 1 {
                self.piece(index, (left, top, width), sink)?;
            } else {
                self.planar_piece(index, (left, top, width), sink)?;
            }
        }
        Ok(())
    }

    /// A strip or tile whose pixels are stored together.
    fn piece(
        &mut self,
        index: u32,
        (left, top, width): (u32, u32, u32),
        sink: &mut impl RowSink,
    ) -> Result<(), Error> {
        let decoded = self.decoder.read_chunk(index).map_err(|error| failure(self.bytes, error))?;
        let Layout { kind, samples, .. } = self.layout;
        let mut converted = samples::Row::default();
        match decoded {
            DecodingResult::U8(bytes) if matches!(kind, Kind::Packed) => {
                let row_bytes = (width as usize * usize::from(self.layout.bits)).div_ceil(8);
                for (y, row) in (top..).zip(bytes.chunks_exact(row_bytes)) {
                    let row = converted.unpack(row, self.layout.bits, width as usize);
                    sink.row(y, left, 1, Samples::Eight(row));
                }
            }
            DecodingResult::U8(values) => {
                for (y, row) in (top..).zip(values.chunks_exact(width as usize * usize::from(samples))) {
                    sink.row(y, left, 1, converted.eight(row, self.layout));
                }
            }
            DecodingResult::U16(values) => {
                for (y, row) in (top..).zip(values.chunks_exact(width as usize * usize::from(samples))) {
                    sink.row(y, left, 1, converted.sixteen(row, self.layout));
                }
            }
            DecodingResult::F32(values) => {
                for (y, row) in (top..).zip(values.chunks_exact(width as usize * usize::from(samples))) {
                    sink.row(y, left, 1, converted.float(row, self.layout));
                }
            }
            _ => return Err(unsupported("this kind of sample")),
        }
        Ok(())
    }

    /// A strip or tile of which each plane is stored apart.
    fn planar_piece(
        &mut self,
        index: u32,
        place: (u32, u32, u32),
        sink: &mut impl RowSink,
    ) -> Result<(), Error> {
        let pieces = self.grid.across * self.grid.down;
        let mut planes = Vec::new();
        for plane in 0..self.planes {
            let number = plane.checked_mul(pieces).and_then(|first| first.checked_add(index));
            let number = number.ok_or(unsupported("so many planes"))?;
            planes.push(self.decoder.read_chunk(number).map_err(|error| failure(self.bytes, error))?);
        }
        samples::interleave(&planes, self.layout, place, sink).ok_or(unsupported("this kind of planes"))
    }
}

impl Grid {
    fn read(decoder: &Decoder<Cursor<&[u8]>>, (width, height): (u32, u32)) -> Self {
        let is_tiled = decoder.get_chunk_type() == ChunkType::Tile;
        let (piece_width, piece_height) = decoder.chunk_dimensions();
        let (piece_width, piece_height) = (piece_width.max(1), piece_height.max(1));
        let (piece_width, piece_height) =
            if is_tiled { (piece_width, piece_height) } else { (width, piece_height.min(height)) };
        Self {
            width: piece_width,
            height: piece_height,
            across: width.div_ceil(piece_width),
            down: height.div_ceil(piece_height),
            is_tiled,
        }
    }
}

fn unsupported(variant: &'static str) -> Error {
    Error::UnsupportedVariant { format: Format::Tiff, variant }
}

fn failure(bytes: &[u8], error: TiffError) -> Error {
    let format = Format::Tiff;
    match error {
        TiffError::UnsupportedError(TiffUnsupportedError::UnknownInterpretation) => {
            Error::BadHeader { format, defect: "no meaning for its samples" }
        }
        TiffError::UnsupportedError(_) => unsupported("this coding"),
        TiffError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Error::Truncated { format, bytes: bytes.len() }
        }
        // Said in few words, because the crate's own way to say it is as large as a decoder.
        TiffError::LimitsExceeded => Error::DecoderLimit { format, source: "a list or a strip".into() },
        TiffError::FormatError(_) => {
            Error::Corrupt { format, source: "its directory contradicts itself".into() }
        }
        TiffError::IoError(_) => Error::Corrupt { format, source: "its data cannot be unpacked".into() },
        _ => Error::Corrupt { format, source: "its numbers are out of range".into() },
    }
}
