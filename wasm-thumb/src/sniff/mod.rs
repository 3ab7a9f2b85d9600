//! Step 1: what kind of picture is it? Told from the first bytes; names and announced types are not believed.

mod format;
mod unsupported;

pub use format::Format;

use crate::Error;

/// The format of a picture that can be read here, told from its first bytes.
#[must_use]
pub fn sniff(bytes: &[u8]) -> Option<Format> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some(Format::Jpeg),
        // The four bytes after these are there to be damaged by text tools; the decoder looks at them.
        [0x89, b'P', b'N', b'G', ..] => Some(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::WebP),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Format::Gif),
        // 42 is TIFF, 43 is BigTIFF.
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Format::Tiff),
        // Two letters are little to go by, so the length of the second header has to be a known one too.
        [b'B', b'M', ..] => match bytes.get(14..18)? {
            [12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0] => Some(Format::Bmp),
            _ => None,
        },
        _ => None,
    }
}

/// The format, or why there is none.
pub(crate) fn identify(bytes: &[u8]) -> Result<Format, Error> {
    match (sniff(bytes), unsupported::kind(bytes)) {
        (_, Some(kind)) => Err(Error::UnsupportedFormat { kind }),
        (Some(format), None) => Ok(format),
        (None, None) => Err(Error::NotAnImage { bytes: bytes.len() }),
    }
}
