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

    /// The entropy-coded data after a scan header, up to the next marker that is not one of a restart.
    pub(super) fn data(&self) -> &'a [u8] {
        let mut len = 0;
        while let Some(at) = self.rest.get(len..).and_then(find_marker) {
            len += at;
            if !self.rest.get(len + 1).is_some_and(|&marker| is_restart(marker)) {
                return self.rest.get(..len).unwrap_or_default();
            }
            len += 2;
        }
        self.rest
    }

    /// Goes on after these data.
    pub(super) fn pass(&mut self, data: &[u8]) {
        self.rest = self.rest.get(data.len()..).unwrap_or_default();
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
            let at = find_marker(self.rest)?;
            let marker = *self.rest.get(at + 1)?;
            self.rest = self.rest.get(at + 2..)?;
            match marker {
                SOI | EOI => return Some(Segment { marker, body: &[] }),
                TEM | RST_FIRST..=RST_LAST => {}
                _ => {
                    let length = usize::from(u16::from_be_bytes(*self.rest.first_chunk()?)).max(2);
                    let body = self.rest.get(2..length)?;
                    self.rest = self.rest.get(length..)?;
                    return Some(Segment { marker, body });
                }
            }
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

/// Whether a marker is one between restart intervals.
pub(super) fn is_restart(marker: u8) -> bool {
    (RST_FIRST..=RST_LAST).contains(&marker)
}

/// Where the next marker is, looked for 32 bytes at a time: 0xFF with neither a stuffed zero nor another 0xFF after it.
pub(super) fn find_marker(bytes: &[u8]) -> Option<usize> {
    const STRIDE: usize = 32;
    let is_marker = |byte: u8, next: u8| u8::from(byte == 0xFF) & u8::from(next.wrapping_add(1) > 1);
    let mut from = 0;
    while let Some(window) = bytes.get(from..=from + STRIDE) {
        let pairs = window[..STRIDE].iter().zip(&window[1..]);
        if pairs.fold(0, |any, (&byte, &next)| any | is_marker(byte, next)) != 0 {
            break;
        }
        from += STRIDE;
    }
    let rest = bytes.get(from..).unwrap_or_default();
    rest.windows(2).position(|pair| is_marker(pair[0], pair[1]) != 0).map(|at| from + at)
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
