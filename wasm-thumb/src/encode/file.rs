//! The file: the segments of T.81, annex B, and the bits of the scan.
//!
//! Nothing is written that need not be. Without a JFIF or Adobe segment three components with the numbers 1, 2
//! and 3 are YCbCr to every decoder.
#![expect(clippy::cast_possible_truncation, reason = "symbols have 8 bits, magnitudes 11")]

use super::huffman::Codes;
use super::quantise::Table;
use super::symbols::{Quantised, size};

/// What says which codes a component uses, of those in the file.
#[derive(Clone)]
pub(super) struct CodeSet {
    /// Of the means: one table for all, or one for luma and one for chroma.
    pub(super) means: Vec<Codes>,
    /// Of the rest.
    pub(super) rest: Vec<Codes>,
}

impl CodeSet {
    fn of(tables: &[Codes], component: usize) -> usize {
        component.min(1).min(tables.len() - 1)
    }
}

/// Everything before the scan.
pub(super) fn header(
    width: u16,
    height: u16,
    components: usize,
    tables: &[Table; 2],
    codes: &CodeSet,
) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8];
    let planes = components.min(2);
    let quantisation: Vec<u8> =
        (0u8..).zip(&tables[..planes]).flat_map(|(id, table)| [id].into_iter().chain(table.steps)).collect();
    segment(&mut file, 0xDB, &quantisation);
    let mut frame = vec![8];
    frame.extend(height.to_be_bytes());
    frame.extend(width.to_be_bytes());
    frame.push(components as u8);
    for component in 0..components {
        frame.extend([component as u8 + 1, 0x11, component.min(1) as u8]);
    }
    segment(&mut file, 0xC0, &frame);
    let mut huffman = Vec::new();
    for (class, tables) in [(0x00, &codes.means), (0x10, &codes.rest)] {
        for (id, table) in (0u8..).zip(tables) {
            huffman.push(class | id);
            huffman.extend(table.counts);
            huffman.extend(&table.symbols);
        }
    }
    segment(&mut file, 0xC4, &huffman);
    let mut scan = vec![components as u8];
    for component in 0..components {
        let means = CodeSet::of(&codes.means, component) as u8;
        let rest = CodeSet::of(&codes.rest, component) as u8;
        scan.extend([component as u8 + 1, means << 4 | rest]);
    }
    scan.extend([0, 63, 0]);
    segment(&mut file, 0xDA, &scan);
    file
}

fn segment(file: &mut Vec<u8>, marker: u8, content: &[u8]) {
    // At most four tables of 273 bytes.
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    file.extend([0xFF, marker]);
    file.extend(length.to_be_bytes());
    file.extend(content);
}

/// Writes the scan, bit by bit.
pub(super) struct Scan<'a> {
    file: Vec<u8>,
    codes: &'a CodeSet,
    components: usize,
    before: [i16; 3],
    /// Bits that are not yet a byte, those to be written last at the end.
    bits: u64,
    count: u32,
}

impl<'a> Scan<'a> {
    /// Goes on after the header.
    pub(super) fn new(file: Vec<u8>, codes: &'a CodeSet, components: usize) -> Self {
        Self { file, codes, components, before: [0; 3], bits: 0, count: 0 }
    }

    /// Writes whole groups of components.
    pub(super) fn write(&mut self, blocks: &[Quantised]) {
        let codes = self.codes;
        for (index, block) in blocks.iter().enumerate() {
            let component = index % self.components;
            let step = block.values[0] - self.before[component];
            self.before[component] = block.values[0];
            let means = &codes.means[CodeSet::of(&codes.means, component)];
            self.symbol(means, size(step.unsigned_abs()), step);
            let rest = &codes.rest[CodeSet::of(&codes.rest, component)];
            block.for_each(|symbol, value| self.symbol(rest, symbol, value));
        }
    }

    /// A symbol, and as many bits of the value as its lower half says: T.81, F.1.2.1. Of a negative value one less
    /// is written.
    fn symbol(&mut self, codes: &Codes, symbol: usize, value: i16) {
        let bits = (symbol & 15) as u32;
        let value = u64::from((value - i16::from(value < 0)).cast_unsigned()) & ((1 << bits) - 1);
        let length = u32::from(codes.lengths[symbol]);
        self.bits = self.bits << (length + bits) | u64::from(codes.bits[symbol]) << bits | value;
        self.count += length + bits;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.bits >> self.count) as u8;
            self.file.push(byte);
            if byte == 0xFF {
                self.file.push(0);
            }
        }
    }

    /// Fills the last byte with ones and ends the file.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            let missing = 8 - self.count;
            let byte = (self.bits << missing) as u8 | ((1 << missing) - 1);
            self.file.push(byte);
            if byte == 0xFF {
                self.file.push(0);
            }
        }
        self.file.extend([0xFF, 0xD9]);
        self.file
    }
}
