//! Bits of a lossless stream, the lowest first (RFC 9649, section 3.1).
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "a number of so many bits fits")]

use super::super::defect::Defect;
use super::super::word::word_at;

/// The bits of a stream. Past the end zeroes are read; `check` tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits<'a> {
    data: &'a [u8],
    /// The next byte to go into the buffer; counts on past the end.
    next: usize,
    /// The next bits, from the bottom.
    buffer: u64,
    /// How many bits of the buffer count.
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, next: 0, buffer: 0, count: 0 }
    }

    /// Whether all that was read was there.
    pub(super) fn check(&self) -> Result<(), Defect> {
        if 8 * self.next > 8 * self.data.len() + self.count as usize {
            Err(Defect::BreaksOff)
        } else {
            Ok(())
        }
    }

    /// Fills the buffer to at least 56 bits.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        // Bits beyond those that count are put in again, the same as they were.
        self.buffer |= u64::from_le_bytes(word_at(self.data, self.next)) << self.count;
        self.next += (63 - self.count as usize) / 8;
        self.count |= 0b11_1000;
    }

    /// The next bits, as many as there are in the buffer.
    #[inline(always)]
    pub(super) fn peek(&self) -> u32 {
        self.buffer as u32
    }

    /// Steps over bits that are in the buffer: at most 56 a refill.
    #[inline(always)]
    pub(super) fn skip(&mut self, count: u32) {
        self.buffer >>= count & 63;
        self.count = self.count.wrapping_sub(count);
    }

    /// The next bits, at most 24, refilling if need be.
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) -> u32 {
        if self.count < 24 {
            self.refill();
        }
        let bits = self.peek() & ((1 << count) - 1);
        self.skip(count);
        bits
    }

    pub(super) fn flag(&mut self) -> bool {
        self.take(1) == 1
    }
}
