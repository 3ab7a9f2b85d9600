//! How far a thumbnail is from what it should be.

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

use super::lab::Lab;
use super::reference::{Picture, SIDE};

/// The scores of one thumbnail, or the mean of several.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Score {
    /// SSIMULACRA2: 100 is the same, 90 not to be told apart, 70 good, 50 fair. At 100 pixels it looks at five
    /// scales of its six.
    pub ssimulacra2: f64,
    /// Mean ΔE2000 over the pixels; 1 can just be seen.
    pub delta_e_2000: f64,
    /// ΔE2000 that 19 of 20 pixels stay below: what is wrong in some places only shows here.
    pub delta_e_2000_p95: f64,
    /// Mean ΔE76 over the pixels.
    pub delta_e_1976: f64,
}

impl Score {
    /// Compares a thumbnail with what it should be.
    pub fn new(reference: &Picture, thumbnail: &Picture) -> Result<Self> {
        ensure!(thumbnail.len() == SIDE * SIDE, "it is not {SIDE}×{SIDE} pixels");
        let frame = |picture: &Picture| {
            let transfer = TransferCharacteristic::SRGB;
            Rgb::new(picture.clone(), SIDE, SIDE, transfer, ColorPrimaries::BT709)
        };
        let (reference_frame, frame) = (frame(reference)?, frame(thumbnail)?);
        let ssimulacra2 = compute_frame_ssimulacra2(reference_frame, frame).context("SSIMULACRA2")?;
        let pixels = thumbnail.len() as f64;
        let pairs = reference.iter().zip(thumbnail).map(|(a, b)| (Lab::of_srgb(*a), Lab::of_srgb(*b)));
        let (mut differences, mut sum_1976) = (Vec::with_capacity(thumbnail.len()), 0.0);
        for (expected, found) in pairs {
            differences.push(expected.difference_2000(found));
            sum_1976 += expected.difference_1976(found);
        }
        differences.sort_by(f64::total_cmp);
        Ok(Self {
            ssimulacra2,
            delta_e_2000: differences.iter().sum::<f64>() / pixels,
            delta_e_2000_p95: differences[differences.len() * 95 / 100],
            delta_e_1976: sum_1976 / pixels,
        })
    }

    /// The mean of scores.
    #[must_use]
    pub fn mean(scores: &[Self]) -> Self {
        let count = scores.len().max(1) as f64;
        let mean = |value: fn(&Self) -> f64| scores.iter().map(value).sum::<f64>() / count;
        Self {
            ssimulacra2: mean(|score| score.ssimulacra2),
            delta_e_2000: mean(|score| score.delta_e_2000),
            delta_e_2000_p95: mean(|score| score.delta_e_2000_p95),
            delta_e_1976: mean(|score| score.delta_e_1976),
        }
    }
}

/// A file as a thumbnail, by a decoder that is not the engine's.
pub fn decode(file: &[u8]) -> Result<Picture> {
    let picture = image::load_from_memory(file)?.into_rgb32f();
    ensure!(picture.dimensions() == (SIDE as u32, SIDE as u32), "it is not {SIDE}×{SIDE} pixels");
    Ok(picture.pixels().map(|pixel| pixel.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(shift: f32) -> Picture {
        let pixel = |at: usize| {
            let (x, y) = ((at % SIDE) as f32 / 100.0, (at / SIDE) as f32 / 100.0);
            [(x + shift).clamp(0.0, 1.0), y, (x * 17.0).sin() / 2.0 + 0.5]
        };
        (0..SIDE * SIDE).map(pixel).collect()
    }

    #[test]
    fn the_same_is_perfect_and_worse_scores_worse() {
        let same = Score::new(&gradient(0.0), &gradient(0.0)).unwrap();
        assert!(same.ssimulacra2 > 99.99 && same.delta_e_2000 == 0.0, "{same:?}");
        let near = Score::new(&gradient(0.0), &gradient(0.01)).unwrap();
        let far = Score::new(&gradient(0.0), &gradient(0.05)).unwrap();
        assert!(near.ssimulacra2 < 99.9 && far.ssimulacra2 < near.ssimulacra2, "{near:?} {far:?}");
        assert!(near.delta_e_2000 > 0.0 && far.delta_e_2000 > near.delta_e_2000);
        assert!(near.delta_e_1976 > 0.0 && far.delta_e_1976 > near.delta_e_1976);
    }
}
