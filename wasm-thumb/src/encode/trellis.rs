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

/// What may be written up to a coefficient that is not 0.
#[derive(Clone, Copy, Default)]
struct Node {
    place: usize,
    /// The least cost of the whole block when this is the last that is written, without the end of the block.
    cost: u64,
    /// The least of these costs of all that the next may follow.
    least: u64,
    /// Its multiple, and what is written before it.
    multiple: u32,
    before: usize,
}

/// One of the two multiples that a coefficient may be written as.
#[derive(Clone, Copy)]
struct Choice {
    multiple: u32,
    /// How many bits are written after the symbol.
    bits: usize,
    /// The least cost up to here, and what is written before. The costs of all that comes later are in it as well,
    /// as if it were 0.
    cost: u64,
    before: usize,
}

impl Choice {
    fn new(multiple: u32) -> Self {
        Self { multiple, bits: size(multiple as u16), cost: u64::MAX, before: 0 }
    }

    fn follow(&mut self, cost: u64, before: usize) {
        if cost < self.cost {
            (self.cost, self.before) = (cost, before);
        }
    }
}

/// The best choice of everything but the mean.
pub(super) fn best(block: &Block, table: &Table, costs: &PlaneCosts) -> Quantised {
    let set = table.not_zero(block);
    if set == 0 {
        return Quantised::NOTHING;
    }
    // Squares of all that is written as 0, up to each place.
    let mut squares = [0u64; 64];
    let mut sum = 0;
    for (squares, coefficient) in squares.iter_mut().zip(&block.coefficients).skip(1) {
        sum += u64::from(u32::from(coefficient.unsigned_abs()).pow(2));
        *squares = sum;
    }
    let weight = table.block_weight(block, sum);

    // The first stands for the mean, which is always written.
    let mut nodes = [Node::default(); 64];
    (nodes[0].cost, nodes[0].least) = (sum * weight, sum * weight);
    let (mut count, mut kept) = (1, 0);
    for place in places(set) {
        let magnitude = u32::from(block.coefficients[place].unsigned_abs());
        let nearest = table.nearest(magnitude, place);
        // The other is the largest multiple with one bit less; of 1 there is none but 0.
        let mut larger = Choice::new(nearest);
        let mut smaller = Choice::new((1 << (larger.bits - 1)) - 1);
        let has_smaller = smaller.multiple > 0;
        for earlier in (kept..count).rev() {
            let from = &nodes[earlier];
            // Nothing from here on can be cheaper.
            let is_done = |choice: &Choice| from.least + costs.cheapest[choice.bits] >= choice.cost;
            if is_done(&larger) && (!has_smaller || is_done(&smaller)) {
                break;
            }
            let run = place - from.place - 1;
            let cost = from.cost + (run / 16) as u64 * costs.rest[SIXTEEN_ZEROS];
            larger.follow(cost + costs.rest[(run % 16) << 4 | larger.bits], earlier);
            if has_smaller {
                smaller.follow(cost + costs.rest[(run % 16) << 4 | smaller.bits], earlier);
            }
        }
        // It is no longer 0.
        let saved = (squares[place] - squares[place - 1]) * weight;
        let cost = |choice: &Choice| {
            let off = u64::from(magnitude.abs_diff(choice.multiple * table.step(place)));
            choice.cost - saved + off * off * weight
        };
        let mut best = (cost(&larger), larger);
        if has_smaller {
            let other = (cost(&smaller), smaller);
            if other.0 < best.0 || other.0 == best.0 && smaller.before > larger.before {
                best = other;
            }
        }
        let (cost, Choice { multiple, before, .. }) = best;
        let is_kept = nearest >= KEPT_FROM;
        let least = if is_kept { cost } else { cost.min(nodes[count - 1].least) };
        if is_kept {
            kept = count;
        }
        nodes[count] = Node { place, cost, least, multiple, before };
        count += 1;
    }

    let mut last = 0;
    let mut total = u64::MAX;
    for (index, node) in nodes[..count].iter().enumerate().skip(kept).rev() {
        let cost = node.cost + if node.place == 63 { 0 } else { costs.rest[END_OF_BLOCK] };
        if cost < total {
            (total, last) = (cost, index);
        }
    }
    let mut quantised = Quantised::NOTHING;
    while last != 0 {
        let node = &nodes[last];
        quantised.set |= 1 << node.place;
        quantised.values[node.place] = signed(node.multiple, block.coefficients[node.place]);
        last = node.before;
    }
    quantised
}

fn signed(multiple: u32, like: i16) -> i16 {
    // At most 1024 for the mean, 1023 for the rest.
    let value = multiple.min(1023) as i16;
    if like < 0 { -value } else { value }
}
