//! Thumbnails of generated pictures do not change unnoticed. A hash is the beginning of the SHA-256 of the
//! decoded pixels.

mod common;

use sha2::{Digest, Sha256};
use wasm_thumb::Options;

const GOLDEN: &[(&str, &str)] = &[
    ("photo.jpg", "74111ea70e29c096"),
    ("portrait.jpg", "20a7053dfc77bbb5"),
    ("large.jpg", "737dfae111e78083"),
    ("photo.png", "6a91f696e7769b7b"),
    ("transparent.png", "3c4a5d7696c2d35f"),
    ("sixteen-bit.png", "0ef3a83096edabcc"),
    ("gray.png", "d18d3dd99d89dd4d"),
    ("palette.png", "bf1f940bcdc2f108"),
    ("animated.gif", "7a218a27f34d4d75"),
    ("lossless.webp", "7ed08048086c8375"),
    ("bitmap.bmp", "0974ade070f994b3"),
    ("tagged.png", "9ee9eca0362b67cd"),
    ("turned.png", "41b3fd81e9a12c8b"),
    ("turned.webp", "41b3fd81e9a12c8b"),
    ("turned.tiff", "41b3fd81e9a12c8b"),
    ("baseline-420.jpg", "ad075e382905bba1"),
    ("baseline-422-restart.jpg", "af7a44c0c2e36d7a"),
    ("baseline-440.jpg", "9efabb04cb966eaa"),
    ("baseline-411.jpg", "0582df2fc03acb0a"),
    ("progressive-444.jpg", "15acd2e3e3bf1c61"),
    ("progressive-420-restart.jpg", "ad075e382905bba1"),
    ("inks.jpg", "a360f03c7e39038c"),
    ("inks-profile.jpg", "c5387064b834afcf"),
    ("orientation-1.jpg", "6be8c5e240b0a02c"),
    ("orientation-2.jpg", "b5acb5bb51d7620d"),
    ("orientation-3.jpg", "1ea1fff812943719"),
    ("orientation-4.jpg", "e516bd37e91592e7"),
    ("orientation-5.jpg", "334ca42dcd3d5775"),
    ("orientation-6.jpg", "82cc4d3323ed6de2"),
    ("orientation-7.jpg", "d70cd1e6fe0e0c01"),
    ("orientation-8.jpg", "f74da63631de6ad7"),
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
