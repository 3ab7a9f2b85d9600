//! Coefficients (RFC 6386, section 13).
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "sixteen bits are what the transforms are made for")]

use super::bools::Bools;
use super::modes::Luma;
use super::probabilities::Tokens;
use super::steps::Steps;
use super::transform::{self, BLOCKS, Coefficients, Rows};

/// Where the coefficient that is told at each place belongs.
const ZIGZAG: [u8; 16] = [0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15];
/// The band of each place.
const BANDS: [u8; 16] = [0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7];

/// Probabilities by place and context. Rows of sixteen are found by a shift.
type OfBlocks = [[[u8; 16]; 3]; 16];

/// The kinds of blocks, in the order of the probabilities.
const LUMA_LESS_DC: usize = 0;
const AVERAGES: usize = 1;
const CHROMA: usize = 2;
const LUMA: usize = 3;

/// Whether the blocks along a macroblock's edge had any tokens: 4 of luma, 2 of each chroma, that of averages.
pub(super) type Edge = [u8; 9];

/// Probabilities, laid out for reading.
pub(super) struct Reader([OfBlocks; 4]);

/// What a macroblock adds to its prediction.
pub(super) struct Residue {
    /// Coefficients times their steps.
    coefficients: Coefficients,
    /// Where the furthest coefficient of a block may be: 0 where there is none, 1 where each block has but its first.
    end: u8,
    rows: Rows,
}

impl Residue {
    pub(super) const NONE: Self =
        Self { coefficients: [[0; BLOCKS]; 16], end: 0, rows: [[[0; 4]; BLOCKS]; 4] };

    pub(super) fn is_none(&self) -> bool {
        self.end == 0
    }

    /// What is to be added to the pixels, if it is not nothing; what is told next begins from nothing.
    pub(super) fn finish(&mut self) -> Option<&Rows> {
        match self.end {
            0 => return None,
            1 => {
                transform::flat_residue(&self.coefficients[0], &mut self.rows);
                self.coefficients[0].fill(0);
            }
            _ => {
                transform::residue(&self.coefficients, &mut self.rows);
                self.coefficients = [[0; BLOCKS]; 16];
            }
        }
        self.end = 0;
        Some(&self.rows)
    }
}

impl Reader {
    pub(super) fn new(tokens: &Tokens) -> Self {
        let at = |kind: usize, place: usize, context: usize| {
            let mut row = [0; 16];
            row[..11].copy_from_slice(&tokens[kind][usize::from(BANDS[place])][context]);
            row
        };
        let places =
            |kind| std::array::from_fn(|place| std::array::from_fn(|context| at(kind, place, context)));
        Self(std::array::from_fn(places))
    }

    /// Reads a macroblock's tokens into a residue that is zero.
    pub(super) fn read(
        &self,
        bools: &mut Bools,
        luma: &Luma,
        steps: &Steps,
        (above, left): (&mut Edge, &mut Edge),
        residue: &mut Residue,
    ) {
        let mut furthest = 0;
        let (kind, first) = match luma {
            Luma::Subs(_) => (LUMA, 0),
            Luma::Whole(_) => {
                let mut averages = [0; 16];
                let context = above[8] + left[8];
                let end =
                    read_block::<1>(bools, &self.0[AVERAGES], context, 0, steps.averages, &mut averages);
                (above[8], left[8]) = (u8::from(end > 0), u8::from(end > 0));
                if end > 0 {
                    transform::averages(&averages, end, &mut residue.coefficients[0]);
                    furthest = 1;
                }
                (LUMA_LESS_DC, 1)
            }
        };
        let coefficients = residue.coefficients.as_flattened_mut();
        let mut read = |kind: usize, first, steps, n: usize, above: &mut u8, left: &mut u8| {
            let of_block = coefficients.get_mut(n..).unwrap_or_default();
            let end = read_block::<BLOCKS>(bools, &self.0[kind], *above + *left, first, steps, of_block);
            (*above, *left) = (u8::from(end > first), u8::from(end > first));
            if end > first {
                furthest = furthest.max(end);
            }
        };
        for (y, left) in left[..4].iter_mut().enumerate() {
            for (x, above) in above[..4].iter_mut().enumerate() {
                read(kind, first, steps.luma, 4 * y + x, above, left);
            }
        }
        let edges = above[4..8].as_chunks_mut::<2>().0.iter_mut().zip(left[4..8].as_chunks_mut::<2>().0);
        for ((above, left), plane) in edges.zip([16, 20]) {
            for (y, left) in left.iter_mut().enumerate() {
                for (x, above) in above.iter_mut().enumerate() {
                    read(CHROMA, 0, steps.chroma, plane + 2 * y + x, above, left);
                }
            }
        }
        residue.end = furthest;
    }
}

/// Reads the coefficients from place `first` on, which are to lie `STRIDE` apart; returns the place after the last.
fn read_block<const STRIDE: usize>(
    bools: &mut Bools,
    of_blocks: &OfBlocks,
    context: u8,
    first: u8,
    steps: [i16; 2],
    block: &mut [i16],
) -> u8 {
    let mut place = usize::from(first);
    let mut node = &of_blocks[place][usize::from(context.min(2))];
    loop {
        bools.ensure();
        if !bools.next(node[0]) {
            return place as u8;
        }
        while !bools.next(node[1]) {
            place += 1;
            if place > 15 {
                return 16;
            }
            node = &of_blocks[place & 15][0];
            bools.ensure();
        }
        let (size, context) = if bools.next(node[2]) { (read_large(bools, node), 2) } else { (1, 1) };
        let value = bools.sign(size);
        let step = steps[usize::from(place > 0)];
        if let Some(coefficient) = block.get_mut(usize::from(ZIGZAG[place & 15]) * STRIDE) {
            *coefficient = value.wrapping_mul(i32::from(step)) as i16;
        }
        place += 1;
        if place > 15 {
            return 16;
        }
        node = &of_blocks[place & 15][context];
    }
}

/// Reads a size of 2 or more, and makes sure of its sign.
#[inline(always)]
fn read_large(bools: &mut Bools, node: &[u8; 16]) -> i32 {
    bools.ensure();
    let size = if bools.next(node[3]) {
        read_larger(bools, node)
    } else if bools.next(node[4]) {
        3 + i32::from(bools.next(node[5]))
    } else {
        2
    };
    bools.ensure();
    size
}

#[inline(never)]
fn read_larger(bools: &mut Bools, node: &[u8; 16]) -> i32 {
    let (base, extra): (i32, &[u8]) = if !bools.flag(node[6]) {
        if bools.flag(node[7]) { (7, &[165, 145]) } else { (5, &[159]) }
    } else if !bools.flag(node[8]) {
        if bools.flag(node[9]) { (19, &[176, 155, 140, 135]) } else { (11, &[173, 148, 140]) }
    } else if !bools.flag(node[10]) {
        (35, &[180, 157, 141, 134, 130])
    } else {
        (67, &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129])
    };
    base + extra.iter().fold(0, |number, probability| 2 * number + i32::from(bools.flag(*probability)))
}
