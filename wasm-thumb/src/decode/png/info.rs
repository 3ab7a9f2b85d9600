//! Everything before the pixels: header, palette, transparency and colours.

use super::chunks::{Chunk, Chunks, check_one};
use super::crc::Crc;
use super::header::{Header, Kind};
use crate::{Error, Format};

/// The longest palette: 256 entries of red, green and blue.
const MAX_PALETTE_BYTES: usize = 768;

/// What the file tells of its colours, each as it is in its chunk. Of chunks of one kind the first counts.
#[derive(Debug, Default)]
pub(super) struct Told<'a> {
    /// `cICP`: primaries and transfer function.
    pub(super) coding_point: Option<(u8, u8)>,
    /// `iCCP`: a name and the compressed profile.
    pub(super) profile: Option<&'a [u8]>,
    /// `sRGB`.
    pub(super) is_srgb: bool,
    /// `gAMA`, never 0.
    pub(super) gamma: Option<u32>,
    /// `cHRM`: x and y of white, red, green and blue.
    pub(super) chromaticities: Option<[u32; 8]>,
}

#[derive(Debug)]
pub(super) struct Info<'a> {
    pub(super) header: Header,
    /// Red, green and blue of each entry; empty if there is none.
    pub(super) palette: &'a [u8],
    /// `tRNS`: alpha of the palette's entries, or the one colour that is transparent in two bytes a sample.
    pub(super) transparency: Option<&'a [u8]>,
    pub(super) told: Told<'a>,
}

impl<'a> Info<'a> {
    /// Reads up to the pixels. Of these only the first chunk has to begin.
    pub(super) fn read(bytes: &'a [u8], crc: &Crc) -> Result<Self, Error> {
        let bad = |defect| Error::BadHeader { format: Format::Png, defect };
        let truncated = || Error::Truncated { format: Format::Png, bytes: bytes.len() };
        let mut chunks = Chunks::new(bytes);
        let first = chunks.next_that_matters(crc).ok_or_else(truncated)?;
        if &first.kind != b"IHDR" {
            return Err(bad("no header at its start"));
        }
        check_one(&first, crc)?;
        let header = Header::read(first.data())?;
        let mut info = Self { header, palette: &[], transparency: None, told: Told::default() };
        while chunks.next_kind() != Some(b"IDAT") {
            let Some(chunk) = chunks.next() else { return Err(truncated()) };
            if !chunk.matters(crc) {
                continue;
            }
            match &chunk.kind {
                b"PLTE" => {
                    let is_whole = matches!(chunk.data().len(), 3..=MAX_PALETTE_BYTES);
                    if !is_whole || !info.palette.is_empty() {
                        return Err(bad("a palette that cannot be one"));
                    }
                    info.palette = chunk.data();
                }
                b"IEND" => return Err(bad("no pixels")),
                b"tRNS" => info.take_transparency(&chunk),
                _ if chunk.is_critical() => return Err(bad("a chunk of unknown kind")),
                _ => info.told.take(&chunk, !info.palette.is_empty()),
            }
        }
        if header.kind == Kind::Indexed && info.palette.is_empty() {
            return Err(bad("no palette"));
        }
        Ok(info)
    }

    /// Takes what fits the kind of the pixels, and comes after the palette if it is about that.
    fn take_transparency(&mut self, chunk: &Chunk<'a>) {
        let data = chunk.data();
        let fits = match self.header.kind {
            Kind::Gray => data.len() >= 2,
            Kind::Rgb => data.len() >= 6,
            Kind::Indexed => !self.palette.is_empty() && (1..=256).contains(&data.len()),
            Kind::GrayAlpha | Kind::Rgba => false,
        };
        if fits && self.transparency.is_none() {
            self.transparency = Some(data);
        }
    }
}

impl<'a> Told<'a> {
    /// Takes what is what it should be, and nothing else.
    fn take(&mut self, chunk: &Chunk<'a>, is_after_palette: bool) {
        let data = chunk.data();
        match (&chunk.kind, data) {
            (b"cICP", &[primaries, transfer, 0, 0 | 1]) if !is_after_palette => {
                self.coding_point.get_or_insert((primaries, transfer));
            }
            (b"iCCP", _) => {
                self.profile.get_or_insert(data);
            }
            (b"sRGB", [0..=3]) => self.is_srgb = true,
            (b"gAMA", &[a, b, c, d]) if data != [0; 4] => {
                self.gamma.get_or_insert(u32::from_be_bytes([a, b, c, d]));
            }
            (b"cHRM", _) => {
                if let (Ok(words), None) = (<[[u8; 4]; 8]>::try_from(data.as_chunks().0), self.chromaticities)
                    && data.len() == 32
                {
                    self.chromaticities = Some(words.map(u32::from_be_bytes));
                }
            }
            _ => {}
        }
    }
}
