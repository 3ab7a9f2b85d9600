//! Huffman tables (ITU-T T.81, annex C and F.2.2.3), as look-up tables.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "symbols, lengths and positions of blocks are small")]

use super::bits::Bits;
use super::defect::Defect;

/// Bits of the look-up: longer codes are rare.
pub(super) const LOOKUP_BITS: u32 = 11;
const LOOKUP_LEN: usize = 1 << LOOKUP_BITS;

/// A table for codes of one kind.
pub(super) struct Table {
    /// For the next 11 bits: length of the code in the high byte, symbol in the low one; 0 where the code is longer.
    lookup: [u16; LOOKUP_LEN],
    /// For each length, the first code of greater length, as 16 bits; and what leads from code to symbol.
    limits: [(u32, i32); 17],
    symbols: Vec<u8>,
    /// Several AC codes at a time, if they are only to be walked.
    walk: Option<Box<[Skip; LOOKUP_LEN]>>,
}

/// What the next 11 bits let skip: codes that lie in them, each with the value's bits that follow.
#[derive(Clone, Copy, Default)]
struct Skip {
    /// Bits of codes and values; 0 if no code lies within the 11.
    bits: u8,
    /// How many coefficients further; 128 more at the end of the block.
    advance: u8,
    /// The same without the last code: where that one must still be inside the block.
    advance_before_last: u8,
}

/// Added to a position at the end of a block.
const END: u32 = 128;

impl Table {
    /// Reads one table's lengths and symbols from a DHT segment; returns what follows them too.
    pub(super) fn parse(body: &[u8]) -> Result<(Self, &[u8]), Defect> {
        let short = Defect::Has("a Huffman table that is too short");
        let (lengths, rest) = body.split_first_chunk::<16>().ok_or(short)?;
        let total = lengths.iter().map(|&count| usize::from(count)).sum();
        let (symbols, rest) = rest.split_at_checked(total).ok_or(short)?;
        let mut lookup = [0; LOOKUP_LEN];
        let mut limits = [(0, 0); 17];
        let (mut code, mut index) = (0u32, 0u32);
        for (length, &count) in (1..=16u32).zip(lengths) {
            let first = (code, index);
            for _ in 0..count {
                if code >= 1 << length {
                    return Err(Defect::Has("a Huffman table of too many codes"));
                }
                if length <= LOOKUP_BITS {
                    let symbol = symbols.get(index as usize).copied().unwrap_or_default();
                    let (from, len) = (code << (LOOKUP_BITS - length), 1 << (LOOKUP_BITS - length));
                    for entry in lookup.iter_mut().skip(from as usize).take(len) {
                        *entry = (length as u16) << 8 | u16::from(symbol);
                    }
                }
                code += 1;
                index += 1;
            }
            limits[length as usize] = (code << (16 - length), first.1.cast_signed() - first.0.cast_signed());
            code <<= 1;
        }
        Ok((Self { lookup, limits, symbols: symbols.to_vec(), walk: None }, rest))
    }

    /// The next symbol. At least 16 bits are in the buffer.
    #[inline(always)]
    pub(super) fn symbol(&self, bits: &mut Bits) -> Result<u8, Defect> {
        let entry = self.lookup[bits.peek::<LOOKUP_BITS>() & (LOOKUP_LEN - 1)];
        if entry == 0 {
            return self.long_symbol(bits);
        }
        bits.skip(u32::from(entry >> 8));
        Ok(entry as u8)
    }

    #[cold]
    fn long_symbol(&self, bits: &mut Bits) -> Result<u8, Defect> {
        let next = bits.peek::<16>() as u32;
        for (length, &(limit, offset)) in (0..).zip(&self.limits).skip(LOOKUP_BITS as usize + 1) {
            if next < limit {
                bits.skip(length);
                let index = (next >> (16 - length)).cast_signed() + offset;
                return usize::try_from(index)
                    .ok()
                    .and_then(|index| self.symbols.get(index))
                    .copied()
                    .ok_or(Defect::Has("a code that no table has"));
            }
        }
        Err(Defect::Has("a code that no table has"))
    }

    /// Prepares for `skip_block`.
    pub(super) fn prepare_skipping(&mut self) {
        if self.walk.is_some() {
            return;
        }
        let mut skips = Box::new([Skip::default(); LOOKUP_LEN]);
        for (window, skip) in (0..).zip(skips.iter_mut()) {
            *skip = self.skip_of(window);
        }
        self.walk = Some(skips);
    }

    /// As many codes as lie within the window, one after the other.
    fn skip_of(&self, window: usize) -> Skip {
        let mut skip = Skip::default();
        let (mut used, mut advance) = (0, 0);
        while used < LOOKUP_BITS {
            let next = (window << used) & (LOOKUP_LEN - 1);
            let entry = self.lookup[next];
            let length = u32::from(entry >> 8);
            if entry == 0 || used + length > LOOKUP_BITS {
                break;
            }
            skip.advance_before_last = advance;
            let (run, size) = ((entry as u8) >> 4, entry as u8 & 15);
            used += length + u32::from(size);
            advance += match (run, size) {
                (15, 0) => 16,
                (_, 0) => END as u8,
                _ => run + 1,
            };
            (skip.bits, skip.advance) = (used as u8, advance);
            // The next position must fit as well.
            if advance >= END as u8 - 16 {
                break;
            }
        }
        skip
    }

    /// Steps over the AC codes of a block (T.81, F.2.2.2).
    #[inline(always)]
    pub(super) fn skip_block(&self, bits: &mut Bits) -> Result<(), Defect> {
        let Some(skips) = self.walk.as_deref() else { return Err(Defect::Has("no table for its codes")) };
        let mut position = 0u32;
        loop {
            bits.refill();
            // 56 bits hold two look-ups of up to 26 bits each.
            for _ in 0..2 {
                let skip = skips[bits.peek::<LOOKUP_BITS>() & (LOOKUP_LEN - 1)];
                if skip.bits == 0 || position + u32::from(skip.advance_before_last) >= 63 {
                    bits.refill();
                    position += self.skip_one(bits)?;
                    bits.refill();
                } else {
                    bits.skip(u32::from(skip.bits));
                    position += u32::from(skip.advance);
                }
                if position >= 63 {
                    let is_whole = position == 63 || position >= END;
                    return if is_whole { Ok(()) } else { Err(Defect::Has("a block of too many values")) };
                }
            }
        }
    }

    /// Steps over one AC code and tells how many coefficients further that is.
    #[inline(always)]
    fn skip_one(&self, bits: &mut Bits) -> Result<u32, Defect> {
        let symbol = u32::from(self.symbol(bits)?);
        let (run, size) = (symbol >> 4, symbol & 15);
        bits.skip(size);
        Ok(match (run, size) {
            (15, 0) => 16,
            (_, 0) => END,
            _ => run + 1,
        })
    }
}
