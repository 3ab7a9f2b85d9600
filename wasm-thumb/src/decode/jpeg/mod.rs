//! JPEG (ITU-T T.81), decoded at the scale that is needed, in integers: one code path for every machine.
//!
//! At 1/8 only the average of each block is wanted, which is its first coefficient, and of chroma that is coarser
//! than luma two or four values. The other coefficients are stepped over, several codes at a look-up, and the scans
//! of a progressive file that tell only them are not read at all. What lies below the last row that is wanted is
//! not read either.
//!
//! A file that breaks off, or is damaged, is shown as far as it goes, as browsers do, if most of it is there: three
//! quarters of the units of every scan that tells first coefficients (or all that are wanted of them, if those are
//! fewer). Otherwise it is corrupt. Restart markers let a damaged interval be passed over; it counts as missing.
//! What is missing is a middle grey, as libjpeg has it, and not a guess. The other scans of a progressive file only
//! refine the picture, and count for as much of them as there is. An end marker is not asked for.

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
mod walk;

pub(crate) use self::segments::{APP1, Segments};
use super::{Channels, RowSink, Scale};
use crate::Error;
use defect::Defect;
use frame::{Colour, Frame};
use planes::{Coefficients, Plane};
use quantise::Steps;
use scan::Scan;
use scan::baseline::Blocks;
use scan::first::{self, First};
use scan::progressive::Band;
use segments::{DHT, DQT, DRI, EOI, SOS};
use tables::Tables;

/// More scans than any encoder makes; each one costs a pass over the whole picture.
const MAX_SCANS: usize = 100;
/// How much of a scan has to be there: three quarters.
const ENOUGH: (usize, usize) = (3, 4);

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
        self.frame.decoded_bytes(scale).saturating_add(self.profile_bytes())
    }

    pub(super) fn profile_bytes(&self) -> u64 {
        profile::len(self.bytes)
    }

    pub(super) fn channels(&self) -> Channels {
        match self.frame.colour {
            Colour::Gray => Channels::Gray,
            Colour::YCbCr | Colour::Rgb => Channels::Rgb,
            Colour::Cmyk | Colour::Ycck => Channels::Cmyk,
        }
    }

    pub(super) fn profile(&self) -> Option<Vec<u8>> {
        profile::find(self.bytes)
    }

    pub(super) fn decode(self, scale: Scale, sink: &mut impl RowSink) -> Result<(), Error> {
        let Self { bytes, frame } = self;
        let mut decoder = Decoder::new(&frame, scale, sink.wanted().rows.1)?;
        decoder.read(bytes).map_err(|defect| defect.into_error(bytes.len()))?;
        pixels::hand_over(&frame, &decoder.finish(), scale, sink);
        Ok(())
    }
}

/// What is known between two scans.
struct Decoder<'a> {
    frame: &'a Frame,
    scale: Scale,
    /// Down to which row of the picture it is of use, not included.
    to_row: u32,
    planes: Vec<Plane>,
    /// Of progressive files.
    coefficients: Vec<Coefficients>,
    tables: Tables,
    quantisation: [Option<Steps>; 4],
    /// The steps of each component, as they were at its first scan (T.81, B.2.4.1).
    steps: [Option<Steps>; 4],
    /// How many bits of each component's first coefficients have not been told, in a progressive file.
    bits_missing: [u8; 4],
    /// Whether enough of each component's first coefficients has been read.
    is_shown: [bool; 4],
    restart_interval: usize,
}

impl<'a> Decoder<'a> {
    fn new(frame: &'a Frame, scale: Scale, rows: u32) -> Result<Self, Error> {
        let components = || frame.components.iter();
        let coefficients = components().filter(|_| frame.is_progressive);
        Ok(Self {
            frame,
            scale,
            to_row: rows.saturating_mul(scale.denominator()).min(frame.height),
            planes: components().map(|c| Plane::new(frame, c, scale)).collect::<Result<_, _>>()?,
            coefficients: coefficients.map(|c| Coefficients::new(c, scale)).collect::<Result<_, _>>()?,
            tables: Tables::default(),
            quantisation: [None; 4],
            steps: [None; 4],
            bits_missing: [u8::MAX; 4],
            is_shown: [false; 4],
            restart_interval: 0,
        })
    }

    /// Reads scan after scan until the picture is whole, or as far as it goes.
    fn read(&mut self, jpeg: &[u8]) -> Result<(), Defect> {
        let end = self.read_segments(jpeg);
        let is_complete = self.is_shown.iter().take(self.frame.components.len()).all(|&shown| shown);
        if is_complete { Ok(()) } else { end.and(Err(Defect::BreaksOff)) }
    }

    fn read_segments(&mut self, jpeg: &[u8]) -> Result<(), Defect> {
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
                    let data = segments.data();
                    self.read_scan(&scan, data)?;
                    if self.has_all() {
                        break;
                    }
                    segments.pass(data);
                }
                EOI => break,
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether no scan that follows can tell anything that is of use.
    fn has_all(&self) -> bool {
        let components = self.frame.components.len();
        if self.frame.is_progressive {
            let mut each = self.is_shown.iter().zip(&self.bits_missing).take(components);
            self.scale == Scale::Eighth && each.all(|(&is_shown, &missing)| is_shown && missing == 0)
        } else {
            self.steps.iter().flatten().count() == components
        }
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

    fn read_scan(&mut self, scan: &Scan, data: &[u8]) -> Result<(), Defect> {
        let frame = self.frame;
        let needed = scan.units_down_to(self.to_row, frame);
        let extent = (self.restart_interval, needed);
        let units_read = if frame.is_progressive {
            let (tables, coefficients) = (&self.tables, &mut self.coefficients);
            if !scan.is_of_averages()? {
                if self.scale != Scale::Eighth {
                    scan.read(data, frame, extent, &mut Band::new(scan, tables, coefficients)?);
                }
                return Ok(());
            }
            let lengths = first::lengths(scan, tables)?;
            let mut first = First::new(scan, frame, tables, &lengths, coefficients)?;
            let units_read = scan.read(data, frame, extent, &mut first);
            for part in &scan.parts {
                if let Some(missing) = self.bits_missing.get_mut(part.component) {
                    *missing = scan.bits.1;
                }
            }
            if scan.bits.0 != 0 {
                return Ok(());
            }
            units_read
        } else if self.scale == Scale::Eighth && self.walk(scan, data, extent)? {
            needed
        } else {
            scan.read(
                data,
                frame,
                extent,
                &mut Blocks::new(scan, &self.tables, &self.steps, &mut self.planes)?,
            )
        };
        let (across, down) = scan.units(frame);
        let enough = (across * down * ENOUGH.0).div_ceil(ENOUGH.1).min(needed);
        for part in &scan.parts {
            if let Some(is_shown) = self.is_shown.get_mut(part.component) {
                *is_shown |= units_read >= enough;
            }
        }
        Ok(())
    }

    /// Walks over a scan, if it is not damaged; otherwise nothing has been done.
    fn walk(&mut self, scan: &Scan, data: &[u8], extent: (usize, usize)) -> Result<bool, Defect> {
        let frame = self.frame;
        let planes = &mut self.planes;
        let is_finer = |component: usize| planes.get(component).is_some_and(|plane| plane.sides == (2, 2));
        let Some(walked) = walk::values(scan, frame, &self.tables, data, extent, is_finer)? else {
            return Ok(false);
        };
        let (across, _) = scan.units(frame);
        let per_unit = walked.values_per_unit;
        for (row, values) in walked.values.chunks(across * per_unit).enumerate() {
            let mut at = 0;
            for part in &scan.parts {
                let (Some((h, v)), Some(plane), Some(Some(steps))) =
                    (scan.shape(frame, part), planes.get_mut(part.component), self.steps.get(part.component))
                else {
                    continue;
                };
                let len = if plane.sides == (1, 1) { h * v } else { 4 * h * v };
                plane.put_units(row, (h, v), &values.chunks_exact(per_unit), &(at..at + len), steps);
                at += len;
            }
        }
        Ok(true)
    }

    /// The finished planes.
    fn finish(mut self) -> Vec<Plane> {
        for ((coefficients, plane), steps) in
            self.coefficients.into_iter().zip(&mut self.planes).zip(&self.steps)
        {
            if let Some(steps) = steps {
                coefficients.finish(plane, steps);
            }
        }
        self.planes
    }
}
