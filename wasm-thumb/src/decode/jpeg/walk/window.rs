//! A part of the entropy-coded data, freed of its stuffed zeroes, of which any 57 bits can be had at once.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "a window is small")]

use std::ops::Range;

use super::step::LOST;
use crate::decode::jpeg::segments::{RST_FIRST, RST_LAST, find_ff};

/// Bytes of a window, a power of two.
pub(super) const WINDOW_BYTES: usize = 1 << 13;
/// Bytes that can be read past the data: zeroes after the last of it.
pub(super) const AHEAD_BYTES: usize = 1 << 10;

/// What is looked at, byte by byte.
pub(super) type Bytes = [u8; LEN];

/// How many places there are.
const LEN: usize = WINDOW_BYTES + 8;
/// Whether the bytes lie from the last place down to the first. Then a word is loaded with its first byte on top by
/// machines that have no instruction to turn it round.
const IS_REVERSED: bool = cfg!(target_arch = "wasm32");

/// The places of the bytes `from` to `to` (not included).
fn places(from: usize, to: usize) -> Range<usize> {
    if IS_REVERSED { LEN - to..LEN - from } else { from..to }
}

/// A window that moves along the data of a scan up to the next marker.
pub(super) struct Window<'a> {
    source: &'a [u8],
    /// The next byte of the source that has not been unstuffed.
    at: usize,
    bytes: Box<Bytes>,
    /// How many of the bytes are data.
    end: usize,
    /// How many bytes have left the window since the last restart.
    passed: u64,
    /// Whether a marker or the end of the source has been reached.
    is_last: bool,
    /// A place in the source, and how many bytes lay before it when it was reached.
    landmark: Option<usize>,
    pub(super) bytes_before_landmark: Option<u64>,
}

impl<'a> Window<'a> {
    /// A window on the source from `at` on. The landmark does not part a stuffed zero from its byte.
    pub(super) fn new(source: &'a [u8], at: usize, landmark: Option<usize>) -> Self {
        let bytes = Box::new([0; LEN]);
        let mut window = Self {
            source,
            at,
            bytes,
            end: 0,
            passed: 0,
            is_last: false,
            landmark,
            bytes_before_landmark: None,
        };
        window.advance(0);
        window
    }

    pub(super) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Up to which bit of the window there are data; any number that can be, if more may come.
    pub(super) fn end(&self) -> u32 {
        if self.is_last { 8 * self.end as u32 } else { LOST - 1 }
    }

    /// The place of a bit of the window since the last restart.
    pub(super) fn place(&self, bit: u32) -> u64 {
        8 * self.passed + u64::from(bit)
    }

    /// Whether the window has to be moved before this many bytes are read from bit `bit` on.
    pub(super) fn is_short(&self, bit: u32) -> bool {
        !self.is_last && bit as usize / 8 + AHEAD_BYTES > self.end
    }

    /// Drops the first bytes and fills up.
    pub(super) fn advance(&mut self, bytes: usize) {
        let from = bytes.min(self.end);
        self.bytes.copy_within(places(from, self.end), places(0, self.end - from).start);
        self.end -= from;
        self.passed += from as u64;
        while !self.is_last && self.end < WINDOW_BYTES - AHEAD_BYTES {
            self.unstuff();
        }
        if self.is_last {
            self.bytes[places(self.end, LEN)].fill(0);
        }
    }

    /// Takes over what lies before the next 0xFF, and that one if it is stuffed.
    fn unstuff(&mut self) {
        let room = WINDOW_BYTES - AHEAD_BYTES - self.end;
        let stop = self.landmark.unwrap_or(self.source.len());
        let rest = self.source.get(self.at..stop).unwrap_or_default();
        let rest = rest.get(..room).unwrap_or(rest);
        let plain = find_ff(rest);
        let len = plain.unwrap_or(rest.len());
        self.take(&rest[..len]);
        self.at += len;
        if plain.is_some() {
            match self.source.get(self.at + 1) {
                Some(0) => {
                    self.take(&[0xFF]);
                    self.at += 2;
                }
                Some(0xFF) => self.at += 1,
                _ => self.is_last = true,
            }
        } else if Some(self.at) == self.landmark {
            self.landmark = None;
            self.bytes_before_landmark = Some(self.passed + self.end as u64);
        } else if self.at >= self.source.len() {
            self.is_last = true;
        }
    }

    /// Puts bytes after those that there are; the caller knows that there is room.
    fn take(&mut self, bytes: &[u8]) {
        let end = self.end + bytes.len();
        let places = &mut self.bytes[places(self.end, end)];
        if IS_REVERSED {
            places.iter_mut().rev().zip(bytes).for_each(|(place, &byte)| *place = byte);
        } else {
            places.copy_from_slice(bytes);
        }
        self.end = end;
    }

    /// Goes on after the next marker, if that is the restart marker of this number; tells where that is.
    pub(super) fn restart(&mut self, number: usize) -> Option<usize> {
        while !self.is_last {
            self.end = 0;
            self.unstuff();
        }
        let marker = *self.source.get(self.at + 1)?;
        let is_next = (RST_FIRST..=RST_LAST).contains(&marker) && usize::from(marker & 7) == number & 7;
        is_next.then_some(())?;
        self.at += 2;
        let after = self.at;
        (self.end, self.passed, self.is_last) = (0, 0, false);
        self.advance(0);
        Some(after)
    }
}

/// At least 57 bits from bit `bit` of the window on, from the top.
#[inline(always)]
pub(super) fn bits(bytes: &Bytes, bit: u32) -> u64 {
    let at = (bit >> 3) as usize & (WINDOW_BYTES - 1);
    let at = if IS_REVERSED { WINDOW_BYTES - at } else { at };
    let turned = if IS_REVERSED { u64::from_le_bytes } else { u64::from_be_bytes };
    bytes[at..at + 8].first_chunk().map_or(0, |word| turned(*word)) << (bit & 7)
}
