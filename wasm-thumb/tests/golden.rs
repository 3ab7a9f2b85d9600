//! Thumbnails of generated pictures do not change unnoticed. A hash is the beginning of the SHA-256 of the
//! decoded pixels.

mod common;

use sha2::{Digest, Sha256};
use wasm_thumb::Options;

const GOLDEN: &[(&str, &str)] = &[
    ("photo.jpg", "e9ba8e21d8702ce0"),
    ("portrait.jpg", "9b3f15afabd910d1"),
    ("large.jpg", "02e9b5785fe69a10"),
    ("photo.png", "8f2fe2aee6c5609f"),
    ("transparent.png", "3c4a5d7696c2d35f"),
    ("sixteen-bit.png", "0ef3a83096edabcc"),
    ("gray.png", "cee1f77f1c6f5180"),
    ("palette.png", "74520683ca979c2e"),
    ("animated.gif", "7a218a27f34d4d75"),
    ("lossless.webp", "73435e80834de28e"),
    ("bitmap.bmp", "9a9302412ef56213"),
    ("tagged.png", "ed80673d21964f26"),
    ("turned.png", "1254782800e4cc0a"),
    ("turned.webp", "1254782800e4cc0a"),
    ("turned.tiff", "1254782800e4cc0a"),
    ("baseline-420.jpg", "eb2c0783c59f32d8"),
    ("baseline-422-restart.jpg", "68f30419fa5d91bd"),
    ("baseline-440.jpg", "a712273a44c3d54f"),
    ("baseline-411.jpg", "ccea298661f42d29"),
    ("progressive-444.jpg", "fd72ea3cf970629e"),
    ("progressive-420-restart.jpg", "eb2c0783c59f32d8"),
    ("inks.jpg", "a360f03c7e39038c"),
    ("inks-profile.jpg", "c5387064b834afcf"),
    ("orientation-1.jpg", "5786f2c9e3f12d1d"),
    ("orientation-2.jpg", "62d6585c35481561"),
    ("orientation-3.jpg", "86717ffeb7f30b44"),
    ("orientation-4.jpg", "190f77a4dc7a535d"),
    ("orientation-5.jpg", "50c8f6eb2f1f5393"),
    ("orientation-6.jpg", "503aacbf60d3fb33"),
    ("orientation-7.jpg", "fc92115f196c42fa"),
    ("orientation-8.jpg", "4059bf52f2e37ff8"),
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
