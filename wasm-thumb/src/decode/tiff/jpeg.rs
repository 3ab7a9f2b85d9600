//! Strips and tiles that are JPEGs (Adobe Photoshop TIFF Technical Notes, 2002, "TIFF/JPEG"): each a whole one, but
//! for tables that all of them share.

use std::io::Cursor;

use tiff::decoder::{ChunkType, Decoder};
use tiff::tags::{PhotometricInterpretation, Tag};

use super::{failure, unsupported};
use crate::decode::{Area, Channels, RowSink, Samples, Scale, jpeg};
use crate::{Error, Format};

type Source<'a> = Decoder<Cursor<&'a [u8]>>;

const START: [u8; 2] = [0xFF, 0xD8];
const END: [u8; 2] = [0xFF, 0xD9];
/// Side of the largest unit that a JPEG is made of.
const MAX_UNIT_PX: u32 = 32;
/// An application segment of Adobe's that says that components are what they are: red, green and blue, not `YCbCr`.
const PLAIN_COMPONENTS: &[u8] = b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\0";

/// What the pieces hand over, told from the first of them.
pub(super) fn channels(bytes: &[u8], decoder: &mut Source<'_>) -> Result<Channels, Error> {
    Ok(jpeg::Opened::new(&join(bytes, decoder, 0)?)?.channels())
}

/// Hands over piece `index`, of which `width`×`height` pixels at (`left`, `top`) belong to the picture. It is not to
/// have more than `most` pixels, across and down, but for such as complete a unit of samples.
pub(super) fn decode(
    bytes: &[u8],
    decoder: &mut Source<'_>,
    (index, most): (u32, (u32, u32)),
    (left, top, width, height): (u32, u32, u32, u32),
    sink: &mut impl RowSink,
) -> Result<(), Error> {
    let joined = join(bytes, decoder, index)?;
    let opened = jpeg::Opened::new(&joined)?;
    let (across, down) = opened.dimensions();
    let most = (most.0.saturating_add(MAX_UNIT_PX), most.1.saturating_add(MAX_UNIT_PX));
    if !(width..=most.0).contains(&across) || !(height..=most.1).contains(&down) {
        return Err(Error::BadHeader {
            format: Format::Tiff,
            defect: "a piece of another size than it says",
        });
    }
    opened.decode(Scale::Full, &mut Part { sink, left, top, width, height })
}

/// The JPEG of a piece, with the tables of the directory.
fn join(bytes: &[u8], decoder: &mut Source<'_>, index: u32) -> Result<Vec<u8>, Error> {
    let (offsets, lengths) = match decoder.get_chunk_type() {
        ChunkType::Strip => (Tag::StripOffsets, Tag::StripByteCounts),
        ChunkType::Tile => (Tag::TileOffsets, Tag::TileByteCounts),
    };
    let missing = Error::Truncated { format: Format::Tiff, bytes: bytes.len() };
    let mut number = |tag| {
        let numbers: Option<Vec<u64>> =
            decoder.find_tag_unsigned_vec(tag).map_err(|error| failure(bytes, error))?;
        Ok::<_, Error>(numbers.and_then(|numbers| numbers.get(index as usize).copied()))
    };
    let (offset, length) = (number(offsets)?, number(lengths)?);
    let place = offset.and_then(|from| Some((usize::try_from(from).ok()?, usize::try_from(length?).ok()?)));
    let Some(data) = place.and_then(|(from, length)| bytes.get(from..)?.get(..length)) else {
        return Err(missing);
    };
    let tables = decoder.find_tag(Tag::JPEGTables).map_err(|error| failure(bytes, error))?;
    let tables = tables.and_then(|value| value.into_u8_vec().ok()).unwrap_or_default();
    let tables = tables.strip_prefix(&START).unwrap_or(&tables);
    let tables = tables.strip_suffix(&END).unwrap_or(tables);
    let meaning = decoder.find_tag_unsigned::<u16>(Tag::PhotometricInterpretation);
    let is_rgb =
        meaning.map_err(|error| failure(bytes, error))? == Some(PhotometricInterpretation::RGB.to_u16());
    let said = if is_rgb { PLAIN_COMPONENTS } else { &[] };
    let data = data.strip_prefix(&START).ok_or(unsupported("JPEG that is none"))?;
    Ok([&START, said, tables, data].concat())
}

/// The place of a piece in the picture.
struct Part<'a, S> {
    sink: &'a mut S,
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl<S: RowSink> RowSink for Part<'_, S> {
    fn wanted(&self) -> Area {
        let whole = self.sink.wanted();
        let part = |(from, to): (u32, u32), first: u32, length: u32| {
            (from.saturating_sub(first).min(length), to.saturating_sub(first).min(length))
        };
        Area {
            columns: part(whole.columns, self.left, self.width),
            rows: part(whole.rows, self.top, self.height),
        }
    }

    fn row(&mut self, y: u32, first: u32, step: u32, samples: Samples<'_>) {
        if y < self.height {
            self.sink.row(self.top + y, self.left.saturating_add(first), step, samples);
        }
    }
}
