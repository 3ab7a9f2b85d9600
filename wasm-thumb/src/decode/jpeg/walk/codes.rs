//! Tables that walk over several codes at a look-up.
#![expect(clippy::cast_possible_truncation, reason = "tables, lengths and places in a block are small")]

use std::rc::Rc;

use super::low::Low;
use super::step::LOST;
use crate::decode::jpeg::defect::Defect;
use crate::decode::jpeg::frame::Frame;
use crate::decode::jpeg::huffman::{LOOKUP_BITS, LOOKUP_LEN, Table, advance};
use crate::decode::jpeg::scan::Scan;
use crate::decode::jpeg::tables::Tables;

/// The most blocks that are walked between two looks at what came out, a power of two.
pub(super) const BLOCKS: usize = 256;
/// The most bits that an entry steps over, so that three look-ups fit into the 57 bits of a load.
const MAX_BITS: u32 = 19;
/// As many entries as 16 bits count, so that no index has to be checked. Only those of 12 tables are used.
pub(super) const ENTRIES: usize = 1 << 16;

/// How far a place is from the one in the next block.
pub(super) const BLOCK: u32 = 128;
/// The place of the first AC coefficient in its block; the DC coefficient is at 0. So a block ends where the next
/// begins, and the top three bits of a place tell which table is for it.
const AC: u32 = 65;
/// From here on, 16 places before the end, one code at a time is read: none may lie beyond the end.
const LATE: u32 = 112;

/// What the next 11 bits let step over. Bits 0 to 7: how many bits. Bits 8 to 15: what to add to the place, after
/// it has been masked with bits 16 to 31, their highest repeated. 0 if the code is longer than 11 bits.
pub(super) type Entry = u32;

/// What is done with one block of a unit.
pub(super) struct Block<'a> {
    pub(super) dc: &'a Table,
    /// Its component's place in the scan.
    pub(super) part: usize,
    /// What reads the AC coefficients that are of use.
    pub(super) low: Option<Rc<Low<'a>>>,
}

impl Block<'_> {
    /// How many values are kept of it.
    pub(super) fn values(&self) -> usize {
        if self.low.is_some() { 4 } else { 1 }
    }
}

/// The tables for a scan, and which is for which block.
pub(super) struct Codes<'a> {
    pub(super) entries: Box<[Entry; ENTRIES]>,
    /// For each 16 places of some blocks in a row, the first entry of their table.
    pub(super) tables: Box<[u16; 8 * BLOCKS]>,
    /// The blocks of a unit, in the order in which they are coded.
    pub(super) blocks: Vec<Block<'a>>,
    /// The Huffman tables for DC and AC that each three tables of entries come from.
    kinds: Vec<(&'a Table, &'a Table)>,
}

impl<'a> Codes<'a> {
    /// `is_finer` tells of each component of the frame whether its lowest AC coefficients are of use.
    pub(super) fn new(
        scan: &Scan,
        frame: &Frame,
        tables: &'a Tables,
        is_finer: impl Fn(usize) -> bool,
    ) -> Result<Self, Defect> {
        let mut entries = boxed(vec![0; ENTRIES])?;
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        let (mut blocks, mut kinds, mut kind_of) = (Vec::new(), Vec::new(), Vec::new());
        let mut lows: Vec<(usize, Rc<Low>)> = Vec::new();
        for (index, part) in scan.parts.iter().enumerate() {
            let (dc, ac) = (tables.dc(part.dc)?, tables.ac(part.ac)?);
            let kind = pairs.iter().position(|&pair| pair == (part.dc, part.ac)).unwrap_or(pairs.len());
            if kind == pairs.len() {
                pairs.push((part.dc, part.ac));
                kinds.push((dc, ac));
                let ways = [(Some(dc), false), (None, false), (None, true)];
                let place = entries[3 * kind * LOOKUP_LEN..].chunks_exact_mut(LOOKUP_LEN);
                for ((dc, is_late), entries) in ways.into_iter().zip(place) {
                    entries
                        .iter_mut()
                        .enumerate()
                        .for_each(|(window, e)| *e = entry(dc, ac, is_late, window));
                }
            }
            let has_low = is_finer(part.component);
            if has_low && !lows.iter().any(|&(of, _)| of == part.ac) {
                lows.push((part.ac, Rc::new(Low::new(ac))));
            }
            let low = lows.iter().find(|&&(of, _)| has_low && of == part.ac).map(|(_, low)| low);
            let (h, v) = scan.shape(frame, part).unwrap_or_default();
            for _ in 0..h * v {
                blocks.push(Block { dc, part: index, low: low.cloned() });
                kind_of.push(kind);
            }
        }
        let mut tables = boxed(vec![0; 8 * BLOCKS])?;
        for (tables, &kind) in tables.chunks_exact_mut(8).zip(kind_of.iter().cycle()) {
            for (of_place, table) in (0..).zip(tables) {
                let which = if of_place == 0 { 0 } else { 1 + usize::from(of_place >= LATE / 16) };
                *table = ((3 * kind + which) * LOOKUP_LEN) as u16;
            }
        }
        Ok(Self { entries, tables, blocks, kinds })
    }

    /// What one code lets step over, however long it is: an entry of 0 bits, and above it the bits; for a code that
    /// no table has, the end of the block and `LOST`.
    #[cold]
    #[inline(never)]
    pub(super) fn one(&self, table: u16, next: u64) -> u64 {
        let (entry, bits) = self.find_one(table, (next >> 48) as usize).unwrap_or((to_end(), LOST));
        u64::from(bits) << 32 | u64::from(entry)
    }

    fn find_one(&self, table: u16, next: usize) -> Option<(Entry, u32)> {
        let table = usize::from(table) / LOOKUP_LEN;
        let &(dc, ac) = self.kinds.get(table / 3)?;
        if table.is_multiple_of(3) {
            let (length, size) = dc.code(next)?;
            return (size <= 15).then(|| (to_ac(0), length + u32::from(size)));
        }
        let (length, symbol) = ac.code(next)?;
        let step = advance(symbol).map_or(to_end(), further);
        Some((step, length + u32::from(symbol & 15)))
    }
}

fn boxed<T, const N: usize>(of: Vec<T>) -> Result<Box<[T; N]>, Defect> {
    of.into_boxed_slice().try_into().map_err(|_| Defect::Has("tables of another length"))
}

/// As many codes as can be stepped over at once.
fn entry(dc: Option<&Table>, ac: &Table, is_late: bool, window: usize) -> Entry {
    let (mut bits, mut passed, mut codes) = (0, 0, 0);
    if let Some(dc) = dc {
        let Some((length, size)) = dc.short_code(window) else { return 0 };
        bits = length + u32::from(size);
        if size > 15 || bits > MAX_BITS {
            return 0;
        }
        codes = 1;
    }
    // The last code may lead past the end of the block, but must not lie there.
    while bits < LOOKUP_BITS && passed <= BLOCK - LATE && (codes == 0 || !is_late) {
        let Some((length, symbol)) = ac.short_code(window << bits) else { break };
        let bits_then = bits + length + u32::from(symbol & 15);
        if bits + length > LOOKUP_BITS || bits_then > MAX_BITS {
            break;
        }
        (bits, codes) = (bits_then, codes + 1);
        match advance(symbol) {
            Some(coefficients) => passed += coefficients,
            None => return to_end() | bits,
        }
    }
    match dc {
        _ if codes == 0 => 0,
        Some(_) => to_ac(passed) | bits,
        None => further(passed) | bits,
    }
}

/// From the beginning of a block, or a little later if the one before was too long, to its AC coefficients.
fn to_ac(passed: u32) -> Entry {
    within_block() | (AC + passed) << 8
}

fn to_end() -> Entry {
    within_block() | BLOCK << 8
}

fn further(passed: u32) -> Entry {
    0xFFFF_0000 | passed << 8
}

/// A mask that leads to the beginning of the block.
fn within_block() -> Entry {
    !(BLOCK - 1) << 16
}
