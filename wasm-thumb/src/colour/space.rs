//! What a file tells of its colours: a profile, or primaries and a transfer curve. In nothing but additions,
//! multiplications and divisions, which are the same everywhere.

use super::profile::D50;

/// A colour space as files tell it.
#[derive(Clone, Debug)]
pub(crate) enum ColourSpace {
    /// An ICC profile.
    Profile(Vec<u8>),
    /// Primaries, which do not matter in grey, and a curve.
    Primaries(Chromaticities, Transfer),
}

impl ColourSpace {
    /// The ICC profile, if it is told by one.
    pub(crate) fn profile(&self) -> Option<&[u8]> {
        match self {
            Self::Profile(profile) => Some(profile),
            Self::Primaries(..) => None,
        }
    }
}

type Matrix = [[f64; 3]; 3];

/// Chromaticities in CIE 1931 xy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Chromaticities {
    pub(crate) white: (f64, f64),
    /// Red, green and blue.
    pub(crate) primaries: [(f64, f64); 3],
}

/// From encoded values to light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Transfer {
    /// A power.
    Gamma(f64),
    /// IEC 61966-2-1.
    Srgb,
    /// Back from what a camera does (ITU-R BT.709), as browsers take it, not what a television makes of it.
    Rec709,
}

/// Bradford's cone responses (ICC.1:2022, annex E).
const CONES: Matrix = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];

impl Chromaticities {
    /// XYZ of red, green and blue, with white adapted to D50; none where they span no colours.
    pub(super) fn to_d50(self) -> Option<Matrix> {
        let xyz = |(x, y): (f64, f64)| (y > 0.0).then(|| [x / y, 1.0, (1.0 - x - y) / y]);
        let [red, green, blue] = self.primaries;
        let primaries = transpose([xyz(red)?, xyz(green)?, xyz(blue)?]);
        let white = xyz(self.white)?;
        let amounts = apply(&invert(&primaries)?, white);
        let scaled = primaries.map(|row| [row[0] * amounts[0], row[1] * amounts[1], row[2] * amounts[2]]);
        let (from, to) = (apply(&CONES, white), apply(&CONES, D50));
        let mut adapted = CONES;
        for (row, (from, to)) in adapted.iter_mut().zip(from.into_iter().zip(to)) {
            *row = row.map(|cell| cell * to / from);
        }
        Some(transpose(multiply(&multiply(&invert(&CONES)?, &adapted), &scaled)))
    }
}

fn apply(m: &Matrix, v: [f64; 3]) -> [f64; 3] {
    m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

fn transpose(m: Matrix) -> Matrix {
    [0, 1, 2].map(|column| m.map(|row| row[column]))
}

fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    transpose(transpose(*b).map(|column| apply(a, column)))
}

/// By cofactors; none if there is no inverse.
fn invert(m: &Matrix) -> Option<Matrix> {
    let minor = |row: usize, column: usize| {
        let cell = |r: usize, c: usize| m[(row + r) % 3][(column + c) % 3];
        cell(1, 1) * cell(2, 2) - cell(1, 2) * cell(2, 1)
    };
    let determinant = m[0][0] * minor(0, 0) + m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2);
    let inverse = [0, 1, 2].map(|row| [0, 1, 2].map(|column| minor(column, row) / determinant));
    inverse.iter().flatten().all(|cell| cell.is_finite()).then_some(inverse)
}
