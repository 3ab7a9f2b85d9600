//! The lowest AC coefficients of a block, most of them in two look-ups.
//!
//! Two blocks of chroma are seldom alike, so that a loop over their codes would be mispredicted again and again.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "coefficients have 16 bits, those of the table 8")]

use super::window::{Bytes, bits};
use crate::decode::jpeg::bits::signed;
use crate::decode::jpeg::huffman::{LOOKUP_BITS, LOOKUP_LEN, Table};

/// What the next 11 bits tell. Bits 0 to 7, 8 to 15 and 16 to 23: the coefficients 1, 2 and 4. Bits 24 to 28: how
/// many bits that took. Bits 29 to 31: the number of the next coefficient.
type Told = u32;

/// The number of the next coefficient where none of those wanted follows.
const NONE: usize = 7;
/// The most bits of a value in the table.
const MAX_SIZE: u32 = 7;

/// The last coefficient that is wanted.
const LAST: usize = 4;

/// Tables for the coefficients 1, 2 and 4.
pub(super) struct Low<'a> {
    ac: &'a Table,
    /// For each number that the next coefficient may have; the first one is for where none is wanted any more.
    told: Vec<[Told; LOOKUP_LEN]>,
}

impl<'a> Low<'a> {
    pub(super) fn new(ac: &'a Table) -> Self {
        let mut told = vec![[(NONE as u32) << 29; LOOKUP_LEN]; LAST + 1];
        for (from, told) in told.iter_mut().enumerate().skip(1) {
            told.iter_mut().enumerate().for_each(|(window, told)| *told = tell(ac, from, window));
        }
        Self { ac, told }
    }

    /// The coefficients 1, 2 and 4 of the block whose AC codes begin at `bit`.
    #[inline(always)]
    pub(super) fn read(&self, bytes: &Bytes, bit: u32) -> [i16; 3] {
        let [none, of_first, ..] = &self.told[..] else { return [0; 3] };
        let next = bits(bytes, bit);
        let first = of_first[(next >> (64 - LOOKUP_BITS)) as usize & (LOOKUP_LEN - 1)];
        let next = next << (first >> 24 & 31);
        let row = self.told.get((first >> 29) as usize).unwrap_or(none);
        let second = row[(next >> (64 - LOOKUP_BITS)) as usize & (LOOKUP_LEN - 1)];
        let both = first | second;
        let byte = |shift: u32| i16::from(((both >> shift) as u8).cast_signed());
        let values = [byte(0), byte(8), byte(16)];
        let at = (second >> 29) as usize;
        if at <= LAST {
            let used = (first >> 24 & 31) + (second >> 24 & 31);
            return self.read_rest(bytes, bit + used, at, values);
        }
        values
    }

    /// The coefficients from number `at` on, code by code.
    #[inline(never)]
    fn read_rest(&self, bytes: &Bytes, mut bit: u32, mut at: usize, told: [i16; 3]) -> [i16; 3] {
        let mut values = [0, told[0], told[1], 0, told[2]];
        while at <= LAST {
            let next = bits(bytes, bit);
            let Some((length, symbol)) = self.ac.code((next >> 48) as usize) else { break };
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            at += run;
            if size == 0 || at > LAST {
                break;
            }
            values[at.min(4)] = signed(next << length, size) as i16;
            bit += length + size;
            at += 1;
        }
        [values[1], values[2], values[4]]
    }
}

fn tell(ac: &Table, from: usize, window: usize) -> Told {
    let next = (window as u64) << (64 - LOOKUP_BITS);
    let mut values = [0; LAST + 1];
    let (mut used, mut at) = (0, from);
    while at <= LAST {
        let Some((length, symbol)) = ac.short_code(window << used) else { break };
        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        if used + length > LOOKUP_BITS {
            break;
        }
        if size == 0 || at + run > LAST {
            at = NONE;
            break;
        }
        if used + length + size > LOOKUP_BITS || size > MAX_SIZE {
            break;
        }
        values[at + run] = signed(next << (used + length), size);
        used += length + size;
        at += run + 1;
    }
    let byte = |at: usize| values[at].cast_unsigned() & 0xFF;
    let at = if at > LAST { NONE } else { at };
    byte(1) | byte(2) << 8 | byte(4) << 16 | used << 24 | (at as u32) << 29
}
