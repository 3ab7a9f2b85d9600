//! Profiles of a matrix and curves, or of one curve (ICC.1:2022, 8.3.3 and 8.3.4).

use super::curve::Curve;
use super::space::XYZ_TO_SRGB;
use super::tags::Tags;
use crate::colour::srgb::LINEAR_OF_8;

/// How the values of a picture become light.
pub(in crate::colour) struct Matrix {
    curves: [Curve; 3],
    /// From the profile's linear light to that of sRGB; white stays white.
    matrix: [[f64; 3]; 3],
}

impl Matrix {
    pub(super) fn gray(tags: &Tags) -> Option<Self> {
        Curve::parse(tags.find(*b"kTRC")?).map(Self::of_one)
    }

    /// One curve, for grey.
    pub(super) fn of_one(curve: Curve) -> Self {
        let identity = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        Self { curves: [curve.clone(), curve.clone(), curve], matrix: identity }
    }

    /// XYZ of red, green and blue relative to D50, and one curve for them all.
    pub(super) fn of_primaries(primaries: [[f64; 3]; 3], curve: Curve) -> Option<Self> {
        Some(Self { matrix: to_srgb(primaries)?, curves: [curve.clone(), curve.clone(), curve] })
    }

    pub(super) fn rgb(tags: &Tags) -> Option<Self> {
        let [red, green, blue] = [tags.find(*b"rTRC")?, tags.find(*b"gTRC")?, tags.find(*b"bTRC")?];
        let curve = Curve::parse(red)?;
        // Most often there is only one.
        let other = |tag| if tag == red { Some(curve.clone()) } else { Curve::parse(tag) };
        let curves = [curve.clone(), other(green)?, other(blue)?];
        let primaries = [tags.xyz(*b"rXYZ")?, tags.xyz(*b"gXYZ")?, tags.xyz(*b"bXYZ")?];
        Some(Self { curves, matrix: to_srgb(primaries)? })
    }

    /// Whether what it says of every colour is what sRGB says, but for less than anybody can see: the profile that
    /// most pictures carry.
    pub(super) fn is_srgb(&self) -> bool {
        let is_identity = self.matrix.iter().enumerate().all(|(row, parts)| {
            parts.iter().enumerate().all(|(column, part)| {
                let expected = if row == column { 1.0 } else { 0.0 };
                (part - expected).abs() < 0.003
            })
        });
        // A hundredth of a step of 8 bits at the dark end, a quarter of one at the bright end.
        let is_near = |curve: &Curve, value: u8| {
            let expected = f64::from(LINEAR_OF_8[usize::from(value)]) / 65_535.0;
            (curve.at(u16::from(value) * 257) - expected).abs() < 0.000_03 + expected * 0.002
        };
        is_identity
            && self.curves.iter().all(|curve| (0..=u8::MAX).step_by(5).all(|value| is_near(curve, value)))
    }

    /// Linear light of sRGB around 0 to 1.
    pub(super) fn to_linear_srgb(&self, [r, g, b]: [u16; 3]) -> [f64; 3] {
        let [r, g, b] = [self.curves[0].at(r), self.curves[1].at(g), self.curves[2].at(b)];
        self.matrix.map(|row| row[0] * r + row[1] * g + row[2] * b)
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
