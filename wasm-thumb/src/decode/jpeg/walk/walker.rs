//! One of several walks, and what it brings back.
#![expect(
    clippy::cast_possible_truncation,
    reason = "coefficients have 16 bits, as all that is added to them"
)]

use super::codes::{BLOCKS, Codes};
use super::step::{Ends, LOST, Lane};
use super::window::{Window, bits};
use crate::decode::jpeg::bits::signed;

/// The most units of a walk of which is kept where they begin.
const MAX_MARKS: usize = 1 << 13;

/// What has become of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It goes on.
    Going,
    /// It has come to where the next one has been: at the beginning of this unit of that one.
    Joined(usize),
    /// It has come to the end of the data, or to as many units as are needed.
    Ended,
    /// The data is damaged here, or the next walk was never on the right way.
    Failed,
}

/// A walk from some place on.
pub(super) struct Walker<'a> {
    pub(super) lane: Lane,
    pub(super) window: Window<'a>,
    pub(super) state: State,
    /// Where in the window the block begins that is being walked.
    start: u32,
    /// The last DC coefficient of each part of the scan.
    previous: [i32; 4],
    /// What is of use, block after block, unit after unit.
    pub(super) values: Vec<i16>,
    /// How many units are whole.
    pub(super) units: usize,
    /// The number of the next restart marker.
    next_restart: usize,
    /// Where each unit begins, in bits from where the walk began; none if there are restarts.
    marks: Vec<u64>,
    /// How many of the next walk's marks lie behind this one.
    marks_passed: usize,
    /// Whether it began at the beginning of a unit. Otherwise it has to be joined by one that did.
    pub(super) is_sure: bool,
}

/// What holds for all walks of a scan.
pub(super) struct Route<'a> {
    pub(super) codes: Codes<'a>,
    /// Units between restarts; 0 if there are none.
    pub(super) interval: usize,
    pub(super) units_needed: usize,
}

impl<'a> Walker<'a> {
    pub(super) fn new(route: &Route, window: Window<'a>, next_restart: usize, is_sure: bool) -> Self {
        Self {
            lane: Lane::at_unit(0, &route.codes),
            window,
            state: State::Going,
            start: 0,
            previous: [0; 4],
            values: Vec::new(),
            units: 0,
            next_restart,
            marks: vec![0],
            marks_passed: 0,
            is_sure,
        }
    }

    /// Takes what the last steps, from block `first` of the unit on, have passed.
    pub(super) fn collect(
        &mut self,
        route: &Route,
        first: u32,
        ends: &Ends,
        next_walk: Option<&(Self, usize)>,
    ) {
        let blocks = &route.codes.blocks[..];
        let (first, last) = (first as usize, (self.lane.place >> 7) as usize);
        let held = self.window.end();
        let is_lost = self.lane.bit >= LOST;
        let mut in_unit = first;
        // What a block has goes to the end of this, so that no more than a store is needed for each.
        let mut values = [0; 4 * BLOCKS];
        let mut len = 0;
        for &end in ends.get(first..last).unwrap_or_default() {
            if end > held {
                if end < LOST {
                    self.values.extend_from_slice(&values[..len.min(values.len())]);
                    self.state = State::Ended;
                    return;
                }
                break;
            }
            let Some(block) = blocks.get(in_unit) else { break };
            let bytes = self.window.bytes();
            let next = bits(bytes, self.start);
            // A code that no table has would not have been passed.
            let (length, size) = block.dc.code((next >> 48) as usize).unwrap_or_default();
            let size = u32::from(size);
            let previous = &mut self.previous[block.part & 3];
            *previous = previous.wrapping_add(signed(next << length, size));
            values[len & (4 * BLOCKS - 1)] = *previous as i16;
            len += 1;
            if let Some(low) = &block.low {
                for value in low.read(bytes, self.start + length + size) {
                    values[len & (4 * BLOCKS - 1)] = value;
                    len += 1;
                }
            }
            self.start = end;
            in_unit += 1;
            if in_unit == blocks.len() {
                in_unit = 0;
                self.units += 1;
                if self.end_unit(route, next_walk) {
                    self.values.extend_from_slice(&values[..len.min(values.len())]);
                    return;
                }
            }
        }
        self.values.extend_from_slice(&values[..len.min(values.len())]);
        if is_lost {
            self.lose_way(route);
            in_unit = 0;
        }
        self.lane.place = (in_unit as u32) << 7 | self.lane.place & 127;
        if self.window.is_short(self.lane.bit) {
            let bytes = self.start / 8;
            self.window.advance(bytes as usize);
            self.lane.bit -= 8 * bytes;
            self.start -= 8 * bytes;
        }
    }

    /// Whether what follows in this window is not of use.
    fn end_unit(&mut self, route: &Route, next: Option<&(Self, usize)>) -> bool {
        if self.units >= route.units_needed {
            self.state = State::Ended;
            return true;
        }
        if route.interval > 0 {
            let is_restart = self.units.is_multiple_of(route.interval);
            if is_restart {
                self.restart(route, next.map(|&(_, at)| at));
            }
            return is_restart;
        }
        let place = self.window.place(self.start);
        if self.marks.len() < MAX_MARKS {
            self.marks.push(place);
        }
        let (Some((next, _)), Some(bytes_before)) = (next, self.window.bytes_before_landmark) else {
            return false;
        };
        let Some(place) = place.checked_sub(8 * bytes_before) else { return false };
        while next.marks.get(self.marks_passed).is_some_and(|&mark| mark < place) {
            self.marks_passed += 1;
        }
        match next.marks.get(self.marks_passed) {
            Some(&mark) if mark == place => self.state = State::Joined(self.marks_passed),
            Some(_) => {}
            None => self.state = State::Failed,
        }
        self.state != State::Going
    }

    fn restart(&mut self, route: &Route, next_at: Option<usize>) {
        let Some(at) = self.window.restart(self.next_restart) else {
            self.state = State::Ended;
            return;
        };
        if Some(at) == next_at {
            self.state = State::Joined(0);
        }
        self.next_restart += 1;
        (self.lane, self.start, self.previous) = (Lane::at_unit(0, &route.codes), 0, [0; 4]);
    }

    /// Nothing that has been read so far can have been right: it is begun again at the next byte.
    fn lose_way(&mut self, route: &Route) {
        if self.is_sure {
            self.state = State::Failed;
            return;
        }
        let bit = (self.start / 8 + 1) * 8;
        (self.lane, self.start, self.previous) = (Lane::at_unit(bit, &route.codes), bit, [0; 4]);
        (self.units, self.marks_passed) = (0, 0);
        self.values.clear();
        self.marks.clear();
        self.marks.push(self.window.place(bit));
    }

    /// Adds to the DC coefficients of some units what the walk could not know: the last ones before its first unit,
    /// less those that it had itself by then. Tells those of the last unit.
    pub(super) fn shift(
        &mut self,
        route: &Route,
        (first, count): (usize, usize),
        values_per_unit: usize,
        before: [i16; 4],
    ) -> [i16; 4] {
        let mut offset = before;
        if first > 0 {
            let own = self.values.chunks_exact(values_per_unit).nth(first - 1).unwrap_or_default();
            let own = last_of_parts(route, own);
            offset = std::array::from_fn(|part| before[part].wrapping_sub(own[part]));
        }
        let units = self.values.chunks_exact_mut(values_per_unit).skip(first).take(count);
        let mut last = [0; 4];
        // After a restart, and at the beginning of the scan, the first one is told as it is.
        if route.interval == 0 && offset != [0; 4] {
            for unit in units {
                let mut at = 0;
                for block in &route.codes.blocks {
                    unit[at] = unit[at].wrapping_add(offset[block.part & 3]);
                    at += block.values();
                }
            }
        }
        if let Some(unit) = (first + count)
            .checked_sub(1)
            .and_then(|unit| self.values.chunks_exact(values_per_unit).nth(unit))
        {
            last = last_of_parts(route, unit);
        }
        last
    }
}

/// The DC coefficient of the last block of each part of the scan in a unit.
fn last_of_parts(route: &Route, unit: &[i16]) -> [i16; 4] {
    let mut last = [0; 4];
    let mut at = 0;
    for block in &route.codes.blocks {
        last[block.part & 3] = unit.get(at).copied().unwrap_or_default();
        at += block.values();
    }
    last
}
