//! Lossy WebP: a key frame of VP8 (RFC 6386), one row of macroblocks after another.

mod bools;
mod colour;
mod filter;
mod full;
mod header;
mod modes;
mod predict;
mod probabilities;
mod shrunk;
mod steps;
mod subblock;
mod tokens;
mod transform;

use super::defect::Defect;
use super::{Emit, Part};
use crate::decode::Scale;
use full::Full;
use header::Header;
pub(super) use header::dimensions;
use modes::Sub;
use predict::{Above, Work};
use shrunk::Shrunk;
use tokens::{Reader, Residue};

/// What decoding takes apart from what depends on the width: tables and the macroblock at hand, rounded up.
const FIXED_BYTES: u64 = 16 << 10;
/// Modes and tokens along the lower edge of a macroblock.
const CONTEXT_BYTES: u64 = 4 + 9;

/// What decoding a picture so wide takes, bytes.
pub(super) fn decoded_bytes(width: u32, scale: Scale) -> u64 {
    let output = if scale == Scale::Full { Full::BYTES } else { Shrunk::BYTES };
    FIXED_BYTES + u64::from(width.div_ceil(16)) * (output + Above::BYTES + CONTEXT_BYTES)
}

/// Where macroblocks go.
enum Output {
    Full(Full),
    Shrunk(Shrunk),
}

/// Decodes the part that is wanted, in pixels at that scale, row by row. Returns the number of rows that could be
/// decoded, if the data breaks off before all that are wanted.
pub(super) fn decode(
    data: &[u8],
    scale: Scale,
    wanted: Part,
    emit: &mut Emit,
) -> Result<Option<usize>, Defect> {
    let (width, height) = dimensions(data)?;
    let (width, height) = (width as usize, height as usize);
    let mut header = Header::read(data)?;
    let reader = Reader::new(&header.tokens);
    let (columns, side) = (width.div_ceil(16), 2 * scale.block_side());
    let mut output = match scale {
        Scale::Full => Output::Full(Full::new((width, height), wanted)?),
        _ => Output::Shrunk(Shrunk::new(side, columns, wanted)?),
    };
    let mut above = Above::new(columns);
    let mut modes_above = vec![[Sub::Average; 4]; columns];
    let mut tokens_above = vec![[0; 9]; columns];
    let (mut work, mut residue) = (Work::new(), Residue::NONE);
    let count = header.partitions.len();
    for y in 0..height.div_ceil(16) {
        // Rows of pixels wait for the next row of macroblocks at full scale.
        if side * y >= wanted.rows.1 + if scale == Scale::Full { 7 } else { 0 } {
            break;
        }
        let mut partition = header.partitions[y % count];
        work.begin_row(y == 0);
        let (mut modes_left, mut tokens_left) = ([Sub::Average; 4], [0; 9]);
        for (x, (modes_above, tokens_above)) in modes_above.iter_mut().zip(&mut tokens_above).enumerate() {
            let modes = modes::read(&mut header, modes_above, &mut modes_left);
            if modes.is_skipped {
                for edge in [&mut *tokens_above, &mut tokens_left] {
                    edge[..8].fill(0);
                    // Subblocks have no block of averages, so what is known of the last one stays.
                    if matches!(modes.luma, modes::Luma::Whole(_)) {
                        edge[8] = 0;
                    }
                }
            } else {
                let steps = &header.steps[modes.segment & 3];
                reader.read(
                    &mut partition,
                    &modes.luma,
                    steps,
                    (tokens_above, &mut tokens_left),
                    &mut residue,
                );
            }
            let has_residue = !residue.is_none();
            work.make((x, y == 0), &mut above, (&modes.luma, modes.chroma), &mut residue);
            match &mut output {
                Output::Full(full) => {
                    full.put(x, &work, header.levels.strength(modes.segment, &modes.luma, has_residue));
                }
                Output::Shrunk(shrunk) => shrunk.put(x, &work),
            }
        }
        if partition.is_past_end() || header.modes.is_past_end() {
            if let Output::Full(full) = &mut output {
                full.finish_without(y, emit)?;
            }
            return Ok(Some(side * y));
        }
        header.partitions[y % count] = partition;
        match &mut output {
            Output::Full(full) => full.finish_row(y, header.levels.is_simple, emit)?,
            Output::Shrunk(shrunk) => shrunk.finish_row(y, emit)?,
        }
    }
    Ok(None)
}
