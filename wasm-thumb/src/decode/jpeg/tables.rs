//! The Huffman tables that a scan finds (ITU-T T.81, B.2.4.2).

use super::defect::Defect;
use super::huffman::Table;

/// What the segments before a scan have defined.
#[derive(Default)]
pub(super) struct Tables {
    dc: [Option<Table>; 4],
    ac: [Option<Table>; 4],
}

impl Tables {
    /// Reads the tables of a DHT segment.
    pub(super) fn parse(&mut self, mut body: &[u8]) -> Result<(), Defect> {
        while let Some((&kind, rest)) = body.split_first() {
            let (table, rest) = Table::parse(rest)?;
            let tables = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(Defect::Has("a Huffman table of neither kind")),
            };
            let place = tables.get_mut(usize::from(kind & 15));
            *place.ok_or(Defect::Has("a Huffman table that is not 0 to 3"))? = Some(table);
            body = rest;
        }
        Ok(())
    }

    pub(super) fn dc(&self, index: usize) -> Result<&Table, Defect> {
        self.dc.get(index).and_then(Option::as_ref).ok_or(Defect::Has("no Huffman table for its data"))
    }

    pub(super) fn ac(&self, index: usize) -> Result<&Table, Defect> {
        self.ac.get(index).and_then(Option::as_ref).ok_or(Defect::Has("no Huffman table for its data"))
    }
}
