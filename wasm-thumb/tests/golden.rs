//! Thumbnails of generated pictures do not change unnoticed. A hash is the beginning of the SHA-256 of the
//! decoded pixels.

mod common;

use sha2::{Digest, Sha256};
use wasm_thumb::Options;

const GOLDEN: &[(&str, &str)] = &[
    ("photo.jpg", "86f1e74c1f527563"),
    ("portrait.jpg", "0bbe68582a6fbafa"),
    ("large.jpg", "5a0504c01ffb0bc1"),
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
    ("orientation-1.jpg", "be1657b865235a4b"),
    ("orientation-2.jpg", "e95ffec5d84f9581"),
    ("orientation-3.jpg", "016441688d65877e"),
    ("orientation-4.jpg", "ccfdd6e2670eeee9"),
    ("orientation-5.jpg", "779d769e052f5a20"),
    ("orientation-6.jpg", "60d20915c566198f"),
    ("orientation-7.jpg", "ac664b2ff84486fe"),
    ("orientation-8.jpg", "2f24f7df51ffee21"),
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
