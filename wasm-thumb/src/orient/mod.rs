//! Step 4: upright. The reduced picture is turned as its metadata tell.

mod turn;

pub(crate) use turn::turn;

use crate::Size;

/// How a picture is stored, named by where its first row and first column belong (EXIF 2.32, tag 274).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// 1: upright.
    #[default]
    TopLeft = 1,
    /// 2: mirrored.
    TopRight = 2,
    /// 3: upside down.
    BottomRight = 3,
    /// 4: upside down and mirrored.
    BottomLeft = 4,
    /// 5: mirrored along the falling diagonal.
    LeftTop = 5,
    /// 6: to be turned by a quarter clockwise.
    RightTop = 6,
    /// 7: mirrored along the rising diagonal.
    RightBottom = 7,
    /// 8: to be turned by a quarter anticlockwise.
    LeftBottom = 8,
}

impl Orientation {
    /// Every orientation, 1 to 8.
    pub const ALL: [Self; 8] = [
        Self::TopLeft,
        Self::TopRight,
        Self::BottomRight,
        Self::BottomLeft,
        Self::LeftTop,
        Self::RightTop,
        Self::RightBottom,
        Self::LeftBottom,
    ];

    /// The orientation of an EXIF value, if that is 1 to 8.
    #[must_use]
    pub fn from_exif(value: u16) -> Option<Self> {
        Self::ALL.get(usize::from(value).checked_sub(1)?).copied()
    }

    /// The EXIF value, 1 to 8.
    #[must_use]
    pub fn exif(self) -> u8 {
        self as u8
    }

    /// Whether width and height change places.
    #[must_use]
    pub fn is_sideways(self) -> bool {
        self.exif() >= 5
    }

    /// Width and height of the upright picture, from those stored.
    #[must_use]
    pub fn upright(self, width: u32, height: u32) -> (u32, u32) {
        if self.is_sideways() { (height, width) } else { (width, height) }
    }

    /// The size to make of the stored picture, so that it has `size` when upright.
    pub(crate) fn swap_if_sideways(self, size: Size) -> Size {
        if self.is_sideways() { size.swapped() } else { size }
    }
}
