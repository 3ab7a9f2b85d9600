//! Step 7: the file. A baseline JPEG with the colours at full size: at a hundred pixels, halving them costs more
//! than it saves.
//!
//! The picture becomes blocks of coefficients (`blocks`, `transform`). What is kept of them is chosen by what it
//! costs (`quantise`, `trellis`, `means`); what it costs depends on the Huffman codes (`huffman`), and they on what
//! is chosen, so this goes round twice (`symbols`). Then it is written (`file`). All of it is in integers.

mod blocks;
mod file;
mod huffman;
mod means;
mod quantise;
mod symbols;
mod transform;
mod trellis;
#[cfg_attr(not(feature = "steps"), allow(unreachable_pub, reason = "public with the feature `steps`"))]
mod tuning;

#[cfg(test)]
mod tests;

use std::ops::Range;

use blocks::{Block, Grid};
use file::{CodeSet, Scan};
use huffman::Codes;
use quantise::Table;
use symbols::{Counts, PlaneCosts, Quantised, Statistics};

use crate::scale::Small;
use crate::{Error, Quality};

#[cfg(not(feature = "steps"))]
use tuning::Tuning;
#[cfg(feature = "steps")]
pub use tuning::{PlaneTuning, Tuning};

/// Blocks that are held in memory at a time, 256 bytes each. A picture of more is gone through in bands.
const MAX_BLOCKS: usize = 16_384;

/// A baseline JPEG without metadata; with one component where the picture has no colours.
pub(crate) fn jpeg(picture: &Small, quality: Quality) -> Result<Vec<u8>, Error> {
    tuned(picture, quality, &Tuning::DEFAULT)
}

/// The same with other numbers.
pub(crate) fn tuned(picture: &Small, quality: Quality, tuning: &Tuning) -> Result<Vec<u8>, Error> {
    let too_large = |error: std::num::TryFromIntError| Error::Encode(error.into());
    let width = u16::try_from(picture.width).map_err(too_large)?;
    let height = u16::try_from(picture.height).map_err(too_large)?;
    let mut bands = Bands::new(Grid::new(picture), Table::pair(quality, tuning));

    // What the nearest multiples cost is near enough to what the best will: another round gains nothing.
    let mut nearest = Statistics::new();
    bands.go_through(None, |band, components| nearest.add(band, components));
    let costs = PlaneCosts::of(&nearest, &bands.tables);
    let mut best = Statistics::new();
    bands.go_through(Some(&costs), |band, components| best.add(band, components));
    let codes = code_set(&best);

    let components = bands.grid.components;
    let header = file::header(width, height, components, &bands.tables, &codes);
    let mut scan = Scan::new(header, &codes, components);
    if bands.rows.len() == 1 {
        scan.write(&bands.quantised);
    } else {
        // The same costs lead to the same choice.
        bands.go_through(Some(&costs), |band, _| scan.write(band));
    }
    Ok(scan.finish())
}

/// The picture, some rows of blocks at a time.
struct Bands<'a> {
    grid: Grid<'a>,
    tables: [Table; 2],
    /// The rows of blocks that are gone through together.
    rows: Vec<Range<u32>>,
    blocks: Vec<Block>,
    quantised: Vec<Quantised>,
}

impl<'a> Bands<'a> {
    fn new(grid: Grid<'a>, tables: [Table; 2]) -> Self {
        let at_once = u32::try_from((MAX_BLOCKS / grid.blocks_per_row()).max(1)).unwrap_or(1);
        let rows = (0..grid.rows()).step_by(at_once as usize);
        let rows: Vec<_> = rows.map(|from| from..grid.rows().min(from + at_once)).collect();
        let (blocks, quantised) = (Vec::new(), Vec::new());
        let mut bands = Self { grid, tables, rows, blocks, quantised };
        if let [all] = bands.rows.as_slice() {
            bands.grid.read(all.clone(), &mut bands.blocks);
        }
        bands
    }

    /// Chooses what is kept of each band, and hands it over with the number of components.
    fn go_through(
        &mut self,
        costs: Option<&[PlaneCosts; 2]>,
        mut hand_over: impl FnMut(&[Quantised], usize),
    ) {
        let mut before = [0; 3];
        for index in 0..self.rows.len() {
            if self.rows.len() > 1 {
                self.grid.read(self.rows[index].clone(), &mut self.blocks);
            }
            self.choose(costs, &mut before);
            hand_over(&self.quantised, self.grid.components);
        }
    }

    /// Chooses the best by costs, or the nearest where there are none yet. `before` are the means before the band,
    /// then its last.
    fn choose(&mut self, costs: Option<&[PlaneCosts; 2]>, before: &mut [i16; 3]) {
        let (tables, components) = (&self.tables, self.grid.components);
        self.quantised.clear();
        self.quantised.extend(self.blocks.iter().enumerate().map(|(index, block)| {
            let plane = (index % components).min(1);
            match costs {
                Some(costs) => trellis::best(block, &tables[plane], &costs[plane]),
                None => trellis::nearest(block, &tables[plane]),
            }
        }));
        for (component, before) in before.iter_mut().enumerate().take(components) {
            let plane = component.min(1);
            let of = (component, components);
            let data = (self.blocks.as_slice(), self.quantised.as_mut_slice());
            match costs {
                Some(costs) => *before = means::choose(data, of, &tables[plane], &costs[plane], *before),
                None => means::nearest(data, of, &tables[plane]),
            }
        }
    }
}

/// The codes, shared between luma and chroma where that makes the file smaller.
fn code_set(statistics: &Statistics) -> CodeSet {
    CodeSet { means: shared_or_not(&statistics.means), rest: shared_or_not(&statistics.rest) }
}

fn shared_or_not(counts: &[Counts; 2]) -> Vec<Codes> {
    let sum: Counts = std::array::from_fn(|symbol| counts[0][symbol] + counts[1][symbol]);
    let bits = |codes: &Codes, counts: &Counts| codes.total_bits(counts) + 8 * codes.table_bytes();
    let shared = Codes::new(&sum);
    let own = [Codes::new(&counts[0]), Codes::new(&counts[1])];
    let own_bits = bits(&own[0], &counts[0]) + bits(&own[1], &counts[1]);
    if bits(&shared, &sum) <= own_bits { vec![shared] } else { own.to_vec() }
}
