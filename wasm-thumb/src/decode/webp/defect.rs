//! What is wrong with a file.

use crate::{Error, Format};

/// Why decoding stops.
#[derive(Debug)]
pub(super) enum Defect {
    /// The data ends before the picture does.
    BreaksOff,
    /// The file contradicts itself.
    Has(&'static str),
    /// What is no fault of the file.
    Other(Error),
}

impl Defect {
    /// The error for a file of `bytes` bytes.
    pub(super) fn into_error(self, bytes: usize) -> Error {
        let format = Format::WebP;
        match self {
            Self::BreaksOff => Error::Truncated { format, bytes },
            Self::Has(defect) => Error::BadHeader { format, defect },
            Self::Other(error) => error,
        }
    }
}

impl From<Error> for Defect {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}
