//! The table of colours of a profile (ICC.1:2022, 10.10 to 10.12): three results at each point of a grid of one to
//! four inputs, of which the last changes fastest.

/// The most inputs: the inks of a press.
pub(super) const MAX_INPUTS: usize = 4;
/// The results at a point.
pub(super) const RESULTS: usize = 3;

/// Bits of the fraction of a position between two points.
const WHOLE_BITS: u32 = 16;
const WHOLE: f64 = 65_536.0;
/// Which of four are to be put in order, one pair after another.
const ORDER: [(usize, usize); 5] = [(0, 1), (2, 3), (0, 2), (1, 3), (1, 2)];

pub(super) struct Grid<'a> {
    inputs: [Input; MAX_INPUTS],
    results: Results<'a>,
}

/// One input; all zeroes where there is none.
#[derive(Clone, Copy, Default)]
struct Input {
    /// The position of the last point, in the unit of [`WHOLE`].
    last: f64,
    /// The last point but one.
    last_low: u32,
    /// How far apart in the table the points along this input are.
    stride: u32,
}

#[derive(Clone, Copy)]
enum Results<'a> {
    Eight(&'a [[u8; RESULTS]]),
    Sixteen(&'a [[[u8; 2]; RESULTS]]),
}

impl<'a> Grid<'a> {
    /// A grid of so many points along each input from the start of `data`, of samples of 1 or 2 bytes; and what
    /// comes after it. `None` if it is not all there.
    pub(super) fn parse(data: &'a [u8], sides: &[u8], sample_bytes: usize) -> Option<(Self, &'a [u8])> {
        if sides.is_empty() || sides.len() > MAX_INPUTS || sides.iter().any(|&side| side < 2) {
            return None;
        }
        let mut inputs = [Input::default(); MAX_INPUTS];
        let mut points = 1usize;
        for (input, &side) in inputs.iter_mut().zip(sides).rev() {
            let stride = u32::try_from(points).ok()?;
            let last_low = u32::from(side) - 2;
            *input = Input { last: f64::from(side - 1) * WHOLE, last_low, stride };
            points = points.checked_mul(usize::from(side))?;
        }
        let (samples, rest) = data.split_at_checked(points.checked_mul(RESULTS * sample_bytes)?)?;
        let results = match sample_bytes {
            1 => Results::Eight(samples.as_chunks().0),
            2 => Results::Sixteen(samples.as_chunks().0.as_chunks().0),
            _ => return None,
        };
        Some((Self { inputs, results }, rest))
    }

    /// Where an input of 0 to 1 lies, in 1/65536 of the way from one point to the next.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
    pub(super) fn position(&self, input: usize, value: f64) -> u32 {
        (value.clamp(0.0, 1.0) * self.inputs[input].last) as u32
    }

    /// The results, 0 to 1, at positions of the inputs.
    ///
    /// The cell of the grid in which these lie is cut into simplices, in each of which the inputs come in one
    /// order of their fractions; what lies in one is between its corners alone, of which there is one more than
    /// inputs. On the way along equal inputs, as greys have them, these are the ends of the cell and nothing else.
    pub(super) fn at(&self, positions: [u32; MAX_INPUTS]) -> [f64; RESULTS] {
        let mut corner = 0;
        // Fraction and, below it, how far apart the points along this input are; the greatest first.
        let mut steps = [0; MAX_INPUTS];
        for ((step, input), position) in steps.iter_mut().zip(&self.inputs).zip(positions) {
            let low = (position >> WHOLE_BITS).min(input.last_low);
            corner += (low * input.stride) as usize;
            *step = u64::from(position - (low << WHOLE_BITS)) << 32 | u64::from(input.stride);
        }
        for (greater, less) in ORDER {
            let (a, b) = (steps[greater], steps[less]);
            (steps[greater], steps[less]) = (a.max(b), a.min(b));
        }
        match self.results {
            Results::Eight(points) => {
                weigh(corner, steps, |at| points[at].map(u32::from), 1.0 / (255.0 * WHOLE))
            }
            Results::Sixteen(points) => {
                let point = |at: usize| points[at].map(|value| u32::from(u16::from_be_bytes(value)));
                weigh(corner, steps, point, 1.0 / (65_535.0 * WHOLE))
            }
        }
    }
}

/// The results at a corner and at those that are reached by one step after another, each weighed by what its fraction
/// has over the next.
fn weigh(
    corner: usize,
    steps: [u64; MAX_INPUTS],
    point: impl Fn(usize) -> [u32; RESULTS],
    unit: f64,
) -> [f64; RESULTS] {
    let (mut at, mut before) = (corner, 1 << WHOLE_BITS);
    let mut sums = [0u32; RESULTS];
    let mut add = |at, weight: u32| {
        for (sum, result) in sums.iter_mut().zip(point(at)) {
            // The weights make one whole, of which results of 16 bits fit.
            *sum += weight * result;
        }
    };
    for step in steps {
        let fraction = (step >> 32) as u32;
        add(at, before - fraction);
        at += (step & 0xFFFF_FFFF) as usize;
        before = fraction;
    }
    add(at, before);
    sums.map(|sum| f64::from(sum) * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grid whose results are sums of its inputs, which are straight along each of them.
    #[test]
    fn straight_functions_are_met_between_the_points() {
        let sides = [3u8, 2, 4];
        let mut data = Vec::new();
        for (x, y, z) in (0..3u8).flat_map(|x| (0..2u8).flat_map(move |y| (0..4u8).map(move |z| (x, y, z)))) {
            data.extend([x * 50, y * 100, z * 30]);
        }
        let (grid, rest) = Grid::parse(&data, &sides, 1).unwrap();
        assert!(rest.is_empty());
        for [x, y, z] in
            [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.3, 0.7, 0.1], [0.5, 0.5, 0.99], [2.0, -1.0, 0.5]]
        {
            let expected = [x, y, z].map(|value: f64| value.clamp(0.0, 1.0));
            let expected = [expected[0] * 100.0, expected[1] * 100.0, expected[2] * 90.0].map(|v| v / 255.0);
            let actual = grid.at([grid.position(0, x), grid.position(1, y), grid.position(2, z), 0]);
            assert!(
                actual.iter().zip(expected).all(|(a, e)| (a - e).abs() < 1e-4),
                "{actual:?} {expected:?}"
            );
        }
    }

    #[test]
    fn a_grid_that_is_not_all_there_is_none() {
        assert!(Grid::parse(&[0; 23], &[2, 2, 2], 1).is_none());
        assert!(Grid::parse(&[0; 24], &[2, 2, 2], 1).is_some());
        assert!(Grid::parse(&[0; 24], &[2, 2, 1], 1).is_none());
        assert!(Grid::parse(&[0; 24], &[], 1).is_none());
        assert!(Grid::parse(&[0; 24], &[255; 5], 1).is_none());
    }
}
