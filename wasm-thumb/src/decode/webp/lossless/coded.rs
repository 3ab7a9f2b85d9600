//! Pixels as they are coded: literals, copies of earlier ones, and colours from a cache (RFC 9649, section 3.6).
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]

use super::super::defect::Defect;
use super::bits::Bits;
use super::prefix::Code;
use super::transforms::Squares;
use super::{Budget, read_squares};
use crate::Error;

/// Symbols of green before lengths, and of lengths.
const LITERALS: usize = 256;
const LENGTHS: usize = 24;
const DISTANCES: usize = 40;
/// The most pixels that are copied at once.
const MAX_COPY: usize = 4096;

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
    /// Recent colours by their hash.
    cache: Vec<u32>,
    /// How far a hash is shifted down.
    cache_shift: u32,
    /// How many pixels have gone into the cache.
    cached: usize,
    pixels: Vec<u32>,
    /// How many pixels have been decoded. They are followed by zeroes.
    done: usize,
}

impl Coded {
    /// Reads what comes before the pixels. Only the picture itself may have several groups of codes.
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
        let cache_size = if cache_bits == 0 { 0 } else { 1 << cache_bits };
        let mut groups_at = None;
        if is_main && bits.flag() {
            groups_at = Some(read_squares(bits, (width, height), budget)?);
        }
        let mut image = Self {
            width,
            len: width * height,
            groups_at,
            groups: Vec::new(),
            tables: Vec::new(),
            cache: vec![0; cache_size],
            cache_shift: 32 - cache_bits.max(1),
            cached: 0,
            pixels: Vec::new(),
            done: 0,
        };
        image.read_groups(bits, budget)?;
        let bytes = (image.len as u64).saturating_mul(4);
        image.pixels.try_reserve_exact(image.len).map_err(|_| Error::OutOfMemory { bytes })?;
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

    pub(super) fn into_pixels(mut self) -> Vec<u32> {
        self.pixels.truncate(self.len);
        self.pixels
    }

    /// Row `y`, decoding as much as is missing of it.
    pub(super) fn row(&mut self, bits: &mut Bits, y: usize) -> Result<&[u32], Defect> {
        let end = (y + 1) * self.width;
        while self.done < end {
            // Memory is touched as it is needed, so that a header that promises much costs nothing.
            let ahead = (self.done + self.width + MAX_COPY).max(self.pixels.len()).min(self.len);
            self.pixels.resize(ahead, 0);
            let row = self.done / self.width;
            self.decode(bits, row, ((row + 1) * self.width).min(end))?;
            bits.check()?;
        }
        Ok(self.pixels.get(end - self.width..end).unwrap_or_default())
    }

    /// Decodes pixels of row `y` up to `end`, or beyond that if a copy goes on.
    fn decode(&mut self, bits: &mut Bits, y: usize, end: usize) -> Result<(), Defect> {
        let row_start = y * self.width;
        while self.done < end {
            // As far as the same group is used.
            let (group, until) = match &self.groups_at {
                Some(at) => {
                    let square = (self.done - row_start) >> at.bits;
                    let group = at.row(y).get(square).map_or(0, |&group| group as usize);
                    (group, (row_start + ((square + 1) << at.bits)).min(end))
                }
                None => (0, end),
            };
            let group = *self.groups.get(group).ok_or(Defect::Has("a part without codes"))?;
            while self.done < until {
                bits.refill();
                let green = group.green.symbol(&self.tables, bits);
                let symbol = green as usize;
                if symbol < LITERALS {
                    let pixel = match group.only {
                        Some(only) => only | green << 8,
                        None => self.literal(bits, &group, green),
                    };
                    if let Some(place) = self.pixels.get_mut(self.done) {
                        *place = pixel;
                    }
                    self.done += 1;
                } else if symbol < LITERALS + LENGTHS {
                    self.copy(bits, &group, symbol - LITERALS)?;
                } else {
                    self.catch_up();
                    let colour = self.cache.get(symbol - LITERALS - LENGTHS).copied().unwrap_or(0);
                    if let Some(place) = self.pixels.get_mut(self.done) {
                        *place = colour;
                    }
                    self.done += 1;
                }
            }
        }
        self.catch_up();
        Ok(())
    }

    /// The rest of a pixel of which green has been read.
    #[inline(always)]
    fn literal(&self, bits: &mut Bits, group: &Group, green: u32) -> u32 {
        let [red, blue, alpha] = group.others;
        let red = red.symbol(&self.tables, bits);
        let blue = blue.symbol(&self.tables, bits);
        bits.refill();
        let alpha = alpha.symbol(&self.tables, bits);
        alpha << 24 | red << 16 | green << 8 | blue
    }

    /// Copies earlier pixels; how many, `length` stands for.
    fn copy(&mut self, bits: &mut Bits, group: &Group, length: usize) -> Result<(), Defect> {
        let count = number(bits, length);
        bits.refill();
        let symbol = group.distance.symbol(&self.tables, bits) as usize;
        let distance = match number(bits, symbol) {
            far @ 121.. => far - 120,
            near => {
                let place = usize::from(NEAR.get(near - 1).copied().unwrap_or(0));
                ((place >> 4) * self.width + 8).saturating_sub(place & 15).max(1)
            }
        };
        let from = self.done.checked_sub(distance).ok_or(Defect::Has("a copy from before its beginning"))?;
        let end = (self.done + count).min(self.pixels.len());
        if distance >= end - self.done {
            self.pixels.copy_within(from..from + (end - self.done), self.done);
        } else if let Some(pixels) = self.pixels.get_mut(from..end) {
            for at in distance..pixels.len() {
                pixels[at] = pixels[at - distance];
            }
        }
        self.done = end;
        Ok(())
    }

    /// Puts the pixels into the cache that have been decoded since the last time.
    fn catch_up(&mut self) {
        if !self.cache.is_empty() {
            for pixel in self.pixels.get(self.cached..self.done).unwrap_or_default() {
                let hash = pixel.wrapping_mul(0x1E35_A7BD) >> self.cache_shift;
                if let Some(colour) = self.cache.get_mut(hash as usize) {
                    *colour = *pixel;
                }
            }
        }
        self.cached = self.done;
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
