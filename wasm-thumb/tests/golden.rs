//! Thumbnails of generated pictures do not change unnoticed. A hash is the beginning of the SHA-256 of the
//! decoded pixels.

mod common;

use sha2::{Digest, Sha256};
use wasm_thumb::Options;

const GOLDEN: &[(&str, &str)] = &[
    ("photo.jpg", "724420fedb7011ba"),
    ("portrait.jpg", "d3801376bb86c1b8"),
    ("large.jpg", "d45eef0f8d2308f6"),
    ("photo.png", "2327a3b2e1a40d43"),
    ("transparent.png", "da4cd70afe58decd"),
    ("sixteen-bit.png", "b0f2dcd577bb450a"),
    ("gray.png", "448c456e32998941"),
    ("palette.png", "9d96bf19a90a41b1"),
    ("animated.gif", "7a218a27f34d4d75"),
    ("lossless.webp", "90c33ff340e9efd9"),
    ("bitmap.bmp", "5fa3bfeb7a367007"),
    ("tagged.png", "f0f5bb5081e2e9ce"),
    ("turned.png", "a8446a4c681f85e1"),
    ("turned.webp", "a8446a4c681f85e1"),
    ("turned.tiff", "a8446a4c681f85e1"),
    ("baseline-420.jpg", "a773d27eb614d512"),
    ("baseline-422-restart.jpg", "e3c0fcde7e54e6e4"),
    ("baseline-440.jpg", "b90f7dff4e40506e"),
    ("baseline-411.jpg", "07a7594e8faf5b64"),
    ("progressive-444.jpg", "14a46cab02d87398"),
    ("progressive-420-restart.jpg", "a773d27eb614d512"),
    ("inks.jpg", "a360f03c7e39038c"),
    ("inks-profile.jpg", "c5387064b834afcf"),
    ("orientation-1.jpg", "3b721c0567b17eb9"),
    ("orientation-2.jpg", "5bc887fb87ed8b68"),
    ("orientation-3.jpg", "40d0162ba4825d7f"),
    ("orientation-4.jpg", "5eedfb6af67a578f"),
    ("orientation-5.jpg", "3d4cb2fcd1a190eb"),
    ("orientation-6.jpg", "5a15425189a5bb99"),
    ("orientation-7.jpg", "d2f7db556dd5bb93"),
    ("orientation-8.jpg", "c774c68d24bc8c94"),
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
