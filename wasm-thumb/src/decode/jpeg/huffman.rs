//! Huffman tables (ITU-T T.81, annex C and F.2.2.3), as look-up tables.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "symbols, lengths and positions of blocks are small")]

use super::bits::Bits;
use super::defect::Defect;

/// Bits of the look-up: longer codes are rare.
pub(super) const LOOKUP_BITS: u32 = 11;
pub(super) const LOOKUP_LEN: usize = 1 << LOOKUP_BITS;

/// What is wrong where [`Table::code`] finds none.
pub(super) const NO_CODE: Defect = Defect::Has("a code that no table has");

/// How many coefficients further an AC code leads, its own included; none at the end of the block.
pub(super) fn advance(symbol: u8) -> Option<u32> {
    match (symbol >> 4, symbol & 15) {
        (15, 0) => Some(16),
        (_, 0) => None,
        (run, _) => Some(u32::from(run) + 1),
    }
}

/// A table for codes of one kind.
pub(super) struct Table {
    /// For the next 11 bits: length of the code in the high byte, symbol in the low one; 0 where the code is longer.
    lookup: [u16; LOOKUP_LEN],
    /// For each length, the first code of greater length, as 16 bits; and what leads from code to symbol.
    limits: [(u32, i32); 17],
    symbols: Vec<u8>,
}

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
        Ok((Self { lookup, limits, symbols: symbols.to_vec() }, rest))
    }

    /// The next symbol. At least 16 bits are in the buffer.
    #[inline(always)]
    pub(super) fn symbol(&self, bits: &mut Bits) -> Result<u8, Defect> {
        let (length, symbol) = self.code(bits.peek::<16>()).ok_or(NO_CODE)?;
        bits.skip(length);
        Ok(symbol)
    }

    /// The length of the code that the next 16 bits begin with, and its symbol.
    #[inline(always)]
    pub(super) fn code(&self, next: usize) -> Option<(u32, u8)> {
        let entry = self.lookup[next >> (16 - LOOKUP_BITS) & (LOOKUP_LEN - 1)];
        if entry == 0 { self.long_code(next) } else { Some((u32::from(entry >> 8), entry as u8)) }
    }

    #[cold]
    fn long_code(&self, next: usize) -> Option<(u32, u8)> {
        let next = next as u32;
        let (length, offset) = (0..)
            .zip(&self.limits)
            .skip(LOOKUP_BITS as usize + 1)
            .find_map(|(length, &(limit, offset))| (next < limit).then_some((length, offset)))?;
        let index = (next >> (16 - length)).cast_signed() + offset;
        usize::try_from(index).ok().and_then(|index| self.symbols.get(index)).map(|&symbol| (length, symbol))
    }

    /// The code that these 11 bits begin with, if it lies within them.
    pub(super) fn short_code(&self, window: usize) -> Option<(u32, u8)> {
        let entry = self.lookup[window & (LOOKUP_LEN - 1)];
        (entry != 0).then_some((u32::from(entry >> 8), entry as u8))
    }
}
