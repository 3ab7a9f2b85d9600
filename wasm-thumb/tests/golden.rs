//! Thumbnails of generated pictures do not change unnoticed. A hash is the beginning of the SHA-256 of the
//! decoded pixels.

mod common;

use sha2::{Digest, Sha256};
use wasm_thumb::Options;

const GOLDEN: &[(&str, &str)] = &[
    ("photo.jpg", "2d5d8cfe62cc409c"),
    ("portrait.jpg", "7ceddc4c066bb6ee"),
    ("large.jpg", "b7811fa5a0af1178"),
    ("photo.png", "c1abdc038c7401c2"),
    ("transparent.png", "288c6e798c02efcc"),
    ("sixteen-bit.png", "0ceca8f6e2b17d75"),
    ("gray.png", "6150e61ddcfc92e5"),
    ("palette.png", "a412d07de46e47bb"),
    ("animated.gif", "7a218a27f34d4d75"),
    ("lossless.webp", "b8fbb1023eca221f"),
    ("bitmap.bmp", "e7b8319b8ebe8b29"),
    ("tagged.png", "ee2fd55bad1ce131"),
    ("turned.png", "f0e8e27cdf8e2a9e"),
    ("turned.webp", "f0e8e27cdf8e2a9e"),
    ("turned.tiff", "f0e8e27cdf8e2a9e"),
    ("orientation-1.jpg", "0f9c06d1daa20920"),
    ("orientation-2.jpg", "56ac966ffe75ab40"),
    ("orientation-3.jpg", "66c9aeb752d0bc57"),
    ("orientation-4.jpg", "113f427bb70a75cc"),
    ("orientation-5.jpg", "ea5f1f073d6fc340"),
    ("orientation-6.jpg", "f87ca6ed75378cab"),
    ("orientation-7.jpg", "5fa598c25c0b8482"),
    ("orientation-8.jpg", "9250d2521e9f6a43"),
    ("baseline-420.jpg", "bee7576b5afd6786"),
    ("baseline-422-restart.jpg", "82f8ad0ffc7d8dc9"),
    ("baseline-440.jpg", "cf579a0407389e51"),
    ("baseline-411.jpg", "7f0dd027c04d9c2f"),
    ("progressive-444.jpg", "8bea9bcb2a1a9ae1"),
    ("progressive-420-restart.jpg", "bee7576b5afd6786"),
    ("inks.jpg", "a360f03c7e39038c"),
    ("inks-profile.jpg", "77bd9893fe7a40d9"),
];

#[test]
fn thumbnails_are_what_they_were() {
    let mut differing = Vec::new();
    for fixture in fixtures::all_good() {
        let pixels = common::pixels_of(&fixture.bytes, &Options::default());
        let hash = format!("{:x}", Sha256::digest(pixels.as_flattened()));
        let golden = GOLDEN.iter().find(|(name, _)| *name == fixture.name).map(|(_, hash)| *hash);
        if golden != Some(&hash[..16]) {
            differing.push(format!("    (\"{}\", \"{}\"),", fixture.name, &hash[..16]));
        }
    }
    assert!(differing.is_empty(), "changed:\n{}", differing.join("\n"));
}
