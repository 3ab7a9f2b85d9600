//! The profile connection space (ICC.1:2022, 6.3): XYZ or Lab, relative to D50, in the encodings of the tables.

/// From XYZ relative to D50, the profiles' common ground, to linear sRGB (IEC 61966-2-1, adapted by Bradford).
pub(super) const XYZ_TO_SRGB: [[f64; 3]; 3] = [
    [3.133_856_1, -1.616_866_7, -0.490_614_6],
    [-0.978_768_4, 1.916_141_5, 0.033_454],
    [0.071_945_3, -0.228_991_4, 1.405_242_7],
];

/// The white of the connection space (ICC.1:2022, 7.2.16).
pub(in crate::colour) const D50: [f64; 3] = [0.9642, 1.0, 0.8249];

/// What the three results of a table, 0 to 1, mean.
#[derive(Clone, Copy)]
pub(super) enum Space {
    /// 1 stands for 1 + 32,767/32,768 (6.3.4.2).
    Xyz,
    /// 1 stands for a lightness of 100, and for 127 on the colour axes, which begin at −128 (6.3.4.2).
    Lab,
    /// As in version 2 with 16 bits: 0xFF00 stands for a lightness of 100, 0x8000 for 0 on the axes (10.12).
    LegacyLab,
}

impl Space {
    /// Linear light of sRGB around 0 to 1.
    pub(super) fn to_linear_srgb(self, values: [f64; 3]) -> [f64; 3] {
        let [x, y, z] = match self {
            Self::Xyz => values.map(|value| value * (65_535.0 / 32_768.0)),
            Self::Lab => xyz_of_lab(values[0] * 100.0, values[1] * 255.0 - 128.0, values[2] * 255.0 - 128.0),
            Self::LegacyLab => {
                let axis = |value| value * (65_535.0 / 256.0) - 128.0;
                xyz_of_lab(values[0] * (6_553_500.0 / 65_280.0), axis(values[1]), axis(values[2]))
            }
        };
        XYZ_TO_SRGB.map(|row| row[0] * x + row[1] * y + row[2] * z)
    }
}

/// CIE 15:2018, 8.2.1.
fn xyz_of_lab(lightness: f64, a: f64, b: f64) -> [f64; 3] {
    let y = (lightness + 16.0) / 116.0;
    let part = |root: f64| {
        if root > 6.0 / 29.0 { root * root * root } else { (root - 4.0 / 29.0) * (108.0 / 841.0) }
    };
    [D50[0] * part(y + a / 500.0), D50[1] * part(y), D50[2] * part(y - b / 200.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(actual: [f64; 3], expected: [f64; 3]) {
        assert!(
            actual.iter().zip(expected).all(|(a, e)| (a - e).abs() < 2e-3),
            "{actual:?} is not {expected:?}"
        );
    }

    #[test]
    fn white_and_black_are_that_in_every_encoding() {
        assert_near(Space::Lab.to_linear_srgb([1.0, 128.0 / 255.0, 128.0 / 255.0]), [1.0; 3]);
        assert_near(
            Space::LegacyLab.to_linear_srgb([65_280.0 / 65_535.0, 32_768.0 / 65_535.0, 32_768.0 / 65_535.0]),
            [1.0; 3],
        );
        assert_near(Space::Xyz.to_linear_srgb(D50.map(|part| part * (32_768.0 / 65_535.0))), [1.0; 3]);
        assert_near(Space::Lab.to_linear_srgb([0.0, 128.0 / 255.0, 128.0 / 255.0]), [0.0; 3]);
        assert_near(Space::Xyz.to_linear_srgb([0.0; 3]), [0.0; 3]);
    }

    /// Lab of sRGB's red relative to D50, as lcms2 gives it.
    #[test]
    fn red_is_red() {
        let (lightness, a, b) = (54.29, 80.81, 69.89);
        let encoded = [lightness / 100.0, (a + 128.0) / 255.0, (b + 128.0) / 255.0];
        assert_near(Space::Lab.to_linear_srgb(encoded), [1.0, 0.0, 0.0]);
    }
}
