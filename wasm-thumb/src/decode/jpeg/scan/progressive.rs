//! Blocks of a progressive scan (ITU-T T.81, G.2), added to the coefficients that earlier scans have told.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(
    clippy::cast_possible_truncation,
    reason = "coefficients have 16 bits; what a damaged file has beyond is dropped"
)]

use super::{BlockDecoder, Scan, each_block, one_unit};
use crate::decode::jpeg::bits::Bits;
use crate::decode::jpeg::defect::Defect;
use crate::decode::jpeg::huffman::Table;
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
        let (mut at, to) = self.range;
        while self.ended == 0 && at <= to {
            bits.refill();
            let symbol = self.table.symbol(bits)?;
            let (mut run, size) = (symbol >> 4, u32::from(symbol & 15));
            if size == 0 && run < 15 {
                self.ended = (1 << run) + bits.take(u32::from(run)).cast_unsigned();
                break;
            }
            if !self.is_refinement {
                at += usize::from(run);
                let value = bits.take_signed(size) << self.shift;
                if size != 0 {
                    if at > to {
                        return Err(Defect::Has("a block of too many values"));
                    }
                    *place(block, at) = value as i16;
                }
                at += 1;
                continue;
            }
            if size > 1 {
                return Err(Defect::Has("a refinement of more than a bit"));
            }
            let value = if size == 0 { 0 } else { bits.take(1) * 2 - 1 };
            // Known values on the way get their bit, and are not counted.
            while at <= to {
                let coefficient = place(block, at);
                if *coefficient != 0 {
                    refine(coefficient, bits, self.shift);
                } else if run == 0 {
                    *coefficient = (value << self.shift) as i16;
                    break;
                } else {
                    run -= 1;
                }
                at += 1;
            }
            if value != 0 && at > to {
                return Err(Defect::Has("a block of too many values"));
            }
            at += 1;
        }
        if self.ended > 0 {
            self.ended -= 1;
            if self.is_refinement {
                for at in at..=to {
                    let coefficient = place(block, at);
                    if *coefficient != 0 {
                        refine(coefficient, bits, self.shift);
                    }
                }
            }
        }
        Ok(())
    }
}

/// A coefficient by its number in the order in which they are coded.
#[inline(always)]
fn place(block: &mut [i16; 64], at: usize) -> &mut i16 {
    &mut block[usize::from(ZIGZAG[at & 63] & 63)]
}

/// One more bit of a value that is known.
#[inline(always)]
fn refine(coefficient: &mut i16, bits: &mut Bits, shift: u8) {
    let bit = 1 << shift;
    if bits.take_one() && *coefficient & bit == 0 {
        *coefficient = coefficient.wrapping_add(if *coefficient < 0 { -bit } else { bit });
    }
}
