//! Blocks of a sequential scan (ITU-T T.81, F.2), straight to samples.
#![expect(
    clippy::cast_possible_truncation,
    reason = "coefficients have 16 bits; what a damaged file has beyond is dropped"
)]

use super::ac::AcCodes;
use super::{BlockDecoder, Scan, each_block, one_unit};
use crate::decode::jpeg::bits::{Bits, signed};
use crate::decode::jpeg::defect::Defect;
use crate::decode::jpeg::huffman::Table;
use crate::decode::jpeg::planes::Plane;
use crate::decode::jpeg::quantise::Steps;
use crate::decode::jpeg::tables::Tables;

/// What is needed for the blocks of one component.
struct Part<'a> {
    component: usize,
    dc: &'a Table,
    ac: AcCodes<'a>,
    steps: &'a Steps,
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
        let part = |part: &super::Part| {
            let steps = steps.get(part.component).and_then(Option::as_ref);
            let sides = planes.get(part.component).map_or((8, 8), |plane| plane.sides);
            Ok(Self {
                component: part.component,
                dc: tables.dc(part.dc)?,
                ac: AcCodes::new(tables.ac(part.ac)?, sides),
                steps: steps.ok_or(Defect::Has("no quantisation table"))?,
                previous: 0,
            })
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
        let none = Defect::Has("a code that no table has");
        cursor.refill(bytes);
        let next = cursor.ahead();
        let (length, size) = part.dc.code((next >> 48) as usize).ok_or(none)?;
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
            plane.fill(block[0], part.steps, x, y);
        }
        Ok(())
    }
}
