//! The frame header: what there is to decode and what that takes.

use super::segments::{DAC, DHT, JPG, SOF_FIRST, SOF_LAST, SOS, Segments};
use crate::{Error, Format};

/// What the frame header and the first scan header tell.
pub(super) struct Frame {
    pub(super) width: u32,
    pub(super) height: u32,
    /// 1, 3 or 4.
    pub(super) components: u64,
    /// Coefficients of all components in relation to those of one at full size, in 16ths.
    coefficients_16ths: u64,
    /// Whether coefficients have to be kept until the last scan.
    is_buffered: bool,
}

impl Frame {
    pub(super) fn read(jpeg: &[u8]) -> Result<Self, Error> {
        let truncated = || Error::Truncated { format: Format::Jpeg, bytes: jpeg.len() };
        let mut frame = None;
        for segment in Segments::new(jpeg) {
            match segment.marker {
                DHT | JPG | DAC => {}
                SOF_FIRST..=SOF_LAST => frame = Some(Self::parse(segment.marker, segment.body)?),
                SOS => {
                    let mut frame: Self = frame.ok_or_else(|| bad("no frame header before its data"))?;
                    let in_scan = *segment.body.first().ok_or_else(|| bad("an empty scan header"))?;
                    frame.is_buffered |= u64::from(in_scan) != frame.components;
                    return Ok(frame);
                }
                _ => {}
            }
        }
        Err(truncated())
    }

    fn parse(marker: u8, body: &[u8]) -> Result<Self, Error> {
        let unsupported = |variant| Err(Error::UnsupportedVariant { format: Format::Jpeg, variant });
        match marker - SOF_FIRST {
            0..=2 => {}
            3 => return unsupported("lossless coding"),
            5..=7 => return unsupported("hierarchical coding"),
            _ => return unsupported("arithmetic coding"),
        }
        let [precision, h1, h0, w1, w0, components, specs @ ..] = body else {
            return Err(bad("a frame header that is too short"));
        };
        if *precision != 8 {
            return unsupported("more than 8 bits a sample");
        }
        let height = u32::from(u16::from_be_bytes([*h1, *h0]));
        let width = u32::from(u16::from_be_bytes([*w1, *w0]));
        if height == 0 {
            return unsupported("a height that is told only after the data");
        }
        if !matches!(components, 1 | 3 | 4) {
            return unsupported("a number of components that is not 1, 3 or 4");
        }
        let factors: Vec<(u64, u64)> =
            specs.chunks_exact(3).map(|spec| (u64::from(spec[1] >> 4), u64::from(spec[1] & 15))).collect();
        let in_range = |&(h, v): &(u64, u64)| (1..=4).contains(&h) && (1..=4).contains(&v);
        if factors.len() != usize::from(*components) || !factors.iter().all(in_range) {
            return Err(bad("sampling factors that are not 1 to 4"));
        }
        let most = factors.iter().fold((1, 1), |(h, v), &f| (f.0.max(h), f.1.max(v)));
        let coefficients_16ths = factors.iter().map(|&(h, v)| 16 * h * v / (most.0 * most.1)).sum();
        let is_buffered = marker - SOF_FIRST == 2;
        Ok(Self { width, height, components: u64::from(*components), coefficients_16ths, is_buffered })
    }

    /// The finished pixels, and two bytes a coefficient where those have to be kept. Blocks are padded to whole
    /// units of at most 32 pixels.
    pub(super) fn decoded_bytes(&self) -> u64 {
        let pixels = u64::from(self.width) * u64::from(self.height) * self.components.min(3);
        let padded = u64::from(self.width.next_multiple_of(32)) * u64::from(self.height.next_multiple_of(32));
        let coefficients = if self.is_buffered { padded * self.coefficients_16ths / 16 * 2 } else { 0 };
        pixels + coefficients
    }
}

fn bad(defect: &'static str) -> Error {
    Error::BadHeader { format: Format::Jpeg, defect }
}
