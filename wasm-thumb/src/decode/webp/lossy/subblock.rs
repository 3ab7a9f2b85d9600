//! Prediction of subblocks of 4×4 pixels (RFC 6386, section 12.3).

#![expect(clippy::cast_possible_truncation, reason = "averages of bytes are bytes")]

use super::modes::Sub;
use super::predict::{Block, FIRST};
use super::transform;

impl<const ROWS: usize> Block<ROWS> {
    /// Predicts the subblock at column `x` and row `y` from the pixels to its left, above and above to the right.
    pub(super) fn predict_sub(&mut self, (x, y): (usize, usize), mode: Sub) {
        let at = FIRST + 4 * x;
        let rows = &mut self.0[4 * y..4 * y + 5];
        // The edge, from the lowest pixel on the left by the corner to the last one on the right.
        let mut edge = [0; 16];
        for (row, pixel) in rows[1..].iter().rev().zip(&mut edge) {
            *pixel = row[at - 1];
        }
        edge[4..13].copy_from_slice(&rows[0][at - 1..at + 8]);
        let rows = predicted(&edge, mode).into_iter().zip(&mut rows[1..]);
        rows.for_each(|(predicted, row)| row[at..at + 4].copy_from_slice(&predicted));
    }
}

fn predicted(edge: &[u8; 16], mode: Sub) -> [[u8; 4]; 4] {
    // Averages of two and of three neighbours; of the latter, those around the pixel.
    let two: [u8; 12] =
        std::array::from_fn(|i| ((u16::from(edge[i]) + u16::from(edge[i + 1]) + 1) / 2) as u8);
    let weighted = |a: u8, b: u8, c: u8| ((u16::from(a) + 2 * u16::from(b) + u16::from(c) + 2) / 4) as u8;
    let three: [u8; 12] = std::array::from_fn(|i| weighted(edge[i.saturating_sub(1)], edge[i], edge[i + 1]));
    let run =
        |values: &[u8; 12], from: usize| [values[from], values[from + 1], values[from + 2], values[from + 3]];
    let corner = edge[4];
    match mode {
        Sub::Average => {
            let sum: u16 = edge[..4].iter().chain(&edge[5..9]).map(|&pixel| u16::from(pixel)).sum();
            [[((sum + 4) / 8) as u8; 4]; 4]
        }
        Sub::Gradient => {
            let slope = |y: usize| i16::from(edge[3 - y]) - i16::from(corner);
            std::array::from_fn(|y| std::array::from_fn(|x| transform::sum(edge[5 + x], slope(y))))
        }
        Sub::Above => [run(&three, 5); 4],
        // The lowest pixel counts for the one below it.
        Sub::Left => {
            [three[3], three[2], three[1], weighted(edge[1], edge[0], edge[0])].map(|value| [value; 4])
        }
        Sub::DownLeft => {
            let last = weighted(edge[11], edge[12], edge[12]);
            let [a, b, c] = [run(&three, 6), run(&three, 7), run(&three, 8)];
            [a, b, c, [three[9], three[10], three[11], last]]
        }
        Sub::DownRight => [run(&three, 4), run(&three, 3), run(&three, 2), run(&three, 1)],
        Sub::RightDown => {
            let (even, odd) = (run(&two, 4), run(&three, 4));
            [even, odd, [three[3], even[0], even[1], even[2]], [three[2], odd[0], odd[1], odd[2]]]
        }
        Sub::LeftDown => {
            let (even, odd) = (run(&two, 5), run(&three, 6));
            [even, odd, [even[1], even[2], even[3], three[10]], [odd[1], odd[2], odd[3], three[11]]]
        }
        Sub::DownRightFlat => [
            [two[3], three[4], three[5], three[6]],
            [two[2], three[3], two[3], three[4]],
            [two[1], three[2], two[2], three[3]],
            [two[0], three[1], two[1], three[2]],
        ],
        Sub::UpRightFlat => {
            let (lowest, last) = (edge[0], weighted(edge[1], edge[0], edge[0]));
            [
                [two[2], three[2], two[1], three[1]],
                [two[1], three[1], two[0], last],
                [two[0], last, lowest, lowest],
                [lowest; 4],
            ]
        }
    }
}
