//! Bits of a lossless stream, the lowest first (RFC 9649, section 3.1).
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "a number of so many bits fits")]

use super::super::defect::Defect;

/// The bits of a stream. Past the end zeroes are read; `check` tells.
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
        let word = match self.data.get(self.next..).and_then(|rest| rest.first_chunk()) {
            Some(word) => *word,
            None => self.last_bytes(),
        };
        // Bits beyond those that count are put in again, the same as they were.
        self.buffer |= u64::from_le_bytes(word) << self.count;
        self.next += (63 - self.count as usize) / 8;
        self.count |= 0b11_1000;
    }

    /// What is left, and zeroes.
    #[cold]
    #[inline(never)]
    fn last_bytes(&self) -> [u8; 8] {
        let mut word = [0; 8];
        let rest = self.data.get(self.next..).unwrap_or_default();
        word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        word
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
