//! The full picture, upright, in linear sRGB light: nothing of the engine is used for it.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use image::{DynamicImage, ImageDecoder, ImageReader};
use moxcms::{ColorProfile, Layout, TransformOptions};

use super::srgb;

/// Pixels of linear light, 0 to 1, opaque.
#[derive(Clone, Debug)]
pub struct Linear {
    /// Pixels.
    pub width: usize,
    /// Pixels.
    pub height: usize,
    /// Red, green and blue, row by row.
    pub pixels: Vec<[f32; 3]>,
}

/// Reads a picture: decoded at full size, turned upright, brought to sRGB by its embedded profile, on white.
pub fn read(path: &Path) -> Result<Linear> {
    let mut decoder = ImageReader::open(path)?.with_guessed_format()?.into_decoder()?;
    let orientation = decoder.orientation()?;
    let profile = decoder.icc_profile()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let picture = picture.into_rgba32f();
    let (colours, alphas) = planes(&picture);
    drop(picture);
    let colours = match profile {
        Some(profile) => to_srgb(&colours, &profile).context("its colour profile")?,
        None => colours,
    };
    let over_white = |(colour, alpha): ([f32; 3], f32)| {
        colour.map(|encoded| srgb::to_linear(encoded.clamp(0.0, 1.0)) * alpha + 1.0 - alpha)
    };
    let pixels = colours.into_iter().zip(alphas).map(over_white).collect();
    Ok(Linear { width, height, pixels })
}

fn planes(picture: &image::Rgba32FImage) -> (Vec<[f32; 3]>, Vec<f32>) {
    picture.pixels().map(|pixel| ([pixel.0[0], pixel.0[1], pixel.0[2]], pixel.0[3])).unzip()
}

fn to_srgb(colours: &[[f32; 3]], profile: &[u8]) -> Result<Vec<[f32; 3]>> {
    let profile = ColorProfile::new_from_slice(profile)?;
    ensure!(profile.color_space == moxcms::DataColorSpace::Rgb, "it is not for RGB");
    let srgb = ColorProfile::new_srgb();
    let transform =
        profile.create_transform_f32(Layout::Rgb, &srgb, Layout::Rgb, TransformOptions::default())?;
    let mut converted = vec![[0.0; 3]; colours.len()];
    transform.transform(colours.as_flattened(), converted.as_flattened_mut())?;
    Ok(converted)
}
