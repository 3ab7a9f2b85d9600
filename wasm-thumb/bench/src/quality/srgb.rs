//! The transfer function of IEC 61966-2-1, by its definition.

use std::sync::LazyLock;

/// Steps of the table; between them is interpolated, with an error below that of the 32-bit float.
const STEPS: u16 = 4096;

static LINEAR: LazyLock<Vec<f64>> =
    LazyLock::new(|| (0..=STEPS).map(|step| exact(f64::from(step) / f64::from(STEPS))).collect());

fn exact(encoded: f64) -> f64 {
    if encoded <= 0.040_45 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) }
}

/// The linear light, 0 to 1, of an encoded value, 0 to 1.
#[must_use]
pub fn to_linear(encoded: f32) -> f32 {
    let scaled = f64::from(encoded.clamp(0.0, 1.0)) * f64::from(STEPS);
    let below = (scaled as usize).min(usize::from(STEPS) - 1);
    let part = scaled - below as f64;
    (LINEAR[below] * (1.0 - part) + LINEAR[below + 1] * part) as f32
}

/// The encoded value, 0 to 1, of linear light, 0 to 1.
#[must_use]
pub fn from_linear(light: f64) -> f64 {
    let light = light.clamp(0.0, 1.0);
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for value in 0..=255u8 {
            let encoded = f32::from(value) / 255.0;
            let back = from_linear(f64::from(to_linear(encoded)));
            assert!((back - f64::from(encoded)).abs() < 1e-5, "{value}: {back}");
        }
    }
}
