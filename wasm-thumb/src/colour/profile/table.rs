//! Profiles of a table of colours: the types `mft1` and `mft2` (ICC.1:2022, 10.11 and 10.10) of version 2 and
//! `mAB ` (10.12) of version 4. Curves for each input lead to a grid, and from its results curves, a matrix and
//! curves again to the connection space.

use super::curve::Curve;
use super::grid::{Grid, MAX_INPUTS, RESULTS};
use super::ink::Ink;
use super::space::Space;
use super::tags::{Tags, fixed, number};
use crate::colour::srgb;

pub(in crate::colour) struct Table<'a> {
    inputs: Vec<Curve>,
    grid: Option<Grid<'a>>,
    /// Of the four inks of a press.
    inks: Option<Box<[Ink; MAX_INPUTS]>>,
    middle: Option<Middle>,
    /// None where they change nothing.
    results: Option<[Curve; RESULTS]>,
    space: Space,
}

/// Curves and a matrix with offsets.
struct Middle {
    curves: [Curve; RESULTS],
    matrix: [[f64; 4]; RESULTS],
}

impl<'a> Table<'a> {
    /// The table for the perceptual intent, which is made for pictures, or else that of a colorimetric one.
    pub(super) fn parse(tags: &Tags<'a>) -> Option<Self> {
        let data = tags.find(*b"A2B0").or_else(|| tags.find(*b"A2B1"))?;
        let is_lab = match tags.connection_space()? {
            b"Lab " => true,
            b"XYZ " => false,
            _ => return None,
        };
        let expected = match tags.colour_space()? {
            b"GRAY" => 1,
            b"RGB " => 3,
            _ => MAX_INPUTS,
        };
        let mut table = match data.first_chunk()? {
            b"mft1" => Self::eight(data, if is_lab { Space::Lab } else { Space::Xyz }),
            b"mft2" => Self::sixteen(data, if is_lab { Space::LegacyLab } else { Space::Xyz }),
            b"mAB " => Self::versatile(data, if is_lab { Space::Lab } else { Space::Xyz }),
            _ => None,
        }?;
        if let (Some(grid), Ok(curves)) =
            (&table.grid, <&[Curve; MAX_INPUTS]>::try_from(table.inputs.as_slice()))
        {
            let ink = |input| Ink::new(grid, input, &curves[input]);
            table.inks = Some(Box::new(std::array::from_fn(ink)));
        }
        (table.inputs.len() == expected).then_some(table)
    }

    /// 10.11: curves of 256 values, all of a byte. The matrix is for inputs of XYZ, which pictures do not have.
    fn eight(data: &'a [u8], space: Space) -> Option<Self> {
        let (inputs, sides) = counts(data)?;
        let (curves, rest) = bytes_as_curves(data.get(48..)?, inputs)?;
        let (grid, rest) = Grid::parse(rest, &vec![sides; inputs], 1)?;
        let (results, _) = bytes_as_curves(rest, RESULTS)?;
        Some(Self {
            inputs: curves,
            grid: Some(grid),
            inks: None,
            middle: None,
            results: not_straight(three(results)?),
            space,
        })
    }

    /// 10.10: curves of 2 to 4,096 values, all of two bytes.
    fn sixteen(data: &'a [u8], space: Space) -> Option<Self> {
        let (inputs, sides) = counts(data)?;
        let entries = |at: usize| Some(usize::from(u16::from_be_bytes(*data.get(at..)?.first_chunk()?)));
        let (before, after) = (entries(48)?, entries(50)?);
        let (curves, rest) = words_as_curves(data.get(52..)?, inputs, before)?;
        let (grid, rest) = Grid::parse(rest, &vec![sides; inputs], 2)?;
        let (results, _) = words_as_curves(rest, RESULTS, after)?;
        Some(Self {
            inputs: curves,
            grid: Some(grid),
            inks: None,
            middle: None,
            results: not_straight(three(results)?),
            space,
        })
    }

    /// 10.12: everything may be left out but the last curves, and each part is where an offset says.
    fn versatile(data: &'a [u8], space: Space) -> Option<Self> {
        let inputs = usize::from(*data.get(8)?);
        if inputs == 0 || inputs > MAX_INPUTS || usize::from(*data.get(9)?) != RESULTS {
            return None;
        }
        let part = |at: usize| -> Option<Option<&'a [u8]>> {
            match number(data, at)? {
                0 => Some(None),
                offset => data.get(offset..).map(Some),
            }
        };
        let [results, matrix, middle, grid, curves] = [part(12)?, part(16)?, part(20)?, part(24)?, part(28)?];
        let middle = match (middle, matrix) {
            (Some(curves), Some(matrix)) => {
                Some(Middle { curves: three(Curve::parse_all(curves, RESULTS)?)?, matrix: affine(matrix)? })
            }
            (None, None) => None,
            _ => return None,
        };
        let (inputs, grid) = match (curves, grid) {
            (Some(curves), Some(grid)) => {
                let (sides, sample_bytes) = (grid.get(..inputs)?, usize::from(*grid.get(16)?));
                let (grid, _) = Grid::parse(grid.get(20..)?, sides, sample_bytes)?;
                (Curve::parse_all(curves, inputs)?, Some(grid))
            }
            // Without a grid as many values go in as come out.
            (None, None) if inputs == RESULTS => (vec![Curve::identity(); RESULTS], None),
            _ => return None,
        };
        let results = not_straight(three(Curve::parse_all(results?, RESULTS)?)?);
        Some(Self { inputs, grid, inks: None, middle, results, space })
    }

    /// Linear light of sRGB around 0 to 1.
    pub(super) fn to_linear_srgb(&self, values: [u16; MAX_INPUTS]) -> [f64; 3] {
        let mut inputs = [0.0; MAX_INPUTS];
        for ((input, curve), value) in inputs.iter_mut().zip(&self.inputs).zip(values) {
            *input = curve.at(value);
        }
        match &self.grid {
            Some(grid) => {
                let [a, b, c, d] = inputs;
                let position = |input, value| grid.position(input, value);
                self.finish(grid.at([position(0, a), position(1, b), position(2, c), position(3, d)]))
            }
            None => self.finish([inputs[0], inputs[1], inputs[2]]),
        }
    }

    /// The same of inks of which is known what each lets through, 0 to 65535, if it were encoded as sRGB is.
    pub(super) fn inks_to_linear_srgb(&self, through: [u16; MAX_INPUTS]) -> [f64; 3] {
        let Some((grid, inks)) = self.grid.as_ref().zip(self.inks.as_ref()) else {
            return self.to_linear_srgb(through.map(|through| u16::MAX - srgb::encode_16(through)));
        };
        let mut positions = [0; MAX_INPUTS];
        for ((position, ink), through) in positions.iter_mut().zip(inks.iter()).zip(through) {
            *position = ink.position(through);
        }
        self.finish(grid.at(positions))
    }

    /// From what comes out of the grid.
    fn finish(&self, mut light: [f64; RESULTS]) -> [f64; 3] {
        if let Some(Middle { curves, matrix }) = &self.middle {
            let [x, y, z] = follow(curves, light);
            light = matrix.map(|row| row[0] * x + row[1] * y + row[2] * z + row[3]);
        }
        if let Some(curves) = &self.results {
            light = follow(curves, light);
        }
        self.space.to_linear_srgb(light)
    }
}

/// None where they change nothing, as is most often so.
fn not_straight(curves: [Curve; RESULTS]) -> Option<[Curve; RESULTS]> {
    (!curves.iter().all(Curve::is_identity)).then_some(curves)
}

fn follow(curves: &[Curve; RESULTS], values: [f64; RESULTS]) -> [f64; RESULTS] {
    std::array::from_fn(|index| curves[index].between(values[index]))
}

/// How many inputs there are, and points along each.
fn counts(data: &[u8]) -> Option<(usize, u8)> {
    let &[inputs, results, sides] = data.get(8..)?.first_chunk()?;
    let inputs = usize::from(inputs);
    let fits = (1..=MAX_INPUTS).contains(&inputs) && usize::from(results) == RESULTS;
    fits.then_some((inputs, sides))
}

fn three(curves: Vec<Curve>) -> Option<[Curve; RESULTS]> {
    curves.try_into().ok()
}

fn bytes_as_curves(data: &[u8], count: usize) -> Option<(Vec<Curve>, &[u8])> {
    let (tables, rest) = data.split_at_checked(256 * count)?;
    let curve = |table: &[u8; 256]| Curve::of_entries(256, |index| f64::from(table[index]) / 255.0);
    Some((tables.as_chunks().0.iter().map(curve).collect(), rest))
}

fn words_as_curves(data: &[u8], count: usize, entries: usize) -> Option<(Vec<Curve>, &[u8])> {
    if !(2..=4096).contains(&entries) {
        return None;
    }
    let (tables, rest) = data.split_at_checked(2 * entries * count)?;
    let curve = |table: &[u8]| {
        let table = table.as_chunks().0;
        Curve::of_entries(entries, |index| f64::from(u16::from_be_bytes(table[index])) / 65_535.0)
    };
    Some((tables.chunks_exact(2 * entries).map(curve).collect(), rest))
}

/// Nine factors, row by row, and three offsets.
fn affine(data: &[u8]) -> Option<[[f64; 4]; RESULTS]> {
    let at = |index: usize| fixed(data, 4 * index);
    let mut matrix = [[0.0; 4]; RESULTS];
    for (index, row) in matrix.iter_mut().enumerate() {
        *row = [at(3 * index)?, at(3 * index + 1)?, at(3 * index + 2)?, at(9 + index)?];
    }
    Some(matrix)
}
