//! Turning pixels, and the part of them that is kept.

use super::Orientation;
use crate::scale::{Kept, Reduced};

/// The reduced picture, upright, and the part of it that is kept.
pub(crate) fn turn(stored: Reduced, kept: Kept, orientation: Orientation) -> (Reduced, Kept) {
    if orientation == Orientation::TopLeft {
        return (stored, kept);
    }
    let (width, height) = orientation.upright(stored.width, stored.height);
    let (right, bottom) = (stored.width - 1, stored.height - 1);
    let mut pixels = Vec::with_capacity(stored.pixels.len());
    for y in 0..height {
        for x in 0..width {
            // Where the pixel at (x, y) of the upright picture is stored.
            let (column, row) = match orientation {
                Orientation::TopLeft => (x, y),
                Orientation::TopRight => (right - x, y),
                Orientation::BottomRight => (right - x, bottom - y),
                Orientation::BottomLeft => (x, bottom - y),
                Orientation::LeftTop => (y, x),
                Orientation::RightTop => (y, bottom - x),
                Orientation::RightBottom => (right - y, bottom - x),
                Orientation::LeftBottom => (right - y, x),
            };
            pixels.push(stored.pixels[row as usize * stored.width as usize + column as usize]);
        }
    }
    let kept = turn_kept(kept, (stored.width, stored.height), orientation);
    (Reduced { width, height, pixels }, kept)
}

fn turn_kept(kept: Kept, (stored_width, stored_height): (u32, u32), orientation: Orientation) -> Kept {
    use Orientation::{BottomLeft, BottomRight, LeftBottom, RightBottom, RightTop, TopRight};
    let Kept { mut left, mut top, width, height } = kept;
    if matches!(orientation, TopRight | BottomRight | RightBottom | LeftBottom) {
        left = f64::from(stored_width) - left - width;
    }
    if matches!(orientation, BottomRight | BottomLeft | RightTop | RightBottom) {
        top = f64::from(stored_height) - top - height;
    }
    if orientation.is_sideways() {
        Kept { left: top, top: left, width: height, height: width }
    } else {
        Kept { left, top, width, height }
    }
}
