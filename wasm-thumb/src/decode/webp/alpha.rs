//! Alpha of a lossy picture (RFC 9649, section 2.7.1.2), row by row.

use super::defect::Defect;
use super::lossless::{Budget, Lossless};
use crate::limits::zeroes;

/// How a value was predicted from those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    None,
    Left,
    Above,
    Gradient,
}

enum Coding<'a> {
    Raw(&'a [u8]),
    Lossless(Box<Lossless<'a>>),
}

/// Alpha whose rows are read one after another.
pub(super) struct Alpha<'a> {
    filter: Filter,
    coding: Coding<'a>,
    /// How many rows have been read.
    rows: usize,
    /// The last one.
    row: Vec<u8>,
}

impl<'a> Alpha<'a> {
    pub(super) fn new(chunk: &'a [u8], size: (usize, usize), budget: &mut Budget) -> Result<Self, Defect> {
        let (&header, data) = chunk.split_first().ok_or(Defect::BreaksOff)?;
        let coding = match header & 3 {
            0 => Coding::Raw(data),
            1 => Coding::Lossless(Box::new(Lossless::new(data, size, budget)?)),
            _ => return Err(Defect::Has("alpha of an unknown coding")),
        };
        let filter =
            [Filter::None, Filter::Left, Filter::Above, Filter::Gradient][usize::from(header >> 2 & 3)];
        Ok(Self { filter, coding, rows: 0, row: zeroes(size.0)? })
    }

    /// Row `y`, which is not before the last one that was asked for.
    pub(super) fn row(&mut self, y: usize) -> Result<&[u8], Defect> {
        while self.rows <= y {
            self.step()?;
        }
        Ok(&self.row)
    }

    fn step(&mut self) -> Result<(), Defect> {
        let is_first = self.rows == 0;
        self.rows += 1;
        match &mut self.coding {
            Coding::Raw(data) => {
                let (row, rest) = data.split_at_checked(self.row.len()).ok_or(Defect::BreaksOff)?;
                *data = rest;
                unfilter(self.filter, is_first, row.iter().copied(), &mut self.row);
            }
            Coding::Lossless(lossless) => {
                // Alpha is kept where green is.
                let values = lossless.next_row()?.iter().map(|pixel| pixel.to_le_bytes()[1]);
                unfilter(self.filter, is_first, values, &mut self.row);
            }
        }
        Ok(())
    }
}

/// Puts a row in the place of the one above.
fn unfilter(filter: Filter, is_first: bool, values: impl Iterator<Item = u8>, row: &mut [u8]) {
    // In the first row there is only the left, in the first column only what is above.
    let filter = if is_first && filter != Filter::None { Filter::Left } else { filter };
    let above = row.first().copied().unwrap_or(0);
    let (mut left, mut corner) = (above, above);
    for (place, value) in row.iter_mut().zip(values) {
        let above = *place;
        let predicted = match filter {
            Filter::None => 0,
            Filter::Left => left,
            Filter::Above => above,
            Filter::Gradient => gradient(left, above, corner),
        };
        left = value.wrapping_add(predicted);
        corner = above;
        *place = left;
    }
}

#[expect(clippy::cast_sign_loss, reason = "clamped before")]
fn gradient(left: u8, above: u8, corner: u8) -> u8 {
    (i16::from(left) + i16::from(above) - i16::from(corner)).clamp(0, 255) as u8
}
