//! The AC codes of a sequential block (ITU-T T.81, F.2.2.2), one look-up each where code and value are short, and
//! several a look-up where nobody wants their values.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "lengths and positions of blocks are small")]

use crate::decode::jpeg::bits::{Cursor, signed};
use crate::decode::jpeg::defect::Defect;
use crate::decode::jpeg::huffman::{LOOKUP_BITS, LOOKUP_LEN, NO_CODE, Table, advance};
use crate::decode::jpeg::quantise::ZIGZAG;
use crate::decode::jpeg::transform::Block;

/// Steps over the positions of a block beyond any that it has: it has ended.
const ENDED: u32 = 128;

/// A table for one component's AC codes.
pub(super) struct AcCodes<'a> {
    ac: &'a Table,
    /// What the next 11 bits begin with. Bits 0 to 7: how many bits that takes, code and value, or 0 if that is not
    /// known. Bits 8 to 15: how many positions it steps over. Bits 16 to 31: the value at the last of them.
    values: Vec<u32>,
    /// How many bits the codes and values within the next 11 bits take (bits 0 to 7; 0 if not even one is known), how
    /// many positions they step over (bits 8 to 14) and whether the block has ended then (bit 15).
    skips: Vec<u16>,
    /// The positions before this one are wanted.
    wanted: usize,
}

/// What a code says: how many bits its value has, and the positions it steps over.
fn meaning(symbol: u8) -> (u32, u32) {
    (u32::from(symbol & 15), advance(symbol).unwrap_or(ENDED))
}

impl<'a> AcCodes<'a> {
    /// `sides` are the samples across and down that are made of a block: more coefficients than that are not wanted.
    pub(super) fn new(ac: &'a Table, sides: (usize, usize)) -> Self {
        let is_wanted = |&at: &u8| usize::from(at % 8) < sides.0 && usize::from(at / 8) < sides.1;
        let wanted = ZIGZAG.iter().rposition(is_wanted).map_or(1, |last| last + 1);
        let values = (0..LOOKUP_LEN).map(|window| value(ac, window)).collect();
        let skips = if wanted < ZIGZAG.len() {
            (0..LOOKUP_LEN).map(|window| skip(ac, window)).collect()
        } else {
            Vec::new()
        };
        Self { ac, values, skips, wanted }
    }

    /// Reads the AC codes of a block. Tells whether any coefficient may be other than 0.
    #[inline(always)]
    pub(super) fn read(&self, bytes: &[u8], cursor: &mut Cursor, block: &mut Block) -> Result<bool, Defect> {
        let mut at = 1;
        while at < self.wanted {
            cursor.refill(bytes);
            let next = cursor.ahead();
            let known = self.values.get((next >> (64 - LOOKUP_BITS)) as usize).copied().unwrap_or_default();
            let (bits, steps, value) = if known == 0 {
                self.long(next)?
            } else {
                (known & 0xFF, known >> 8 & 0xFF, (known >> 16) as i16)
            };
            cursor.skip(bits);
            at += steps as usize;
            // What lies beyond the block's end is dropped, as it is by other decoders.
            if let Some(place) = ZIGZAG.get(at - 1) {
                block[usize::from(place & 63)] = value;
            }
        }
        // Whatever else comes first, `at` is another then.
        let is_flat = at == 1 + ENDED as usize;
        if at < ZIGZAG.len() {
            self.step_over(bytes, cursor, at)?;
        }
        Ok(!is_flat)
    }

    /// A code that the table does not have whole.
    #[inline(always)]
    fn long(&self, next: u64) -> Result<(u32, u32, i16), Defect> {
        let (length, symbol) = self.ac.code((next >> 48) as usize).ok_or(NO_CODE)?;
        let (size, steps) = meaning(symbol);
        Ok((length + size, steps, signed(next << length, size) as i16))
    }

    /// The rest of a block, from position `at` on.
    #[inline(always)]
    fn step_over(&self, bytes: &[u8], cursor: &mut Cursor, mut at: usize) -> Result<(), Defect> {
        while at < ZIGZAG.len() {
            cursor.refill(bytes);
            let next = cursor.ahead();
            let known = self.skips.get((next >> (64 - LOOKUP_BITS)) as usize).copied().unwrap_or_default();
            let (bits, steps) = (u32::from(known & 0xFF), usize::from(known >> 8 & 0x7F));
            // The codes of the next block must not be taken with those of this one.
            if known == 0 || at + steps >= ZIGZAG.len() {
                let (bits, steps, _) = self.long(next)?;
                cursor.skip(bits);
                at += steps as usize;
                continue;
            }
            cursor.skip(bits);
            at += steps;
            if known >> 15 != 0 {
                break;
            }
        }
        Ok(())
    }
}

fn value(ac: &Table, window: usize) -> u32 {
    let Some((length, symbol)) = ac.short_code(window) else { return 0 };
    let (size, steps) = meaning(symbol);
    if length + size > LOOKUP_BITS {
        return 0;
    }
    let next = (window as u64) << (64 - LOOKUP_BITS);
    let value = (signed(next << length, size) as i16).cast_unsigned();
    u32::from(value) << 16 | steps << 8 | (length + size)
}

fn skip(ac: &Table, window: usize) -> u16 {
    let (mut used, mut stepped) = (0, 0);
    while let Some((length, symbol)) = ac.short_code(window << used) {
        let (size, steps) = meaning(symbol);
        if used + length > LOOKUP_BITS {
            break;
        }
        if steps == ENDED {
            return ((used + length) | stepped << 8 | 1 << 15) as u16;
        }
        // Of the last one, the value may lie beyond what is looked at.
        used += length + size;
        stepped += steps;
        if used >= LOOKUP_BITS {
            break;
        }
    }
    // At most five codes, which step over 16 positions each.
    (used | stepped << 8) as u16
}
