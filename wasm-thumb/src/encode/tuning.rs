//! The numbers that a search over photos has found.

/// What the encoder may be told beside the quality. The search is `engine-bench tune`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Of luma and of chroma.
    pub planes: [PlaneTuning; 2],
}

/// The numbers of luma, or of chroma, at quality 50.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaneTuning {
    /// The step of the mean of a block, in 1/16.
    pub mean: u32,
    /// The step at frequency 0, in 1/16.
    pub base: u32,
    /// What it grows by for each unit of horizontal and vertical frequency, in 1/16.
    pub slope: u32,
    /// What it grows by for each unit of the square of the frequency, in 1/64.
    pub bend: u32,
    /// What a sixteenth of a bit may cost, as the square of an error in 1/16, times 16.
    pub lambda: u32,
    /// The activity of a block, the root of the mean square of its coefficients, that halves the weight of its
    /// errors, in 1/16.
    pub calm: u32,
}

impl Tuning {
    /// What [`super::jpeg`] takes.
    pub const DEFAULT: Self = Self {
        planes: [
            PlaneTuning { mean: 242, base: 1326, slope: 10, bend: 11, lambda: 525_000, calm: 7 },
            PlaneTuning { mean: 150, base: 461, slope: 0, bend: 0, lambda: 266_000, calm: 91 },
        ],
    };
}
