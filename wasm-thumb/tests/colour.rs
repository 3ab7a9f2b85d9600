//! Embedded profiles are followed.

mod common;

use common::{assert_near, at, pixels_of};
use image::{GrayImage, Luma};

const GAMMA_1: u16 = 256;
const GAMMA_2_2: u16 = 563;

fn middle(bytes: &[u8]) -> [u8; 3] {
    pixels_of(bytes, &at(40, 40))[20 * 40 + 20]
}

#[test]
fn channels_mean_what_the_profile_says() {
    let red = fixtures::solid(80, 80, [255, 0, 0]);
    for (order, expected) in [([0, 1, 2], [255, 0, 0]), ([1, 2, 0], [0, 255, 0]), ([2, 0, 1], [0, 0, 255])] {
        let tagged = fixtures::tagged_png(&red, fixtures::profile(&order, GAMMA_2_2));
        assert_near(middle(&tagged), expected, 3);
    }
}

#[test]
fn curves_are_followed() {
    let gray = fixtures::solid(80, 80, [128; 3]);
    assert_near(middle(&fixtures::tagged_png(&gray, fixtures::profile(&[0, 1, 2], GAMMA_1))), [188; 3], 1);
    assert_near(middle(&fixtures::tagged_png(&gray, fixtures::profile(&[0, 1, 2], GAMMA_2_2))), [128; 3], 1);
}

#[test]
fn gray_profiles_are_for_gray_pictures() {
    let gray = GrayImage::from_pixel(80, 80, Luma([128]));
    assert_near(middle(&fixtures::tagged_gray_png(&gray, fixtures::profile(&[0], GAMMA_1))), [188; 3], 1);
    let colour = fixtures::solid(80, 80, [128; 3]);
    assert_near(middle(&fixtures::tagged_png(&colour, fixtures::profile(&[0], GAMMA_1))), [128; 3], 1);
}

#[test]
fn a_damaged_profile_is_no_profile() {
    let profile = fixtures::profile(&[1, 2, 0], GAMMA_2_2);
    let red = fixtures::solid(20, 20, [255, 0, 0]);
    for len in 1..profile.len() {
        assert_near(middle(&fixtures::tagged_png(&red, profile[..len].to_vec())), [255, 0, 0], 3);
    }
    for (index, mask) in (0..profile.len()).flat_map(|index| [0x80, 0xFF].map(|mask| (index, mask))) {
        let mut flipped = profile.clone();
        flipped[index] ^= mask;
        middle(&fixtures::tagged_png(&red, flipped));
    }
}

#[test]
fn inks_are_what_the_profile_says() {
    let profile = fixtures::ink_profile();
    for is_ycck in [false, true] {
        let print = |inks, profile| middle(&fixtures::ink_jpeg(inks, is_ycck, profile));
        assert_near(print([0; 4], Some(&profile[..])), [255; 3], 3);
        assert_near(print([255, 0, 0, 0], Some(&profile[..])), [255, 0, 0], 12);
        // As luma and chroma, an ink may be one step off, which in the dark is twelve steps of sRGB.
        assert_near(print([0, 255, 0, 0], Some(&profile[..])), [0, 255, 0], 12);
        assert_near(print([0, 0, 0, 255], Some(&profile[..])), [0; 3], 3);
    }
}

#[test]
fn inks_without_a_profile_hold_light_back() {
    for is_ycck in [false, true] {
        let print = |inks| middle(&fixtures::ink_jpeg(inks, is_ycck, None));
        assert_near(print([0; 4]), [255; 3], 3);
        assert_near(print([255, 0, 0, 0]), [0, 255, 255], 4);
        assert_near(print([0, 255, 255, 0]), [255, 0, 0], 4);
        assert_near(print([0, 0, 0, 128]), [127; 3], 3);
        assert_near(print([128, 0, 0, 128]), [63, 127, 127], 4);
    }
}
