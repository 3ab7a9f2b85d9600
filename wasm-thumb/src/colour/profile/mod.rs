//! ICC profiles of a matrix and curves, or of one curve (ICC.1:2022, 8.3.3 and 8.3.4).
//!
//! In additions, multiplications and divisions of doubles, which are the same everywhere; the power function is
//! that of the `libm` crate, not the platform's.

mod curve;
mod tags;

use curve::Curve;
use tags::Tags;

/// From XYZ relative to D50, the profiles' common ground, to linear sRGB (IEC 61966-2-1, adapted by Bradford).
const XYZ_TO_SRGB: [[f64; 3]; 3] = [
    [3.133_856_1, -1.616_866_7, -0.490_614_6],
    [-0.978_768_4, 1.916_141_5, 0.033_454],
    [0.071_945_3, -0.228_991_4, 1.405_242_7],
];

/// How the values of a picture become light.
pub(super) struct Profile {
    curves: [Curve; 3],
    /// From the profile's linear light to that of sRGB; white stays white.
    matrix: [[f64; 3]; 3],
}

impl Profile {
    /// Reads a profile; `None` if it is of another kind than the picture, or damaged.
    pub(super) fn parse(bytes: &[u8], is_gray: bool) -> Option<Self> {
        let tags = Tags::new(bytes)?;
        match tags.colour_space()? {
            b"GRAY" if is_gray => {
                let curve = Curve::parse(tags.find(*b"kTRC")?)?;
                let identity = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
                Some(Self { curves: [curve.clone(), curve.clone(), curve], matrix: identity })
            }
            b"RGB " => {
                let curve = |name| Curve::parse(tags.find(name)?);
                let curves = [curve(*b"rTRC")?, curve(*b"gTRC")?, curve(*b"bTRC")?];
                let primaries = [tags.xyz(*b"rXYZ")?, tags.xyz(*b"gXYZ")?, tags.xyz(*b"bXYZ")?];
                Some(Self { curves, matrix: to_srgb(primaries)? })
            }
            _ => None,
        }
    }

    /// Linear light of sRGB, 0 to 65535, of values of 0 to 65535. What sRGB cannot show is cut off.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
    pub(super) fn to_linear_srgb(&self, [r, g, b]: [u16; 3]) -> [u16; 3] {
        let [r, g, b] = [self.curves[0].at(r), self.curves[1].at(g), self.curves[2].at(b)];
        self.matrix.map(|row| {
            let light = row[0] * r + row[1] * g + row[2] * b;
            (light.clamp(0.0, 1.0) * 65_535.0 + 0.5) as u16
        })
    }
}

/// The matrix of three primaries, scaled so that equal parts of all three stay neutral.
fn to_srgb(primaries: [[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    let matrix = XYZ_TO_SRGB.map(|row| {
        let part = primaries.map(|xyz| row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2]);
        let sum = part[0] + part[1] + part[2];
        part.map(|value| value / sum)
    });
    matrix.as_flattened().iter().all(|value| value.is_finite() && value.abs() < 100.0).then_some(matrix)
}
