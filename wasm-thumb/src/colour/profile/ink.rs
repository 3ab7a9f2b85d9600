//! From what an ink lets through to where it lies in the grid, without working out how much ink that is.

use super::curve::Curve;
use super::grid::Grid;
use crate::colour::srgb::{LINEAR_OF_8, at_or_below};

/// Bits of the fraction of [`Step::per_light`].
const FRACTION_BITS: u32 = 16;

/// The positions of one ink, straight between those of 8-bit amounts.
pub(super) struct Ink([Step; 256]);

#[derive(Clone, Copy, Default)]
struct Step {
    position: u32,
    /// What the position changes by for each unit of light that is let through.
    per_light: i64,
}

impl Ink {
    pub(super) fn new(grid: &Grid, input: usize, curve: &Curve) -> Self {
        let mut steps = [Step::default(); 256];
        for (through, step) in (0..=u8::MAX).zip(&mut steps) {
            step.position = grid.position(input, curve.at(u16::from(u8::MAX - through) * 257));
        }
        for at in 0..255 {
            let rise = i64::from(steps[at + 1].position) - i64::from(steps[at].position);
            let run = i64::from(LINEAR_OF_8[at + 1] - LINEAR_OF_8[at]);
            steps[at].per_light = (rise << FRACTION_BITS) / run;
        }
        Self(steps)
    }

    /// Where it lies if it lets so much through of light of 0 to 65535, taken for encoded as sRGB is.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two positions")]
    pub(super) fn position(&self, through: u16) -> u32 {
        let (below, over) = at_or_below(through);
        let Step { position, per_light } = self.0[usize::from(below)];
        (i64::from(position) + ((i64::from(over) * per_light) >> FRACTION_BITS)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::srgb::linear_of_16;

    #[test]
    fn positions_are_those_of_the_amounts() {
        let (grid, _) = Grid::parse(&[0; 3 * 9], &[9], 1).unwrap();
        let curve = Curve::identity();
        let ink = Ink::new(&grid, 0, &curve);
        for amount in 0..=u16::MAX {
            let expected = grid.position(0, curve.at(amount));
            let found = ink.position(linear_of_16(u16::MAX - amount));
            // Light has steps of its own, up to 14 of the amount's in the dark.
            let most = if amount % 257 == 0 { 1 } else { 150 };
            assert!(found.abs_diff(expected) <= most, "{amount}: {found}, not {expected}");
        }
    }
}
