//! Lossless WebP (RFC 9649, section 3).
//!
//! Pixels are copied from up to 2²⁰ pixels before, so that many are kept as they were coded; what was done to them
//! before is undone in a row of its own when the row is asked for.

mod bits;
mod coded;
mod predict;
mod prefix;
mod recent;
mod transforms;

use super::defect::Defect;
use crate::Error;
use bits::Bits;
use coded::Coded;
use transforms::{Squares, Transform};

/// The memory that a picture may take.
pub(super) struct Budget {
    pub(super) size: (u32, u32),
    pub(super) used_bytes: u64,
    pub(super) max_bytes: u64,
}

impl Budget {
    /// Takes the memory of so many values.
    pub(super) fn take<T>(&mut self, count: usize) -> Result<(), Error> {
        let bytes = (count as u64).saturating_mul(size_of::<T>() as u64);
        self.used_bytes = self.used_bytes.saturating_add(bytes);
        let Self { size: (width, height), used_bytes: bytes, max_bytes } = *self;
        if bytes > max_bytes {
            return Err(Error::TooMuchMemory { width, height, bytes, max_bytes });
        }
        Ok(())
    }
}

/// What the pixels of a picture take while it is decoded, bytes.
pub(super) fn decoded_bytes((width, height): (u32, u32)) -> u64 {
    let rows = recent::rows_kept(width as usize, height as usize) as u64;
    // Each row that is being undone exists three times.
    4 * (u64::from(width) * (rows + 3) + 1)
}

/// Width and height, pixels, and whether alpha is used.
pub(super) fn header(data: &[u8]) -> Result<((u32, u32), bool), Defect> {
    let [signature, fields @ ..] = data.first_chunk::<5>().ok_or(Defect::BreaksOff)?;
    let fields = u32::from_le_bytes(*fields);
    if *signature != 0x2F || fields >> 29 != 0 {
        return Err(Defect::Has("no signature of lossless pixels"));
    }
    Ok(((1 + (fields & 0x3FFF), 1 + (fields >> 14 & 0x3FFF)), fields >> 28 & 1 == 1))
}

/// A picture whose rows are read one after another.
pub(super) struct Lossless<'a> {
    bits: Bits<'a>,
    /// In the order in which they were done.
    transforms: Vec<Transform>,
    image: Coded,
    width: usize,
    /// The next row.
    y: usize,
    row: Vec<u32>,
    above: Vec<u32>,
}

impl<'a> Lossless<'a> {
    /// Reads everything but the pixels. `data` begins after the header.
    pub(super) fn new(
        data: &'a [u8],
        (width, height): (usize, usize),
        budget: &mut Budget,
    ) -> Result<Self, Defect> {
        let mut bits = Bits::new(data);
        let mut transforms = Vec::new();
        let mut kinds = [false; 4];
        let mut packed_width = width;
        while bits.flag() {
            let kind = bits.take(2);
            let seen = &mut kinds[kind as usize & 3];
            if std::mem::replace(seen, true) {
                return Err(Defect::Has("the same transform twice"));
            }
            transforms.push(match kind {
                0 => Transform::Predict(read_squares(&mut bits, (packed_width, height), budget)?),
                1 => Transform::Colour(read_squares(&mut bits, (packed_width, height), budget)?),
                2 => Transform::AddGreen,
                _ => {
                    let colours = read_palette(&mut bits, budget)?;
                    let pixels_bits = match colours.len() {
                        0..=2 => 3,
                        3..=4 => 2,
                        5..=16 => 1,
                        _ => 0,
                    };
                    packed_width = packed_width.div_ceil(1 << pixels_bits);
                    Transform::Palette { colours, pixels_bits }
                }
            });
        }
        let image = Coded::read(&mut bits, (packed_width, height), true, budget)?;
        bits.check()?;
        Ok(Self { bits, transforms, image, width, y: 0, row: Vec::new(), above: Vec::new() })
    }

    /// The next row.
    pub(super) fn next_row(&mut self) -> Result<&[u32], Defect> {
        let coded = self.image.row(&mut self.bits, self.y)?;
        self.row.clear();
        self.row.extend_from_slice(coded);
        for transform in self.transforms.iter().rev() {
            transforms::undo(transform, self.y, self.width, &mut self.row, &mut self.above);
        }
        self.y += 1;
        Ok(&self.row)
    }
}

/// A picture within the picture: a value for each square.
fn read_squares(
    bits: &mut Bits,
    (width, height): (usize, usize),
    budget: &mut Budget,
) -> Result<Squares, Defect> {
    let square_bits = bits.take(3) + 2;
    let (across, down) = (width.div_ceil(1 << square_bits), height.div_ceil(1 << square_bits));
    let values = read_values(bits, (across, down), budget)?;
    Ok(Squares { values, bits: square_bits, across })
}

/// Each colour was told as the difference to the one before.
fn read_palette(bits: &mut Bits, budget: &mut Budget) -> Result<Vec<u32>, Defect> {
    let count = bits.take(8) as usize + 1;
    let mut colours = read_values(bits, (count, 1), budget)?;
    let mut last = 0;
    for colour in &mut colours {
        last = transforms::add(*colour, last);
        *colour = last;
    }
    Ok(colours)
}

fn read_values(bits: &mut Bits, size: (usize, usize), budget: &mut Budget) -> Result<Vec<u32>, Defect> {
    budget.take::<u32>(size.0 * size.1)?;
    let mut image = Coded::read(bits, size, false, budget)?;
    if size.1 > 0 {
        image.row(bits, size.1 - 1)?;
    }
    Ok(image.into_pixels())
}
