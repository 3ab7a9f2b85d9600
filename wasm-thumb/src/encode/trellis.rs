//! Which multiples of the steps are written: those with the least sum of error and bits, not the nearest.
//!
//! After Ramchandran and Vetterli, "Rate-distortion optimal fast thresholding with complete JPEG/MPEG decoder
//! compatibility", 1994: the best way to write a block up to some coefficient ends in the best way up to an earlier
//! one. A coefficient is written as its nearest multiple, as the largest with one bit less, or as 0.
#![expect(clippy::cast_possible_truncation, reason = "symbols have 8 bits, magnitudes 11")]

use super::blocks::Block;
use super::quantise::Table;
use super::symbols::{END_OF_BLOCK, PlaneCosts, Quantised, SIXTEEN_ZEROS, size};

/// Multiples from which on a coefficient is never written as 0: it could not pay.
const KEPT_FROM: u32 = 4;

/// The nearest multiples of everything but the mean.
pub(super) fn nearest(block: &Block, table: &Table) -> Quantised {
    let mut quantised = Quantised { set: table.not_zero(block), ..Quantised::NOTHING };
    for place in places(quantised.set) {
        let coefficient = block.coefficients[place];
        quantised.values[place] =
            signed(table.nearest(coefficient.unsigned_abs().into(), place), coefficient);
    }
    quantised
}

/// The places in a set.
fn places(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (set != 0).then(|| set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        place
    })
}

/// A coefficient that may be written.
#[derive(Clone, Copy, Default)]
struct Node {
    place: usize,
    /// Its magnitude as one of two multiples, with the bits of it and the error that is left.
    options: [(u32, usize, u64); 2],
    /// The least cost of everything up to here when this is written.
    cost: u64,
    /// Which multiple, and what is written before it.
    chosen: u32,
    before: usize,
    is_kept: bool,
}

/// The best choice of everything but the mean.
pub(super) fn best(block: &Block, table: &Table, costs: &PlaneCosts) -> Quantised {
    let set = table.not_zero(block);
    if set == 0 {
        return Quantised::NOTHING;
    }
    // Error of all that is written as 0, up to each place.
    let weight = table.block_weight(block);
    let mut zeroed = [0u64; 64];
    let mut sum = 0;
    for (zeroed, coefficient) in zeroed.iter_mut().zip(&block.coefficients).skip(1) {
        sum += u64::from(coefficient.unsigned_abs()).pow(2) * weight;
        *zeroed = sum;
    }
    // The first stands for the mean, which is always written.
    let mut nodes = [Node::default(); 64];
    nodes[0].is_kept = true;
    let mut count = 1;
    for place in places(set) {
        let magnitude = u32::from(block.coefficients[place].unsigned_abs());
        let error =
            |multiple: u32| u64::from(magnitude.abs_diff(multiple * table.step(place))).pow(2) * weight;
        let multiple = table.nearest(magnitude, place);
        let bits = size(multiple as u16);
        // The largest multiple with one bit less; of 1 there is none but 0.
        let smaller = (1 << (bits - 1)) - 1;
        let options = [(multiple, bits, error(multiple)), (smaller, bits - 1, error(smaller))];
        nodes[count] = Node { place, options, is_kept: multiple >= KEPT_FROM, ..Node::default() };
        count += 1;
    }

    let lambda = table.lambda;
    let price = |symbol: usize| u64::from(costs.rest[symbol]) * lambda;
    for index in 1..count {
        let node = nodes[index];
        let (mut least, mut chosen, mut before) = (u64::MAX, 0, 0);
        for earlier in (0..index).rev() {
            let from = &nodes[earlier];
            let run = node.place - from.place - 1;
            let until = from.cost + zeroed[node.place - 1] - zeroed[from.place];
            let until = until + (run / 16) as u64 * price(SIXTEEN_ZEROS);
            for (multiple, bits, error) in node.options.into_iter().filter(|option| option.0 > 0) {
                let cost = until + error + price((run % 16) << 4 | bits);
                if cost < least {
                    (least, chosen, before) = (cost, multiple, earlier);
                }
            }
            if from.is_kept {
                break;
            }
        }
        nodes[index] = Node { cost: least, chosen, before, ..node };
    }

    let mut last = 0;
    let mut total = u64::MAX;
    for (index, node) in nodes[..count].iter().enumerate().rev() {
        let end = if node.place == 63 { 0 } else { price(END_OF_BLOCK) };
        let cost = node.cost + zeroed[63] - zeroed[node.place] + end;
        if cost < total {
            (total, last) = (cost, index);
        }
        if node.is_kept {
            break;
        }
    }
    let mut quantised = Quantised::NOTHING;
    while last != 0 {
        let node = &nodes[last];
        quantised.set |= 1 << node.place;
        quantised.values[node.place] = signed(node.chosen, block.coefficients[node.place]);
        last = node.before;
    }
    quantised
}

fn signed(multiple: u32, like: i16) -> i16 {
    // At most 1024 for the mean, 1023 for the rest.
    let value = multiple.min(1023) as i16;
    if like < 0 { -value } else { value }
}
