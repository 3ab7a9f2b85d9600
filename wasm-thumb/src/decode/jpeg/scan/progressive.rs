//! Blocks of a progressive scan (ITU-T T.81, G.2), added to the coefficients that earlier scans have told.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(
    clippy::cast_possible_truncation,
    reason = "coefficients have 16 bits; what a damaged file has beyond is dropped"
)]

use super::{BlockDecoder, Scan, each_block, one_unit};
use crate::decode::jpeg::bits::{Bits, Cursor, signed};
use crate::decode::jpeg::defect::Defect;
use crate::decode::jpeg::huffman::{NO_CODE, Table};
use crate::decode::jpeg::planes::Coefficients;
use crate::decode::jpeg::quantise::ZIGZAG;
use crate::decode::jpeg::tables::Tables;

/// More bits than a coefficient has.
const MAX_SHIFT: u8 = 13;

impl Scan {
    /// Whether the scan is one of first coefficients; an error if it is no scan of a progressive file.
    pub(in crate::decode::jpeg) fn is_of_averages(&self) -> Result<bool, Defect> {
        let (from, to) = self.band;
        let fits = if from == 0 { to == 0 } else { from <= to && to <= 63 && self.parts.len() == 1 };
        if !fits || self.bits.1 > MAX_SHIFT {
            return Err(Defect::Has("a scan of no band of coefficients"));
        }
        Ok(from == 0)
    }
}

/// A band of the other coefficients.
pub(in crate::decode::jpeg) struct Band<'a> {
    table: &'a Table,
    range: (usize, usize),
    is_refinement: bool,
    shift: u8,
    /// How many blocks, this one included, have nothing more in this band.
    ended: u32,
    coefficients: &'a mut Coefficients,
}

impl<'a> Band<'a> {
    pub(in crate::decode::jpeg) fn new(
        scan: &Scan,
        tables: &'a Tables,
        coefficients: &'a mut [Coefficients],
    ) -> Result<Self, Defect> {
        let none = Defect::Has("a scan of nothing");
        let part = scan.parts.first().ok_or(none)?;
        Ok(Self {
            table: tables.ac(part.ac)?,
            range: scan.band,
            is_refinement: scan.bits.0 != 0,
            shift: scan.bits.1,
            ended: 0,
            coefficients: coefficients.get_mut(part.component).ok_or(none)?,
        })
    }
}

impl BlockDecoder for Band<'_> {
    fn restart(&mut self) {
        self.ended = 0;
    }

    fn units(
        &mut self,
        bits: &mut Bits,
        shapes: &[(usize, usize)],
        place: (usize, usize),
        _: usize,
    ) -> (usize, Result<(), Defect>) {
        let read = each_block(shapes, place, |_, x, y| self.block(bits, x, y));
        one_unit(bits, read)
    }
}

impl Band<'_> {
    /// Reads the block at column `x` and row `y` of its component's blocks.
    fn block(&mut self, bits: &mut Bits, x: usize, y: usize) -> Result<(), Defect> {
        let Some(block) = self.coefficients.block_mut(x, y) else { return Ok(()) };
        if self.ended > 0 && (!self.is_refinement || block[1..].iter().all(|&value| value == 0)) {
            self.ended -= 1;
            return Ok(());
        }
        // A copy, of which no address is taken: so it stays in registers.
        let (bytes, mut cursor) = bits.parts();
        let band = (self.table, self.range, self.shift);
        self.ended = if self.is_refinement {
            refine_block(block, band, self.ended, bytes, &mut cursor)?
        } else {
            begin_block(block, band, bytes, &mut cursor)?
        };
        bits.resume(cursor);
        Ok(())
    }
}

/// A table, the first and the last coefficient, and how many bits are not told yet.
type Coded<'a> = (&'a Table, (usize, usize), u8);

const TOO_MANY: Defect = Defect::Has("a block of too many values");

/// What a code says where the band ends: how many blocks after this one have nothing more either.
#[inline(always)]
fn ended_after(next: u64, length: u32, run: u32, cursor: &mut Cursor) -> u32 {
    cursor.skip(length + run);
    // In two steps, as a shift by 64 is none.
    let rest = (next << length) >> 1 >> (63 - run);
    (1 << run) - 1 + rest as u32
}

/// The first scan of a band: runs of zeroes and values. Tells how many blocks that follow have nothing in it.
#[inline(always)]
fn begin_block(
    block: &mut [i16; 64],
    (table, (mut at, to), shift): Coded,
    bytes: &[u8],
    cursor: &mut Cursor,
) -> Result<u32, Defect> {
    while at <= to {
        cursor.refill(bytes);
        let next = cursor.ahead();
        let (length, symbol) = table.code((next >> 48) as usize).ok_or(NO_CODE)?;
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size == 0 && run < 15 {
            return Ok(ended_after(next, length, run, cursor));
        }
        cursor.skip(length + size);
        at += run as usize;
        if size != 0 {
            if at > to {
                return Err(TOO_MANY);
            }
            *place(block, at) = (signed(next << length, size) << shift) as i16;
        }
        at += 1;
    }
    Ok(0)
}

/// A later scan: a bit more of each value that is known, and values that begin. `ended` is how many blocks, this one
/// included, have no more of these; what it is for the next is told.
#[inline(always)]
fn refine_block(
    block: &mut [i16; 64],
    (table, (mut at, to), shift): Coded,
    ended: u32,
    bytes: &[u8],
    cursor: &mut Cursor,
) -> Result<u32, Defect> {
    let mut after = ended.saturating_sub(1);
    while ended == 0 && at <= to {
        cursor.refill(bytes);
        let next = cursor.ahead();
        let (length, symbol) = table.code((next >> 48) as usize).ok_or(NO_CODE)?;
        let (mut run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size == 0 && run < 15 {
            after = ended_after(next, length, run, cursor);
            break;
        }
        if size > 1 {
            return Err(Defect::Has("a refinement of more than a bit"));
        }
        let value = if size == 0 { 0 } else { signed(next << length, 1) };
        cursor.skip(length + size);
        // Known values on the way get their bit, and are not counted.
        while at <= to {
            let coefficient = place(block, at);
            if *coefficient != 0 {
                refine(coefficient, bytes, cursor, shift);
            } else if run == 0 {
                *coefficient = (value << shift) as i16;
                break;
            } else {
                run -= 1;
            }
            at += 1;
        }
        if value != 0 && at > to {
            return Err(TOO_MANY);
        }
        at += 1;
    }
    for at in at..=to {
        let coefficient = place(block, at);
        if *coefficient != 0 {
            refine(coefficient, bytes, cursor, shift);
        }
    }
    Ok(after)
}

/// A coefficient by its number in the order in which they are coded.
#[inline(always)]
fn place(block: &mut [i16; 64], at: usize) -> &mut i16 {
    &mut block[usize::from(ZIGZAG[at & 63] & 63)]
}

/// One more bit of a value that is known.
#[inline(always)]
fn refine(coefficient: &mut i16, bytes: &[u8], cursor: &mut Cursor, shift: u8) {
    let bit = 1 << shift;
    if cursor.take_one(bytes) && *coefficient & bit == 0 {
        *coefficient = coefficient.wrapping_add(if *coefficient < 0 { -bit } else { bit });
    }
}
