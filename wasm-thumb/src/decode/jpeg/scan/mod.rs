//! A scan (ITU-T T.81, B.2.3 and A.2): blocks of one or more components, in the order in which they are coded.

mod ac;
pub(super) mod baseline;
pub(super) mod first;
pub(super) mod progressive;

use super::bits::Bits;
use super::defect::Defect;
use super::frame::Frame;

/// What the scan header tells.
pub(super) struct Scan {
    pub(super) parts: Vec<Part>,
    /// The first and the last coefficient, in the order in which they are coded.
    pub(super) band: (usize, usize),
    /// The bits that earlier scans have not told, before this scan and after it.
    pub(super) bits: (u8, u8),
}

/// A component in a scan.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// Its place in the frame.
    pub(super) component: usize,
    /// Which Huffman tables it uses.
    pub(super) dc: usize,
    pub(super) ac: usize,
}

/// What is done with each block.
pub(super) trait BlockDecoder {
    /// Nothing before a restart counts after it.
    fn restart(&mut self);
    /// Reads the unit at column and row of the units, and perhaps some that follow in its row, `most` at most; a
    /// unit has so many blocks of each part across and down. Tells how many could be read, and what is wrong with
    /// the one after them.
    fn units(
        &mut self,
        bits: &mut Bits,
        shapes: &[(usize, usize)],
        place: (usize, usize),
        most: usize,
    ) -> (usize, Result<(), Defect>);
}

/// What [`BlockDecoder::units`] tells of one unit that has been read, if all that was read was there.
#[inline]
fn one_unit(bits: &Bits, read: Result<(), Defect>) -> (usize, Result<(), Defect>) {
    let outcome = read.and_then(|()| bits.check());
    (usize::from(outcome.is_ok()), outcome)
}

/// Hands over each block of the unit at column and row of the units: its part, and column and row of its
/// component's blocks.
#[inline]
fn each_block(
    shapes: &[(usize, usize)],
    (column, row): (usize, usize),
    mut read: impl FnMut(usize, usize, usize) -> Result<(), Defect>,
) -> Result<(), Defect> {
    for (part, &(h, v)) in shapes.iter().enumerate() {
        for (y, x) in (0..v).flat_map(|y| (0..h).map(move |x| (y, x))) {
            read(part, column * h + x, row * v + y)?;
        }
    }
    Ok(())
}

impl Scan {
    pub(super) fn parse(body: &[u8], frame: &Frame) -> Result<Self, Defect> {
        let short = Defect::Has("a scan header that is too short");
        let (&count, rest) = body.split_first().ok_or(short)?;
        let (specs, rest) = rest.split_at_checked(2 * usize::from(count)).ok_or(short)?;
        let &[from, to, bits, ..] = rest else { return Err(short) };
        let mut parts: Vec<Part> = Vec::new();
        for &[id, tables] in specs.as_chunks::<2>().0 {
            let component = frame.components.iter().position(|component| component.id == id);
            let component = component.ok_or(Defect::Has("a scan of an unknown component"))?;
            if parts.iter().any(|part| part.component == component) {
                return Err(Defect::Has("a component twice in a scan"));
            }
            parts.push(Part { component, dc: usize::from(tables >> 4), ac: usize::from(tables & 15) });
        }
        if parts.is_empty() {
            return Err(Defect::Has("a scan of nothing"));
        }
        Ok(Self { parts, band: (usize::from(from), usize::from(to)), bits: (bits >> 4, bits & 15) })
    }

    /// Units of this scan across and down. A component alone is not padded to whole units of all (T.81, A.2.2).
    pub(super) fn units(&self, frame: &Frame) -> (usize, usize) {
        match self.parts[..] {
            [part] => frame.components.get(part.component).map_or((0, 0), |component| component.blocks),
            _ => frame.units,
        }
    }

    /// How many blocks a unit has of one of its components, across and down; none if there is no such component.
    pub(super) fn shape(&self, frame: &Frame, part: &Part) -> Option<(usize, usize)> {
        let component = frame.components.get(part.component)?;
        Some(if self.parts.len() == 1 { (1, 1) } else { (component.h, component.v) })
    }

    /// How many units have to be read for the picture's rows down to `row` (not included), with the next one: those
    /// of as many rows of units.
    pub(super) fn units_down_to(&self, row: u32, frame: &Frame) -> usize {
        let (across, down) = self.units(frame);
        let v = match self.parts[..] {
            [part] => frame.components.get(part.component).map_or(1, |component| component.v),
            _ => frame.most.1,
        };
        across * (row as usize * v / (8 * frame.most.1) + 1).min(down)
    }

    /// Reads blocks from the start of `data`, so many units of them; tells how many units could be read. What is
    /// damaged is passed over up to the next restart.
    pub(super) fn read(
        &self,
        data: &[u8],
        frame: &Frame,
        (interval, units_needed): (usize, usize),
        decoder: &mut impl BlockDecoder,
    ) -> usize {
        let shapes: Option<Vec<_>> = self.parts.iter().map(|part| self.shape(frame, part)).collect();
        let Some(shapes) = shapes else { return 0 };
        let (across, _) = self.units(frame);
        let mut bits = Bits::new(data, shapes.iter().map(|(h, v)| h * v).sum());
        let (mut index, mut units_read) = (0, 0);
        let (mut row, mut row_start) = (0, 0);
        let mut next_restart = if interval > 0 { interval } else { usize::MAX };
        while index < units_needed {
            if index == next_restart {
                let Some(missing) = bits.restart(index / interval - 1) else { break };
                decoder.restart();
                index += missing * interval;
                next_restart = index + interval;
                continue;
            }
            bits.reserve();
            // A division for each unit would take as long as reading it.
            if index - row_start >= across {
                (row, row_start) = (index / across.max(1), index - index % across.max(1));
            }
            let column = index - row_start;
            let most = (across - column).min(next_restart.min(units_needed) - index);
            let (read, outcome) = decoder.units(&mut bits, &shapes, (column, row), most);
            units_read += read;
            index += read;
            if outcome.is_err() {
                if interval == 0 {
                    break;
                }
                index = next_restart;
            }
        }
        units_read
    }
}
