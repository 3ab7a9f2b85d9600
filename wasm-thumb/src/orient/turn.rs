//! Turning pixels.

use super::Orientation;
use crate::scale::Small;

/// The small picture, upright.
pub(crate) fn turn(stored: Small, orientation: Orientation) -> Small {
    if orientation == Orientation::TopLeft {
        return stored;
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
    Small { width, height, pixels }
}
