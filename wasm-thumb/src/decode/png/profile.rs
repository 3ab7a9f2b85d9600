//! Writing a profile of a matrix and a curve (ICC.1:2022), so that colours told in other words take the same way as
//! those told by a profile. In nothing but additions, multiplications and divisions, which are the same everywhere.

use crate::colour::D50;

type Matrix = [[f64; 3]; 3];

/// Chromaticities in CIE 1931 xy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Chromaticities {
    pub(super) white: (f64, f64),
    /// Red, green and blue.
    pub(super) primaries: [(f64, f64); 3],
}

/// From encoded values to light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Curve {
    /// A power.
    Gamma(f64),
    /// IEC 61966-2-1.
    Srgb,
    /// Back from what a camera does (ITU-R BT.709), as browsers take it, not what a television makes of it.
    Rec709,
}

/// Bradford's cone responses (ICC.1:2022, annex E).
const CONES: Matrix = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];
const HEADER_BYTES: usize = 128;

/// The profile; none where the chromaticities span no colours.
pub(super) fn make(chromaticities: &Chromaticities, curve: Curve, is_gray: bool) -> Option<Vec<u8>> {
    let mut tags: Vec<(&[u8; 4], Vec<u8>)> = Vec::new();
    if is_gray {
        tags.push((b"kTRC", curve.tag()?));
    } else {
        let matrix = to_d50(chromaticities)?;
        for (column, name) in [b"rXYZ", b"gXYZ", b"bXYZ"].into_iter().enumerate() {
            let mut tag = b"XYZ \0\0\0\0".to_vec();
            for row in matrix {
                tag.extend(fixed(row[column])?);
            }
            tags.push((name, tag));
        }
        for name in [b"rTRC", b"gTRC", b"bTRC"] {
            tags.push((name, curve.tag()?));
        }
    }
    let mut white = b"XYZ \0\0\0\0".to_vec();
    for part in D50 {
        white.extend(fixed(part)?);
    }
    tags.push((b"wtpt", white));
    assemble(&tags, is_gray)
}

impl Curve {
    /// A parametric curve (ICC.1:2022, 10.18).
    fn tag(self) -> Option<Vec<u8>> {
        let (kind, parameters): (u16, &[f64]) = match &self {
            Self::Gamma(gamma) => (0, std::slice::from_ref(gamma)),
            Self::Srgb => (3, &[2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045]),
            Self::Rec709 => (3, &[1.0 / 0.45, 1.0 / 1.099, 0.099 / 1.099, 1.0 / 4.5, 0.081]),
        };
        let mut tag = b"para\0\0\0\0".to_vec();
        tag.extend(kind.to_be_bytes());
        tag.extend([0; 2]);
        for &parameter in parameters {
            tag.extend(fixed(parameter)?);
        }
        Some(tag)
    }
}

fn assemble(tags: &[(&[u8; 4], Vec<u8>)], is_gray: bool) -> Option<Vec<u8>> {
    let number = |value: usize| u32::try_from(value).ok().map(u32::to_be_bytes);
    let mut header = [0; HEADER_BYTES];
    let mut table = number(tags.len())?.to_vec();
    let mut offset = HEADER_BYTES + 4 + 12 * tags.len();
    for (name, data) in tags {
        table.extend(*name);
        table.extend(number(offset)?);
        table.extend(number(data.len())?);
        offset += data.len();
    }
    header[..4].copy_from_slice(&number(offset)?);
    header[8..10].copy_from_slice(&[4, 0x20]);
    header[12..16].copy_from_slice(b"mntr");
    header[16..20].copy_from_slice(if is_gray { b"GRAY" } else { b"RGB " });
    header[20..24].copy_from_slice(b"XYZ ");
    header[36..40].copy_from_slice(b"acsp");
    for (field, part) in header[68..80].as_chunks_mut().0.iter_mut().zip(D50) {
        *field = fixed(part)?;
    }
    let data = tags.iter().flat_map(|(_, data)| data).copied();
    Some(header.into_iter().chain(table).chain(data).collect())
}

/// 16 bits before the point and 16 after; none for what does not fit.
#[expect(clippy::cast_possible_truncation, reason = "of known range")]
fn fixed(value: f64) -> Option<[u8; 4]> {
    let scaled = value * 65_536.0;
    (scaled.abs() < 2_147_483_000.0).then(|| {
        let half = if scaled < 0.0 { -0.5 } else { 0.5 };
        ((scaled + half) as i32).to_be_bytes()
    })
}

/// From linear red, green and blue to XYZ, with white adapted to D50.
fn to_d50(chromaticities: &Chromaticities) -> Option<Matrix> {
    let xyz = |(x, y): (f64, f64)| (y > 0.0).then(|| [x / y, 1.0, (1.0 - x - y) / y]);
    let [red, green, blue] = chromaticities.primaries;
    let primaries = transpose([xyz(red)?, xyz(green)?, xyz(blue)?]);
    let white = xyz(chromaticities.white)?;
    let amounts = apply(&invert(&primaries)?, white);
    let scaled = primaries.map(|row| [row[0] * amounts[0], row[1] * amounts[1], row[2] * amounts[2]]);
    let (from, to) = (apply(&CONES, white), apply(&CONES, D50));
    let mut adapted = CONES;
    for (row, (from, to)) in adapted.iter_mut().zip(from.into_iter().zip(to)) {
        *row = row.map(|cell| cell * to / from);
    }
    Some(multiply(&multiply(&invert(&CONES)?, &adapted), &scaled))
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
