//! What a thumbnail shows.

mod common;

use common::{assert_near, at, pixels_of};
use image::{Rgb, RgbImage};
use wasm_thumb::{Options, thumbnail};

/// Three vertical bands of which the middle one is a square.
fn bands(width: u32, height: u32) -> RgbImage {
    let (from, to) = ((width - height) / 2, u32::midpoint(width, height));
    RgbImage::from_fn(width, height, |x, _| {
        if x < from {
            Rgb([255, 0, 0])
        } else if x < to {
            Rgb([0, 255, 0])
        } else {
            Rgb([0, 0, 255])
        }
    })
}

#[test]
fn the_middle_is_kept_and_nothing_else() {
    for (width, height) in [(300, 100), (301, 101), (3000, 1000), (40, 20)] {
        let pixels = pixels_of(&fixtures::png(&bands(width, height)), &at(100, 100));
        for column in [2, 50, 97] {
            assert_near(pixels[50 * 100 + column], [0, 255, 0], 6);
        }
    }
}

#[test]
fn nothing_is_stretched() {
    // A circle's width and height in the thumbnail are the same whatever the shape of the picture around it.
    let disc = RgbImage::from_fn(900, 600, |x, y| {
        let inside = x.abs_diff(450).pow(2) + y.abs_diff(300).pow(2) < 240 * 240;
        if inside { Rgb([0; 3]) } else { Rgb([255; 3]) }
    });
    let pixels = pixels_of(&fixtures::png(&disc), &at(100, 100));
    let dark = |pixel: &[u8; 3]| pixel[0] < 128;
    let across = (0..100).filter(|x| dark(&pixels[50 * 100 + x])).count();
    let down = (0..100).filter(|y| dark(&pixels[y * 100 + 50])).count();
    assert_eq!((across, down), (80, 80));
}

#[test]
fn averages_are_taken_in_linear_light() {
    for side in [200, 400, 600, 1200, 1700] {
        let pixels = pixels_of(&fixtures::png(&fixtures::checkerboard(side, side)), &at(100, 100));
        assert_near(pixels[50 * 100 + 50], [188; 3], 1);
    }
}

#[test]
fn colours_do_not_shift() {
    for colour in [[0, 0, 0], [255, 255, 255], [200, 20, 30], [17, 130, 201], [128, 128, 128]] {
        for (width, height) in [(30, 20), (100, 100), (555, 777), (1600, 1200)] {
            let pixels = pixels_of(&fixtures::png(&fixtures::solid(width, height, colour)), &at(100, 100));
            for pixel in pixels {
                assert_near(pixel, colour, 2);
            }
        }
    }
}

#[test]
fn what_is_transparent_is_white_and_its_colour_does_not_bleed() {
    let pixels = pixels_of(&fixtures::transparent_png(), &at(100, 100));
    assert_near(pixels[0], [255; 3], 1);
    assert_near(pixels[50 * 100 + 50], [200, 20, 30], 4);
    // Half transparent: half the light of white on top, so much lighter than the average of the bytes.
    let palette = pixels_of(&fixtures::palette_png(), &at(64, 64));
    assert!(palette.iter().any(|pixel| pixel.iter().all(|&c| c >= 250)));
}

#[test]
fn half_transparent_black_on_white_is_half_the_light() {
    let veil = image::RgbaImage::from_pixel(150, 150, image::Rgba([0, 0, 0, 128]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    veil.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    assert_near(pixels_of(bytes.get_ref(), &at(50, 50))[25 * 50 + 25], [188; 3], 1);
}

#[test]
fn the_first_frame_is_taken() {
    assert_near(pixels_of(&fixtures::animated_gif(), &at(80, 60))[30 * 80 + 40], [0, 160, 0], 3);
}

#[test]
fn small_pictures_are_enlarged_to_fill() {
    let made = thumbnail(&fixtures::png(&fixtures::solid(3, 2, [10, 200, 90])), &at(100, 100)).unwrap();
    assert_eq!((made.width, made.height, made.source_width, made.source_height), (100, 100, 3, 2));
    for pixel in common::pixels(&made) {
        assert_near(pixel, [10, 200, 90], 2);
    }
}

#[test]
fn a_thumbnail_is_a_baseline_jpeg_without_metadata() {
    for fixture in fixtures::all_good() {
        let made = thumbnail(&fixture.bytes, &Options::default()).unwrap();
        assert_eq!((made.width, made.height), (100, 100), "{}", fixture.name);
        assert_eq!(made.format.media_type(), fixture.media_type, "{}", fixture.name);
        let markers: Vec<u8> = markers(&made.bytes);
        assert!(markers.contains(&0xC0), "{}: not baseline: {markers:x?}", fixture.name);
        assert!(!markers.iter().any(|m| (0xE1..=0xEF).contains(m)), "{}: metadata", fixture.name);
        assert!(made.bytes.len() < 20_000, "{}: {} bytes", fixture.name, made.bytes.len());
    }
}

/// The markers up to the data.
fn markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut found, mut at) = (Vec::new(), 2);
    while jpeg[at] == 0xFF && jpeg[at + 1] != 0xDA {
        found.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    found
}
