//! Several pictures from one decoding.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use image::imageops::FilterType;
use wasm_thumb::{Coding, Error, Limits, Picture, Quality, Shape, Size, Spec, renditions};

fn spec(width: u32, height: u32, shape: Shape) -> Spec {
    Spec { size: Size::new(width, height).unwrap(), shape, coding: Coding::Rgb }
}

fn all(bytes: &[u8], specs: &[Spec]) -> Vec<Option<Picture>> {
    renditions(bytes, specs, &Limits::default()).unwrap()
}

fn sizes(bytes: &[u8], specs: &[Spec]) -> Vec<Option<(u32, u32)>> {
    all(bytes, specs).iter().map(|picture| picture.as_ref().map(|p| (p.width, p.height))).collect()
}

#[test]
fn sizes_fit_and_nothing_is_enlarged() {
    let specs = [spec(200, 200, Shape::Cover), spec(400, 400, Shape::Fit), spec(100, 300, Shape::Fit)];
    let png = |width, height| fixtures::photo_png(width, height, 1);
    assert_eq!(sizes(&png(800, 600), &specs), [Some((200, 200)), Some((400, 300)), Some((100, 75))]);
    assert_eq!(sizes(&png(600, 801), &specs), [Some((200, 200)), Some((300, 400)), Some((100, 134))]);
    assert_eq!(sizes(&png(300, 150), &specs), [None, Some((300, 150)), Some((100, 50))]);
    assert_eq!(sizes(&png(3000, 2), &specs), [None, Some((400, 1)), Some((100, 1))]);
    assert_eq!(sizes(&png(20, 20), &specs[..1]), [None]);
    assert_eq!(sizes(&png(20, 20), &[]), []);
}

#[test]
fn each_is_the_picture_made_smaller() {
    let picture = fixtures::photo(900, 700, 5);
    let specs = [spec(200, 200, Shape::Cover), spec(450, 450, Shape::Fit), spec(900, 900, Shape::Fit)];
    let square = image::imageops::crop_imm(&picture, 100, 0, 700, 700).to_image();
    let expected = [
        image::imageops::resize(&square, 200, 200, FilterType::Lanczos3),
        image::imageops::resize(&picture, 450, 350, FilterType::Lanczos3),
        picture.clone(),
    ];
    let files = [(fixtures::png(&picture), 1.5), (fixtures::photo_jpeg(900, 700, 5), 3.0)];
    for (file, most) in files {
        for (made, expected) in all(&file, &specs).into_iter().zip(&expected) {
            let made = made.unwrap();
            assert_eq!(made.bytes.len(), expected.as_raw().len());
            let differences =
                made.bytes.iter().zip(expected.as_raw()).map(|(a, b)| f64::from(a.abs_diff(*b)));
            #[expect(clippy::cast_precision_loss, reason = "a count of pixels")]
            let mean = differences.sum::<f64>() / made.bytes.len() as f64;
            assert!(mean < most, "{}×{}: {mean}", made.width, made.height);
        }
    }
}

#[test]
fn all_orientations_are_turned_upright() {
    let specs = [spec(30, 30, Shape::Cover), spec(45, 45, Shape::Fit)];
    for make in [fixtures::oriented_png, fixtures::oriented_webp, fixtures::oriented_tiff] {
        let upright = all(&make(1), &specs);
        assert_eq!(upright[1].as_ref().map(|p| (p.width, p.height)), Some((45, 30)));
        for orientation in 2..=8 {
            assert!(all(&make(orientation), &specs) == upright, "{orientation}");
        }
    }
}

#[test]
fn files_are_jpegs_of_the_size() {
    let jpeg = Spec { coding: Coding::Jpeg(Quality::default()), ..spec(160, 160, Shape::Fit) };
    let made = all(&fixtures::photo_jpeg(640, 480, 2), &[jpeg]).remove(0).unwrap();
    let mut decoder = jpeg_decoder::Decoder::new(made.bytes.as_slice());
    assert_eq!(decoder.decode().unwrap().len(), 160 * 120 * 3);
    assert_eq!((made.width, made.height), (160, 120));
}

#[test]
fn what_makes_no_thumbnail_makes_nothing_larger() {
    let specs = [spec(200, 200, Shape::Cover), spec(1600, 1600, Shape::Fit)];
    for bad in fixtures::all_bad() {
        let error = renditions(&bad.bytes, &specs, &Limits::default()).unwrap_err();
        assert_eq!(error.code(), bad.expected_code, "{}", bad.name);
    }
    let limits = Limits { max_alloc_bytes: 1 << 20, ..Limits::default() };
    let error = renditions(&fixtures::photo_png(1000, 800, 1), &specs, &limits).unwrap_err();
    assert!(matches!(error, Error::TooMuchMemory { .. }), "{error}");
}
