//! The chunks of a file (PNG 3, 5.3 and 5.4): checked once, and then only those read that matter.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crate::{Error, Format};

const SIGNATURE_BYTES: usize = 8;
/// Length and type before the data of a chunk, its checksum after it.
const FRAME_BYTES: usize = 12;
/// The longest colour chunk that is read. Larger ones are no profiles that anybody makes.
const MAX_ANCILLARY_BYTES: usize = 4 << 20;

/// One chunk.
struct Chunk<'a> {
    kind: [u8; 4],
    /// With its frame.
    bytes: &'a [u8],
}

impl<'a> Chunk<'a> {
    /// The first chunk of `rest`, if it is all there.
    fn first(rest: &'a [u8]) -> Option<Self> {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let kind = *rest.get(4..)?.first_chunk()?;
        Some(Self { kind, bytes: rest.get(..length.checked_add(FRAME_BYTES)?)? })
    }

    /// Whether a decoder has to know it, which the case of its first letter tells.
    fn is_critical(&self) -> bool {
        self.kind[0] & 0x20 == 0
    }

    fn is_intact(&self) -> bool {
        let checked = self.bytes.get(4..).and_then(<[u8]>::split_last_chunk);
        checked.is_some_and(|(data, sum)| crc32fast::hash(data) == u32::from_be_bytes(*sum))
    }

    /// Whether pixels depend on it, or what they mean.
    fn matters(&self) -> bool {
        let is_colour = matches!(&self.kind, b"tRNS" | b"iCCP" | b"sRGB" | b"gAMA" | b"cHRM" | b"cICP");
        self.is_critical() || is_colour && self.bytes.len() <= MAX_ANCILLARY_BYTES && self.is_intact()
    }
}

/// Refuses a file whose pixels are not all there, or are not what was written. What comes after the pixels may be
/// missing; browsers forgive that too. Chunks that may be ignored are ignored where they are damaged.
pub(super) fn check(bytes: &[u8]) -> Result<(), Error> {
    let mut rest = bytes.get(SIGNATURE_BYTES..).unwrap_or_default();
    let mut has_pixels = false;
    while let Some(chunk) = Chunk::first(rest) {
        if &chunk.kind == b"IEND" {
            break;
        }
        if chunk.is_critical() && !chunk.is_intact() {
            return Err(Error::BadHeader { format: Format::Png, defect: "a chunk with a wrong checksum" });
        }
        has_pixels |= &chunk.kind == b"IDAT";
        rest = rest.get(chunk.bytes.len()..).unwrap_or_default();
    }
    let breaks_off_in_pixels =
        Chunk::first(rest).is_none() && rest.get(4..8).is_some_and(|kind| kind == b"IDAT");
    if breaks_off_in_pixels || !has_pixels {
        return Err(Error::Truncated { format: Format::Png, bytes: bytes.len() });
    }
    Ok(())
}

/// A file as if it had no other chunks than those that matter.
pub(super) struct Essential<'a> {
    current: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Essential<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let (current, rest) = bytes.split_at(bytes.len().min(SIGNATURE_BYTES));
        Self { current, rest }
    }
}

impl BufRead for Essential<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.current.is_empty() && !self.rest.is_empty() {
            let Some(chunk) = Chunk::first(self.rest) else {
                // A piece of a chunk, by which the decoder sees that the file breaks off.
                self.current = std::mem::take(&mut self.rest);
                break;
            };
            self.rest = self.rest.get(chunk.bytes.len()..).unwrap_or_default();
            if chunk.matters() {
                self.current = chunk.bytes;
            }
        }
        Ok(self.current)
    }

    fn consume(&mut self, count: usize) {
        self.current = self.current.get(count..).unwrap_or_default();
    }
}

impl Read for Essential<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

/// The decoder asks for it and never does it.
impl Seek for Essential<'_> {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
