//! The chunks of a file (PNG 3, 5.3 and 5.4).

use super::crc::Crc;
use crate::{Error, Format};

/// What a file begins with (PNG 3, 5.2).
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1A\n";
/// Length and type before the data of a chunk, its checksum after it.
const FRAME_BYTES: usize = 12;
/// The longest colour chunk that is read. Larger ones are no profiles that anybody makes.
const MAX_ANCILLARY_BYTES: usize = 4 << 20;

/// One chunk.
#[derive(Clone, Copy)]
pub(super) struct Chunk<'a> {
    pub(super) kind: [u8; 4],
    /// Kind and data, which is what the checksum is of.
    checked: &'a [u8],
    sum: u32,
}

impl<'a> Chunk<'a> {
    /// The first chunk of `rest`, if it is all there, and what follows it.
    fn first(rest: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let (chunk, rest) = rest.split_at_checked(length.checked_add(FRAME_BYTES)?)?;
        let (checked, sum) = chunk.get(4..)?.split_last_chunk()?;
        Some((Self { kind: *checked.first_chunk()?, checked, sum: u32::from_be_bytes(*sum) }, rest))
    }

    pub(super) fn data(&self) -> &'a [u8] {
        self.checked.get(4..).unwrap_or_default()
    }

    /// Whether a decoder has to know it, which the case of its first letter tells.
    pub(super) fn is_critical(&self) -> bool {
        self.kind[0] & 0x20 == 0
    }

    /// Where random bytes are tried, no checksum is asked for: hardly any would pass, and nothing behind it be reached.
    fn is_intact(&self, crc: &Crc) -> bool {
        cfg!(fuzzing) || crc.of(self.checked) == self.sum
    }

    /// Whether pixels depend on it, or what they mean.
    pub(super) fn matters(&self, crc: &Crc) -> bool {
        let is_colour = matches!(&self.kind, b"tRNS" | b"iCCP" | b"sRGB" | b"gAMA" | b"cHRM" | b"cICP");
        self.is_critical() || is_colour && self.checked.len() <= MAX_ANCILLARY_BYTES && self.is_intact(crc)
    }
}

/// Whatever chunks are whole, up to the first that is not; none where the signature is wrong.
pub(super) struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes.strip_prefix(SIGNATURE).unwrap_or_default() }
    }

    /// The kind of the next chunk, even if that breaks off.
    pub(super) fn next_kind(&self) -> Option<&'a [u8]> {
        self.rest.get(4..8)
    }

    /// The next one that matters, as if there were no others.
    pub(super) fn next_that_matters(&mut self, crc: &Crc) -> Option<Chunk<'a>> {
        self.find(|chunk| chunk.matters(crc))
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (chunk, rest) = Chunk::first(self.rest)?;
        self.rest = rest;
        Some(chunk)
    }
}

/// Refuses a chunk that is not what was written.
pub(super) fn check_one(chunk: &Chunk, crc: &Crc) -> Result<(), Error> {
    let defect = "a chunk with a wrong checksum";
    if chunk.is_intact(crc) { Ok(()) } else { Err(Error::BadHeader { format: Format::Png, defect }) }
}

/// Refuses a file whose pixels are not all there, or are not what was written. What comes after the pixels may be
/// missing; browsers forgive that too. Chunks that may be ignored are ignored where they are damaged.
pub(super) fn check(bytes: &[u8], crc: &Crc) -> Result<(), Error> {
    let mut chunks = Chunks::new(bytes);
    let mut has_pixels = false;
    let mut has_end = false;
    for chunk in chunks.by_ref() {
        if &chunk.kind == b"IEND" {
            has_end = true;
            break;
        }
        if chunk.is_critical() {
            check_one(&chunk, crc)?;
        }
        has_pixels |= &chunk.kind == b"IDAT";
    }
    let breaks_off_in_pixels = !has_end && chunks.next_kind() == Some(b"IDAT");
    if breaks_off_in_pixels || !has_pixels {
        return Err(Error::Truncated { format: Format::Png, bytes: bytes.len() });
    }
    Ok(())
}
