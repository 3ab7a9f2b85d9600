//! An embedded ICC profile (ICC.1:2022, B.4): parts of it in APP2 segments, numbered from 1.

use super::segments::{APP2, Segments};

/// The profile, if all of its parts are there.
pub(super) fn find(jpeg: &[u8]) -> Option<Vec<u8>> {
    let mut parts: Vec<(u8, u8, &[u8])> = Segments::of_header(jpeg)
        .filter(|segment| segment.marker == APP2)
        .filter_map(|segment| match segment.body.strip_prefix(b"ICC_PROFILE\0")? {
            [number, count, part @ ..] => Some((*number, *count, part)),
            _ => None,
        })
        .collect();
    parts.sort_by_key(|&(number, ..)| number);
    let is_whole = parts.iter().zip(1..).all(|(&(number, count, _), expected)| {
        usize::from(number) == expected && usize::from(count) == parts.len()
    });
    let profile = parts.iter().map(|&(.., part)| part).collect::<Vec<_>>().concat();
    (is_whole && !profile.is_empty()).then_some(profile)
}
