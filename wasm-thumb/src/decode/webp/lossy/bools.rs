//! Boolean entropy decoding (RFC 6386, section 7), over a window of 64 bits.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "a number of so many bits fits")]

use super::super::word::word_at;

/// A partition's decisions. Past its end zeroes are read; `is_past_end` tells.
#[derive(Clone, Copy)]
pub(super) struct Bools<'a> {
    data: &'a [u8],
    /// The next byte to go into the window; counts on past the end.
    next: usize,
    /// The next bits, from the top. The first eight are compared.
    window: u64,
    /// How many bits of the window count.
    count: u32,
    /// 128 to 255 between two decisions.
    range: u32,
}

impl<'a> Bools<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, next: 0, window: 0, count: 0, range: 255 }
    }

    /// Whether more bits have been used up than there are.
    pub(super) fn is_past_end(&self) -> bool {
        8 * self.next > 8 * self.data.len() + self.count as usize
    }

    /// Makes sure that four decisions can be taken: the window holds 32 bits or more, of which each decision but
    /// the last takes up to 7, and the last looks at 8.
    #[inline(always)]
    pub(super) fn ensure(&mut self) {
        if self.count < 32 {
            self.refill();
        }
    }

    #[inline(always)]
    fn refill(&mut self) {
        // Bits beyond those that count are put in again, the same as they were.
        self.window |= u64::from_be_bytes(word_at(self.data, self.next)) >> self.count;
        self.next += (63 - self.count as usize) / 8;
        self.count |= 0b11_1000;
    }

    /// A decision that is false with a probability of `probability` in 256; `ensure` has been called.
    #[inline(always)]
    pub(super) fn next(&mut self, probability: u8) -> bool {
        let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
        let boundary = u64::from(split) << 56;
        let is_above = self.window >= boundary;
        if is_above {
            self.range -= split;
            self.window -= boundary;
        } else {
            self.range = split;
        }
        self.normalise();
        is_above
    }

    #[inline(always)]
    fn normalise(&mut self) {
        // The range has eight bits at most, and is never nothing.
        let shift = (self.range | 1).leading_zeros() & 7;
        self.range <<= shift;
        self.window <<= shift;
        self.count = self.count.wrapping_sub(shift);
    }

    /// The value with the sign that follows, which is as likely as not, so that nothing is gained by a branch.
    #[inline(always)]
    pub(super) fn sign(&mut self, value: i32) -> i32 {
        let split = self.range.div_ceil(2);
        let boundary = u64::from(split) << 56;
        let is_negative = self.window >= boundary;
        let mask = u64::from(is_negative).wrapping_neg();
        self.window -= boundary & mask;
        self.range = split - ((2 * split - self.range) & mask as u32);
        self.normalise();
        (value ^ mask as i32).wrapping_sub(mask as i32)
    }

    /// A decision, whatever came before.
    pub(super) fn flag(&mut self, probability: u8) -> bool {
        self.ensure();
        self.next(probability)
    }

    /// An unsigned number of so many bits.
    pub(super) fn number(&mut self, bits: u32) -> u8 {
        (0..bits).fold(0, |number, _| 2 * number + u8::from(self.flag(128)))
    }

    /// A flag, and if it is set a number of so many bits with a sign after it.
    pub(super) fn optional_signed(&mut self, bits: u32) -> Option<i8> {
        self.flag(128).then(|| {
            let size = self.number(bits).cast_signed();
            if self.flag(128) { -size } else { size }
        })
    }
}
