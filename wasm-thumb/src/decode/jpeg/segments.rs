//! The markers of a JPEG and what they carry (ITU-T T.81, annex B).

pub(super) const SOF_FIRST: u8 = 0xC0;
pub(super) const SOF_LAST: u8 = 0xCF;
pub(super) const DHT: u8 = 0xC4;
pub(super) const JPG: u8 = 0xC8;
pub(super) const DAC: u8 = 0xCC;
pub(super) const RST_FIRST: u8 = 0xD0;
pub(super) const RST_LAST: u8 = 0xD7;
const SOI: u8 = 0xD8;
pub(super) const EOI: u8 = 0xD9;
pub(super) const SOS: u8 = 0xDA;
pub(super) const DQT: u8 = 0xDB;
pub(super) const DNL: u8 = 0xDC;
pub(super) const DRI: u8 = 0xDD;
/// Where EXIF data is.
pub(crate) const APP1: u8 = 0xE1;
/// Where an ICC profile is.
pub(super) const APP2: u8 = 0xE2;
/// Where Adobe's programs say what the components mean.
pub(super) const APP14: u8 = 0xEE;
const TEM: u8 = 0x01;

/// A marker with its segment.
#[derive(Clone, Copy)]
pub(crate) struct Segment<'a> {
    /// The byte after 0xFF.
    pub(crate) marker: u8,
    /// What follows the length; empty if the marker has none.
    pub(crate) body: &'a [u8],
}

/// Every segment from the start of the file, the compressed data between them skipped; ends where the bytes end.
pub(crate) struct Segments<'a> {
    rest: &'a [u8],
}

impl<'a> Segments<'a> {
    pub(crate) fn new(jpeg: &'a [u8]) -> Self {
        Self { rest: jpeg }
    }

    /// What follows the last segment: after a scan header, the entropy-coded data.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Goes on this many bytes later.
    pub(super) fn pass(&mut self, len: usize) {
        self.rest = self.rest.get(len..).unwrap_or_default();
    }

    /// The segments before the first scan.
    pub(crate) fn of_header(jpeg: &'a [u8]) -> impl Iterator<Item = Segment<'a>> {
        Self::new(jpeg).take_while(|segment| segment.marker != SOS && segment.marker != EOI)
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        loop {
            let at = find_ff(self.rest)?;
            self.rest = self.rest.get(at + 1..)?;
            match *self.rest.first()? {
                // A stuffed zero belongs to the data; 0xFF may be repeated before a marker.
                0x00 => {}
                0xFF => continue,
                marker @ (TEM | RST_FIRST..=EOI) => {
                    self.rest = &self.rest[1..];
                    if marker == EOI || marker == SOI {
                        return Some(Segment { marker, body: &[] });
                    }
                    continue;
                }
                marker => {
                    let length = usize::from(u16::from_be_bytes(*self.rest.get(1..)?.first_chunk()?));
                    let body = self.rest.get(3..1 + length.max(2))?;
                    self.rest = &self.rest[1 + length.max(2)..];
                    return Some(Segment { marker, body });
                }
            }
            self.rest = &self.rest[1..];
        }
    }
}

/// Where the next 0xFF is, looked for eight bytes at a time.
pub(super) fn find_ff(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let (words, tail) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let inverted = !u64::from_le_bytes(*word);
        // The top bit of each byte that was 0xFF; above the first of them there may be false ones.
        let found = inverted.wrapping_sub(ONES) & !inverted & (ONES << 7);
        if found != 0 {
            return Some(8 * index + found.trailing_zeros() as usize / 8);
        }
    }
    tail.iter().position(|&byte| byte == 0xFF).map(|at| 8 * words.len() + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ff_is_found_wherever_it_is() {
        for len in 0..40 {
            assert_eq!(find_ff(&vec![0xFE; len]), None);
            for at in 0..len {
                let mut bytes = vec![[0x00, 0x01, 0x7F, 0xFE][at % 4]; len];
                bytes[at] = 0xFF;
                bytes[len - 1] = 0xFF;
                assert_eq!(find_ff(&bytes), Some(at));
            }
        }
    }
}
