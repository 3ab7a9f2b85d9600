//! Differential tests against another colour engine, over profiles made here and, where there is a corpus, real
//! ones.

use moxcms::{ColorProfile, Layout, RenderingIntent, TransformOptions};

use super::*;
use crate::colour::srgb;

/// A profile with these tags; the connection space is Lab or XYZ.
fn profile(version: u8, colours: [u8; 4], space: [u8; 4], tags: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut profile = vec![0; 128];
    profile[8] = version;
    profile[12..16].copy_from_slice(b"prtr");
    profile[16..20].copy_from_slice(&colours);
    profile[20..24].copy_from_slice(&space);
    profile[36..40].copy_from_slice(b"acsp");
    // The light of the connection space, D50.
    for (at, part) in [(68, 0xF6D6u32), (72, 0x1_0000), (76, 0xD32D)] {
        profile[at..at + 4].copy_from_slice(&part.to_be_bytes());
    }
    profile.extend(word(tags.len()));
    let mut offset = 132 + 12 * tags.len();
    for (name, data) in tags {
        profile.extend(*name);
        profile.extend(word(offset));
        profile.extend(word(data.len()));
        offset += data.len().next_multiple_of(4);
    }
    for (_, data) in tags {
        profile.extend(data);
        profile.resize(profile.len().next_multiple_of(4), 0);
    }
    let len = word(profile.len());
    profile[..4].copy_from_slice(&len);
    profile
}

fn word(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap().to_be_bytes()
}

/// Lab of some inks on white paper, or of some light: smooth, and within what sRGB can show for the most part.
fn lab(inputs: &[f64]) -> [f64; 3] {
    let [c, m, y, k] = match *inputs {
        [c, m, y, k] => [c, m, y, k],
        [r, g, b] => [1.0 - r, 1.0 - g, 1.0 - b, 0.0],
        _ => [0.0, 0.0, 0.0, 1.0 - inputs[0]],
    };
    let white = 1.0 - k;
    [
        100.0 * white * (1.0 - 0.35 * c) * (1.0 - 0.4 * m) * (1.0 - 0.1 * y),
        white * (40.0 * m - 25.0 * c - 5.0 * y),
        white * (45.0 * y - 30.0 * c - 10.0 * m),
    ]
}

/// All points of a grid of `side` points along each of `inputs`, the last changing fastest.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn points(inputs: usize, side: usize) -> impl Iterator<Item = Vec<f64>> {
    (0..side.pow(u32::try_from(inputs).unwrap())).map(move |index| {
        let digit = |place: usize| index / side.pow(u32::try_from(inputs - 1 - place).unwrap()) % side;
        (0..inputs).map(|place| digit(place) as f64 / (side - 1) as f64).collect()
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn sixteen(value: f64) -> [u8; 2] {
    ((value.clamp(0.0, 1.0) * 65_535.0).round() as u16).to_be_bytes()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn eight(value: f64) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// 10.11.
fn table_of_bytes(inputs: u8, side: u8) -> Vec<u8> {
    let mut data = [&b"mft1\0\0\0\0"[..], &[inputs, 3, side, 0], &[0; 36]].concat();
    for _ in 0..inputs {
        data.extend((0..=255u8).map(|value| eight((f64::from(value) / 255.0).powf(1.2))));
    }
    for point in points(inputs.into(), side.into()) {
        let [l, a, b] = lab(&point);
        data.extend([eight(l / 100.0), eight((a + 128.0) / 255.0), eight((b + 128.0) / 255.0)]);
    }
    (0..3).for_each(|_| data.extend(0..=255u8));
    data
}

/// 10.10.
fn table_of_words(inputs: u8, side: u8) -> Vec<u8> {
    let mut data = [&b"mft2\0\0\0\0"[..], &[inputs, 3, side, 0], &[0; 36], &[1, 1, 0, 2]].concat();
    for _ in 0..inputs {
        data.extend((0..257u16).flat_map(|value| sixteen((f64::from(value) / 256.0).powf(0.8))));
    }
    for point in points(inputs.into(), side.into()) {
        let [l, a, b] = lab(&point);
        data.extend(
            [l * 652.8 / 65_535.0, (a + 128.0) * 256.0 / 65_535.0, (b + 128.0) * 256.0 / 65_535.0]
                .map(sixteen)
                .as_flattened(),
        );
    }
    (0..3).for_each(|_| data.extend([0, 0, 255, 255]));
    data
}

/// 10.12, with all of its parts.
fn versatile(inputs: u8, side: u8) -> Vec<u8> {
    let parametric = |gamma: u32| [&b"para\0\0\0\0\0\0\0\0"[..], &gamma.to_be_bytes()].concat();
    let curves = |count: u8, gamma: u32| (0..count).flat_map(|_| parametric(gamma)).collect::<Vec<u8>>();
    let results = curves(3, 0x1_0000);
    // Identity with a small offset in lightness.
    let matrix: Vec<u8> = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x1_0000, 0x200u32, 0, 0]
        .iter()
        .flat_map(|part| part.to_be_bytes())
        .collect();
    let middle = curves(3, 0x1_0000);
    let mut grid = vec![0; 16];
    grid[..usize::from(inputs)].fill(side);
    grid.extend([2, 0, 0, 0]);
    for point in points(inputs.into(), side.into()) {
        let [l, a, b] = lab(&point);
        grid.extend([l * 0.98 / 100.0, (a + 128.0) / 255.0, (b + 128.0) / 255.0].map(sixteen).as_flattened());
    }
    grid.resize(grid.len().next_multiple_of(4), 0);
    let before = curves(inputs, 0x1_3333);
    let mut data = [&b"mAB \0\0\0\0"[..], &[inputs, 3, 0, 0]].concat();
    let mut offset = 32;
    for part in [&results, &matrix, &middle, &grid, &before] {
        data.extend(word(offset));
        offset += part.len();
    }
    [data, results, matrix, middle, grid, before].concat()
}

/// Values of a picture: corners, greys and many in between.
fn values(inputs: usize) -> Vec<[u16; 4]> {
    let mut values: Vec<[u16; 4]> = points(inputs, 6)
        .map(|point| {
            std::array::from_fn(|at| point.get(at).map_or(0, |&value| u16::from_be_bytes(sixteen(value))))
        })
        .collect();
    let mut seed = 7u32;
    for _ in 0..500 {
        values.push(std::array::from_fn(|at| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if at < inputs { (seed >> 16) as u16 } else { 0 }
        }));
    }
    values
}

/// The greatest and the mean difference from the other engine, in steps of 8-bit sRGB.
fn differences(icc: &[u8], channels: Channels) -> (f64, f64) {
    let ours = Profile::parse(icc, channels).unwrap();
    let inputs = match channels {
        Channels::Gray => 1,
        Channels::Cmyk => 4,
        _ => 3,
    };
    let layout = match channels {
        Channels::Gray => Layout::Gray,
        Channels::Cmyk => Layout::Rgba,
        _ => Layout::Rgb,
    };
    let options = TransformOptions {
        rendering_intent: RenderingIntent::Perceptual,
        interpolation_method: moxcms::InterpolationMethod::Linear,
        ..TransformOptions::default()
    };
    let source = ColorProfile::new_from_slice(icc).unwrap();
    let theirs =
        source.create_transform_16bit(layout, &ColorProfile::new_srgb(), Layout::Rgb, options).unwrap();
    let values = values(inputs);
    let flat: Vec<u16> = values.iter().flat_map(|value| value[..inputs].to_vec()).collect();
    let mut expected = vec![0; 3 * values.len()];
    theirs.transform(&flat, &mut expected).unwrap();
    let (mut most, mut sum) = (0.0f64, 0.0);
    for (value, expected) in values.iter().zip(expected.as_chunks::<3>().0) {
        let value = if inputs == 1 { [value[0]; 4] } else { *value };
        for (ours, theirs) in ours.to_linear_srgb(value).map(srgb::encode_16).into_iter().zip(expected) {
            let difference = (f64::from(ours) - f64::from(*theirs)).abs() / 257.0;
            most = most.max(difference);
            sum += difference / (3.0 * f64::from(u32::try_from(values.len()).unwrap()));
        }
    }
    (most, sum)
}

fn assert_agrees(icc: &[u8], channels: Channels) {
    let (most, mean) = differences(icc, channels);
    assert!(most < 4.0 && mean < 0.75, "{channels:?}: at most {most:.2} of 255, {mean:.3} on the mean");
}

#[test]
fn tables_agree() {
    let profile = |version, colours, table| profile(version, colours, *b"Lab ", &[(b"A2B0", table)]);
    assert_agrees(&profile(2, *b"CMYK", table_of_bytes(4, 9)), Channels::Cmyk);
    assert_agrees(&profile(2, *b"CMYK", table_of_words(4, 9)), Channels::Cmyk);
    assert_agrees(&profile(4, *b"CMYK", versatile(4, 9)), Channels::Cmyk);
    assert_agrees(&profile(2, *b"RGB ", table_of_bytes(3, 17)), Channels::Rgb);
    assert_agrees(&profile(2, *b"RGB ", table_of_words(3, 17)), Channels::Rgb);
    assert_agrees(&profile(4, *b"RGB ", versatile(3, 17)), Channels::Rgb);
}

#[test]
fn matrices_and_curves_agree() {
    for known in [
        ColorProfile::new_srgb(),
        ColorProfile::new_display_p3(),
        ColorProfile::new_adobe_rgb(),
        ColorProfile::new_bt2020(),
        ColorProfile::new_pro_photo_rgb(),
    ] {
        assert_agrees(&known.encode().unwrap(), Channels::Rgb);
    }
    assert_agrees(&ColorProfile::new_gray_with_gamma(2.2).encode().unwrap(), Channels::Gray);
}

#[test]
fn only_srgb_is_taken_for_srgb() {
    let is_srgb =
        |profile: &ColorProfile| Profile::parse(&profile.encode().unwrap(), Channels::Rgb).unwrap().is_srgb();
    assert!(is_srgb(&ColorProfile::new_srgb()));
    assert!(!is_srgb(&ColorProfile::new_display_p3()));
    assert!(!is_srgb(&ColorProfile::new_adobe_rgb()));
    // The primaries of sRGB with another curve.
    let mut gamma = ColorProfile::new_srgb();
    let curve = moxcms::ToneReprCurve::Parametric(vec![2.2]);
    (gamma.red_trc, gamma.green_trc, gamma.blue_trc) =
        (Some(curve.clone()), Some(curve.clone()), Some(curve));
    gamma.cicp = None;
    assert!(!is_srgb(&gamma));
}

#[test]
fn a_profile_that_is_cut_or_flipped_is_no_panic() {
    for (table, channels, colours) in [
        (table_of_bytes(3, 2), Channels::Rgb, b"RGB "),
        (table_of_words(3, 2), Channels::Rgb, b"RGB "),
        (versatile(3, 2), Channels::Rgb, b"RGB "),
        (versatile(4, 2), Channels::Cmyk, b"CMYK"),
    ] {
        let icc = profile(4, *colours, *b"Lab ", &[(b"A2B0", table)]);
        let follow = |icc: &[u8]| {
            if let Some(profile) = Profile::parse(icc, channels) {
                profile.to_linear_srgb([0x1234, 0x8000, 0xFFFF, 0]);
            }
        };
        (0..icc.len()).for_each(|end| follow(&icc[..end]));
        for (at, mask) in (0..icc.len().min(700)).flat_map(|at| [0x01, 0x80, 0xFF].map(|mask| (at, mask))) {
            let mut flipped = icc.clone();
            flipped[at] ^= mask;
            follow(&flipped);
        }
    }
}
