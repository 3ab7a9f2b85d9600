//! The table of colours of a profile (ICC.1:2022, 10.10 to 10.12): three results at each point of a grid of one to
//! four inputs, of which the last changes fastest.

/// The most inputs: the inks of a press.
pub(super) const MAX_INPUTS: usize = 4;
/// The results at a point.
pub(super) const RESULTS: usize = 3;

pub(super) struct Grid<'a> {
    /// Points along each input.
    sides: [usize; MAX_INPUTS],
    inputs: usize,
    results: Results<'a>,
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
        let mut grid_sides = [1; MAX_INPUTS];
        let mut points = 1usize;
        for (side, &points_along) in grid_sides.iter_mut().zip(sides) {
            if points_along < 2 {
                return None;
            }
            *side = usize::from(points_along);
            points = points.checked_mul(*side)?;
        }
        if sides.is_empty() || sides.len() > MAX_INPUTS {
            return None;
        }
        let (samples, rest) = data.split_at_checked(points.checked_mul(RESULTS * sample_bytes)?)?;
        let results = match sample_bytes {
            1 => Results::Eight(samples.as_chunks().0),
            2 => Results::Sixteen(samples.as_chunks().0.as_chunks().0),
            _ => return None,
        };
        Some((Self { sides: grid_sides, inputs: sides.len(), results }, rest))
    }

    /// The results, 0 to 1, at inputs of 0 to 1: of the points around them the mean, weighted by nearness along
    /// each input.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    #[expect(clippy::cast_precision_loss, reason = "a side has at most 255 points")]
    pub(super) fn at(&self, inputs: [f64; MAX_INPUTS]) -> [f64; RESULTS] {
        let mut corners = [(0usize, 1.0f64); 1 << MAX_INPUTS];
        let mut count = 1;
        for (&side, input) in self.sides.iter().zip(inputs).take(self.inputs) {
            let position = input.clamp(0.0, 1.0) * (side - 1) as f64;
            let low = (position as usize).min(side - 2);
            let weight = position - low as f64;
            for at in 0..count {
                let (index, so_far) = corners[at];
                corners[at] = (index * side + low, so_far * (1.0 - weight));
                corners[at + count] = (index * side + low + 1, so_far * weight);
            }
            count *= 2;
        }
        let mut sum = [0.0; RESULTS];
        for (index, weight) in corners.into_iter().take(count) {
            let point = self.point(index);
            sum = std::array::from_fn(|result| sum[result] + weight * point[result]);
        }
        sum
    }

    fn point(&self, index: usize) -> [f64; RESULTS] {
        match self.results {
            Results::Eight(points) => {
                points.get(index).map_or([0.0; RESULTS], |point| point.map(|value| f64::from(value) / 255.0))
            }
            Results::Sixteen(points) => points.get(index).map_or([0.0; RESULTS], |point| {
                point.map(|value| f64::from(u16::from_be_bytes(value)) / 65_535.0)
            }),
        }
    }
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
            let actual = grid.at([x, y, z, 0.0]);
            assert!(
                actual.iter().zip(expected).all(|(a, e)| (a - e).abs() < 1e-12),
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
