//! What may be chosen about a thumbnail.

use thiserror::Error;

use crate::Limits;

/// What to make of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Size of the thumbnail; 100×100 if nothing else is said.
    pub size: Size,
    /// Quality of the JPEG; 85 if nothing else is said.
    pub quality: Quality,
    /// What is refused.
    pub limits: Limits,
}

/// An option out of its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidOption {
    /// The size has a side of no pixels or too many.
    #[error("a thumbnail of {width}×{height} pixels: each side must be 1 to {}", Size::MAX_SIDE_PX)]
    Size {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// The quality is not on the scale.
    #[error("quality {0}: must be 1 to 100")]
    Quality(u8),
}

/// Width and height of a thumbnail, each 1 to [`Size::MAX_SIDE_PX`] pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// The longest side of a thumbnail, pixels.
    pub const MAX_SIDE_PX: u32 = 4096;

    /// A size in pixels.
    ///
    /// # Errors
    /// [`InvalidOption::Size`] if a side is 0 or longer than [`Size::MAX_SIDE_PX`].
    pub fn new(width: u32, height: u32) -> Result<Self, InvalidOption> {
        let fits = |side| (1..=Self::MAX_SIDE_PX).contains(&side);
        if fits(width) && fits(height) {
            Ok(Self { width, height })
        } else {
            Err(InvalidOption::Size { width, height })
        }
    }

    /// Pixels.
    #[must_use]
    pub fn width(self) -> u32 {
        self.width
    }

    /// Pixels.
    #[must_use]
    pub fn height(self) -> u32 {
        self.height
    }

    /// The same on its side.
    pub(crate) fn swapped(self) -> Self {
        Self { width: self.height, height: self.width }
    }
}

impl Default for Size {
    fn default() -> Self {
        Self { width: 100, height: 100 }
    }
}

/// Quality of a JPEG on the customary scale of 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quality(u8);

impl Quality {
    /// A quality of 1 to 100.
    ///
    /// # Errors
    /// [`InvalidOption::Quality`] if it is not.
    pub fn new(quality: u8) -> Result<Self, InvalidOption> {
        if (1..=100).contains(&quality) { Ok(Self(quality)) } else { Err(InvalidOption::Quality(quality)) }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl Default for Quality {
    fn default() -> Self {
        Self(85)
    }
}
