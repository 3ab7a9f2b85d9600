//! The directory of the first picture (TIFF 6.0, section 2; `BigTIFF` as libtiff's design of 2007 has it): entries of
//! a tag, a type, a count and either the values or the place of them. Nothing is copied; values are read where they
//! are.

use crate::{Error, Format};

/// The longest list of numbers, bytes; of strips or tiles there are fewer than this.
const MAX_LIST_BYTES: usize = 1 << 20;

/// The bytes of a file and how its numbers are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct File<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) is_big_endian: bool,
}

/// The first directory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Directory<'a> {
    pub(super) file: File<'a>,
    entries: &'a [u8],
    /// Whether counts and places are of 64 bits.
    is_wide: bool,
}

/// The values of an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Values<'a> {
    file: File<'a>,
    pub(super) bytes: &'a [u8],
    /// Of a value.
    width: usize,
}

impl<'a> File<'a> {
    pub(super) fn truncated(self) -> Error {
        Error::Truncated { format: Format::Tiff, bytes: self.bytes.len() }
    }

    /// The bytes at a place, all of which have to be there.
    fn part(self, from: u64, length: u64) -> Result<&'a [u8], Error> {
        let end = from.checked_add(length);
        let range = usize::try_from(from).ok().zip(end.and_then(|end| usize::try_from(end).ok()));
        range.and_then(|(from, end)| self.bytes.get(from..end)).ok_or_else(|| self.truncated())
    }

    /// All of these bytes as one number.
    fn number(self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, &byte: &u8| sum << 8 | u64::from(byte);
        if self.is_big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
    }

    fn number_at(self, from: u64, length: u64) -> Result<u64, Error> {
        Ok(self.number(self.part(from, length)?))
    }
}

impl<'a> Directory<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let file = File { bytes, is_big_endian: bytes.first() == Some(&b'M') };
        let is_wide = match file.number_at(2, 2)? {
            42 => false,
            43 => true,
            _ => return Err(corrupt("its header is of an unknown version")),
        };
        let (place, count_bytes) =
            if is_wide { (file.number_at(8, 8)?, 8) } else { (file.number_at(4, 4)?, 2) };
        let count = file.number_at(place, count_bytes)?;
        let length = count.checked_mul(if is_wide { 20 } else { 12 }).ok_or_else(|| file.truncated())?;
        let entries = file.part(place.saturating_add(count_bytes), length)?;
        Ok(Self { file, entries, is_wide })
    }

    /// The values of a tag; none if the tag is not there.
    pub(super) fn find(&self, tag: u16) -> Result<Option<Values<'a>>, Error> {
        let file = self.file;
        let mut entries = self.entries.chunks_exact(if self.is_wide { 20 } else { 12 });
        let Some(entry) = entries.find(|entry| file.number(&entry[..2]) == u64::from(tag)) else {
            return Ok(None);
        };
        // Types that are not of whole numbers are of no use here.
        let width = match file.number(&entry[2..4]) {
            1 | 7 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => return Err(corrupt("its directory has a value of another type than it should")),
        };
        let (count, place) = entry[4..].split_at((entry.len() - 4) / 2);
        let length = file.number(count).saturating_mul(width as u64);
        let inline = usize::try_from(length).ok().and_then(|length| place.get(..length));
        let bytes = match inline {
            Some(bytes) => bytes,
            None => file.part(file.number(place), length)?,
        };
        Ok(Some(Values { file, bytes, width }))
    }

    /// The first number of a tag.
    pub(super) fn number(&self, tag: u16) -> Result<Option<u64>, Error> {
        Ok(self.find(tag)?.and_then(|values| values.get(0)))
    }

    /// The first number of a tag that fits in 32 bits and is not zero.
    pub(super) fn side(&self, tag: u16) -> Result<Option<u32>, Error> {
        let side = |number| u32::try_from(number).ok().filter(|&side| side > 0);
        let out_of_range = || corrupt("a width or height is out of range");
        self.number(tag)?.map(|number| side(number).ok_or_else(out_of_range)).transpose()
    }

    /// The numbers of a tag, of which there may be as many as there are strips or tiles.
    pub(super) fn list(&self, tag: u16) -> Result<Option<Values<'a>>, Error> {
        let values = self.find(tag)?;
        if values.is_some_and(|values| values.bytes.len() > MAX_LIST_BYTES) {
            return Err(Error::DecoderLimit { format: Format::Tiff, source: "a list of places".into() });
        }
        Ok(values)
    }
}

impl Values<'_> {
    pub(super) fn len(self) -> usize {
        self.bytes.len() / self.width
    }

    pub(super) fn get(self, index: usize) -> Option<u64> {
        let bytes = self.bytes.get(index.checked_mul(self.width)?..)?.get(..self.width)?;
        Some(self.file.number(bytes))
    }

    /// Whether there is a number, and all are this one.
    pub(super) fn are_all(self, number: u64) -> bool {
        self.len() > 0 && (0..self.len()).all(|index| self.get(index) == Some(number))
    }
}

pub(super) fn corrupt(cause: &'static str) -> Error {
    Error::Corrupt { format: Format::Tiff, source: cause.into() }
}
