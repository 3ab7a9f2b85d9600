//! How coarsely each frequency is kept, and what an error in it weighs.
#![expect(clippy::cast_possible_truncation, reason = "symbols have 8 bits, magnitudes 11")]

use super::blocks::Block;
use super::transform::{COEFFICIENT_FRACTION_BITS, frequencies};
use super::tuning::{PlaneTuning, Tuning};
use crate::Quality;

/// How one component is quantised.
#[derive(Clone)]
pub(super) struct Table {
    /// The steps, 1 to 255, in the order of the zigzag.
    pub(super) steps: [u8; 64],
    /// What a sixteenth of a bit may cost, as the weighted square of an error in 1/16.
    pub(super) lambda: u64,
    /// The activity that halves what an error weighs, in 1/16.
    calm: u64,
    reciprocals: [u32; 64],
}

/// Bits of the fraction of a reciprocal. 15 bits divided by 12 then come out exact.
const RECIPROCAL_BITS: u32 = 28;

impl Table {
    /// The tables of luma and chroma.
    pub(super) fn pair(quality: Quality, tuning: &Tuning) -> [Self; 2] {
        let percent = scale_percent(quality);
        tuning.planes.map(|plane| Self::new(percent, &plane))
    }

    fn new(percent: u32, plane: &PlaneTuning) -> Self {
        let frequencies = frequencies();
        let steps = frequencies.map(|(v, u)| {
            let (sum, squares) = sums(v, u);
            let step =
                if sum == 0 { plane.mean } else { plane.base + plane.slope * sum + plane.bend * squares / 4 };
            u8::try_from(((step * percent + 800) / 1600).max(1)).unwrap_or(u8::MAX)
        });
        let reciprocals =
            steps.map(|step| (1 << RECIPROCAL_BITS) / (u32::from(step) << COEFFICIENT_FRACTION_BITS) + 1);
        let lambda = 16 * u64::from(plane.lambda) * u64::from(percent * percent) / 10_000;
        Self { steps, lambda, calm: u64::from(plane.calm), reciprocals }
    }

    /// A step in the units of coefficients.
    pub(super) fn step(&self, place: usize) -> u32 {
        u32::from(self.steps[place]) << COEFFICIENT_FRACTION_BITS
    }

    /// What errors in this block weigh, whose coefficients without the mean have this sum of squares. They are less
    /// seen where much is going on anyway, and not at all where the block lies outside the picture.
    pub(super) fn block_weight(&self, block: &Block, squares: u64) -> u64 {
        let activity = (squares / 63).isqrt();
        u64::from(block.visible) * 16 * (self.calm + 256) / (self.calm + activity)
    }

    /// The places of coefficients, the mean left out, that are nearer to a step than to 0.
    pub(super) fn not_zero(&self, block: &Block) -> u64 {
        let mut set = 0;
        for (place, (coefficient, &step)) in block.coefficients.iter().zip(&self.steps).enumerate() {
            let half = u16::from(step) << (COEFFICIENT_FRACTION_BITS - 1);
            set |= u64::from(coefficient.unsigned_abs() >= half) << place;
        }
        set & !1
    }

    /// The multiple of the step that is nearest to a coefficient's magnitude.
    pub(super) fn nearest(&self, magnitude: u32, place: usize) -> u32 {
        let numerator = u64::from(magnitude + self.step(place) / 2);
        ((numerator * u64::from(self.reciprocals[place])) >> RECIPROCAL_BITS) as u32
    }
}

fn sums(v: u8, u: u8) -> (u32, u32) {
    let (v, u) = (u32::from(v), u32::from(u));
    (v + u, v * v + u * u)
}

/// The customary meaning of the number: what the steps are multiplied by, in percent. 100 makes every step 1.
fn scale_percent(quality: Quality) -> u32 {
    match u32::from(quality.get()) {
        low @ ..50 => 5000 / low,
        high => 200 - 2 * high,
    }
}
