//! Bytes as words, for the readers of bits.
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]

/// Eight bytes from `at` on; past the end of the data zeroes.
#[inline(always)]
pub(super) fn word_at(data: &[u8], at: usize) -> [u8; 8] {
    let rest = data.get(at..).unwrap_or_default();
    rest.first_chunk().copied().unwrap_or_else(|| last_bytes(rest))
}

#[cold]
#[inline(never)]
fn last_bytes(rest: &[u8]) -> [u8; 8] {
    let mut word = [0; 8];
    word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    word
}
