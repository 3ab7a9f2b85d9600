//! What an operator sets, read once and checked.

use thiserror::Error;
use wire::api::{DEFAULT_MAX_BYTES, DEFAULT_MAX_PIXELS};

/// What the processor has to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Bucket of thumbnails and entries.
    pub processed_bucket: String,
    /// The largest original that is read, bytes.
    pub max_bytes: u64,
    /// The most pixels that are decoded.
    pub max_pixels: u64,
}

/// A setting is missing or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// The variable has to be set.
    #[error("environment variable {0} is not set")]
    Missing(&'static str),
    /// The variable has a value that is no positive whole number.
    #[error("environment variable {name} is {value:?}, which is not a positive whole number")]
    NotANumber {
        /// The variable.
        name: &'static str,
        /// What it holds.
        value: String,
    },
}

impl Settings {
    /// Reads `PROCESSED_BUCKET` and, if set, `MAX_BYTES` and `MAX_PIXELS`.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let number = |name: &'static str, default: u64| match lookup(name) {
            None => Ok(default),
            Some(value) => match value.parse() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(SettingsError::NotANumber { name, value }),
            },
        };
        Ok(Self {
            processed_bucket: lookup("PROCESSED_BUCKET")
                .filter(|value| !value.is_empty())
                .ok_or(SettingsError::Missing("PROCESSED_BUCKET"))?,
            max_bytes: number("MAX_BYTES", DEFAULT_MAX_BYTES)?,
            max_pixels: number("MAX_PIXELS", DEFAULT_MAX_PIXELS)?,
        })
    }
}
