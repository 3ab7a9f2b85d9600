//! How much smaller a decoder makes a picture.

/// The scale of decoded pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    Full,
    Half,
    Quarter,
    Eighth,
}

impl Scale {
    /// The smallest scale at which a picture is at most `times` smaller.
    pub(super) fn at_most(times: f64) -> Self {
        let fits = |scale: &Self| f64::from(scale.denominator()) <= times;
        [Self::Eighth, Self::Quarter, Self::Half].into_iter().find(fits).unwrap_or(Self::Full)
    }

    /// How many pixels of the picture, across or down, become one; the last one may be of fewer.
    pub(crate) fn denominator(self) -> u32 {
        match self {
            Self::Full => 1,
            Self::Half => 2,
            Self::Quarter => 4,
            Self::Eighth => 8,
        }
    }

    /// Samples across a block of eight.
    pub(super) fn block_side(self) -> usize {
        match self {
            Self::Full => 8,
            Self::Half => 4,
            Self::Quarter => 2,
            Self::Eighth => 1,
        }
    }
}
