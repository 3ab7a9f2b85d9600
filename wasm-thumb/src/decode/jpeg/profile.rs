//! An embedded ICC profile (ICC.1:2022, B.4): parts of it in APP2 segments, numbered from 1.

use super::segments::{APP2, Segments};

/// The profile, if all of its parts are there.
pub(super) fn find(jpeg: &[u8]) -> Option<Vec<u8>> {
    parts(jpeg).map(|parts| parts.concat())
}

/// How long it is, bytes; nothing of that length is allocated.
pub(super) fn len(jpeg: &[u8]) -> u64 {
    parts(jpeg).map_or(0, |parts| parts.iter().map(|part| part.len() as u64).sum())
}

/// The parts in their order, 255 at most; `None` unless all are there and tell something.
fn parts(jpeg: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts: Vec<(u8, u8, &[u8])> = Segments::of_header(jpeg)
        .filter(|segment| segment.marker == APP2)
        .filter_map(|segment| match segment.body.strip_prefix(b"ICC_PROFILE\0")? {
            [number, count, part @ ..] => Some((*number, *count, part)),
            _ => None,
        })
        .take(usize::from(u8::MAX) + 1)
        .collect();
    parts.sort_by_key(|&(number, ..)| number);
    let is_whole = parts.iter().zip(1..).all(|(&(number, count, _), expected)| {
        usize::from(number) == expected && usize::from(count) == parts.len()
    });
    let is_empty = parts.iter().all(|(.., part)| part.is_empty());
    (is_whole && !is_empty).then(|| parts.into_iter().map(|(.., part)| part).collect())
}
