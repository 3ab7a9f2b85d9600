//! Rows of a frame become rows of its canvas.

use super::alpha::Alpha;
use super::container::Frame;
use super::defect::Defect;
use crate::decode::{Area, Channels, RowSink, Samples};
use crate::limits::zeroes;

/// The part of a frame that is wanted, in the pixels that are left of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// From and to (not included).
    pub(super) columns: (usize, usize),
    /// From and to (not included).
    pub(super) rows: (usize, usize),
}

/// Takes rows of the frame's part that is wanted: its number and its samples of red, green and blue.
pub(super) type Emit<'a> = dyn FnMut(usize, &[u8]) -> Result<(), Defect> + 'a;

/// What lies around the frame is transparent.
pub(super) struct Canvas<'a, 's, S> {
    sink: &'s mut S,
    wanted: Area,
    channels: Channels,
    /// Column and row of the frame's first pixel.
    place: (u32, u32),
    pub(super) part: Part,
    alpha: Option<Alpha<'a>>,
    line: Vec<u8>,
}

impl<'a, 's, S: RowSink> Canvas<'a, 's, S> {
    /// A frame of which each `denominator` pixels across or down become one.
    pub(super) fn new(
        frame: &Frame,
        denominator: u32,
        channels: Channels,
        alpha: Option<Alpha<'a>>,
        sink: &'s mut S,
    ) -> Result<Self, Defect> {
        let wanted = sink.wanted();
        let within = |(from, to): (u32, u32), place: u32, side: u32| {
            let side = side.div_ceil(denominator);
            let inside = |at: u32| at.saturating_sub(place).min(side) as usize;
            (inside(from), inside(to))
        };
        let part = Part {
            columns: within(wanted.columns, frame.place.0, frame.size.0),
            rows: within(wanted.rows, frame.place.1, frame.size.1),
        };
        let columns = wanted.columns.1.saturating_sub(wanted.columns.0) as usize;
        Ok(Self {
            sink,
            wanted,
            channels,
            place: frame.place,
            part,
            alpha,
            line: zeroes(columns * channels.count())?,
        })
    }

    /// Hands over what lies above the frame.
    pub(super) fn begin(&mut self) {
        self.blank(self.wanted.rows.0, self.place.1.min(self.wanted.rows.1));
    }

    /// Takes row `y` of the part of the frame: red, green and blue.
    pub(super) fn row(&mut self, y: usize, rgb: &[u8]) -> Result<(), Defect> {
        if self.channels == Channels::Rgb {
            self.sink.row(self.row_of(y), self.first(), 1, Samples::Eight(rgb));
            return Ok(());
        }
        let start = self.start();
        let alpha = match &mut self.alpha {
            Some(alpha) => alpha.row(y)?.get(self.part.columns.0..),
            None => None,
        };
        let pixels = self.line.as_chunks_mut::<4>().0.iter_mut().skip(start).zip(rgb.as_chunks::<3>().0);
        match alpha {
            Some(alpha) => pixels.zip(alpha).for_each(|((to, [r, g, b]), a)| *to = [*r, *g, *b, *a]),
            None => pixels.for_each(|(to, [r, g, b])| *to = [*r, *g, *b, u8::MAX]),
        }
        self.hand_over(y);
        Ok(())
    }

    /// Takes row `y` of the frame, of pixels as numbers.
    pub(super) fn row_of_numbers(&mut self, y: usize, pixels: &[u32]) {
        let start = self.start();
        let pixels = pixels.get(self.part.columns.0..self.part.columns.1).unwrap_or_default();
        if self.channels == Channels::Rgb {
            for (to, pixel) in self.line.as_chunks_mut::<3>().0.iter_mut().skip(start).zip(pixels) {
                let [blue, green, red, _] = pixel.to_le_bytes();
                *to = [red, green, blue];
            }
        } else {
            for (to, pixel) in self.line.as_chunks_mut::<4>().0.iter_mut().skip(start).zip(pixels) {
                let [blue, green, red, alpha] = pixel.to_le_bytes();
                *to = [red, green, blue, alpha];
            }
        }
        self.hand_over(y);
    }

    /// Hands over what lies below the frame, or below the rows of it that are there.
    pub(super) fn finish(&mut self, rows: usize) {
        self.blank(self.row_of(rows).max(self.wanted.rows.0), self.wanted.rows.1);
    }

    fn hand_over(&mut self, y: usize) {
        self.sink.row(self.row_of(y), self.wanted.columns.0, 1, Samples::Eight(&self.line));
    }

    /// Rows of nothing: transparent, or white where there is no alpha.
    fn blank(&mut self, from: u32, to: u32) {
        self.line.fill(if self.channels == Channels::Rgb { u8::MAX } else { 0 });
        for y in from..to {
            self.sink.row(y, self.wanted.columns.0, 1, Samples::Eight(&self.line));
        }
    }

    /// The row of the canvas that row `y` of the frame is in.
    fn row_of(&self, y: usize) -> u32 {
        self.place.1 + u32::try_from(y).unwrap_or(u32::MAX / 2)
    }

    /// The first column of the part of the frame, on the canvas.
    fn first(&self) -> u32 {
        self.wanted.columns.0.max(self.place.0)
    }

    /// The same in pixels of the line.
    fn start(&self) -> usize {
        (self.first() - self.wanted.columns.0) as usize
    }
}
