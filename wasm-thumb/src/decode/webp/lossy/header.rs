//! The frame header (RFC 6386, sections 9 and 19.2).

use super::super::defect::Defect;
use super::bools::Bools;
use super::filter::{Level, Levels};
use super::probabilities::{TOKEN_UPDATES, TOKENS, Tokens};
use super::steps::{Offsets, Steps};

/// Width and height of a key frame, pixels.
pub(in super::super) fn dimensions(data: &[u8]) -> Result<(u32, u32), Defect> {
    let [tag, _, _, start @ .., w0, w1, h0, h1] = data.first_chunk::<10>().ok_or(Defect::BreaksOff)?;
    if tag & 1 != 0 {
        return Err(Defect::Has("a frame that needs another before it"));
    }
    if start != &[0x9D, 0x01, 0x2A] {
        return Err(Defect::Has("no start code"));
    }
    // The upper two bits tell how a player might scale.
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
    Ok((side(*w0, *w1), side(*h0, *h1)))
}

/// What the header tells, and the partitions.
pub(super) struct Header<'a> {
    /// The first partition, at the modes of the first macroblock.
    pub(super) modes: Bools<'a>,
    /// Those of tokens; rows of macroblocks take turns.
    pub(super) partitions: Vec<Bools<'a>>,
    /// How a macroblock's segment is told, if it is.
    pub(super) segment_tree: Option<[u8; 3]>,
    pub(super) steps: [Steps; 4],
    pub(super) levels: Levels,
    pub(super) tokens: Tokens,
    /// The probability that a macroblock has tokens, if some have none.
    pub(super) skip: Option<u8>,
}

/// What is told of a segment, to be added to the frame's own or put in its place.
#[derive(Default)]
struct Segments {
    are_used: bool,
    are_absolute: bool,
    indices: [i16; 4],
    levels: [i16; 4],
}

impl Segments {
    fn value(&self, frame: i16, of_segments: [i16; 4], segment: usize) -> i16 {
        match of_segments.get(segment) {
            Some(value) if self.are_used && self.are_absolute => *value,
            Some(value) if self.are_used => frame + value,
            _ => frame,
        }
    }
}

impl<'a> Header<'a> {
    pub(super) fn read(data: &'a [u8]) -> Result<Self, Defect> {
        let tag = data.first_chunk::<3>().ok_or(Defect::BreaksOff)?;
        let first_bytes = usize::from(tag[0] >> 5) | usize::from(tag[1]) << 3 | usize::from(tag[2]) << 11;
        let rest = data.get(10..).ok_or(Defect::BreaksOff)?;
        let (first, rest) = rest.split_at_checked(first_bytes).ok_or(Defect::BreaksOff)?;
        let mut bools = Bools::new(first);
        // The colour space, of which there is one, and whether clamping is needed, which is done anyway.
        bools.number(2);
        let (segments, segment_tree) = read_segments(&mut bools);
        let is_simple = bools.flag(128);
        let level = i16::from(bools.number(6));
        let sharpness = bools.number(3);
        let level_offset = read_level_offsets(&mut bools);
        let partitions = split_partitions(rest, 1 << bools.number(2))?;
        let index = i16::from(bools.number(7));
        let mut offset = || bools.optional_signed(4).unwrap_or(0);
        let (luma_dc, averages, chroma) = (offset(), [offset(), offset()], [offset(), offset()]);
        let offsets = Offsets { luma_dc, averages, chroma };
        let step = |segment| Steps::new(segments.value(index, segments.indices, segment), offsets);
        let level_of = |segment| {
            let of_segment = segments.value(level, segments.levels, segment);
            level_offset.map(|offset| Level::new(of_segment + offset, sharpness))
        };
        // A level of zero for the whole frame turns the filter off in every segment.
        let levels = Levels { is_simple, is_off: level == 0, of: std::array::from_fn(level_of) };
        // Whether the probabilities hold for later frames.
        bools.flag(128);
        let mut tokens = TOKENS;
        let updates = TOKEN_UPDATES.as_flattened().as_flattened().as_flattened();
        for (token, update) in
            tokens.as_flattened_mut().as_flattened_mut().as_flattened_mut().iter_mut().zip(updates)
        {
            if bools.flag(*update) {
                *token = bools.number(8);
            }
        }
        let skip = bools.flag(128).then(|| bools.number(8));
        if bools.is_past_end() {
            return Err(Defect::BreaksOff);
        }
        let steps = std::array::from_fn(step);
        Ok(Self { modes: bools, partitions, segment_tree, steps, levels, tokens, skip })
    }
}

fn read_segments(bools: &mut Bools) -> (Segments, Option<[u8; 3]>) {
    let mut segments = Segments { are_used: bools.flag(128), ..Segments::default() };
    if !segments.are_used {
        return (segments, None);
    }
    let has_map = bools.flag(128);
    if bools.flag(128) {
        segments.are_absolute = bools.flag(128);
        segments.indices = [0; 4].map(|_: i16| bools.optional_signed(7).map_or(0, i16::from));
        segments.levels = [0; 4].map(|_: i16| bools.optional_signed(6).map_or(0, i16::from));
    }
    let tree = has_map.then(|| [0; 3].map(|_: u8| if bools.flag(128) { bools.number(8) } else { 255 }));
    (segments, tree)
}

/// What is added to the filter's level: for macroblocks predicted as a whole, and by subblocks.
fn read_level_offsets(bools: &mut Bools) -> [i16; 2] {
    if !bools.flag(128) || !bools.flag(128) {
        return [0; 2];
    }
    let offsets = [0; 8].map(|_: i16| bools.optional_signed(6).map_or(0, i16::from));
    // The first of the reference frames is this frame, the first of the modes that of subblocks.
    [offsets[0], offsets[0] + offsets[4]]
}

/// The partitions of tokens. One that is cut short by the end of the file is handed over as it is.
fn split_partitions(data: &[u8], count: usize) -> Result<Vec<Bools<'_>>, Defect> {
    let (sizes, mut rest) = data.split_at_checked(3 * (count - 1)).ok_or(Defect::BreaksOff)?;
    let mut partitions = Vec::with_capacity(count);
    for size in sizes.as_chunks::<3>().0 {
        let size = usize::from(size[0]) | usize::from(size[1]) << 8 | usize::from(size[2]) << 16;
        let (partition, after) = rest.split_at(size.min(rest.len()));
        partitions.push(Bools::new(partition));
        rest = after;
    }
    partitions.push(Bools::new(rest));
    Ok(partitions)
}
