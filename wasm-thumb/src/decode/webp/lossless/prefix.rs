//! Prefix codes (RFC 9649, section 3.7.2) as look-up tables.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "lengths of up to 15 bits, symbols of up to 12")]

use std::ops::RangeInclusive;

use super::super::defect::Defect;
use super::bits::Bits;

/// Bits that are looked up at once, at least and at most; longer codes take a second look-up.
const ROOT_BITS: RangeInclusive<u32> = 8..=11;
/// How rare a second look-up is to be, if the most bits allow: once in 2⁵ symbols that come as often as the lengths of
/// their codes say.
const SECOND_BITS: u32 = 5;
/// The places that an entry can tell are below this.
const MAX_PLACE: u16 = 1 << 12;
const MAX_BITS: usize = 15;
/// In which order the lengths of the codes of lengths are told.
const LENGTH_ORDER: [u8; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// A code in a list of tables.
///
/// An entry is a symbol and, in its lower four bits, the length of its code. Where that is more than the bits of the
/// first look-up, the upper bits tell where a table for the bits that follow begins.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Code {
    start: u32,
    /// The bits of the first look-up.
    root_bits: u32,
}

impl Code {
    /// The next symbol. The buffer holds 15 bits.
    #[inline(always)]
    pub(super) fn symbol(self, tables: &[u16], bits: &mut Bits) -> u32 {
        let start = self.start as usize;
        let mut entry = at(tables, start + (bits.peek() & ((1 << self.root_bits) - 1)) as usize);
        if entry & 15 > self.root_bits {
            let rest = (bits.peek() >> self.root_bits) & ((1 << ((entry & 15) - self.root_bits)) - 1);
            entry = at(tables, start + ((entry >> 4) + rest) as usize);
        }
        bits.skip(entry & 15);
        entry >> 4
    }

    /// The symbol, if there is only one, which takes no bits.
    pub(super) fn only(self, tables: &[u16]) -> Option<u32> {
        (self.root_bits == 0).then(|| at(tables, self.start as usize) >> 4)
    }

    /// Reads the lengths of a code for symbols below `lengths.len()` and adds its tables.
    pub(super) fn read(bits: &mut Bits, lengths: &mut [u8], tables: &mut Vec<u16>) -> Result<Self, Defect> {
        lengths.fill(0);
        if bits.flag() {
            let has_two = bits.flag();
            let first_bits = if bits.flag() { 8 } else { 1 };
            let mut set = |symbol: u32| {
                let length = lengths.get_mut(symbol as usize);
                length.map(|length| *length = 1).ok_or(Defect::Has("a symbol that there is not"))
            };
            set(bits.take(first_bits))?;
            if has_two {
                set(bits.take(8))?;
            }
        } else {
            read_lengths(bits, lengths)?;
        }
        build(lengths, tables)
    }
}

#[inline(always)]
fn at(tables: &[u16], index: usize) -> u32 {
    tables.get(index).map_or(0, |&entry| u32::from(entry))
}

fn read_lengths(bits: &mut Bits, lengths: &mut [u8]) -> Result<(), Defect> {
    let mut of_lengths = [0; 19];
    let count = 4 + bits.take(4) as usize;
    for place in LENGTH_ORDER.into_iter().take(count) {
        of_lengths[usize::from(place)] = bits.take(3) as u8;
    }
    let mut tables = Vec::new();
    let code = build(&of_lengths, &mut tables)?;
    let mut told = usize::MAX;
    if bits.flag() {
        let size = 2 + 2 * bits.take(3);
        told = 2 + bits.take(size) as usize;
        if told > lengths.len() {
            return Err(Defect::Has("a code of more symbols than there are"));
        }
    }
    let (mut at, mut last) = (0, 8);
    while at < lengths.len() && told > 0 {
        told -= 1;
        bits.refill();
        let symbol = code.symbol(&tables, bits) as u8;
        let (length, count) = match symbol {
            0..16 => (symbol, 1),
            16 => (last, 3 + bits.take(2) as usize),
            17 => (0, 3 + bits.take(3) as usize),
            _ => (0, 11 + bits.take(7) as usize),
        };
        let run =
            lengths.get_mut(at..at + count).ok_or(Defect::Has("a code of more symbols than there are"))?;
        run.fill(length);
        at += count;
        if symbol < 16 && symbol > 0 {
            last = symbol;
        }
    }
    bits.check()
}

/// Adds the tables of the canonical code with these lengths, which has to be complete.
fn build(lengths: &[u8], tables: &mut Vec<u16>) -> Result<Code, Defect> {
    let mut counts = [0usize; MAX_BITS + 1];
    for length in lengths {
        counts[usize::from(*length & 15)] += 1;
    }
    counts[0] = 0;
    // Where the symbols of each length begin when they are sorted by length.
    let mut starts = [0; MAX_BITS + 1];
    for length in 1..MAX_BITS {
        starts[length + 1] = starts[length] + counts[length];
    }
    let used: usize = counts.iter().sum();
    let mut sorted = vec![0u16; used];
    for (symbol, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
        let place = &mut starts[usize::from(*length & 15)];
        if let Some(sorted) = sorted.get_mut(*place) {
            *sorted = symbol as u16;
        }
        *place += 1;
    }
    let start = tables.len();
    if let [only] = sorted[..] {
        tables.push(only << 4);
        return Ok(Code { start: start as u32, root_bits: 0 });
    }
    let space: usize = (1..=MAX_BITS).map(|length| counts[length] << (MAX_BITS - length)).sum();
    if space != 1 << MAX_BITS {
        return Err(Defect::Has("a code that is not complete"));
    }
    let chosen = root_bits(&counts);
    let least = chosen.min(*ROOT_BITS.start());
    for root_bits in [chosen, least] {
        if fill(&sorted, &counts, root_bits, tables).is_some() {
            return Ok(Code { start: start as u32, root_bits });
        }
        tables.truncate(start);
    }
    Err(Defect::Has("a code that takes too large a table"))
}

/// The bits of the first look-up for a code of so many symbols of each length.
fn root_bits(counts: &[usize; MAX_BITS + 1]) -> u32 {
    let longest = counts.iter().rposition(|count| *count > 0).unwrap_or(1) as u32;
    // How often a longer code comes, in 2 to the power of `MAX_BITS` symbols.
    let second = |bits: u32| -> usize {
        (bits as usize + 1..=MAX_BITS).map(|length| counts[length] << (MAX_BITS - length)).sum()
    };
    let (least, most) = ROOT_BITS.into_inner();
    let bits = (least..most).find(|&bits| second(bits) << SECOND_BITS <= 1 << MAX_BITS).unwrap_or(most);
    bits.min(longest)
}

/// Adds the tables of a code for these symbols, shorter codes first; none if a place in them is too large a number for
/// an entry, which with the least bits it never is.
fn fill(sorted: &[u16], counts: &[usize; MAX_BITS + 1], root_bits: u32, tables: &mut Vec<u16>) -> Option<()> {
    let start = tables.len();
    tables.resize(start + (1 << root_bits), 0);
    let (mut code, mut length) = (0u32, 1u32);
    let (mut table, mut table_bits, mut table_prefix) = (start, root_bits, None);
    let mut left = *counts;
    for &symbol in sorted {
        while left[length as usize & 15] == 0 {
            length += 1;
            code <<= 1;
        }
        let reversed = code.reverse_bits() >> (32 - length);
        let mut below = 0;
        if length > root_bits {
            let prefix = reversed & ((1 << root_bits) - 1);
            below = root_bits;
            if table_prefix != Some(prefix) {
                table_prefix = Some(prefix);
                table = tables.len();
                table_bits = second_bits(&left, length, root_bits);
                tables.resize(table + (1 << table_bits), 0);
                let place = u16::try_from(table - start).ok().filter(|&place| place < MAX_PLACE)?;
                tables[start + prefix as usize] = place << 4 | (root_bits + table_bits) as u16;
            }
        }
        let entries = &mut tables[table..table + (1 << table_bits)];
        let entry = symbol << 4 | length as u16;
        entries
            .iter_mut()
            .skip((reversed >> below) as usize)
            .step_by(1 << (length - below))
            .for_each(|e| *e = entry);
        left[length as usize & 15] -= 1;
        code += 1;
    }
    Some(())
}

/// The bits of a second table whose first code has `length` bits, by the codes that are left.
fn second_bits(left: &[usize; MAX_BITS + 1], length: u32, root_bits: u32) -> u32 {
    let mut bits = length - root_bits;
    let mut free = 1usize << bits;
    for (count, n) in left.iter().skip(length as usize).zip(0..) {
        bits = length - root_bits + n;
        if *count >= free {
            break;
        }
        free = (free - count) * 2;
    }
    bits
}
