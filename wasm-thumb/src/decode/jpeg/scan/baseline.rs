//! Blocks of a sequential scan (ITU-T T.81, F.2), straight to samples.
#![expect(
    clippy::cast_possible_truncation,
    reason = "coefficients have 16 bits; what a damaged file has beyond is dropped"
)]

use std::rc::Rc;

use super::ac::AcCodes;
use super::{BlockDecoder, Scan, each_block, one_unit};
use crate::decode::jpeg::bits::{Bits, signed};
use crate::decode::jpeg::defect::Defect;
use crate::decode::jpeg::huffman::{NO_CODE, Table};
use crate::decode::jpeg::planes::Plane;
use crate::decode::jpeg::quantise::Steps;
use crate::decode::jpeg::tables::Tables;
use crate::decode::jpeg::transform::Averages;

/// What is needed for the blocks of one component.
struct Part<'a> {
    component: usize,
    dc: &'a Table,
    ac: Rc<AcCodes<'a>>,
    steps: &'a Steps,
    /// Of blocks that have no other coefficient.
    averages: Averages,
    /// The first coefficient of the block before.
    previous: i32,
}

impl<'a> Part<'a> {
    fn all(
        scan: &Scan,
        tables: &'a Tables,
        steps: &'a [Option<Steps>; 4],
        planes: &[Plane],
    ) -> Result<Vec<Self>, Defect> {
        // Components that share a table and a scale share what is made of it.
        let mut known: Vec<(usize, (usize, usize), Rc<AcCodes>)> = Vec::new();
        let part = |part: &super::Part| {
            let steps = steps.get(part.component).and_then(Option::as_ref);
            let steps = steps.ok_or(Defect::Has("no quantisation table"))?;
            let sides = planes.get(part.component).map_or((8, 8), |plane| plane.sides);
            let (dc, ac) = (tables.dc(part.dc)?, tables.ac(part.ac)?);
            let same = known.iter().find(|(table, of, _)| (*table, *of) == (part.ac, sides));
            let same = same.map(|(.., codes)| codes.clone());
            let codes = same.unwrap_or_else(|| {
                let codes = Rc::new(AcCodes::new(ac, sides));
                known.push((part.ac, sides, codes.clone()));
                codes
            });
            let averages = Averages::new(steps);
            Ok(Self { component: part.component, dc, ac: codes, steps, averages, previous: 0 })
        };
        scan.parts.iter().map(part).collect()
    }
}

/// All coefficients are read that the scale has a use for.
pub(in crate::decode::jpeg) struct Blocks<'a> {
    parts: Vec<Part<'a>>,
    planes: &'a mut [Plane],
}

impl<'a> Blocks<'a> {
    pub(in crate::decode::jpeg) fn new(
        scan: &Scan,
        tables: &'a Tables,
        steps: &'a [Option<Steps>; 4],
        planes: &'a mut [Plane],
    ) -> Result<Self, Defect> {
        Ok(Self { parts: Part::all(scan, tables, steps, planes)?, planes })
    }
}

impl BlockDecoder for Blocks<'_> {
    fn restart(&mut self) {
        self.parts.iter_mut().for_each(|part| part.previous = 0);
    }

    fn units(
        &mut self,
        bits: &mut Bits,
        shapes: &[(usize, usize)],
        place: (usize, usize),
        _: usize,
    ) -> (usize, Result<(), Defect>) {
        let read = each_block(shapes, place, |part, x, y| self.block(bits, part, x, y));
        one_unit(bits, read)
    }
}

impl Blocks<'_> {
    /// Reads the block of part `part` at column `x` and row `y` of its component's blocks.
    fn block(&mut self, bits: &mut Bits, part: usize, x: usize, y: usize) -> Result<(), Defect> {
        let Some(part) = self.parts.get_mut(part) else { return Ok(()) };
        let mut block = [0; 64];
        // A copy, of which no address is taken: so it stays in registers.
        let (bytes, mut cursor) = bits.parts();
        cursor.refill(bytes);
        let next = cursor.ahead();
        let (length, size) = part.dc.code((next >> 48) as usize).ok_or(NO_CODE)?;
        if size > 15 {
            return Err(Defect::Has("a difference of too many bits"));
        }
        cursor.skip(length + u32::from(size));
        part.previous = part.previous.wrapping_add(signed(next << length, u32::from(size)));
        block[0] = part.previous as i16;
        let has_detail = part.ac.read(bytes, &mut cursor, &mut block)?;
        bits.resume(cursor);
        // What is made of data that is not there must not be shown.
        bits.check()?;
        let Some(plane) = self.planes.get_mut(part.component) else { return Ok(()) };
        if has_detail {
            plane.put(&block, part.steps, x, y);
        } else {
            plane.fill(part.averages.sample(block[0]), x, y);
        }
        Ok(())
    }
}
