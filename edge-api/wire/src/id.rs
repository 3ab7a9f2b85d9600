//! The name of an image: short, sortable newest first, impossible to guess.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Milliseconds are counted down from here, so that a newer image sorts before an older one.
const END_OF_TIME_MS: u64 = (1 << 48) - 1;

/// Names one image: 12 lowercase hex digits of `2⁴⁸ − 1 − milliseconds since 1970`, then 20 random ones.
///
/// S3 lists keys in byte order, so a plain listing of keys that start with the id is newest first. The 80
/// random bits make an id impossible to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageId {
    countdown_ms: u64,
    random: [u8; 10],
}

impl ImageId {
    /// The length of an id as text, in bytes.
    pub const LEN: usize = 32;

    /// Makes the id of an image created `unix_ms` milliseconds after 1970-01-01T00:00:00Z.
    ///
    /// Times past the year 10889 count as that year's.
    #[must_use]
    pub fn new(unix_ms: u64, random: [u8; 10]) -> Self {
        Self { countdown_ms: END_OF_TIME_MS - unix_ms.min(END_OF_TIME_MS), random }
    }

    /// When the image was created, in milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn created_unix_ms(self) -> u64 {
        END_OF_TIME_MS - self.countdown_ms
    }
}

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}", self.countdown_ms)?;
        self.random.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an image id is 32 lowercase hexadecimal digits")]
pub struct ParseImageIdError;

impl FromStr for ImageId {
    type Err = ParseImageIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lowercase_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() != Self::LEN || !text.bytes().all(lowercase_hex) {
            return Err(ParseImageIdError);
        }
        let (countdown, random_hex) = text.split_at(12);
        let countdown_ms = u64::from_str_radix(countdown, 16).map_err(|_| ParseImageIdError)?;
        let mut random = [0; 10];
        for (index, byte) in random.iter_mut().enumerate() {
            let digits = &random_hex[2 * index..2 * index + 2];
            *byte = u8::from_str_radix(digits, 16).map_err(|_| ParseImageIdError)?;
        }
        Ok(Self { countdown_ms, random })
    }
}

impl Serialize for ImageId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ImageId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes() {
        let id = ImageId::new(1_795_000_000_123, [0, 1, 2, 3, 250, 251, 252, 253, 254, 255]);
        let text = id.to_string();
        assert_eq!(text.len(), ImageId::LEN);
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(id.created_unix_ms(), 1_795_000_000_123);
    }

    #[test]
    fn newer_sorts_first() {
        let older = ImageId::new(1_000, [0; 10]).to_string();
        let newer = ImageId::new(1_001, [255; 10]).to_string();
        assert!(newer < older);
    }

    #[test]
    fn refuses_what_is_not_an_id() {
        let good = ImageId::new(0, [7; 10]).to_string();
        for bad in ["", "abc", &good.to_uppercase(), &good[1..], &format!("{good}0"), &"é".repeat(16)] {
            assert_eq!(bad.parse::<ImageId>(), Err(ParseImageIdError), "{bad}");
        }
    }
}
