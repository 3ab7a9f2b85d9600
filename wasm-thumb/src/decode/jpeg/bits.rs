//! Entropy-coded data as bits (ITU-T T.81, F.1.2.3 and F.2.2.5).
//!
//! Bytes are freed of their stuffed zeroes ahead, a chunk at a time, so that the buffer of 64 bits is refilled
//! without looking at what is in them. Past the end zeroes are read; that is noticed once a unit, by `check`.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "a number of so many bits fits")]

use super::defect::Defect;
use super::segments::{find_ff, find_marker, is_restart};

/// How many bytes are unstuffed ahead; few in tests, so that small pictures have many such chunks.
const CHUNK_BYTES: usize = if cfg!(test) { 1 << 8 } else { 32 << 10 };
/// Zeroes after the last byte of an interval, so that its end can be read as whole words.
const PADDING_BYTES: usize = 16;

/// The bits of a scan.
pub(super) struct Bits<'a> {
    source: &'a [u8],
    /// The next byte of the source that has not been unstuffed.
    at: usize,
    unstuffed: Vec<u8>,
    /// How many bytes of `unstuffed` are data.
    end: usize,
    cursor: Cursor,
    /// Whether a marker or the end of the file has been reached.
    is_last: bool,
    /// The most bytes that a unit takes.
    unit_bytes: usize,
}

/// A place in unstuffed bytes. Loops that have a copy of it keep it in registers.
#[derive(Clone, Copy, Default)]
pub(super) struct Cursor {
    /// The next byte to go into the buffer.
    next: usize,
    /// The next bits, from the top.
    buffer: u64,
    /// How many bits of the buffer count.
    count: u32,
}

impl Cursor {
    /// Fills the buffer to at least 56 bits.
    #[inline(always)]
    pub(super) fn refill(&mut self, bytes: &[u8]) {
        let word = bytes.get(self.next..).and_then(|bytes| bytes.first_chunk());
        // Bits beyond those that count are put in again, the same as they were.
        self.buffer |= word.map_or(0, |word| u64::from_be_bytes(*word)) >> self.count;
        self.next += (63 - self.count as usize) / 8;
        self.count |= 0b11_1000;
    }

    /// The next bits, from the top. As many count as have been refilled and not been stepped over.
    #[inline(always)]
    pub(super) fn ahead(&self) -> u64 {
        self.buffer
    }

    /// Steps over bits that are in the buffer: at most 56 a refill.
    #[inline(always)]
    pub(super) fn skip(&mut self, count: u32) {
        self.buffer <<= count & 63;
        self.count = self.count.wrapping_sub(count);
    }

    /// One bit, refilling if need be.
    #[inline(always)]
    pub(super) fn take_one(&mut self, bytes: &[u8]) -> bool {
        if self.count == 0 {
            self.refill(bytes);
        }
        let is_set = self.buffer >> 63 == 1;
        self.skip(1);
        is_set
    }

    /// The number of the next bit.
    fn bit(&self) -> usize {
        (8 * self.next).saturating_sub(self.count as usize)
    }
}

impl<'a> Bits<'a> {
    /// The bits from here to the next marker. A unit is as many blocks of at most 64 codes of at most 31 bits.
    pub(super) fn new(source: &'a [u8], blocks_per_unit: usize) -> Self {
        let unit_bytes = blocks_per_unit * 64 * 4;
        let unstuffed = Vec::with_capacity(CHUNK_BYTES + unit_bytes + PADDING_BYTES);
        Self { source, at: 0, unstuffed, end: 0, cursor: Cursor::default(), is_last: false, unit_bytes }
    }

    /// Makes sure that a unit can be read.
    #[inline]
    pub(super) fn reserve(&mut self) {
        if !self.is_last && self.end < self.cursor.next + self.unit_bytes {
            self.unstuff();
        }
    }

    #[cold]
    fn unstuff(&mut self) {
        // What is in the buffer stays, so that it can be looked at once more.
        let done = (self.cursor.bit() / 8).min(self.end);
        self.unstuffed.drain(..done);
        self.cursor.next -= done;
        let enough = CHUNK_BYTES + self.unit_bytes;
        while self.unstuffed.len() < enough {
            let rest = self.source.get(self.at..).unwrap_or_default();
            let window = rest.get(..enough - self.unstuffed.len()).unwrap_or(rest);
            let plain = find_ff(window);
            self.unstuffed.extend_from_slice(window.get(..plain.unwrap_or(window.len())).unwrap_or_default());
            self.at += plain.unwrap_or(window.len());
            match (plain, plain.and_then(|at| rest.get(at + 1))) {
                (Some(_), Some(0)) => {
                    self.unstuffed.push(0xFF);
                    self.at += 2;
                }
                (Some(_), Some(0xFF)) => self.at += 1,
                (None, _) if window.len() < rest.len() => {}
                _ => {
                    self.is_last = true;
                    break;
                }
            }
        }
        self.end = self.unstuffed.len();
        if self.is_last {
            self.unstuffed.extend_from_slice(&[0; PADDING_BYTES]);
        }
    }

    /// Whether all that was read was there.
    #[inline]
    pub(super) fn check(&self) -> Result<(), Defect> {
        // What is in the buffer has been loaded, but not read.
        if 8 * self.cursor.next > 8 * self.end + self.cursor.count as usize {
            Err(Defect::BreaksOff)
        } else {
            Ok(())
        }
    }

    /// Goes on after the next restart marker, of which number `expected` should come, and tells how many intervals
    /// are missing before it. Data that is left before it is dropped; `None` if there is no such marker any more.
    pub(super) fn restart(&mut self, expected: usize) -> Option<usize> {
        loop {
            let rest = self.source.get(self.at..).unwrap_or_default();
            let at = find_marker(rest)?;
            let marker = *rest.get(at + 1)?;
            if !is_restart(marker) {
                return None;
            }
            self.at += at + 2;
            // One of a few numbers before was to come earlier; one of a few after, later.
            match usize::from(marker).wrapping_sub(expected) & 7 {
                6 | 7 => {}
                missing => {
                    self.unstuffed.clear();
                    (self.end, self.cursor, self.is_last) = (0, Cursor::default(), false);
                    return Some(missing);
                }
            }
        }
    }

    /// The unstuffed bytes and the place in them.
    #[inline]
    pub(super) fn parts(&self) -> (&[u8], Cursor) {
        (&self.unstuffed, self.cursor)
    }

    /// Goes on from a place that a copy of the cursor has come to.
    #[inline]
    pub(super) fn resume(&mut self, cursor: Cursor) {
        self.cursor = cursor;
    }

    /// How many things of so many bits each surely lie within what has been unstuffed.
    pub(super) fn surely(&self, bits_each: usize) -> usize {
        // A refill takes a whole word, and what is in the buffer may be another.
        let sure = if self.is_last { self.end } else { self.end.saturating_sub(2 * size_of::<u64>()) };
        (8 * sure).saturating_sub(self.cursor.bit()) / bits_each.max(1)
    }

    /// A bit for each place, 0 or 1; the caller knows that there are as many.
    pub(super) fn take_each(&mut self, places: &mut [i16]) {
        let bit = self.cursor.bit();
        let bytes = self.unstuffed.get(bit / 8..).unwrap_or_default();
        let (eights, rest) = places.as_chunks_mut::<8>();
        let last = bytes.get(eights.len()..).unwrap_or_default();
        for (eight, pair) in eights.iter_mut().zip(bytes.windows(2)) {
            let byte = (u16::from(pair[0]) << 8 | u16::from(pair[1])) >> (8 - bit % 8);
            *eight = std::array::from_fn(|at| i16::from(byte & (0x80 >> at) != 0));
        }
        let last = last.iter().take(2).fold(0, |word, &byte| word << 8 | u16::from(byte)) << (bit % 8);
        for (at, place) in rest.iter_mut().enumerate() {
            *place = i16::from(last & (0x8000 >> at) != 0);
        }
        let after = bit + places.len();
        self.cursor = Cursor { next: after / 8, buffer: 0, count: 0 };
        self.refill();
        self.skip((after % 8) as u32);
    }

    /// Fills the buffer to at least 56 bits.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        self.cursor.refill(&self.unstuffed);
    }

    /// The next `N` bits, 1 to 32. The buffer has been refilled.
    #[inline(always)]
    pub(super) fn peek<const N: u32>(&self) -> usize {
        (self.cursor.buffer >> (64 - N)) as usize
    }

    /// Steps over bits that are in the buffer: at most 56 a refill.
    #[inline(always)]
    pub(super) fn skip(&mut self, count: u32) {
        self.cursor.skip(count);
    }

    /// The next bits, at most 15, as a value with a sign.
    #[inline(always)]
    pub(super) fn take_signed(&mut self, size: u32) -> i32 {
        let value = signed(self.cursor.buffer, size);
        self.skip(size);
        value
    }
}

/// The next bits, at most 15, as a value with a sign (T.81, F.2.2.1: EXTEND). One that begins with 0 is negative, and
/// its bits are the inverted ones of its magnitude.
#[inline(always)]
pub(super) fn signed(next: u64, size: u32) -> i32 {
    let flip = !(next.cast_signed() >> 63);
    // In two steps, as a shift by 64 is none.
    let magnitude = (next ^ flip.cast_unsigned()) >> 1 >> (63 - (size & 63));
    let flip = flip as i32;
    (magnitude as i32 ^ flip) - flip
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_signs_of_the_specification() {
        for size in 0..=15 {
            for bits in 0..1u32 << size {
                let expected = if size > 0 && bits >= 1 << (size - 1) {
                    bits.cast_signed()
                } else {
                    bits.cast_signed() - ((1 << size) - 1)
                };
                for rest in [0, u64::MAX] {
                    let next = (u64::from(bits) << 1 << (63 - size)) | (rest >> size);
                    assert_eq!(signed(next, size), expected, "{size} {bits}");
                }
            }
        }
    }
}
