//! What the tests share.
#![allow(dead_code, reason = "each test program uses its part")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "test code")]

use std::path::PathBuf;

use jpeg_decoder::{Decoder, PixelFormat};
use wasm_thumb::{Options, Size, Thumbnail, thumbnail};

/// Options for a thumbnail of this size, without visible loss.
pub(crate) fn at(width: u32, height: u32) -> Options {
    let quality = wasm_thumb::Quality::new(100).unwrap();
    Options { size: Size::new(width, height).unwrap(), quality, ..Options::default() }
}

/// The thumbnail's pixels, row by row.
pub(crate) fn pixels(thumbnail: &Thumbnail) -> Vec<[u8; 3]> {
    let mut decoder = Decoder::new(thumbnail.bytes.as_slice());
    let bytes = decoder.decode().expect("a thumbnail is a whole JPEG");
    let info = decoder.info().unwrap();
    assert_eq!((u32::from(info.width), u32::from(info.height)), (thumbnail.width, thumbnail.height));
    match info.pixel_format {
        PixelFormat::L8 => bytes.into_iter().map(|gray| [gray; 3]).collect(),
        _ => bytes.as_chunks().0.to_vec(),
    }
}

/// The pixels of the thumbnail of a picture.
pub(crate) fn pixels_of(bytes: &[u8], options: &Options) -> Vec<[u8; 3]> {
    pixels(&thumbnail(bytes, options).unwrap())
}

/// Fails unless the colour is within `tolerance` of what is expected.
pub(crate) fn assert_near(actual: [u8; 3], expected: [u8; 3], tolerance: u8) {
    let is_near = actual.iter().zip(expected).all(|(a, e)| a.abs_diff(e) <= tolerance);
    assert!(is_near, "{actual:?} is not within {tolerance} of {expected:?}");
}

/// The files of a folder of the corpus and of the folders in it; `None`, and a word about it, where there is no
/// corpus.
pub(crate) fn corpus(folder: &str) -> Option<Vec<PathBuf>> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus");
    let root = std::env::var_os("IMAGASAUR_CORPUS").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if !root.is_dir() {
        println!("skipped: no corpus at {}; set IMAGASAUR_CORPUS", root.display());
        return None;
    }
    let (mut files, mut folders) = (Vec::new(), vec![root.join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    assert!(!files.is_empty());
    Some(files)
}
