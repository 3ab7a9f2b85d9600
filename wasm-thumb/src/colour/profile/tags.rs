//! The parts of a profile (ICC.1:2022, 7.2 and 7.3).

/// More tags than any profile has.
const MAX_TAGS: usize = 200;

pub(super) struct Tags<'a> {
    profile: &'a [u8],
    table: &'a [[u8; 12]],
}

impl<'a> Tags<'a> {
    pub(super) fn new(profile: &'a [u8]) -> Option<Self> {
        if profile.get(36..40)? != b"acsp" {
            return None;
        }
        let count = number(profile, 128)?;
        let table = profile.get(132..132 + 12 * count.min(MAX_TAGS))?.as_chunks().0;
        Some(Self { profile, table })
    }

    /// Four letters, such as `RGB `.
    pub(super) fn colour_space(&self) -> Option<&'a [u8; 4]> {
        self.profile.get(16..)?.first_chunk()
    }

    /// What its tables lead to: `XYZ ` or `Lab `.
    pub(super) fn connection_space(&self) -> Option<&'a [u8; 4]> {
        self.profile.get(20..)?.first_chunk()
    }

    /// The data of a tag, with the type in front.
    pub(super) fn find(&self, name: [u8; 4]) -> Option<&'a [u8]> {
        let entry = self.table.iter().find(|entry| entry.starts_with(&name))?;
        let (offset, length) = (number(entry, 4)?, number(entry, 8)?);
        self.profile.get(offset..offset.checked_add(length)?)
    }

    /// A colour, relative to D50.
    pub(super) fn xyz(&self, name: [u8; 4]) -> Option<[f64; 3]> {
        let data = self.find(name)?.strip_prefix(b"XYZ \0\0\0\0")?;
        Some([fixed(data, 0)?, fixed(data, 4)?, fixed(data, 8)?])
    }
}

/// A number of 32 bits.
pub(super) fn number(data: &[u8], offset: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*data.get(offset..)?.first_chunk()?)).ok()
}

/// A number of 16 bits before the point and 16 after.
pub(super) fn fixed(data: &[u8], offset: usize) -> Option<f64> {
    Some(f64::from(i32::from_be_bytes(*data.get(offset..)?.first_chunk()?)) / 65_536.0)
}
