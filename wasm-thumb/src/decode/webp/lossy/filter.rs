//! The loop filter (RFC 6386, section 15), for a row of macroblocks and the rows above that it changes.
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]

use super::modes::Luma;

/// How strongly a macroblock's edges are smoothed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Level {
    /// The largest difference across an edge inside the macroblock; 4 more across its own edges.
    edge: i16,
    /// The largest difference between neighbours on one side.
    interior: i16,
    /// A difference beside the edge from which on it is the picture's own.
    variance: i16,
}

impl Level {
    pub(super) fn new(level: i16, sharpness: u8) -> Self {
        let level = level.clamp(0, 63);
        if level == 0 {
            return Self::default();
        }
        let sharpness = i16::from(sharpness);
        let interior = match sharpness {
            0 => level,
            1..=4 => (level >> 1).min(9 - sharpness),
            _ => (level >> 2).min(9 - sharpness),
        };
        let interior = interior.max(1);
        let variance = i16::from(level >= 15) + i16::from(level >= 40);
        Self { edge: 2 * level + interior, interior, variance }
    }
}

/// The levels of a frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    pub(super) is_simple: bool,
    pub(super) is_off: bool,
    /// By segment: of macroblocks predicted as a whole, and by subblocks.
    pub(super) of: [[Level; 2]; 4],
}

/// What the filter does to a macroblock.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Strength {
    level: Level,
    /// Whether the edges of subblocks are smoothed too.
    is_inside: bool,
}

impl Levels {
    pub(super) fn strength(&self, segment: usize, luma: &Luma, has_residue: bool) -> Strength {
        if self.is_off {
            return Strength::default();
        }
        let by_subs = matches!(luma, Luma::Subs(_));
        Strength { level: self.of[segment & 3][usize::from(by_subs)], is_inside: by_subs || has_residue }
    }
}

/// A window of rows of a plane: those of a row of macroblocks, below some that were there before.
pub(super) struct Window<'a> {
    pub(super) pixels: &'a mut [u8],
    pub(super) stride: usize,
    /// Rows before those of the macroblocks.
    pub(super) before: usize,
    /// The side of a macroblock.
    pub(super) side: usize,
}

/// Filters a row of macroblocks.
pub(super) fn row(planes: &mut [Window<'_>; 3], strengths: &[Strength], is_simple: bool, is_top: bool) {
    for (x, strength) in strengths.iter().enumerate().filter(|(_, strength)| strength.level.edge > 0) {
        let planes = planes.iter_mut().take(if is_simple { 1 } else { 3 });
        for plane in planes {
            plane.filter(x, *strength, is_simple, is_top);
        }
    }
}

impl Window<'_> {
    fn filter(&mut self, x: usize, Strength { level, is_inside }: Strength, is_simple: bool, is_top: bool) {
        let (side, stride) = (self.side, self.stride);
        let outer = Level { edge: level.edge + 4, ..level };
        let inside = || (4..side).step_by(4).filter(|_| is_inside);
        let at = self.before * stride + x * side;
        let mut edge = |at: usize, across, along, level: Level, is_outer: bool| {
            for n in 0..side {
                let first = at + n * along - 4 * across;
                match (is_simple, is_outer) {
                    (true, _) => self.smooth(first, across, |pixels| simple(pixels, level)),
                    (false, true) => self.smooth(first, across, |pixels| around(pixels, level)),
                    (false, false) => self.smooth(first, across, |pixels| within(pixels, level)),
                }
            }
        };
        if x > 0 {
            edge(at, 1, stride, outer, true);
        }
        inside().for_each(|column| edge(at + column, 1, stride, level, false));
        if !is_top {
            edge(at, stride, 1, outer, true);
        }
        inside().for_each(|row| edge(at + row * stride, stride, 1, level, false));
    }

    /// Smooths the eight pixels from `first` on, `step` apart.
    fn smooth(&mut self, first: usize, step: usize, filter: impl Fn([i16; 8]) -> Option<[i16; 6]>) {
        let Some(pixels) = self.pixels.get_mut(first..first + 7 * step + 1) else { return };
        let around = std::array::from_fn(|i| i16::from(pixels[i * step]));
        if let Some(smoothed) = filter(around) {
            for (i, value) in smoothed.into_iter().enumerate() {
                pixels[(i + 1) * step] = value as u8;
            }
        }
    }
}

/// What a signed byte holds.
fn clamp(value: i16) -> i16 {
    value.clamp(-128, 127)
}

/// A pixel moved by a difference.
fn moved(pixel: i16, by: i16) -> i16 {
    (pixel + by).clamp(0, 255)
}

/// Moves the two pixels at the edge; tells by how much the second one was.
fn meet([p1, p0, q0, q1]: [i16; 4], uses_outer: bool) -> (i16, i16, i16) {
    let outer = if uses_outer { clamp(p1 - q1) } else { 0 };
    let by = clamp(outer + 3 * (q0 - p0));
    let (down, up) = (clamp(by + 4) >> 3, clamp(by + 3) >> 3);
    (moved(p0, up), moved(q0, -down), down)
}

fn is_small([p1, p0, q0, q1]: [i16; 4], level: Level) -> bool {
    (p0 - q0).abs() * 2 + (p1 - q1).abs() / 2 <= level.edge
}

fn simple([_, p2, p1, p0, q0, q1, q2, _]: [i16; 8], level: Level) -> Option<[i16; 6]> {
    let inner = [p1, p0, q0, q1];
    is_small(inner, level).then(|| {
        let (p0, q0, _) = meet(inner, true);
        [p2, p1, p0, q0, q1, q2]
    })
}

/// Whether an edge of the normal filter is smoothed, and if so, whether the picture varies beside it.
fn variance([p3, p2, p1, p0, q0, q1, q2, q3]: [i16; 8], level: Level) -> Option<bool> {
    let steps = [p3 - p2, p2 - p1, p1 - p0, q1 - q0, q2 - q1, q3 - q2];
    let is_smooth =
        is_small([p1, p0, q0, q1], level) && steps.iter().all(|step| step.abs() <= level.interior);
    is_smooth.then(|| (p1 - p0).abs() > level.variance || (q1 - q0).abs() > level.variance)
}

/// Across an edge of a macroblock.
fn around(pixels: [i16; 8], level: Level) -> Option<[i16; 6]> {
    let [_, p2, p1, p0, q0, q1, q2, _] = pixels;
    if variance(pixels, level)? {
        let (p0, q0, _) = meet([p1, p0, q0, q1], true);
        return Some([p2, p1, p0, q0, q1, q2]);
    }
    let by = clamp(clamp(p1 - q1) + 3 * (q0 - p0));
    let [far, near, next] = [9, 18, 27].map(|share| (share * by + 63) >> 7);
    Some([
        moved(p2, far),
        moved(p1, near),
        moved(p0, next),
        moved(q0, -next),
        moved(q1, -near),
        moved(q2, -far),
    ])
}

/// Across an edge inside a macroblock.
fn within(pixels: [i16; 8], level: Level) -> Option<[i16; 6]> {
    let [_, p2, p1, p0, q0, q1, q2, _] = pixels;
    let varies = variance(pixels, level)?;
    let (before, after, down) = meet([p1, p0, q0, q1], varies);
    if varies {
        return Some([p2, p1, before, after, q1, q2]);
    }
    let half = (down + 1) >> 1;
    Some([p2, moved(p1, half), before, after, moved(q1, -half), q2])
}
