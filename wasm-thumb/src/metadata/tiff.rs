//! Directories of a TIFF structure (TIFF 6.0, section 2), as EXIF data have them.

/// More entries than any directory has.
const MAX_ENTRIES: usize = 1000;
const ENTRY_BYTES: usize = 12;

/// Numbers at offsets of a TIFF structure, in its byte order.
#[derive(Clone, Copy)]
pub(super) struct Tiff<'a> {
    data: &'a [u8],
    is_big_endian: bool,
}

/// A list of tags with their values.
#[derive(Clone, Copy)]
pub(super) struct Directory<'a> {
    tiff: Tiff<'a>,
    start: usize,
    entries: usize,
}

/// What a tag holds.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    tiff: Tiff<'a>,
    kind: Kind,
    bytes: &'a [u8],
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Byte,
    Ascii,
    Short,
    Long,
    Rational,
    Undefined,
    SignedRational,
}

impl Kind {
    fn new(number: u16) -> Option<Self> {
        Some(match number {
            1 => Self::Byte,
            2 => Self::Ascii,
            3 => Self::Short,
            4 => Self::Long,
            5 => Self::Rational,
            7 => Self::Undefined,
            10 => Self::SignedRational,
            _ => return None,
        })
    }

    fn bytes(self) -> usize {
        match self {
            Self::Byte | Self::Ascii | Self::Undefined => 1,
            Self::Short => 2,
            Self::Long => 4,
            Self::Rational | Self::SignedRational => 8,
        }
    }
}

impl<'a> Tiff<'a> {
    pub(super) fn new(data: &'a [u8]) -> Option<Self> {
        let is_big_endian = match data.get(..4)? {
            b"MM\0*" => true,
            b"II*\0" => false,
            _ => return None,
        };
        Some(Self { data, is_big_endian })
    }

    /// The first directory.
    pub(super) fn first(self) -> Option<Directory<'a>> {
        self.directory(self.u32_in(self.data.get(4..)?)?)
    }

    fn directory(self, offset: u32) -> Option<Directory<'a>> {
        let offset = usize::try_from(offset).ok()?;
        let entries = usize::from(self.u16_in(self.data.get(offset..)?)?).min(MAX_ENTRIES);
        Some(Directory { tiff: self, start: offset.checked_add(2)?, entries })
    }

    fn u16_in(self, bytes: &[u8]) -> Option<u16> {
        let bytes = *bytes.first_chunk()?;
        Some(if self.is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32_in(self, bytes: &[u8]) -> Option<u32> {
        let bytes = *bytes.first_chunk()?;
        Some(if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }
}

impl<'a> Directory<'a> {
    /// The value of the first entry of a tag; `None` where there is none or it cannot be read.
    pub(super) fn get(&self, tag: u16) -> Option<Value<'a>> {
        let tiff = self.tiff;
        let entries = tiff.data.get(self.start..)?.as_chunks::<ENTRY_BYTES>().0;
        let entry = entries.iter().take(self.entries).find(|entry| tiff.u16_in(&entry[..]) == Some(tag))?;
        let kind = Kind::new(tiff.u16_in(&entry[2..])?)?;
        let length = usize::try_from(tiff.u32_in(&entry[4..])?).ok()?.checked_mul(kind.bytes())?;
        let bytes = if length <= 4 {
            entry.get(8..8 + length)?
        } else {
            let offset = usize::try_from(tiff.u32_in(&entry[8..])?).ok()?;
            tiff.data.get(offset..offset.checked_add(length)?)?
        };
        Some(Value { tiff, kind, bytes })
    }

    /// The directory that a tag points to.
    pub(super) fn directory(&self, tag: u16) -> Option<Directory<'a>> {
        self.tiff.directory(self.get(tag)?.whole()?)
    }
}

impl<'a> Value<'a> {
    /// A single whole number of 16 bits.
    pub(super) fn short(&self) -> Option<u16> {
        (self.kind == Kind::Short).then(|| self.tiff.u16_in(self.bytes))?
    }

    /// The first whole number.
    pub(super) fn whole(&self) -> Option<u32> {
        match self.kind {
            Kind::Short => self.tiff.u16_in(self.bytes).map(u32::from),
            Kind::Long => self.tiff.u32_in(self.bytes),
            _ => None,
        }
    }

    /// The first byte.
    pub(super) fn byte(&self) -> Option<u8> {
        matches!(self.kind, Kind::Byte | Kind::Ascii).then(|| self.bytes.first().copied())?
    }

    /// Numerator and denominator of the fraction at `index`; neither is negative, the denominator not zero.
    pub(super) fn fraction(&self, index: usize) -> Option<(u32, u32)> {
        if self.kind != Kind::Rational {
            return None;
        }
        let bytes = self.bytes.get(8 * index..)?;
        let (numerator, denominator) = (self.tiff.u32_in(bytes)?, self.tiff.u32_in(bytes.get(4..)?)?);
        (denominator != 0).then_some((numerator, denominator))
    }

    /// The fraction at `index`, which may be negative, as a number.
    pub(super) fn number(&self, index: usize) -> Option<f64> {
        if self.kind == Kind::SignedRational {
            let bytes = self.bytes.get(8 * index..)?;
            let signed = |bytes| self.tiff.u32_in(bytes).map(u32::cast_signed);
            let (numerator, denominator) = (signed(bytes)?, signed(bytes.get(4..)?)?);
            return (denominator != 0).then(|| f64::from(numerator) / f64::from(denominator));
        }
        self.fraction(index).map(|(numerator, denominator)| f64::from(numerator) / f64::from(denominator))
    }

    /// The bytes of a text, without what follows its end.
    pub(super) fn text(&self) -> Option<&'a [u8]> {
        (self.kind == Kind::Ascii).then(|| self.bytes.split(|&byte| byte == 0).next())?
    }
}
