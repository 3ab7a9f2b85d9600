//! Luma that is predicted by subblocks of 4×4 pixels (RFC 6386, section 12.3).
#![expect(clippy::cast_possible_truncation, reason = "averages of bytes are bytes")]

use super::modes::Sub;
use super::predict::{Block, FIRST};
use super::transform::{self, Rows};

/// The pixels around a subblock: from the lowest one on the left by the corner to the last one above to the right.
struct Edge([u8; 13]);

impl Block<17> {
    /// Makes the subblocks one after another, each from its neighbours.
    pub(super) fn make_subs(&mut self, modes: &[Sub; 16], rows: Option<&Rows>) {
        for (y, modes) in modes.as_chunks::<4>().0.iter().enumerate() {
            let Some(lines) = self.0[4 * y..].first_chunk_mut::<5>() else { return };
            for (x, mode) in modes.iter().enumerate() {
                let at = FIRST + 4 * x;
                let mut pixels = Edge::of(lines, at).predict(*mode);
                if let Some(rows) = rows {
                    let block = 4 * y + x;
                    let residue: [[i16; 4]; 4] = std::array::from_fn(|row| rows[row][block]);
                    let all = pixels.as_flattened_mut().iter_mut().zip(residue.as_flattened());
                    all.for_each(|(pixel, residue)| *pixel = transform::sum(*pixel, *residue));
                }
                for (line, pixels) in lines[1..].iter_mut().zip(pixels) {
                    line[at..at + 4].copy_from_slice(&pixels);
                }
            }
        }
    }
}

impl Edge {
    /// The pixels around those from column `at` on, below the first line.
    #[inline]
    fn of(lines: &[[u8; 32]; 5], at: usize) -> Self {
        let mut edge = [0; 13];
        for (line, pixel) in lines[1..].iter().rev().zip(&mut edge) {
            *pixel = line[at - 1];
        }
        edge[4..].copy_from_slice(&lines[0][at - 1..at + 8]);
        Self(edge)
    }

    /// The average of a pixel and the next one.
    fn two(&self, at: usize) -> u8 {
        u16::midpoint(u16::from(self.0[at]), u16::from(self.0[at + 1]) + 1) as u8
    }

    /// The average of a pixel, which counts twice, and those beside it.
    fn three(&self, at: usize) -> u8 {
        weighted(self.0[at - 1], self.0[at], self.0[at + 1])
    }

    fn twos<const N: usize>(&self, from: usize) -> [u8; N] {
        std::array::from_fn(|i| self.two(from + i))
    }

    fn threes<const N: usize>(&self, from: usize) -> [u8; N] {
        std::array::from_fn(|i| self.three(from + i))
    }

    #[expect(clippy::many_single_char_names, reason = "letters show the pattern")]
    fn predict(&self, mode: Sub) -> [[u8; 4]; 4] {
        let edge = &self.0;
        match mode {
            Sub::Average => {
                let sum: u16 = edge[..4].iter().chain(&edge[5..9]).map(|&pixel| u16::from(pixel)).sum();
                [[((sum + 4) / 8) as u8; 4]; 4]
            }
            Sub::Gradient => {
                let slope = |y: usize| i16::from(edge[3 - y]) - i16::from(edge[4]);
                std::array::from_fn(|y| std::array::from_fn(|x| transform::sum(edge[5 + x], slope(y))))
            }
            Sub::Above => [self.threes(5); 4],
            // The lowest pixel counts for the one below it.
            Sub::Left => {
                let [third, second, first] = self.threes(1);
                [first, second, third, weighted(edge[1], edge[0], edge[0])].map(|value| [value; 4])
            }
            Sub::DownLeft => {
                let [a, b, c, d, e, f] = self.threes(6);
                let last = weighted(edge[11], edge[12], edge[12]);
                [[a, b, c, d], [b, c, d, e], [c, d, e, f], [d, e, f, last]]
            }
            Sub::DownRight => {
                let [a, b, c, d, e, f, g] = self.threes(1);
                [[d, e, f, g], [c, d, e, f], [b, c, d, e], [a, b, c, d]]
            }
            Sub::RightDown => {
                let [a, b, c, d] = self.twos(4);
                let [lower, low, e, f, g, h] = self.threes(2);
                [[a, b, c, d], [e, f, g, h], [low, a, b, c], [lower, e, f, g]]
            }
            Sub::LeftDown => {
                let [a, b, c, d] = self.twos(5);
                let [e, f, g, h, low, lower] = self.threes(6);
                [[a, b, c, d], [e, f, g, h], [b, c, d, low], [f, g, h, lower]]
            }
            Sub::DownRightFlat => {
                let [a, b, c, d] = self.twos(0);
                let [e, f, g, h, i, j] = self.threes(1);
                [[d, h, i, j], [c, g, d, h], [b, f, c, g], [a, e, b, f]]
            }
            Sub::UpRightFlat => {
                let [a, b, c] = self.twos(0);
                let [d, e] = self.threes(1);
                let (lowest, last) = (edge[0], weighted(edge[1], edge[0], edge[0]));
                [[c, e, b, d], [b, d, a, last], [a, last, lowest, lowest], [lowest; 4]]
            }
        }
    }
}

fn weighted(a: u8, b: u8, c: u8) -> u8 {
    ((u16::from(a) + 2 * u16::from(b) + u16::from(c) + 2) / 4) as u8
}
