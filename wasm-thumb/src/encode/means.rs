//! The means of the blocks. Each is written as its difference from the one before, so that one choice changes the
//! price of the next.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "symbols have 8 bits, magnitudes 11"
)]

use super::blocks::Block;
use super::quantise::Table;
use super::symbols::{PlaneCosts, Quantised, size};

/// Multiples that are tried around each mean: the nearest and those beside it.
const TRIED: usize = 3;

/// Writes the nearest multiples.
pub(super) fn nearest(
    (blocks, quantised): (&[Block], &mut [Quantised]),
    (component, components): (usize, usize),
    table: &Table,
) {
    for (block, quantised) in blocks.iter().zip(quantised).skip(component).step_by(components) {
        quantised.values[0] = multiple(block, table);
    }
}

fn multiple(block: &Block, table: &Table) -> i16 {
    let mean = block.coefficients[0];
    let multiple = table.nearest(u32::from(mean.unsigned_abs()), 0) as i16;
    if mean < 0 { -multiple } else { multiple }
}

/// The best choice for the blocks of one component, `component` of `components` in their order, after one with the
/// mean `before`. Returns the last.
pub(super) fn choose(
    (blocks, quantised): (&[Block], &mut [Quantised]),
    (component, components): (usize, usize),
    table: &Table,
    costs: &PlaneCosts,
    before: i16,
) -> i16 {
    let count = blocks.len() / components;
    let step = table.step(0).cast_signed();
    let mut froms: Vec<[u8; TRIED]> = Vec::with_capacity(count);
    // The multiples of the block before, and the least cost that leads to each.
    let (mut values, mut sums) = ([before; TRIED], [0, u64::MAX / 2, u64::MAX / 2]);
    for block in blocks.iter().skip(component).step_by(components) {
        let nearest = multiple(block, table);
        let tried: [i16; TRIED] =
            std::array::from_fn(|index| (nearest + index as i16 - 1).clamp(-1024, 1023));
        let (mut from, mut next) = ([0; TRIED], [u64::MAX; TRIED]);
        for (index, &value) in tried.iter().enumerate() {
            let off = u64::from((i32::from(block.coefficients[0]) - i32::from(value) * step).unsigned_abs());
            let error = off * off * 16 * u64::from(block.visible);
            for earlier in 0..TRIED {
                let sum = sums[earlier] + error + costs.means[size((value - values[earlier]).unsigned_abs())];
                if sum < next[index] {
                    (next[index], from[index]) = (sum, earlier as u8);
                }
            }
        }
        froms.push(from);
        (values, sums) = (tried, next);
    }
    let mut at = (0..TRIED).min_by_key(|&index| sums[index]).unwrap_or(0);
    let last = values[at];
    for (index, from) in froms.iter().enumerate().rev() {
        let place = index * components + component;
        let nearest = multiple(&blocks[place], table);
        quantised[place].values[0] = (nearest + at as i16 - 1).clamp(-1024, 1023);
        at = usize::from(from[at]);
    }
    last
}
