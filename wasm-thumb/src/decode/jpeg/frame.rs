//! The frame header (ITU-T T.81, B.2.2): what there is to decode and what that takes.

use super::defect::Defect;
use super::segments::{APP14, DAC, DHT, DNL, JPG, SOF_FIRST, SOF_LAST, SOS, Segment, Segments};
use crate::decode::Scale;

/// What the frame header tells.
pub(super) struct Frame {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) is_progressive: bool,
    /// 1, 3 or 4.
    pub(super) components: Vec<Component>,
    pub(super) colour: Colour,
    /// Whether the inks are told inverted, as Adobe's programs store them: 255 for none.
    pub(super) has_inverted_inks: bool,
    /// Units of an interleaved scan across and down.
    pub(super) units: (usize, usize),
    /// The greatest sampling factors.
    pub(super) most: (usize, usize),
}

/// One component of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Sampling factors, 1 to 4.
    pub(super) h: usize,
    pub(super) v: usize,
    /// Which quantisation table it uses.
    pub(super) table: usize,
    /// Blocks across and down, without those that only complete a unit.
    pub(super) blocks: (usize, usize),
    /// Blocks across and down in whole units.
    pub(super) padded: (usize, usize),
}

/// What the components mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    Gray,
    YCbCr,
    Rgb,
    Cmyk,
    /// Inks as luma and chroma, and black.
    Ycck,
}

impl Frame {
    pub(super) fn read(jpeg: &[u8]) -> Result<Self, Defect> {
        let mut frame: Option<Self> = None;
        let (mut adobe, mut is_jfif) = (None, false);
        let mut segments = Segments::new(jpeg);
        while let Some(Segment { marker, body }) = segments.next() {
            match marker {
                DHT | JPG | DAC => {}
                SOF_FIRST..=SOF_LAST if frame.is_some() => return Err(Defect::Has("two frame headers")),
                SOF_FIRST..=SOF_LAST => frame = Some(Self::parse(marker - SOF_FIRST, body)?),
                APP0 => is_jfif |= body.starts_with(b"JFIF\0"),
                APP14 if body.starts_with(b"Adobe") => adobe = body.get(11).copied().or(adobe),
                SOS => {
                    let mut frame = frame.ok_or(Defect::Has("no frame header before its data"))?;
                    if frame.height == 0 {
                        frame.height = height_after(segments)?;
                    }
                    frame.lay_out();
                    frame.colour = frame.meaning(adobe, is_jfif);
                    frame.has_inverted_inks = adobe.is_some();
                    return Ok(frame);
                }
                _ => {}
            }
        }
        Err(Defect::BreaksOff)
    }

    fn parse(coding: u8, body: &[u8]) -> Result<Self, Defect> {
        match coding {
            0..=2 => {}
            3 => return Err(Defect::Unsupported("lossless coding")),
            5..=7 => return Err(Defect::Unsupported("hierarchical coding")),
            _ => return Err(Defect::Unsupported("arithmetic coding")),
        }
        let [precision, h1, h0, w1, w0, count, specs @ ..] = body else {
            return Err(Defect::Has("a frame header that is too short"));
        };
        if *precision != 8 {
            return Err(Defect::Unsupported("more than 8 bits a sample"));
        }
        if !matches!(count, 1 | 3 | 4) {
            return Err(Defect::Unsupported("a number of components that is not 1, 3 or 4"));
        }
        let mut components = Vec::with_capacity(usize::from(*count));
        for &[id, factors, table] in specs.as_chunks::<3>().0 {
            let (h, v) = (usize::from(factors >> 4), usize::from(factors & 15));
            if !(1..=4).contains(&h) || !(1..=4).contains(&v) {
                return Err(Defect::Has("sampling factors that are not 1 to 4"));
            }
            let table = usize::from(table);
            components.push(Component { id, h, v, table, blocks: (0, 0), padded: (0, 0) });
        }
        if components.len() != usize::from(*count) {
            return Err(Defect::Has("a frame header of another length than it says"));
        }
        let most = components.iter().fold((1, 1), |(h, v), c| (c.h.max(h), c.v.max(v)));
        Ok(Self {
            width: u32::from(u16::from_be_bytes([*w1, *w0])),
            height: u32::from(u16::from_be_bytes([*h1, *h0])),
            is_progressive: coding == 2,
            components,
            colour: Colour::Gray,
            has_inverted_inks: false,
            units: (0, 0),
            most,
        })
    }

    /// How many blocks each component has (T.81, A.1.1 and A.2).
    fn lay_out(&mut self) {
        let (width, height) = (self.width as usize, self.height as usize);
        let (most_h, most_v) = self.most;
        let units = (width.div_ceil(8 * most_h), height.div_ceil(8 * most_v));
        for component in &mut self.components {
            let Component { h, v, .. } = *component;
            component.blocks = ((width * h).div_ceil(8 * most_h), (height * v).div_ceil(8 * most_v));
            component.padded = (units.0 * h, units.1 * v);
        }
        self.units = units;
    }

    /// What the components mean. JFIF knows no RGB; otherwise Adobe's marker says, and without it the names.
    fn meaning(&self, adobe: Option<u8>, is_jfif: bool) -> Colour {
        let names: Vec<u8> = self.components.iter().map(|component| component.id).collect();
        match (names.len(), adobe) {
            (1, _) => Colour::Gray,
            (3, Some(0)) if !is_jfif => Colour::Rgb,
            (3, None) if !is_jfif && names == *b"RGB" => Colour::Rgb,
            (3, _) => Colour::YCbCr,
            (_, Some(2)) => Colour::Ycck,
            _ => Colour::Cmyk,
        }
    }

    /// Width and height at a scale.
    pub(super) fn scaled(&self, scale: Scale) -> (usize, usize) {
        let denominator = scale.denominator() as usize;
        ((self.width as usize).div_ceil(denominator), (self.height as usize).div_ceil(denominator))
    }

    /// Samples across and down of a block of a component. One that is coarser than the picture has finer data than
    /// the picture's scale asks for, and with it need not be stretched: at 1/8 of a picture with one block of chroma
    /// for four of luma, four samples of that block.
    pub(super) fn block_sides(&self, component: &Component, scale: Scale) -> (usize, usize) {
        let side = scale.block_side();
        let finer = |factor: usize, of: usize| {
            let fits = |times: &usize| side * times <= 8 && factor * times <= of;
            [8, 4, 2].into_iter().find(fits).unwrap_or(1) * side
        };
        let sides = (finer(component.h, self.most.0), finer(component.v, self.most.1));
        if scale != Scale::Eighth {
            return sides;
        }
        // Here finer data costs time: it is worth that only where a sample would be for four, and at most that.
        if !self.is_progressive && sides.0 > 1 && sides.1 > 1 { (2, 2) } else { (1, 1) }
    }

    /// The most memory that decoding takes at once: the components' planes, and beside them what the scans tell
    /// until it is turned into samples.
    pub(super) fn decoded_bytes(&self, scale: Scale) -> u64 {
        let mut bytes = 0;
        for component in &self.components {
            let blocks = component.padded.0 as u64 * component.padded.1 as u64;
            let (across, down) = self.block_sides(component, scale);
            let kept = match (scale, self.is_progressive) {
                // Two walks at most bring back the same block.
                (Scale::Eighth, false) => 2 * (across * down) as u64,
                (Scale::Eighth, true) => 1,
                (_, true) => 64,
                (_, false) => 0,
            };
            bytes += blocks * ((across * down) as u64 + 2 * kept);
        }
        // Windows on the data, tables and rows.
        bytes + (1 << 20)
    }
}

const APP0: u8 = 0xE0;

/// The height that is told only after the first scan (T.81, B.2.5), or after a later one.
fn height_after(mut segments: Segments) -> Result<u32, Defect> {
    let told = segments.find(|segment| segment.marker == DNL);
    let body = told.ok_or(Defect::BreaksOff)?.body;
    body.first_chunk()
        .map(|height| u32::from(u16::from_be_bytes(*height)))
        .ok_or(Defect::Has("an empty line count"))
}
