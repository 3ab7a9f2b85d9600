//! How each macroblock is predicted (RFC 6386, sections 10, 11.2 and 11.3).

use super::bools::Bools;
use super::header::Header;
use super::probabilities::SUBBLOCK_MODES;

/// How a block of luma or of chroma is predicted from its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    Average,
    Above,
    Left,
    Gradient,
}

/// How a subblock of 4×4 pixels is predicted; the numbers are those by which the probabilities are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sub {
    #[default]
    Average = 0,
    Gradient = 1,
    Above = 2,
    Left = 3,
    DownLeft = 4,
    DownRight = 5,
    RightDown = 6,
    LeftDown = 7,
    DownRightFlat = 8,
    UpRightFlat = 9,
}

/// How luma is predicted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Luma {
    Whole(Whole),
    /// Subblock by subblock, row by row.
    Subs([Sub; 16]),
}

/// What the first partition tells of a macroblock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Modes {
    pub(super) segment: usize,
    pub(super) is_skipped: bool,
    pub(super) luma: Luma,
    pub(super) chroma: Whole,
}

/// Reads a macroblock's modes. The modes above and to the left are those of the subblocks next to it, and are
/// replaced by its own.
pub(super) fn read(header: &mut Header, above: &mut [Sub; 4], left: &mut [Sub; 4]) -> Modes {
    let bools = &mut header.modes;
    let segment = header.segment_tree.map_or(0, |[root, low, high]| {
        let half = bools.flag(root);
        2 * usize::from(half) + usize::from(bools.flag(if half { high } else { low }))
    });
    let is_skipped = header.skip.is_some_and(|probability| bools.flag(probability));
    let luma = if bools.flag(145) {
        let whole = match (bools.flag(156), &mut *bools) {
            (false, bools) => [Whole::Average, Whole::Above][usize::from(bools.flag(163))],
            (true, bools) => [Whole::Left, Whole::Gradient][usize::from(bools.flag(128))],
        };
        // What a subblock next to it takes it for.
        let sub = match whole {
            Whole::Average => Sub::Average,
            Whole::Above => Sub::Above,
            Whole::Left => Sub::Left,
            Whole::Gradient => Sub::Gradient,
        };
        (*above, *left) = ([sub; 4], [sub; 4]);
        Luma::Whole(whole)
    } else {
        let mut subs = [Sub::Average; 16];
        for (row, left) in subs.as_chunks_mut::<4>().0.iter_mut().zip(left) {
            for (sub, above) in row.iter_mut().zip(above.iter_mut()) {
                *sub = read_sub(bools, &SUBBLOCK_MODES[*above as usize][*left as usize]);
                (*above, *left) = (*sub, *sub);
            }
        }
        Luma::Subs(subs)
    };
    let chroma = match () {
        () if !bools.flag(142) => Whole::Average,
        () if !bools.flag(114) => Whole::Above,
        () if !bools.flag(183) => Whole::Left,
        () => Whole::Gradient,
    };
    Modes { segment, is_skipped, luma, chroma }
}

#[inline]
fn read_sub(bools: &mut Bools, tree: &[u8; 9]) -> Sub {
    bools.ensure();
    match () {
        () if !bools.next(tree[0]) => Sub::Average,
        () if !bools.next(tree[1]) => Sub::Gradient,
        () if !bools.next(tree[2]) => Sub::Above,
        () if !bools.next(tree[3]) => {
            bools.ensure();
            match () {
                () if !bools.next(tree[4]) => Sub::Left,
                () if !bools.next(tree[5]) => Sub::DownRight,
                () => Sub::RightDown,
            }
        }
        () => {
            bools.ensure();
            match () {
                () if !bools.next(tree[6]) => Sub::DownLeft,
                () if !bools.next(tree[7]) => Sub::LeftDown,
                () if !bools.next(tree[8]) => Sub::DownRightFlat,
                () => Sub::UpRightFlat,
            }
        }
    }
}
