//! First coefficients of a progressive file (ITU-T T.81, G.1.2.1 and G.2), a row of units at a time.
//!
//! How far the next code is depends on the code before and on nothing else; so that the machine has to wait for no
//! more than that, a look-up tells at once how many bits code and difference take, and values are put where they
//! belong in a second go.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(
    clippy::cast_possible_truncation,
    reason = "coefficients have 16 bits; what a damaged file has beyond is dropped"
)]

use super::{BlockDecoder, Scan};
use crate::decode::jpeg::bits::{Bits, signed};
use crate::decode::jpeg::defect::Defect;
use crate::decode::jpeg::frame::Frame;
use crate::decode::jpeg::huffman::{LOOKUP_BITS, LOOKUP_LEN, Table};
use crate::decode::jpeg::planes::Coefficients;
use crate::decode::jpeg::tables::Tables;

/// The most bits of a code and its difference that are told by one look-up, so that a refill is enough for three.
const MAX_BITS: u32 = 18;
/// The most bits of any code and its difference.
const MOST_BITS: usize = 31;

/// First coefficients, or one more bit of each.
pub(in crate::decode::jpeg) struct First<'a> {
    parts: Vec<Part>,
    /// What reads each block of a unit, over and over until that makes threes; none if one more bit is told of
    /// values that are known.
    threes: Vec<[Reader<'a>; 3]>,
    blocks_per_unit: usize,
    /// The last value of each part.
    previous: [i16; 4],
    shift: u8,
    /// Values as they are coded, of a row of units at most.
    line: Vec<i16>,
    coefficients: &'a mut [Coefficients],
}

/// A component in the scan.
struct Part {
    component: usize,
    /// Blocks of the component in a unit, across and down.
    shape: (usize, usize),
    /// How many blocks of others come before in a unit.
    before: usize,
}

/// What reads a block.
#[derive(Clone, Copy)]
struct Reader<'a> {
    lengths: &'a Lengths,
    table: &'a Table,
    part: usize,
}

/// For the next 11 bits: how many bits code and difference take, and in the high byte, how many the difference
/// does; 0 if the code is longer than 11 bits or both are longer than [`MAX_BITS`].
pub(in crate::decode::jpeg) type Lengths = [u16; LOOKUP_LEN];

/// The lengths for the tables of a scan's parts; none if it has no codes.
pub(in crate::decode::jpeg) fn lengths(scan: &Scan, tables: &Tables) -> Result<Vec<Lengths>, Defect> {
    let of_table = |table: &Table| {
        std::array::from_fn(|window| match table.short_code(window) {
            Some((length, size)) if size <= 15 && length + u32::from(size) <= MAX_BITS => {
                u16::from(size) << 8 | (length as u16 + u16::from(size))
            }
            _ => 0,
        })
    };
    let parts = scan.parts.iter().filter(|_| scan.bits.0 == 0);
    parts.map(|part| tables.dc(part.dc).map(of_table)).collect()
}

impl<'a> First<'a> {
    pub(in crate::decode::jpeg) fn new(
        scan: &Scan,
        frame: &Frame,
        tables: &'a Tables,
        lengths: &'a [Lengths],
        coefficients: &'a mut [Coefficients],
    ) -> Result<Self, Defect> {
        let (mut parts, mut readers, mut blocks_per_unit) = (Vec::new(), Vec::new(), 0);
        for (index, part) in scan.parts.iter().enumerate() {
            let shape = scan.shape(frame, part).unwrap_or_default();
            let blocks = shape.0 * shape.1;
            if let Some(lengths) = lengths.get(index) {
                let reader = Reader { lengths, table: tables.dc(part.dc)?, part: index & 3 };
                readers.extend(std::iter::repeat_n(reader, blocks));
            }
            parts.push(Part { component: part.component, shape, before: blocks_per_unit });
            blocks_per_unit += blocks;
        }
        if !blocks_per_unit.is_multiple_of(3) {
            readers = readers.repeat(3);
        }
        let line = vec![0; scan.units(frame).0 * blocks_per_unit];
        let threes = readers.as_chunks().0.to_vec();
        let shift = scan.bits.1;
        Ok(Self { parts, threes, blocks_per_unit, previous: [0; 4], shift, line, coefficients })
    }

    /// Reads as many units as can be read without looking where the data ends; tells how many.
    fn read_many(&mut self, bits: &mut Bits, from: usize, to: usize) -> usize {
        let Some(line) = self.line.get_mut(from * self.blocks_per_unit..to * self.blocks_per_unit) else {
            return 0;
        };
        if self.threes.is_empty() {
            let units = bits.surely(self.blocks_per_unit).min(to - from);
            bits.take_each(&mut line[..units * self.blocks_per_unit]);
            return units;
        }
        let per_group = 3 * self.threes.len();
        let groups = bits.surely(per_group * MOST_BITS);
        let mut values_read = 0;
        // Copies, of which no address is taken: so they stay in registers.
        let (bytes, mut cursor) = bits.parts();
        let (mut after, mut previous) = (cursor, self.previous);
        'groups: for group in line.chunks_exact_mut(per_group).take(groups) {
            for (values, readers) in group.as_chunks_mut::<3>().0.iter_mut().zip(&self.threes) {
                cursor.refill(bytes);
                for (value, reader) in values.iter_mut().zip(readers) {
                    let next = cursor.ahead();
                    let told = reader.lengths[(next >> (64 - LOOKUP_BITS)) as usize];
                    let difference = if told == 0 {
                        cursor.refill(bytes);
                        let (bits, difference) = long_difference(reader.table, cursor.ahead());
                        if bits == 0 {
                            break 'groups;
                        }
                        cursor.skip(bits);
                        cursor.refill(bytes);
                        difference
                    } else {
                        let (bits, size) = (u32::from(told & 0xFF), u32::from(told >> 8));
                        cursor.skip(bits);
                        signed(next << ((bits - size) & 63), size)
                    };
                    let last = &mut previous[reader.part & 3];
                    *last = last.wrapping_add(difference as i16);
                    *value = *last;
                }
            }
            after = cursor;
            values_read += per_group;
        }
        if let Some(unit) = line[..values_read].rchunks_exact(self.blocks_per_unit).next() {
            for (previous, part) in self.previous.iter_mut().zip(&self.parts) {
                let last = part.before + part.shape.0 * part.shape.1;
                *previous = last.checked_sub(1).and_then(|at| unit.get(at)).copied().unwrap_or_default();
            }
        }
        bits.resume(after);
        values_read / self.blocks_per_unit
    }

    /// Reads a unit, code by code.
    fn read_one(&mut self, bits: &mut Bits, at: usize) -> Result<(), Defect> {
        let mut previous = self.previous;
        let line = self.line.iter_mut().skip(at * self.blocks_per_unit).take(self.blocks_per_unit);
        for (value, reader) in line.zip(self.threes.as_flattened()) {
            bits.refill();
            let size = reader.table.symbol(bits)?;
            if size > 15 {
                return Err(Defect::Has("a difference of too many bits"));
            }
            let last = &mut previous[reader.part];
            *last = last.wrapping_add(bits.take_signed(u32::from(size)) as i16);
            *value = *last;
        }
        bits.check()?;
        self.previous = previous;
        Ok(())
    }

    /// Puts the values of so many units from the beginning of the line where they belong.
    fn put(&mut self, (column, row): (usize, usize), units: usize) {
        let Some(line) = self.line.get(..units * self.blocks_per_unit) else { return };
        let how = if self.threes.is_empty() { (!0, self.shift) } else { (0, self.shift) };
        for &Part { component, shape: (h, v), before } in &self.parts {
            let Some(coefficients) = self.coefficients.get_mut(component) else { continue };
            for y in 0..v {
                let (row, per_block) = coefficients.row_from(column * h, row * v + y);
                let before = before + y * h;
                match (per_block, h, self.blocks_per_unit) {
                    (1, 1, 1) => put::<1, 1>(row, line, before, how),
                    (1, 1, 3) => put::<1, 3>(row, line, before, how),
                    (1, 1, 4) => put::<1, 4>(row, line, before, how),
                    (1, 2, 4) => put::<2, 4>(row, line, before, how),
                    (1, 1, 6) => put::<1, 6>(row, line, before, how),
                    (1, 2, 6) => put::<2, 6>(row, line, before, how),
                    (_, _, per_unit) => {
                        let units =
                            line.chunks_exact(per_unit).filter_map(|unit| unit.get(before..before + h));
                        let places = row.iter_mut().step_by(per_block);
                        places.zip(units.flatten()).for_each(|(place, &value)| add(place, value, how));
                    }
                }
            }
        }
    }
}

/// How a value is put to what there is: what is kept of that, and by how many bits the value is shifted.
type How = (i16, u8);

#[inline(always)]
fn add(place: &mut i16, value: i16, (kept, shift): How) {
    *place = *place & kept | value << shift;
}

/// Puts the `H` values of each unit of `K` that come after `before` others.
fn put<const H: usize, const K: usize>(row: &mut [i16], line: &[i16], before: usize, how: How) {
    if before + H > K {
        return;
    }
    for (places, unit) in row.as_chunks_mut::<H>().0.iter_mut().zip(line.as_chunks::<K>().0) {
        for i in 0..H {
            add(&mut places[i], unit[before + i], how);
        }
    }
}

/// How many bits the next code takes with its difference, and that; 0 if there is no such code.
#[cold]
#[inline(never)]
fn long_difference(table: &Table, next: u64) -> (u32, i32) {
    match table.code((next >> 48) as usize) {
        Some((length, size)) if size <= 15 => {
            let size = u32::from(size);
            (length + size, signed(next << length, size))
        }
        _ => (0, 0),
    }
}

impl BlockDecoder for First<'_> {
    fn restart(&mut self) {
        self.previous = [0; 4];
    }

    fn units(
        &mut self,
        bits: &mut Bits,
        _: &[(usize, usize)],
        place: (usize, usize),
        most: usize,
    ) -> (usize, Result<(), Defect>) {
        let (mut read, mut outcome) = (0, Ok(()));
        while read < most && outcome.is_ok() {
            bits.reserve();
            match self.read_many(bits, read, most) {
                0 if self.threes.is_empty() => outcome = Err(Defect::BreaksOff),
                0 => {
                    outcome = self.read_one(bits, read);
                    read += usize::from(outcome.is_ok());
                }
                units => read += units,
            }
        }
        self.put(place, read);
        (read, outcome)
    }
}
