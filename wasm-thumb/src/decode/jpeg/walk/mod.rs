//! The DC coefficients of a sequential scan, and where they are of use the lowest AC coefficients; everything else
//! is stepped over.
//!
//! Several walks go on at the same time. Where there are restart markers, each begins at one. Where there are none,
//! it begins anywhere, as if a unit began there; Huffman codes being what they are, after some hundred codes it is
//! in step with the data, and some time later with the units. Which units of it are right shows when the walk
//! before it arrives: once both have begun a unit at the same bit, all that follows is the same. (S. T. Klein,
//! Y. Wiseman: Parallel Huffman decoding with applications to JPEG files. The Computer Journal 46 (2003), 487-497;
//! A. Weißenberger, B. Schmidt: Accelerating JPEG decompression on graphics processors. International Conference on High Performance
//! Computing, 2021.)
//!
//! What comes out is exact, or nothing: a scan that is damaged is left to the decoder that reads code by code.

mod codes;
mod low;
mod step;
mod walker;
mod window;

use super::defect::Defect;
use super::frame::Frame;
use super::scan::Scan;
use super::segments::{RST_FIRST, find_marker, is_restart};
use super::tables::Tables;
use codes::Codes;
use step::{Ends, Lane, walk};
use walker::{Route, State, Walker};
use window::Window;

/// How many walks there are at most. With more, the machine has no more time to fill.
const WALKS: usize = 4;
/// Bytes of a scan for which more than one is begun.
const MIN_BYTES: usize = 32 << 10;

/// The values of a scan's blocks, unit by unit: of each block its DC coefficient, and if AC coefficients are wanted
/// of it, those with the numbers 1, 2 and 4 in the order in which they are coded.
pub(super) struct Walked {
    pub(super) values: Vec<i16>,
    pub(super) values_per_unit: usize,
}

/// Walks over the first `units_needed` units of a scan, all that is in `data`. `is_finer` tells of each component
/// of the frame whether AC coefficients are wanted. `None` if the data is damaged or breaks off.
pub(super) fn values(
    scan: &Scan,
    frame: &Frame,
    tables: &Tables,
    data: &[u8],
    (interval, units_needed): (usize, usize),
    is_finer: impl Fn(usize) -> bool,
) -> Result<Option<Walked>, Defect> {
    let codes = Codes::new(scan, frame, tables, is_finer)?;
    let values_per_unit = codes.blocks.iter().map(codes::Block::values).sum();
    let route = Route { codes, interval, units_needed };
    let (across, down) = scan.units(frame);
    let share = data.len() as u64 * units_needed as u64 / (across * down).max(1) as u64;
    let used = usize::try_from(share).unwrap_or(data.len());
    let together = run(&route, begin(&route, data, used), values_per_unit);
    Ok(together.or_else(|| run(&route, begin(&route, data, 0), values_per_unit)))
}

/// A walk and where in the data it begins.
type Begun<'a> = (Walker<'a>, usize);

/// Places to begin at, in the first `used` bytes of the data.
fn begin<'a>(route: &Route, data: &'a [u8], used: usize) -> Vec<Begun<'a>> {
    let mut places = vec![(0, 0)];
    for n in 1..WALKS {
        if used < MIN_BYTES {
            break;
        }
        let nominal = used / WALKS * n;
        let rest = data.get(nominal..used).unwrap_or_default();
        let found = if route.interval > 0 {
            find_marker(rest).and_then(|at| rest.get(at + 1).map(|&marker| (nominal + at + 2, marker)))
        } else {
            // Not between a byte and its stuffed zero.
            rest.iter().position(|&byte| byte != 0xFF).map(|at| (nominal + at + 1, RST_FIRST))
        };
        match found {
            Some((at, marker)) if is_restart(marker) && places.iter().all(|&(before, _)| before < at) => {
                places.push((at, usize::from(marker & 7) + 1));
            }
            _ => {}
        }
    }
    let landmarks = places.iter().skip(1).map(|&(at, _)| Some(at)).chain([None]);
    places
        .iter()
        .zip(landmarks)
        .map(|(&(at, next_restart), next)| {
            let landmark = if route.interval > 0 { None } else { next };
            let is_sure = at == 0 || route.interval > 0;
            let next_restart = if at == 0 { 0 } else { next_restart };
            (Walker::new(route, Window::new(data, at, landmark), next_restart, is_sure), at)
        })
        .collect()
}

/// Walks until every walk has come to where the next one began.
fn run(route: &Route, mut walkers: Vec<Begun>, values_per_unit: usize) -> Option<Walked> {
    let mut ends = Box::new([[0; codes::BLOCKS]; WALKS]);
    let values = route.units_needed * values_per_unit;
    for (n, (walker, _)) in walkers.iter_mut().enumerate() {
        // The first is going to take up what the others bring.
        walker.values.reserve(if n == 0 { values } else { values / WALKS + values / 16 });
    }
    loop {
        match walkers.iter().filter(|(walker, _)| walker.state == State::Going).count() {
            0 => break,
            1 => go_alone(route, &mut walkers, &mut ends[0]),
            _ => go_together(route, &mut walkers, &mut ends),
        }
        // Walks that are not on the right way might bring back any number of units.
        let collected: usize = walkers.iter().map(|(walker, _)| walker.values.len()).sum();
        let has_failed = walkers.iter().any(|(walker, _)| walker.state == State::Failed);
        if has_failed || collected > 2 * values + 100_000 {
            return None;
        }
    }
    join(walkers, route, values_per_unit)
}

fn go_together(route: &Route, walkers: &mut [Begun], ends: &mut [Ends; WALKS]) {
    let idle = Lane::at_unit(0, &route.codes);
    let mut lanes = [idle; WALKS];
    for (lane, (walker, _)) in lanes.iter_mut().zip(&*walkers) {
        if walker.state == State::Going {
            *lane = walker.lane;
        }
    }
    let windows = std::array::from_fn(|i| walkers[i.min(walkers.len() - 1)].0.window.bytes());
    walk(&mut lanes, windows, &route.codes, ends);
    for (i, (lane, ends)) in lanes.into_iter().zip(&*ends).enumerate().take(walkers.len()) {
        collect(route, walkers, i, lane, ends);
    }
}

fn go_alone(route: &Route, walkers: &mut [Begun], ends: &mut Ends) {
    let Some(i) = walkers.iter().position(|(walker, _)| walker.state == State::Going) else { return };
    let mut lanes = [walkers[i].0.lane];
    walk(&mut lanes, [walkers[i].0.window.bytes()], &route.codes, std::array::from_mut(ends));
    collect(route, walkers, i, lanes[0], ends);
}

/// Hands a walk what the steps have passed.
fn collect(route: &Route, walkers: &mut [Begun], index: usize, lane: Lane, ends: &Ends) {
    let (these, next) = walkers.split_at_mut(index + 1);
    let Some((walker, _)) = these.last_mut() else { return };
    if walker.state == State::Going {
        let first = walker.lane.place >> 7;
        walker.lane = lane;
        walker.collect(route, first, ends, next.first());
    }
}

/// Puts together what the walks have brought back.
fn join(walkers: Vec<Begun>, route: &Route, values_per_unit: usize) -> Option<Walked> {
    let mut values: Vec<i16> = Vec::new();
    let (mut first, mut units) = (0, 0);
    // The last DC coefficients before a walk, which began with 0.
    let mut before = [0; 4];
    for (mut walker, _) in walkers {
        let taken = walker.units.checked_sub(first)?.min(route.units_needed - units);
        before = walker.shift(route, (first, taken), values_per_unit, before);
        units += taken;
        let (from, to) = (first * values_per_unit, (first + taken) * values_per_unit);
        if values.is_empty() && from == 0 {
            values = walker.values;
            values.truncate(to);
        } else {
            values.extend_from_slice(walker.values.get(from..to)?);
        }
        match walker.state {
            State::Joined(unit) if units < route.units_needed => first = unit,
            _ => break,
        }
    }
    (units == route.units_needed).then_some(Walked { values, values_per_unit })
}
