//! The walk itself. One look-up depends on what the one before found; so that the machine need not wait for it,
//! several parts of the data are walked over at the same time, and without a branch that could be mispredicted.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "as many bits as an index has")]

use super::codes::{BLOCKS, Codes, ENTRIES, Entry};
use super::window::{Bytes, bits};
use crate::decode::jpeg::huffman::LOOKUP_BITS;

/// Look-ups between two looks at what came out, in threes.
const THREES: usize = 64;

/// Where a walk is.
#[derive(Clone, Copy)]
pub(super) struct Lane {
    /// The next bits, from the top.
    buffer: u64,
    /// The next bit of the window, and `LOST` if that is so.
    pub(super) bit: u32,
    /// The block (of those since the last look, and those of the unit before it) times 128, and the place in it.
    pub(super) place: u32,
    /// The first entry of the table for the next code.
    pub(super) table: u16,
}

/// Added to the next bit's number once a code came that no table has.
pub(super) const LOST: u32 = 1 << 31;

impl Lane {
    /// At the beginning of a unit.
    pub(super) fn at_unit(bit: u32, codes: &Codes) -> Self {
        Self { buffer: 0, bit, place: 0, table: codes.tables[0] }
    }
}

/// Where each block ends, in bits of the window.
pub(super) type Ends = [u32; BLOCKS];

/// Walks on, over some 200 codes or groups of codes in each window.
#[inline(never)]
pub(super) fn walk<const N: usize>(
    from: &mut [Lane; N],
    windows: [&Bytes; N],
    codes: &Codes,
    ends: &mut [Ends; N],
) {
    // A copy, so that it can stay in registers.
    let mut lanes = *from;
    let tables = (&*codes.entries, &*codes.tables);
    for _ in 0..THREES {
        for i in 0..N {
            lanes[i].buffer = bits(windows[i], lanes[i].bit);
        }
        // Three times, and not a loop, which would keep the buffers in memory.
        step_all(&mut lanes, windows, tables, codes, ends);
        step_all(&mut lanes, windows, tables, codes, ends);
        step_all(&mut lanes, windows, tables, codes, ends);
    }
    *from = lanes;
}

/// The entries, and which of them are for which places.
type Tables<'a> = (&'a [Entry; ENTRIES], &'a [u16; 8 * BLOCKS]);

#[inline(always)]
fn step_all<const N: usize>(
    lanes: &mut [Lane; N],
    windows: [&Bytes; N],
    tables: Tables,
    codes: &Codes,
    ends: &mut [Ends; N],
) {
    for i in 0..N {
        step(&mut lanes[i], windows[i], tables, codes, &mut ends[i]);
    }
}

#[inline(always)]
fn step(lane: &mut Lane, window: &Bytes, (entries, tables): Tables, codes: &Codes, ends: &mut Ends) {
    let next = (lane.buffer >> (64 - LOOKUP_BITS)) as usize;
    let mut entry = entries[usize::from(lane.table) | next];
    if entry == 0 {
        let found = codes.one(lane.table, bits(window, lane.bit));
        let passed = (found >> 32) as u32;
        entry = found as u32;
        lane.bit = (lane.bit + (passed & !LOST)) | passed & LOST;
        lane.buffer = bits(window, lane.bit);
    }
    lane.buffer <<= entry & 63;
    lane.bit += entry & 0xFF;
    ends[(lane.place >> 7) as usize & (BLOCKS - 1)] = lane.bit;
    let mask = (entry.cast_signed() >> 16).cast_unsigned();
    lane.place = (lane.place & mask) + (entry >> 8 & 0xFF);
    lane.table = tables[(lane.place >> 4) as usize & (8 * BLOCKS - 1)];
}
