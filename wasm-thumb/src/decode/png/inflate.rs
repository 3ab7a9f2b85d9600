//! The pixels as they were compressed: one zlib stream over all `IDAT` chunks (PNG 3, 10), a row at a time.
//!
//! Its own checksum, Adler-32, is not checked, nor that of a profile: that of each chunk has been.

use fdeflate::Decompressor;

use super::chunks::Chunks;
use super::crc::Crc;
use crate::limits::zeroes;
use crate::{Error, Format};

/// How far back a stream refers at most.
const LOOK_BACK_BYTES: usize = 32 << 10;
/// What is decompressed at once, so that it is still near when it is read.
const STEP_BYTES: usize = 8 << 10;
/// How much more than a row and what is referred to fits in, so that moving these is rare.
const ROOM_BYTES: usize = 64 << 10;
/// The longest name of a profile.
const MAX_NAME_BYTES: usize = 79;

/// What a window takes beside a row.
pub(super) const WINDOW_BYTES: u64 = (LOOK_BACK_BYTES + ROOM_BYTES) as u64;

/// The stream.
pub(super) struct Inflated<'a> {
    chunks: Chunks<'a>,
    crc: &'a Crc,
    /// What is left of the current chunk.
    input: &'a [u8],
    decompressor: Decompressor,
    /// What has been decompressed: up to `read` for looking back, up to `filled` not yet read.
    window: Vec<u8>,
    read: usize,
    filled: usize,
}

impl<'a> Inflated<'a> {
    /// For rows of up to `row_bytes`.
    pub(super) fn new(bytes: &'a [u8], crc: &'a Crc, row_bytes: usize) -> Result<Self, Error> {
        let mut decompressor = Decompressor::new();
        decompressor.ignore_adler32();
        let mut inflated = Self {
            chunks: Chunks::new(bytes),
            crc,
            input: &[],
            decompressor,
            window: zeroes(row_bytes.saturating_add(LOOK_BACK_BYTES + ROOM_BYTES))?,
            read: 0,
            filled: 0,
        };
        let first = inflated.chunks.find(|chunk| &chunk.kind == b"IDAT");
        inflated.input = first.map(|chunk| chunk.data()).unwrap_or_default();
        Ok(inflated)
    }

    /// The next `len` bytes.
    pub(super) fn take(&mut self, len: usize) -> Result<&[u8], Error> {
        while self.filled - self.read < len {
            self.fill(len)?;
        }
        let from = self.read;
        self.read += len;
        Ok(self.window.get(from..self.read).unwrap_or_default())
    }

    fn fill(&mut self, len: usize) -> Result<(), Error> {
        let corrupt = |cause: &str| Error::Corrupt { format: Format::Png, source: cause.into() };
        if self.filled == self.window.len() || self.read + len > self.window.len() {
            let kept = self.read.min(self.filled.saturating_sub(LOOK_BACK_BYTES));
            self.window.copy_within(kept..self.filled, 0);
            self.read -= kept;
            self.filled -= kept;
        }
        while self.input.is_empty() {
            let Some(chunk) = self.chunks.next_that_matters(self.crc).filter(|chunk| &chunk.kind == b"IDAT")
            else {
                self.chunks = Chunks::new(&[]);
                break;
            };
            self.input = chunk.data();
        }
        let end = self.window.len().min(self.filled + STEP_BYTES);
        let output = self.window.get_mut(..end).unwrap_or_default();
        let done = self.decompressor.read(self.input, output, self.filled, false);
        let (read, made) = done.map_err(|_| corrupt("compressed pixels that cannot be read"))?;
        self.input = self.input.get(read..).unwrap_or_default();
        self.filled += made;
        if read == 0 && made == 0 {
            return Err(corrupt("fewer compressed pixels than the header tells"));
        }
        Ok(())
    }
}

/// The profile of an `iCCP` chunk (PNG 3, 11.3.2.3); none if it cannot be read or is longer than `max_bytes`.
pub(super) fn profile(chunk: &[u8], max_bytes: usize) -> Option<Vec<u8>> {
    let mut profile = vec![0; profile_bytes(chunk, max_bytes)?];
    unpack(packed_profile(chunk)?, &mut profile)?;
    Some(profile)
}

/// How many bytes the profile of an `iCCP` chunk has, which its own header tells (ICC.1:2022, 7.2.2); none if they are
/// more than `max_bytes`.
pub(super) fn profile_bytes(chunk: &[u8], max_bytes: usize) -> Option<usize> {
    let mut told = [0; 4];
    unpack(packed_profile(chunk)?, &mut told)?;
    usize::try_from(u32::from_be_bytes(told)).ok().filter(|&bytes| bytes <= max_bytes)
}

fn packed_profile(chunk: &[u8]) -> Option<&[u8]> {
    let name_bytes = chunk.iter().position(|&byte| byte == 0)?;
    if !(1..=MAX_NAME_BYTES).contains(&name_bytes) || chunk.get(name_bytes + 1) != Some(&0) {
        return None;
    }
    chunk.get(name_bytes + 2..)
}

/// Fills `output` from the start of what is packed; none if there is less.
fn unpack(mut packed: &[u8], output: &mut [u8]) -> Option<()> {
    let mut decompressor = Decompressor::new();
    decompressor.ignore_adler32();
    let mut filled = 0;
    while filled < output.len() {
        let (read, made) = decompressor.read(packed, output, filled, true).ok()?;
        if read == 0 && made == 0 {
            return None;
        }
        packed = packed.get(read..)?;
        filled += made;
    }
    Some(())
}
