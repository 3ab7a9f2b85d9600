//! Strips and tiles that are JPEGs (Adobe Photoshop TIFF Technical Notes, 2002, "TIFF/JPEG"): each a whole one, but
//! for tables that all of them share.

use super::directory::Directory;
use super::{Pieces, Place, samples, unsupported};
use crate::decode::{Area, Channels, RowSink, Samples, Scale, jpeg};
use crate::{Error, Format};

/// Tag `JPEGTables`.
const TABLES: u16 = 347;
/// Number of tag `PhotometricInterpretation` for red, green and blue.
const RGB: u64 = 2;
const START: [u8; 2] = [0xFF, 0xD8];
const END: [u8; 2] = [0xFF, 0xD9];
/// Side of the largest unit that a JPEG is made of.
const MAX_UNIT_PX: u32 = 32;
/// An application segment of Adobe's that says that components are what they are: red, green and blue, not `YCbCr`.
const PLAIN_COMPONENTS: &[u8] = b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\0";

/// What the pieces hand over, told from the first of them.
pub(super) fn channels(directory: &Directory<'_>, pieces: &Pieces<'_>) -> Result<Channels, Error> {
    Ok(jpeg::Opened::new(&join(directory, pieces, 0)?)?.channels())
}

/// Hands over a piece; returns how many bytes it had. It is not to have more than `most` pixels, across and down, but
/// for such as complete a unit of samples.
pub(super) fn decode(
    directory: &Directory<'_>,
    pieces: &Pieces<'_>,
    most: (u32, u32),
    place: Place,
    sink: &mut impl RowSink,
) -> Result<usize, Error> {
    let joined = join(directory, pieces, place.index)?;
    let opened = jpeg::Opened::new(&joined)?;
    let (across, down) = opened.dimensions();
    let most = (most.0.saturating_add(MAX_UNIT_PX), most.1.saturating_add(MAX_UNIT_PX));
    if !(place.width..=most.0).contains(&across) || !(place.height..=most.1).contains(&down) {
        return Err(Error::BadHeader {
            format: Format::Tiff,
            defect: "a piece of another size than it says",
        });
    }
    let Place { left, top, width, height, .. } = place;
    opened.decode(Scale::Full, &mut Part { sink, left, top, width, height })?;
    Ok(joined.len())
}

/// The JPEG of a piece, with the tables of the directory.
fn join(directory: &Directory<'_>, pieces: &Pieces<'_>, index: usize) -> Result<Vec<u8>, Error> {
    let data = pieces.packed(index, false)?;
    if data.len() < pieces.length(index) {
        return Err(directory.file.truncated());
    }
    let tables = directory.find(TABLES)?.map(|tables| tables.bytes).unwrap_or_default();
    let tables = tables.strip_prefix(&START).unwrap_or(tables);
    let tables = tables.strip_suffix(&END).unwrap_or(tables);
    let is_rgb = samples::photometric(directory)? == RGB;
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
