//! Pictures come out upright.

mod common;

use common::{assert_near, at, pixels_of};
use wasm_thumb::{Limits, Options, Orientation, inspect, thumbnail};

#[test]
fn all_eight_orientations_give_the_thumbnail_of_the_upright_picture() {
    for make in [fixtures::oriented_png, fixtures::oriented_webp, fixtures::oriented_tiff] {
        let upright = thumbnail(&make(1), &Options::default()).unwrap();
        for orientation in 2..=8 {
            let turned = thumbnail(&make(orientation), &Options::default()).unwrap();
            assert!(turned.bytes == upright.bytes, "{:?} {orientation}", turned.format);
            assert_eq!((turned.source_width, turned.source_height), (60, 40));
        }
    }
}

#[test]
fn jpegs_are_turned_too() {
    for orientation in 1..=8 {
        let pixels = pixels_of(&fixtures::oriented_jpeg(orientation), &at(60, 40));
        let at = |x: usize, y: usize| pixels[y * 60 + x];
        assert_near(at(10, 7), [0, 0, 0], 12);
        assert_near(at(24, 15), [220, 30, 30], 12);
        assert_near(at(45, 10), [30, 180, 60], 12);
        assert_near(at(15, 30), [40, 60, 220], 12);
        assert_near(at(45, 30), [240, 220, 40], 12);
    }
}

#[test]
fn inspect_tells_the_orientation_and_the_upright_size() {
    let makers =
        [fixtures::oriented_jpeg, fixtures::oriented_png, fixtures::oriented_webp, fixtures::oriented_tiff];
    for (make, value) in makers.iter().flat_map(|make| (1..=8).map(move |value| (make, value))) {
        let found = inspect(&make(value), &Limits::default()).unwrap();
        assert_eq!(Some(found.orientation), Orientation::from_exif(value));
        assert_eq!((found.width, found.height), (60, 40), "{:?} {value}", found.format);
    }
}

#[test]
fn a_crop_is_taken_from_the_upright_picture() {
    // A quarter of the height is kept in the middle, whichever way the picture is stored.
    for orientation in 1..=8 {
        let pixels = pixels_of(&fixtures::oriented_png(orientation), &at(60, 10));
        assert_near(pixels[2 * 60 + 15], [220, 30, 30], 3);
        assert_near(pixels[8 * 60 + 15], [40, 60, 220], 3);
        assert_near(pixels[8 * 60 + 45], [240, 220, 40], 3);
    }
}
