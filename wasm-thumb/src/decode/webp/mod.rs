//! WebP (RFC 9649), decoded row by row, in integers: one code path for every machine.
//!
//! A lossy picture is decoded at the scale that is needed: at 1/2 and below its macroblocks are averaged before
//! they become red, green and blue. What is kept of it does not grow with its height, nor of a lossless one: of that
//! the last 2²⁰ pixels are kept, as later ones may be copied from as far before.
//!
//! If the data breaks off after three quarters of the rows, what is missing is left blank, as browsers do;
//! before that the file is truncated.

mod alpha;
mod canvas;
mod container;
mod defect;
mod lossless;
mod lossy;
#[cfg(test)]
mod tests;
mod word;

use super::{Channels, Order, RowSink, Scale};
use crate::{Error, Limits};
use alpha::Alpha;
use canvas::{Canvas, Emit, Part};
use container::{Coding, Container};
use defect::Defect;
use lossless::{Budget, Lossless};

/// Of the rows, how many quarters have to be there.
const ENOUGH_QUARTERS: usize = 3;

/// A WebP file whose headers have been read.
pub(crate) struct Opened<'a> {
    len: usize,
    container: Container<'a>,
}

impl<'a> Opened<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let container = Container::read(bytes).map_err(|defect| defect.into_error(bytes.len()))?;
        Ok(Self { len: bytes.len(), container })
    }

    pub(super) fn dimensions(&self) -> (u32, u32) {
        self.container.canvas
    }

    pub(super) fn channels(&self) -> Channels {
        let has_alpha = match self.container.frame.coding {
            Coding::Lossy { alpha, .. } => alpha.is_some(),
            Coding::Lossless { has_alpha, .. } => has_alpha,
        };
        if has_alpha || !self.fills_canvas() { Channels::Rgba } else { Channels::Rgb }
    }

    #[expect(clippy::unused_self, reason = "as other decoders do")]
    pub(super) fn order(&self) -> Order {
        Order::Rows
    }

    pub(super) fn profile(&self) -> Option<Vec<u8>> {
        self.container.profile.map(<[u8]>::to_vec)
    }

    pub(super) fn profile_bytes(&self) -> u64 {
        self.container.profile.map_or(0, <[u8]>::len) as u64
    }

    /// The scale at which to decode, if the picture may be made `times` smaller. Alpha is only had at full scale.
    pub(super) fn scale(&self, times: f64) -> Scale {
        match self.container.frame.coding {
            Coding::Lossy { alpha: None, .. } if self.fills_canvas() => Scale::at_most(times),
            _ => Scale::Full,
        }
    }

    /// What decoding takes, bytes, except for the tables of lossless pixels, which are counted when they are read.
    pub(super) fn decoded_bytes(&self, scale: Scale) -> u64 {
        let frame = &self.container.frame;
        let line = u64::from(self.container.canvas.0) * 4;
        line + self.profile_bytes()
            + match frame.coding {
                Coding::Lossless { .. } => lossless::decoded_bytes(frame.size),
                Coding::Lossy { alpha, .. } => {
                    // Alpha of the lowest bits of its header is coded as lossless pixels are.
                    let is_coded =
                        alpha.is_some_and(|alpha| alpha.first().is_some_and(|header| header & 3 == 1));
                    let alpha = if is_coded { lossless::decoded_bytes(frame.size) } else { 0 };
                    lossy::decoded_bytes(frame.size.0, scale) + alpha + u64::from(frame.size.0)
                }
            }
    }

    /// Decodes the pixels at the scale that `scale` chose.
    pub(super) fn decode(self, scale: Scale, limits: &Limits, sink: &mut impl RowSink) -> Result<(), Error> {
        let len = self.len;
        self.decode_frame(scale, limits, sink).map_err(|defect| defect.into_error(len))
    }

    fn decode_frame(self, scale: Scale, limits: &Limits, sink: &mut impl RowSink) -> Result<(), Defect> {
        let (frame, channels) = (self.container.frame, self.channels());
        let mut budget = Budget {
            size: self.container.canvas,
            used_bytes: self.decoded_bytes(scale),
            max_bytes: limits.max_alloc_bytes,
        };
        let size = (frame.size.0 as usize, frame.size.1 as usize);
        let denominator = scale.denominator();
        let rows = size.1.div_ceil(denominator as usize);
        let is_enough = |rows_there: usize| 4 * rows_there >= ENOUGH_QUARTERS * rows;
        match frame.coding {
            Coding::Lossy { data, alpha } => {
                let alpha = alpha.map(|chunk| Alpha::new(chunk, size, &mut budget)).transpose()?;
                let mut canvas = Canvas::new(&frame, denominator, channels, alpha, sink)?;
                canvas.begin();
                let part = canvas.part;
                let there = lossy::decode(data, scale, part, &mut |y, rgb| canvas.row(y, rgb))?;
                let there = there.unwrap_or(rows);
                if !is_enough(there) {
                    return Err(Defect::BreaksOff);
                }
                canvas.finish(there);
            }
            Coding::Lossless { data, .. } => {
                let mut lossless = Lossless::new(data.get(5..).unwrap_or_default(), size, &mut budget)?;
                let mut canvas = Canvas::new(&frame, 1, channels, None, sink)?;
                canvas.begin();
                let mut there = rows;
                for y in 0..canvas.part.rows.1 {
                    match lossless.next_row() {
                        Ok(pixels) if y >= canvas.part.rows.0 => canvas.row_of_numbers(y, pixels),
                        Ok(_) => {}
                        Err(Defect::BreaksOff) if is_enough(y) => {
                            there = y;
                            break;
                        }
                        Err(defect) => return Err(defect),
                    }
                }
                canvas.finish(there);
            }
        }
        Ok(())
    }

    /// Whether there is no canvas around the frame.
    fn fills_canvas(&self) -> bool {
        self.container.frame.size == self.container.canvas
    }
}
