//! Numbers and bytes as they stand in keys.

use std::fmt;
use std::str::FromStr;

use super::ParseKeyError;

/// Bytes as lowercase hex digits.
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

pub(super) fn parse_hex(text: &str) -> Result<Vec<u8>, ParseKeyError> {
    if !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        || !text.len().is_multiple_of(2)
    {
        return Err(ParseKeyError);
    }
    let digits = (0..text.len()).step_by(2).map(|at| &text[at..at + 2]);
    digits.map(|digits| u8::from_str_radix(digits, 16).map_err(|_| ParseKeyError)).collect()
}

/// A SHA-256 digest; as text, 64 lowercase hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sha256(pub [u8; 32]);

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(&self.0).fmt(f)
    }
}

impl FromStr for Sha256 {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_hex(text)?.try_into().map(Self).map_err(|_| ParseKeyError)
    }
}

pub(super) fn parse_size(text: &str) -> Result<(u32, u32), ParseKeyError> {
    let (width, height) = text.split_once('x').ok_or(ParseKeyError)?;
    Ok((parse_number(width)?, parse_number(height)?))
}

pub(super) fn parse_number<T: FromStr>(text: &str) -> Result<T, ParseKeyError> {
    text.parse().map_err(|_| ParseKeyError)
}
