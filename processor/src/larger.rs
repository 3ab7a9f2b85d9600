//! The pictures beside the thumbnail, from one decoding.

use sha2::{Digest, Sha256};
use wasm_thumb::{Coding, Error, Limits, Picture, Quality, Shape, Size, Spec, renditions};
use wire::key::Larger;

use crate::settings::LargerSize;

/// Makes pictures of these sizes, the smallest first, but for those that would be enlarged or are there already.
pub(crate) fn make(
    original: &[u8],
    sizes: &[LargerSize],
    limits: &Limits,
) -> Result<Vec<(Larger, Vec<u8>)>, Error> {
    let specs = sizes.iter().filter_map(|size| {
        let shape = if size.is_square { Shape::Cover } else { Shape::Fit };
        let coding = Coding::Jpeg(Quality::default());
        Some(Spec { size: Size::new(size.side_px, size.side_px).ok()?, shape, coding })
    });
    let specs: Vec<_> = specs.collect();
    let mut made: Vec<(Larger, Vec<u8>)> = Vec::new();
    for Picture { bytes, width, height } in renditions(original, &specs, limits)?.into_iter().flatten() {
        // A small picture fits into several sizes as it is.
        if made.iter().any(|(there, _)| (there.width, there.height) == (width, height)) {
            continue;
        }
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        let mut hash = [0; 8];
        hash.copy_from_slice(&digest[..8]);
        made.push((Larger { width, height, bytes: bytes.len() as u64, hash }, bytes));
    }
    made.sort_by_key(|(larger, _)| u64::from(larger.width) * u64::from(larger.height));
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(original: &[u8]) -> Vec<(u32, u32)> {
        let made = make(original, &LargerSize::USUAL, &Limits::default()).unwrap();
        for (larger, bytes) in &made {
            assert_eq!(larger.bytes, bytes.len() as u64);
            assert_eq!(wire::key::Sha256(Sha256::digest(bytes).into()).0[..8], larger.hash);
        }
        made.into_iter().map(|(larger, _)| (larger.width, larger.height)).collect()
    }

    #[test]
    fn there_are_as_many_as_the_picture_has_pixels_for() {
        let photo = |width, height| fixtures::photo_jpeg(width, height, 3);
        assert_eq!(sizes(&photo(2000, 1000)), [(200, 200), (400, 200), (1600, 800)]);
        assert_eq!(sizes(&photo(300, 600)), [(200, 200), (200, 400), (300, 600)]);
        assert_eq!(sizes(&photo(120, 90)), [(120, 90)]);
    }
}
