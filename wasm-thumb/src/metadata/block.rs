//! Where each format keeps its EXIF data: a TIFF structure (Exif 2.32, 4.5).

use crate::Format;
use crate::decode::jpeg::{APP1, Segments};

/// The TIFF structure with the metadata, if there is one.
pub(super) fn find(bytes: &[u8], format: Format) -> Option<&[u8]> {
    match format {
        Format::Jpeg => in_jpeg(bytes),
        Format::Png => in_png(bytes),
        Format::WebP => in_webp(bytes),
        Format::Tiff => Some(bytes),
        Format::Gif | Format::Bmp => None,
    }
}

/// The first APP1 segment that says that it is EXIF.
fn in_jpeg(bytes: &[u8]) -> Option<&[u8]> {
    Segments::of_header(bytes)
        .filter(|segment| segment.marker == APP1)
        .find_map(|segment| segment.body.strip_prefix(b"Exif\0"))
        // A padding byte, zero by the book.
        .and_then(|body| body.get(1..))
}

/// The `eXIf` chunk (PNG 3, 11.3.4.6), which may come before or after the pixels.
fn in_png(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.get(8..)?;
    loop {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let kind = rest.get(4..8)?;
        let after = rest.get(8..)?;
        if kind == b"eXIf" {
            return after.get(..length);
        }
        rest = after.get(length.checked_add(4)?..)?;
    }
}

/// The `EXIF` chunk of the RIFF container; some writers put the prefix of JPEG in it.
fn in_webp(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.get(12..)?;
    loop {
        let kind = rest.get(..4)?;
        let length = usize::try_from(u32::from_le_bytes(*rest.get(4..)?.first_chunk()?)).ok()?;
        let after = rest.get(8..)?;
        if kind == b"EXIF" {
            let data = after.get(..length)?;
            return Some(data.strip_prefix(b"Exif\0\0").unwrap_or(data));
        }
        rest = after.get(length.checked_next_multiple_of(2)?..)?;
    }
}
