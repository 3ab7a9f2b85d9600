//! As much of EXIF as the orientation takes: the first directory of a TIFF structure.

use super::Orientation;

const TAG_ORIENTATION: u16 = 274;
const TYPE_SHORT: u16 = 3;
const ENTRY_BYTES: usize = 12;

/// The orientation in a block of EXIF data or a TIFF file; `None` where there is none or it cannot be read.
pub(super) fn orientation(data: &[u8]) -> Option<Orientation> {
    let tiff = Tiff::new(data)?;
    let directory = usize::try_from(tiff.u32_at(4)?).ok()?;
    let count = usize::from(tiff.u16_at(directory)?);
    (0..count)
        .map_while(|index| directory.checked_add(2 + index * ENTRY_BYTES))
        .find(|&entry| tiff.u16_at(entry) == Some(TAG_ORIENTATION))
        .filter(|&entry| tiff.u16_at(entry + 2) == Some(TYPE_SHORT))
        .and_then(|entry| tiff.u16_at(entry + 8))
        .and_then(Orientation::from_exif)
}

/// Numbers at offsets of a TIFF structure, in its byte order.
struct Tiff<'a> {
    data: &'a [u8],
    is_big_endian: bool,
}

impl<'a> Tiff<'a> {
    fn new(data: &'a [u8]) -> Option<Self> {
        let is_big_endian = match data.get(..4)? {
            b"MM\0*" => true,
            b"II*\0" => false,
            _ => return None,
        };
        Some(Self { data, is_big_endian })
    }

    fn u16_at(&self, offset: usize) -> Option<u16> {
        let bytes = *self.data.get(offset..)?.first_chunk()?;
        Some(if self.is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32_at(&self, offset: usize) -> Option<u32> {
        let bytes = *self.data.get(offset..)?.first_chunk()?;
        Some(if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_byte_orders() {
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0";
        assert_eq!(orientation(little), Some(Orientation::RightTop));
        assert_eq!(orientation(big), Some(Orientation::LeftBottom));
    }

    #[test]
    fn ignores_what_is_cut_or_out_of_range() {
        let whole = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0";
        for end in 0..whole.len() {
            assert_eq!(orientation(&whole[..end]), None, "{end}");
        }
        assert_eq!(orientation(b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x09\0"), None);
        assert_eq!(orientation(b"II*\0\xFF\xFF\xFF\xFF\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0"), None);
    }
}
