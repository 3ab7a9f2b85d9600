//! The size that a header declares, read before any decoder sees the file.
//!
//! A decoder may refuse a size for reasons of its own, which depend on the machine's word; so that a flood of
//! pixels is called what it is everywhere, it is recognised here.

use crate::Format;

/// Width and height, for formats that can declare more than a machine can hold.
pub(super) fn size(bytes: &[u8], format: Format) -> Option<(u32, u32)> {
    match format {
        // PNG 3, 11.2.1: the IHDR chunk comes first.
        Format::Png => Some((u32::from_be_bytes(at(bytes, 16)?), u32::from_be_bytes(at(bytes, 20)?))),
        // A height below zero says that the rows run from the top.
        Format::Bmp if bytes.get(14) != Some(&12) => Some((
            i32::from_le_bytes(at(bytes, 18)?).unsigned_abs(),
            i32::from_le_bytes(at(bytes, 22)?).unsigned_abs(),
        )),
        Format::WebP if bytes.get(12..16) == Some(b"VP8X") => {
            let less_one = |offset| Some(u32::from_le_bytes(at(bytes, offset)?) & 0xFF_FFFF);
            Some((less_one(24)? + 1, less_one(27)? + 1))
        }
        _ => None,
    }
}

fn at(bytes: &[u8], offset: usize) -> Option<[u8; 4]> {
    bytes.get(offset..)?.first_chunk().copied()
}
