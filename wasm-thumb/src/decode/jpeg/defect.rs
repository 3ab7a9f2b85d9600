//! What is wrong with a file.

use crate::{Error, Format};

/// Why decoding stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defect {
    /// The data ends before the picture does.
    BreaksOff,
    /// The file contradicts itself.
    Has(&'static str),
    /// A variant that is not read here.
    Unsupported(&'static str),
}

impl Defect {
    /// The error for a file of `bytes` bytes.
    pub(super) fn into_error(self, bytes: usize) -> Error {
        let format = Format::Jpeg;
        match self {
            Self::BreaksOff => Error::Truncated { format, bytes },
            Self::Has(defect) => Error::BadHeader { format, defect },
            Self::Unsupported(variant) => Error::UnsupportedVariant { format, variant },
        }
    }
}
