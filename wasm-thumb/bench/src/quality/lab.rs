//! Colour differences as people see them: CIELAB of CIE 15 and the difference ΔE2000, after Sharma, Wu and Dalal,
//! "The CIEDE2000 Color-Difference Formula: Implementation Notes, Supplementary Test Data, and Mathematical
//! Observations", 2005.

use super::srgb;

/// A colour: lightness 0 to 100, from green to red, from blue to yellow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lab {
    l: f64,
    a: f64,
    b: f64,
}

impl Lab {
    /// The colour of encoded sRGB, 0 to 1, under its own white, D65.
    #[must_use]
    #[expect(clippy::many_single_char_names, reason = "as they are called")]
    pub fn of_srgb(encoded: [f32; 3]) -> Self {
        let [r, g, b] = encoded.map(|value| f64::from(srgb::to_linear(value)));
        // IEC 61966-2-1, each row divided by the white that it gives.
        let x = (0.412_4 * r + 0.357_6 * g + 0.180_5 * b) / 0.950_5;
        let y = 0.212_6 * r + 0.715_2 * g + 0.072_2 * b;
        let z = (0.019_3 * r + 0.119_2 * g + 0.950_5 * b) / 1.089;
        let [x, y, z] = [x, y, z].map(|t| {
            const KNEE: f64 = 6.0 / 29.0;
            if t > KNEE.powi(3) { t.cbrt() } else { t / (3.0 * KNEE * KNEE) + 4.0 / 29.0 }
        });
        Self { l: 116.0 * y - 16.0, a: 500.0 * (x - y), b: 200.0 * (y - z) }
    }

    /// ΔE76: the distance in the space.
    #[must_use]
    pub fn difference_1976(self, other: Self) -> f64 {
        let squares = (self.l - other.l).powi(2) + (self.a - other.a).powi(2) + (self.b - other.b).powi(2);
        squares.sqrt()
    }

    /// ΔE2000, with all three factors 1; the numbers are those of the paper's equations.
    #[must_use]
    #[expect(clippy::manual_midpoint, reason = "of an angle, as the paper has it")]
    pub fn difference_2000(self, other: Self) -> f64 {
        // 2 to 7: the chroma of both, the axis from green to red stretched where it is small.
        let chroma = f64::midpoint(self.a.hypot(self.b), other.a.hypot(other.b));
        let stretch = 1.5 - 0.5 * saturation(chroma);
        let (a1, a2) = (self.a * stretch, other.a * stretch);
        let (c1, c2) = (a1.hypot(self.b), a2.hypot(other.b));
        let (h1, h2) = (hue(a1, self.b), hue(a2, other.b));
        let is_grey = c1 * c2 == 0.0;
        // 8 to 11.
        let turn = match h2 - h1 {
            _ if is_grey => 0.0,
            turn if turn > 180.0 => turn - 360.0,
            turn if turn < -180.0 => turn + 360.0,
            turn => turn,
        };
        let lightness_step = other.l - self.l;
        let chroma_step = c2 - c1;
        let hue_step = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();
        // 12 to 14.
        let lightness = f64::midpoint(self.l, other.l);
        let chroma = f64::midpoint(c1, c2);
        let hue = match h1 + h2 {
            sum if is_grey => sum,
            sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
            sum if sum < 360.0 => (sum + 360.0) / 2.0,
            sum => (sum - 360.0) / 2.0,
        };
        // 15 to 21.
        let cos = |degrees: f64| degrees.to_radians().cos();
        let t = 1.0 - 0.17 * cos(hue - 30.0) + 0.24 * cos(2.0 * hue) + 0.32 * cos(3.0 * hue + 6.0)
            - 0.20 * cos(4.0 * hue - 63.0);
        let turned = 60.0 * (-((hue - 275.0) / 25.0).powi(2)).exp();
        let rotation = -turned.to_radians().sin() * 2.0 * saturation(chroma);
        let off_middle = (lightness - 50.0).powi(2);
        let lightness_term = lightness_step / (1.0 + 0.015 * off_middle / (20.0 + off_middle).sqrt());
        let chroma_term = chroma_step / (1.0 + 0.045 * chroma);
        let hue_term = hue_step / (1.0 + 0.015 * chroma * t);
        // 22.
        let sum = lightness_term.powi(2) + chroma_term.powi(2) + hue_term.powi(2);
        (sum + rotation * chroma_term * hue_term).max(0.0).sqrt()
    }
}

/// √(C⁷ / (C⁷ + 25⁷)).
fn saturation(chroma: f64) -> f64 {
    let power = chroma.powi(7);
    (power / (power + 25f64.powi(7))).sqrt()
}

/// Degrees, 0 to 360.
fn hue(a: f64, b: f64) -> f64 {
    if a == 0.0 && b == 0.0 { 0.0 } else { b.atan2(a).to_degrees().rem_euclid(360.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two colours and their difference: table 1 of the paper.
    const PUBLISHED: [[f64; 7]; 34] = [
        [50.0, 2.677_2, -79.775_1, 50.0, 0.0, -82.748_5, 2.042_5],
        [50.0, 3.157_1, -77.280_3, 50.0, 0.0, -82.748_5, 2.861_5],
        [50.0, 2.836_1, -74.02, 50.0, 0.0, -82.748_5, 3.441_2],
        [50.0, -1.380_2, -84.281_4, 50.0, 0.0, -82.748_5, 1.0],
        [50.0, -1.184_8, -84.800_6, 50.0, 0.0, -82.748_5, 1.0],
        [50.0, -0.900_9, -85.521_1, 50.0, 0.0, -82.748_5, 1.0],
        [50.0, 0.0, 0.0, 50.0, -1.0, 2.0, 2.366_9],
        [50.0, -1.0, 2.0, 50.0, 0.0, 0.0, 2.366_9],
        [50.0, 2.49, -0.001, 50.0, -2.49, 0.000_9, 7.179_2],
        [50.0, 2.49, -0.001, 50.0, -2.49, 0.001, 7.179_2],
        [50.0, 2.49, -0.001, 50.0, -2.49, 0.001_1, 7.219_5],
        [50.0, 2.49, -0.001, 50.0, -2.49, 0.001_2, 7.219_5],
        [50.0, -0.001, 2.49, 50.0, 0.000_9, -2.49, 4.804_5],
        [50.0, -0.001, 2.49, 50.0, 0.001, -2.49, 4.804_5],
        [50.0, -0.001, 2.49, 50.0, 0.001_1, -2.49, 4.746_1],
        [50.0, 2.5, 0.0, 50.0, 0.0, -2.5, 4.306_5],
        [50.0, 2.5, 0.0, 73.0, 25.0, -18.0, 27.149_2],
        [50.0, 2.5, 0.0, 61.0, -5.0, 29.0, 22.897_7],
        [50.0, 2.5, 0.0, 56.0, -27.0, -3.0, 31.903],
        [50.0, 2.5, 0.0, 58.0, 24.0, 15.0, 19.453_5],
        [50.0, 2.5, 0.0, 50.0, 3.173_6, 0.585_4, 1.0],
        [50.0, 2.5, 0.0, 50.0, 3.297_2, 0.0, 1.0],
        [50.0, 2.5, 0.0, 50.0, 1.863_4, 0.575_7, 1.0],
        [50.0, 2.5, 0.0, 50.0, 3.259_2, 0.335, 1.0],
        [60.257_4, -34.009_9, 36.267_7, 60.462_6, -34.175_1, 39.438_7, 1.264_4],
        [63.010_9, -31.096_1, -5.866_3, 62.818_7, -29.794_6, -4.086_4, 1.263],
        [61.290_1, 3.719_6, -5.390_1, 61.429_2, 2.248, -4.962, 1.873_1],
        [35.083_1, -44.116_4, 3.793_3, 35.023_2, -40.071_6, 1.590_1, 1.864_5],
        [22.723_3, 20.090_4, -46.694, 23.033_1, 14.973, -42.561_9, 2.037_3],
        [36.461_2, 47.858, 18.385_2, 36.271_5, 50.506_5, 21.223_1, 1.414_6],
        [90.802_7, -2.083_1, 1.441, 91.152_8, -1.643_5, 0.044_7, 1.444_1],
        [90.925_7, -0.540_6, -0.920_8, 88.638_1, -0.898_5, -0.723_9, 1.538_1],
        [6.774_7, -0.290_8, -2.424_7, 5.871_4, -0.098_5, -2.228_6, 0.637_7],
        [2.077_6, 0.079_5, -1.135, 0.903_3, -0.063_6, -0.551_4, 0.908_2],
    ];

    #[test]
    fn the_published_pairs() {
        for [l1, a1, b1, l2, a2, b2, expected] in PUBLISHED {
            let (one, other) = (Lab { l: l1, a: a1, b: b1 }, Lab { l: l2, a: a2, b: b2 });
            for found in [one.difference_2000(other), other.difference_2000(one)] {
                assert!((found - expected).abs() < 5.1e-5, "{one:?} {other:?}: {found}, not {expected}");
            }
        }
    }

    #[test]
    fn lightness_of_white_gray_and_black() {
        for (value, lightness) in [(1.0, 100.0), (119.0 / 255.0, 50.034), (0.0, 0.0)] {
            let colour = Lab::of_srgb([value; 3]);
            assert!((colour.l - lightness).abs() < 1e-2, "{colour:?}");
            assert!(colour.a.abs() < 1e-2 && colour.b.abs() < 1e-2, "{colour:?}");
        }
    }
}
