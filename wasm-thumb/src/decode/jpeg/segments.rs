//! The markers of a JPEG and what they carry (ITU-T T.81, annex B).

pub(super) const SOF_FIRST: u8 = 0xC0;
pub(super) const SOF_LAST: u8 = 0xCF;
pub(super) const DHT: u8 = 0xC4;
pub(super) const JPG: u8 = 0xC8;
pub(super) const DAC: u8 = 0xCC;
const RST_FIRST: u8 = 0xD0;
const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
pub(super) const SOS: u8 = 0xDA;
/// Where EXIF data is.
pub(crate) const APP1: u8 = 0xE1;
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

    /// The segments before the first scan.
    pub(crate) fn of_header(jpeg: &'a [u8]) -> impl Iterator<Item = Segment<'a>> {
        Self::new(jpeg).take_while(|segment| segment.marker != SOS && segment.marker != EOI)
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        loop {
            let at = self.rest.iter().position(|&byte| byte == 0xFF)?;
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

/// Whether the end marker of the picture is there. What follows it is nobody's concern.
pub(super) fn reaches_end(jpeg: &[u8]) -> bool {
    Segments::new(jpeg).any(|segment| segment.marker == EOI)
}
