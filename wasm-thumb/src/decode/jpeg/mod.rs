//! JPEG (ITU-T T.81), decoded at the scale that is needed, in integers: one code path for every machine.
//!
//! At 1/8 only the average of each block is wanted, which is its first coefficient. The others are stepped over,
//! several codes at a look-up, and the scans of a progressive file that tell only them are not read at all.
//!
//! What is missing is not made up. A sequential file is whole if every block of every component can be read, end
//! marker or not; a progressive one, of which more might follow, if every scan that is needed can be read and
//! the end marker is there. Everything else is corrupt, also where an end marker comes too early.

mod bits;
mod defect;
mod frame;
mod huffman;
mod pixels;
mod planes;
mod profile;
mod quantise;
mod scan;
mod segments;
mod tables;
#[cfg(test)]
mod tests;
mod transform;

pub(crate) use self::segments::{APP1, Segments};
use super::{Channels, Pixels, Scale};
use crate::Error;
use defect::Defect;
use frame::Frame;
use planes::{Coefficients, Plane};
use quantise::Steps;
use scan::Scan;
use scan::baseline::{Averages, Blocks};
use scan::progressive::{Band, First};
use segments::{DHT, DQT, DRI, EOI, SOS};
use tables::Tables;

/// More scans than any encoder makes; each one costs a pass over the whole picture.
const MAX_SCANS: usize = 100;

/// A JPEG whose frame header has been read.
pub(crate) struct Opened<'a> {
    bytes: &'a [u8],
    frame: Frame,
}

impl<'a> Opened<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let frame = Frame::read(bytes).map_err(|defect| defect.into_error(bytes.len()))?;
        Ok(Self { bytes, frame })
    }

    pub(super) fn dimensions(&self) -> (u32, u32) {
        (self.frame.width, self.frame.height)
    }

    pub(super) fn decoded_bytes(&self, scale: Scale) -> u64 {
        self.frame.decoded_bytes(scale)
    }

    pub(super) fn channels(&self) -> Channels {
        if self.frame.components.len() == 1 { Channels::Gray } else { Channels::Rgb }
    }

    pub(super) fn profile(&self) -> Option<Vec<u8>> {
        profile::find(self.bytes)
    }

    pub(super) fn decode(self, scale: Scale) -> Result<Pixels, Error> {
        let Self { bytes, frame } = self;
        let mut decoder = Decoder::new(&frame, scale)?;
        decoder.read(bytes).map_err(|defect| defect.into_error(bytes.len()))?;
        let planes = decoder.finish().map_err(|defect| defect.into_error(bytes.len()))?;
        let (width, _) = frame.scaled(scale);
        Ok(Pixels {
            width: u32::try_from(width).unwrap_or(frame.width),
            channels: if frame.components.len() == 1 { Channels::Gray } else { Channels::Rgb },
            bytes: pixels::finish(&frame, &planes, scale)?,
        })
    }
}

/// What is known between two scans.
struct Decoder<'a> {
    frame: &'a Frame,
    scale: Scale,
    planes: Vec<Plane>,
    /// Of progressive files.
    coefficients: Vec<Coefficients>,
    tables: Tables,
    quantisation: [Option<Steps>; 4],
    /// The steps of each component, as they were at its first scan (T.81, B.2.4.1).
    steps: [Option<Steps>; 4],
    restart_interval: usize,
}

impl<'a> Decoder<'a> {
    fn new(frame: &'a Frame, scale: Scale) -> Result<Self, Error> {
        let components = || frame.components.iter();
        let coefficients = components().filter(|_| frame.is_progressive);
        Ok(Self {
            frame,
            scale,
            planes: components().map(|c| Plane::new(frame, c, scale)).collect::<Result<_, _>>()?,
            coefficients: coefficients.map(|c| Coefficients::new(c, scale)).collect::<Result<_, _>>()?,
            tables: Tables::default(),
            quantisation: [None; 4],
            steps: [None; 4],
            restart_interval: 0,
        })
    }

    /// Reads scan after scan until the picture is whole.
    fn read(&mut self, jpeg: &[u8]) -> Result<(), Defect> {
        let mut segments = Segments::new(jpeg);
        let mut scans = 0;
        while let Some(segment) = segments.next() {
            match segment.marker {
                DHT => self.tables.parse(segment.body)?,
                DQT => quantise::parse(segment.body, &mut self.quantisation)?,
                DRI => {
                    let interval = segment.body.first_chunk().ok_or(Defect::Has("an empty interval"))?;
                    self.restart_interval = usize::from(u16::from_be_bytes(*interval));
                }
                SOS => {
                    scans += 1;
                    if scans > MAX_SCANS {
                        return Err(Defect::Has("more scans than there can be"));
                    }
                    let scan = Scan::parse(segment.body, self.frame)?;
                    self.latch_steps(&scan)?;
                    let taken = self.read_scan(&scan, segments.rest())?;
                    segments.pass(taken);
                    if !self.frame.is_progressive && self.is_complete() {
                        return Ok(());
                    }
                }
                EOI if self.is_complete() => return Ok(()),
                EOI => break,
                _ => {}
            }
        }
        Err(Defect::BreaksOff)
    }

    /// Whether every component has been told.
    fn is_complete(&self) -> bool {
        self.steps.iter().take(self.frame.components.len()).all(Option::is_some)
    }

    /// Keeps the quantisation tables of the components that begin with this scan.
    fn latch_steps(&mut self, scan: &Scan) -> Result<(), Defect> {
        for part in &scan.parts {
            let (Some(component), Some(steps)) =
                (self.frame.components.get(part.component), self.steps.get_mut(part.component))
            else {
                continue;
            };
            if steps.is_none() {
                if self.frame.is_progressive && scan.band.0 != 0 {
                    return Err(Defect::Has("a component that begins with its details"));
                }
                let table = self.quantisation.get(component.table).copied().flatten();
                *steps = Some(table.ok_or(Defect::Has("no quantisation table"))?);
            }
        }
        Ok(())
    }

    /// Reads a scan from the start of `data`; tells how much of that it took.
    fn read_scan(&mut self, scan: &Scan, data: &[u8]) -> Result<usize, Defect> {
        let (frame, interval) = (self.frame, self.restart_interval);
        let (planes, coefficients) = (&mut self.planes, &mut self.coefficients);
        if frame.is_progressive {
            if scan.is_of_averages()? {
                return scan.read(data, frame, interval, &mut First::new(scan, &self.tables, coefficients)?);
            }
            if self.scale == Scale::Eighth {
                // The segments that follow are found without it.
                return Ok(0);
            }
            return scan.read(data, frame, interval, &mut Band::new(scan, &self.tables, coefficients)?);
        }
        if self.scale == Scale::Eighth {
            self.tables.prepare_skipping();
            let mut averages = Averages::new(scan, &self.tables, &self.steps, planes)?;
            return scan.read(data, frame, interval, &mut averages);
        }
        let side = self.scale.block_side();
        scan.read(data, frame, interval, &mut Blocks::new(scan, &self.tables, &self.steps, planes, side)?)
    }

    /// The finished planes.
    fn finish(mut self) -> Result<Vec<Plane>, Defect> {
        for ((coefficients, plane), steps) in
            self.coefficients.into_iter().zip(&mut self.planes).zip(&self.steps)
        {
            let steps = steps.as_ref().ok_or(Defect::BreaksOff)?;
            coefficients.finish(plane, steps, self.scale);
        }
        Ok(self.planes)
    }
}
