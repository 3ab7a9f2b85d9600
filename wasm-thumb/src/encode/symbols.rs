//! What is written of a block: the symbols of T.81, F.1.2, how often each occurs and what each costs.

use super::huffman::Codes;
use super::quantise::Table;

/// The end of a block of which the rest is 0.
pub(super) const END_OF_BLOCK: usize = 0x00;
/// Sixteen coefficients that are 0.
pub(super) const SIXTEEN_ZEROS: usize = 0xF0;

/// A quantised block.
#[derive(Clone, Copy)]
pub(super) struct Quantised {
    /// In the order of the zigzag.
    pub(super) values: [i16; 64],
    /// The places whose values are not 0, that of the mean left out.
    pub(super) set: u64,
}

impl Quantised {
    pub(super) const NOTHING: Self = Self { values: [0; 64], set: 0 };

    /// Calls with the symbol and the value of each coefficient that is written after the mean. Where nothing but a
    /// symbol is written, the value is 0.
    pub(super) fn for_each(&self, mut call: impl FnMut(usize, i16)) {
        let (mut left, mut next) = (self.set, 1);
        while left != 0 {
            let place = left.trailing_zeros() as usize;
            left &= left - 1;
            let mut run = place - next;
            while run > 15 {
                call(SIXTEEN_ZEROS, 0);
                run -= 16;
            }
            let value = self.values[place];
            call(run << 4 | size(value.unsigned_abs()), value);
            next = place + 1;
        }
        if next < 64 {
            call(END_OF_BLOCK, 0);
        }
    }
}

/// The bits of a magnitude.
pub(super) fn size(magnitude: u16) -> usize {
    (u16::BITS - magnitude.leading_zeros()) as usize
}

/// How often each symbol occurs.
pub(super) type Counts = [u32; 256];

/// Of the means and of the rest, each of luma and of chroma.
#[derive(Clone)]
pub(super) struct Statistics {
    pub(super) means: [Counts; 2],
    pub(super) rest: [Counts; 2],
    /// The last means of each component.
    before: [i16; 3],
}

impl Statistics {
    pub(super) fn new() -> Self {
        Self { means: [[0; 256]; 2], rest: [[0; 256]; 2], before: [0; 3] }
    }

    /// Adds blocks of so many components that are written one after the other, and after those added before.
    pub(super) fn add(&mut self, blocks: &[Quantised], components: usize) {
        for (index, block) in blocks.iter().enumerate() {
            let component = index % components;
            let plane = component.min(1);
            let step = block.values[0] - self.before[component];
            self.before[component] = block.values[0];
            self.means[plane][size(step.unsigned_abs())] += 1;
            block.for_each(|symbol, _| self.rest[plane][symbol] += 1);
        }
    }
}

/// What each symbol costs with the bits after it, as the weighted square of an error in 1/16.
pub(super) type Costs = [u64; 256];

/// The costs of a component.
#[derive(Clone)]
pub(super) struct PlaneCosts {
    pub(super) means: Costs,
    pub(super) rest: Costs,
    /// Of the symbols of `rest`, the least that one with so many bits after it costs.
    pub(super) cheapest: [u64; 16],
}

impl PlaneCosts {
    pub(super) fn of(statistics: &Statistics, tables: &[Table; 2]) -> [Self; 2] {
        [0, 1].map(|plane| {
            let lambda = tables[plane].lambda;
            let rest = costs(&statistics.rest[plane], lambda);
            let mut cheapest = [u64::MAX; 16];
            for (symbol, cost) in rest.iter().enumerate() {
                cheapest[symbol & 15] = cheapest[symbol & 15].min(*cost);
            }
            Self { means: costs(&statistics.means[plane], lambda), rest, cheapest }
        })
    }
}

/// Costs from the lengths of the codes that the counts lead to; what did not occur is taken to be as long as a code
/// can be, and its place in the table is paid for. `lambda` is what a sixteenth of a bit costs.
fn costs(counts: &Counts, lambda: u64) -> Costs {
    let codes = Codes::new(counts);
    std::array::from_fn(|symbol| {
        let length = match codes.lengths[symbol] {
            0 => 16,
            length => u64::from(length),
        };
        16 * (length + (symbol as u64 & 15)) * lambda
    })
}
