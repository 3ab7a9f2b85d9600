//! Pixels as they are coded: literals, copies of earlier ones, and colours from a cache (RFC 9649, section 3.6).
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]

use super::super::defect::Defect;
use super::bits::Bits;
use super::prefix::Code;
use super::recent::{Cache, Recent, rows_kept};
use super::transforms::Squares;
use super::{Budget, read_squares};

/// Symbols of green before lengths, and of lengths.
const LITERALS: usize = 256;
const LENGTHS: usize = 24;
const DISTANCES: usize = 40;

/// The pixels that short codes of distances stand for: rows up in the upper, and 8 less columns to the left in the
/// lower half of a byte.
#[rustfmt::skip]
const NEAR: [u8; 120] = [
    0x18, 0x07, 0x17, 0x19, 0x28, 0x06, 0x27, 0x29, 0x16, 0x1A, 0x26, 0x2A, 0x38, 0x05, 0x37, 0x39, 0x15, 0x1B,
    0x36, 0x3A, 0x25, 0x2B, 0x48, 0x04, 0x47, 0x49, 0x14, 0x1C, 0x35, 0x3B, 0x46, 0x4A, 0x24, 0x2C, 0x58, 0x45,
    0x4B, 0x34, 0x3C, 0x03, 0x57, 0x59, 0x13, 0x1D, 0x56, 0x5A, 0x23, 0x2D, 0x44, 0x4C, 0x55, 0x5B, 0x33, 0x3D,
    0x68, 0x02, 0x67, 0x69, 0x12, 0x1E, 0x66, 0x6A, 0x22, 0x2E, 0x54, 0x5C, 0x43, 0x4D, 0x65, 0x6B, 0x32, 0x3E,
    0x78, 0x01, 0x77, 0x79, 0x53, 0x5D, 0x11, 0x1F, 0x64, 0x6C, 0x42, 0x4E, 0x76, 0x7A, 0x21, 0x2F, 0x75, 0x7B,
    0x31, 0x3F, 0x63, 0x6D, 0x52, 0x5E, 0x00, 0x74, 0x7C, 0x41, 0x4F, 0x10, 0x20, 0x62, 0x6E, 0x30, 0x73, 0x7D,
    0x51, 0x5F, 0x40, 0x72, 0x7E, 0x61, 0x6F, 0x50, 0x71, 0x7F, 0x60, 0x70,
];

/// The codes for one part of the picture.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    green: Code,
    /// Red, blue and alpha.
    others: [Code; 3],
    distance: Code,
    /// Alpha, red and blue, if each of these is the same everywhere.
    only: Option<u32>,
}

/// A coded picture, decoded as far as it has been asked for.
pub(super) struct Coded {
    width: usize,
    len: usize,
    /// Which group is used where, if there are several.
    groups_at: Option<Squares>,
    groups: Vec<Group>,
    tables: Vec<u16>,
    cache: Cache,
    recent: Recent,
    /// How many pixels have been decoded.
    done: usize,
}

impl Coded {
    /// Reads what comes before the pixels. Only the picture itself may have several groups of codes, and is read row by
    /// row; of those within it all pixels are kept.
    pub(super) fn read(
        bits: &mut Bits,
        (width, height): (usize, usize),
        is_main: bool,
        budget: &mut Budget,
    ) -> Result<Self, Defect> {
        let cache_bits = if bits.flag() { bits.take(4) } else { 0 };
        if cache_bits > 11 {
            return Err(Defect::Has("a cache of more colours than there may be"));
        }
        let mut groups_at = None;
        if is_main && bits.flag() {
            groups_at = Some(read_squares(bits, (width, height), budget)?);
        }
        let rows = if is_main { rows_kept(width, height) } else { height };
        let mut image = Self {
            width,
            len: width * height,
            groups_at,
            groups: Vec::new(),
            tables: Vec::new(),
            cache: Cache::new(cache_bits),
            recent: Recent::new(width, rows)?,
            done: 0,
        };
        image.read_groups(bits, budget)?;
        Ok(image)
    }

    /// Reads the codes, and keeps those that are used.
    fn read_groups(&mut self, bits: &mut Bits, budget: &mut Budget) -> Result<(), Defect> {
        // Numbers of groups are in the middle of each value.
        let number = |value: &u32| (value >> 8 & 0xFFFF) as usize;
        let count =
            self.groups_at.as_ref().map_or(1, |at| 1 + at.values.iter().map(number).max().unwrap_or(0));
        let mut kept = vec![None; count];
        for value in self.groups_at.iter().flat_map(|at| &at.values) {
            if let Some(kept) = kept.get_mut(number(value)) {
                *kept = Some(0);
            }
        }
        if self.groups_at.is_none() {
            kept.fill(Some(0));
        }
        let mut lengths = vec![0; LITERALS + LENGTHS + self.cache.len()];
        for kept in &mut kept {
            let before = self.tables.len();
            let mut read = |symbols: usize| {
                let lengths = lengths.get_mut(..symbols).unwrap_or_default();
                Code::read(bits, lengths, &mut self.tables)
            };
            let green = read(LITERALS + LENGTHS + self.cache.len())?;
            let others = [read(256)?, read(256)?, read(256)?];
            let distance = read(DISTANCES)?;
            bits.check()?;
            if kept.is_none() {
                self.tables.truncate(before);
                continue;
            }
            *kept = u32::try_from(self.groups.len()).ok();
            let mut only = Some(0);
            for (code, shift) in others.iter().zip([16, 0, 24]) {
                only = only.zip(code.only(&self.tables)).map(|(only, symbol)| only | symbol << shift);
            }
            budget.take::<u16>(self.tables.len() - before)?;
            budget.take::<Group>(1)?;
            self.groups.push(Group { green, others, distance, only });
        }
        for value in self.groups_at.iter_mut().flat_map(|at| &mut at.values) {
            *value = kept.get(number(value)).copied().flatten().unwrap_or(0);
        }
        Ok(())
    }

    pub(super) fn into_pixels(self) -> Vec<u32> {
        self.recent.into_pixels()
    }

    /// Row `y`, decoding as much as is missing of it.
    pub(super) fn row(&mut self, bits: &mut Bits, y: usize) -> Result<&[u32], Defect> {
        let end = (y + 1) * self.width;
        while self.done < end {
            self.recent.grow(self.done);
            self.rest_of_row(bits)?;
            bits.check()?;
        }
        Ok(self.recent.row(y))
    }

    /// Decodes pixels up to the end of a row, or beyond that if a copy goes on.
    fn rest_of_row(&mut self, bits: &mut Bits) -> Result<(), Defect> {
        let y = self.done / self.width;
        let (start, end) = (y * self.width, (y + 1) * self.width);
        while self.done < end {
            // As far as the same group is used.
            let (group, until) = match &self.groups_at {
                Some(at) => {
                    let square = (self.done - start) >> at.bits;
                    let group = at.row(y).get(square).map_or(0, |&group| group as usize);
                    (group, (start + ((square + 1) << at.bits)).min(end))
                }
                None => (0, end),
            };
            let group = *self.groups.get(group).ok_or(Defect::Has("a part without codes"))?;
            // In a place of its own, where it can be kept in registers.
            let mut here = *bits;
            let decoded = self.run(&mut here, &group, until);
            *bits = here;
            decoded?;
        }
        Ok(())
    }

    /// Decodes pixels by one group of codes, up to pixel `until`, which is not after the end of the row.
    fn run(&mut self, bits: &mut Bits, group: &Group, until: usize) -> Result<(), Defect> {
        let mut place = self.recent.place(self.done);
        let end = place + (until - self.done);
        let tables = self.tables.as_slice();
        while place < end {
            bits.refill();
            let green = group.green.symbol(tables, bits);
            let symbol = green as usize;
            if symbol >= LITERALS + LENGTHS {
                self.recent.set(place, self.cache.get(symbol - LITERALS - LENGTHS));
                place += 1;
            } else if symbol < LITERALS {
                let pixel = match group.only {
                    Some(only) => only | green << 8,
                    None => literal(tables, bits, group, green),
                };
                self.recent.set(place, pixel);
                self.cache.put(pixel);
                place += 1;
            } else {
                let done = until - (end - place);
                let count = number(bits, symbol - LITERALS).min(self.len - done);
                bits.refill();
                let distance = distance(group.distance.symbol(tables, bits), bits, self.width);
                if distance > done {
                    return Err(Defect::Has("a copy from before its beginning"));
                }
                self.recent.copy(place, distance, count, &mut self.cache);
                place += count;
            }
        }
        self.done = until + (place - end);
        Ok(())
    }
}

/// The rest of a pixel of which green has been read.
#[inline(always)]
fn literal(tables: &[u16], bits: &mut Bits, group: &Group, green: u32) -> u32 {
    let [red, blue, alpha] = group.others;
    let red = red.symbol(tables, bits);
    let blue = blue.symbol(tables, bits);
    let alpha = alpha.only(tables).unwrap_or_else(|| {
        bits.refill();
        alpha.symbol(tables, bits)
    });
    alpha << 24 | red << 16 | green << 8 | blue
}

/// How many pixels before the present one those are that a symbol tells to copy.
fn distance(symbol: u32, bits: &mut Bits, width: usize) -> usize {
    match number(bits, symbol as usize) {
        far @ 121.. => far - 120,
        near => {
            let place = usize::from(NEAR.get(near - 1).copied().unwrap_or(0));
            ((place >> 4) * width + 8).saturating_sub(place & 15).max(1)
        }
    }
}

/// The number that a symbol of lengths or distances and the bits after it stand for.
fn number(bits: &mut Bits, symbol: usize) -> usize {
    if symbol < 4 {
        return symbol + 1;
    }
    let extra = (symbol - 2) >> 1 & 31;
    let base = (2 + (symbol & 1)) << extra;
    base + bits.take(u32::try_from(extra).unwrap_or(0)) as usize + 1
}
