//! The name that a profile gives itself: the tag `desc`, as plain text in version 2 (ICC.1:2001-04, 6.5.17) and in
//! several languages since version 4 (ICC.1:2022, 10.15).

use super::tags::{Tags, number};

/// The profile's description, in English if there is a choice.
pub(crate) fn profile_name(profile: &[u8]) -> Option<String> {
    let data = Tags::new(profile)?.find(*b"desc")?;
    if let Some(plain) = data.strip_prefix(b"desc\0\0\0\0") {
        let text = plain.get(4..)?.get(..number(plain, 0)?)?;
        let text = text.split(|&byte| byte == 0).next()?;
        return Some(String::from_utf8_lossy(text).into_owned());
    }
    let records = data.strip_prefix(b"mluc\0\0\0\0")?.get(8..)?.as_chunks::<12>().0;
    let records = records.get(..number(data, 8)?.min(records.len()))?;
    let record = records.iter().find(|record| record.starts_with(b"en")).or(records.first())?;
    let (length, offset) = (number(record, 4)?, number(record, 8)?);
    let text = data.get(offset..offset.checked_add(length)?)?.as_chunks().0;
    let units = text.iter().map(|&unit| u16::from_be_bytes(unit));
    Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}
