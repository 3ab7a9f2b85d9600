//! A scan (ITU-T T.81, B.2.3 and A.2): blocks of one or more components, in the order in which they are coded.

pub(super) mod baseline;
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
    /// Reads the block of part `part` at column `x` and row `y` of its component's blocks.
    fn block(&mut self, bits: &mut Bits, part: usize, x: usize, y: usize) -> Result<(), Defect>;
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

    /// Reads all blocks from the start of `data`; tells how much of it they took.
    pub(super) fn read(
        &self,
        data: &[u8],
        frame: &Frame,
        restart_interval: usize,
        decoder: &mut impl BlockDecoder,
    ) -> Result<usize, Defect> {
        // How many blocks of each part a unit has, across and down. A part alone is not padded to whole units.
        let mut shapes = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let component = frame.components.get(part.component).ok_or(Defect::Has("no such component"))?;
            shapes.push((component.h, component.v, component.blocks));
        }
        let mut units = frame.units;
        if let [(h, v, blocks)] = &mut shapes[..] {
            (*h, *v, units) = (1, 1, *blocks);
        }
        let mut bits = Bits::new(data, shapes.iter().map(|(h, v, _)| h * v).sum());
        let mut before_restart = restart_interval;
        for (row, column) in (0..units.1).flat_map(|row| (0..units.0).map(move |column| (row, column))) {
            if restart_interval > 0 {
                if before_restart == 0 {
                    bits.restart()?;
                    decoder.restart();
                    before_restart = restart_interval;
                }
                before_restart -= 1;
            }
            bits.reserve();
            for (part, &(h, v, _)) in shapes.iter().enumerate() {
                for (y, x) in (0..v).flat_map(|y| (0..h).map(move |x| (y, x))) {
                    decoder.block(&mut bits, part, column * h + x, row * v + y)?;
                }
            }
            bits.check()?;
        }
        Ok(bits.consumed())
    }
}
