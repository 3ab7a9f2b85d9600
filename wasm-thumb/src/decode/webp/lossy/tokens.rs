//! Coefficients (RFC 6386, section 13).
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]
#![expect(clippy::cast_possible_truncation, reason = "sixteen bits are what the transforms are made for")]

use super::bools::Bools;
use super::modes::Luma;
use super::probabilities::Tokens;
use super::steps::Steps;
use super::transform;

/// Where the coefficient that is told at each place belongs.
const ZIGZAG: [u8; 16] = [0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15];
/// The band of each place.
const BANDS: [u8; 16] = [0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7];

/// Probabilities by place and context. Rows of sixteen are found by a shift.
type OfBlocks = [[[u8; 16]; 3]; 16];

/// The kinds of blocks, in the order of the probabilities.
const LUMA_LESS_DC: usize = 0;
const AVERAGES: usize = 1;
const CHROMA: usize = 2;
const LUMA: usize = 3;

/// Whether the blocks along a macroblock's edge had any tokens: 4 of luma, 2 of each chroma, that of averages.
pub(super) type Edge = [u8; 9];

/// Probabilities, laid out for reading.
pub(super) struct Reader([OfBlocks; 4]);

/// What a macroblock adds to its prediction: coefficients times their steps, and for each block how far they go:
/// 0 where there are none, 1 where there is but the first. 16 blocks of luma, 4 of each chroma.
pub(super) struct Residue {
    pub(super) blocks: [[i16; 16]; 24],
    pub(super) ends: [u8; 24],
}

impl Residue {
    pub(super) const NONE: Self = Self { blocks: [[0; 16]; 24], ends: [0; 24] };

    pub(super) fn is_none(&self) -> bool {
        self.ends == [0; 24]
    }
}

impl Reader {
    pub(super) fn new(tokens: &Tokens) -> Self {
        let at = |kind: usize, place: usize, context: usize| {
            let mut row = [0; 16];
            row[..11].copy_from_slice(&tokens[kind][usize::from(BANDS[place])][context]);
            row
        };
        let places =
            |kind| std::array::from_fn(|place| std::array::from_fn(|context| at(kind, place, context)));
        Self(std::array::from_fn(places))
    }

    /// Reads a macroblock's tokens into a residue that is zero.
    pub(super) fn read(
        &self,
        bools: &mut Bools,
        luma: &Luma,
        steps: &Steps,
        (above, left): (&mut Edge, &mut Edge),
        residue: &mut Residue,
    ) {
        let (kind, first) = match luma {
            Luma::Subs(_) => (LUMA, 0),
            Luma::Whole(_) => {
                let mut averages = [0; 16];
                let context = above[8] + left[8];
                let end = read_block(bools, &self.0[AVERAGES], context, 0, steps.averages, &mut averages);
                (above[8], left[8]) = (u8::from(end > 0), u8::from(end > 0));
                if end > 0 {
                    transform::averages(&averages, end, &mut residue.blocks);
                }
                (LUMA_LESS_DC, 1)
            }
        };
        let Residue { blocks, ends } = residue;
        let (luma_blocks, chroma_blocks) = blocks.split_at_mut(16);
        let (luma_ends, chroma_ends) = ends.split_at_mut(16);
        for (y, left) in left[..4].iter_mut().enumerate() {
            for (x, above) in above[..4].iter_mut().enumerate() {
                let block = &mut luma_blocks[4 * y + x];
                let end = read_block(bools, &self.0[kind], *above + *left, first, steps.luma, block);
                let has_tokens = u8::from(end > first);
                (*above, *left) = (has_tokens, has_tokens);
                // The first coefficient of each block came from the block of averages.
                luma_ends[4 * y + x] = if has_tokens == 1 { end } else { u8::from(block[0] != 0) };
            }
        }
        let edges = above[4..8].as_chunks_mut::<2>().0.iter_mut().zip(left[4..8].as_chunks_mut::<2>().0);
        let blocks = chroma_blocks.as_chunks_mut::<4>().0.iter_mut().zip(chroma_ends.as_chunks_mut::<4>().0);
        for ((above, left), (blocks, ends)) in edges.zip(blocks) {
            for (y, left) in left.iter_mut().enumerate() {
                for (x, above) in above.iter_mut().enumerate() {
                    let block = &mut blocks[2 * y + x];
                    let end = read_block(bools, &self.0[CHROMA], *above + *left, 0, steps.chroma, block);
                    (*above, *left) = (u8::from(end > 0), u8::from(end > 0));
                    ends[2 * y + x] = end;
                }
            }
        }
    }
}

/// Reads the coefficients from place `first` on; returns the place after the last one.
fn read_block(
    bools: &mut Bools,
    of_blocks: &OfBlocks,
    context: u8,
    first: u8,
    steps: [i16; 2],
    block: &mut [i16; 16],
) -> u8 {
    let mut place = usize::from(first);
    let mut node = &of_blocks[place][usize::from(context.min(2))];
    loop {
        bools.ensure();
        if !bools.next(node[0]) {
            return place as u8;
        }
        while !bools.next(node[1]) {
            place += 1;
            if place > 15 {
                return 16;
            }
            node = &of_blocks[place & 15][0];
            bools.ensure();
        }
        let (size, context) = if bools.next(node[2]) { (read_large(bools, node), 2) } else { (1, 1) };
        let value = bools.sign(size);
        let step = steps[usize::from(place > 0)];
        block[usize::from(ZIGZAG[place & 15] & 15)] = value.wrapping_mul(i32::from(step)) as i16;
        place += 1;
        if place > 15 {
            return 16;
        }
        node = &of_blocks[place & 15][context];
    }
}

/// Reads a size of 2 or more, and makes sure of its sign.
#[inline(always)]
fn read_large(bools: &mut Bools, node: &[u8; 16]) -> i32 {
    bools.ensure();
    let size = if !bools.next(node[3]) {
        if bools.next(node[4]) { 3 + i32::from(bools.next(node[5])) } else { 2 }
    } else {
        read_larger(bools, node)
    };
    bools.ensure();
    size
}

#[inline(never)]
fn read_larger(bools: &mut Bools, node: &[u8; 16]) -> i32 {
    let (base, extra): (i32, &[u8]) = if !bools.flag(node[6]) {
        if bools.flag(node[7]) { (7, &[165, 145]) } else { (5, &[159]) }
    } else if !bools.flag(node[8]) {
        if bools.flag(node[9]) { (19, &[176, 155, 140, 135]) } else { (11, &[173, 148, 140]) }
    } else if !bools.flag(node[10]) {
        (35, &[180, 157, 141, 134, 130])
    } else {
        (67, &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129])
    };
    base + extra.iter().fold(0, |number, probability| 2 * number + i32::from(bools.flag(*probability)))
}
