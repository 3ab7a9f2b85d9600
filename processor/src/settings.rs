//! What an operator sets, read once and checked.

use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;
use wasm_thumb::Size;
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
    /// How long the engine may take over a picture before it is tried another time.
    pub engine_budget: Duration,
    /// How long S3 may be silent.
    pub s3_patience: Duration,
    /// Whether where a picture was taken is told to whoever may see it.
    pub with_position: bool,
    /// The pictures that are made beside the thumbnail; none if nothing else is said.
    pub larger: Vec<LargerSize>,
}

/// A picture beside the thumbnail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LargerSize {
    /// The longest side, pixels; of a square both.
    pub side_px: u32,
    /// Whether it is the square middle, as the thumbnail, or all of the picture.
    pub is_square: bool,
}

impl LargerSize {
    /// For a thumbnail on a screen of twice the density, a gallery of larger pictures, and to look at.
    pub const USUAL: [Self; 3] = [
        Self { side_px: 200, is_square: true },
        Self { side_px: 400, is_square: false },
        Self { side_px: 1600, is_square: false },
    ];
}

/// The text is no size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a size is 200x200, a square, or 400, the longest side, and at most {} pixels", Size::MAX_SIDE_PX)]
pub struct NotASize;

impl FromStr for LargerSize {
    type Err = NotASize;

    /// `200x200` is a square, `400` the longest side.
    fn from_str(text: &str) -> Result<Self, NotASize> {
        let (side, is_square) = match text.split_once('x') {
            None => (text, false),
            Some((width, height)) if width == height => (width, true),
            Some(_) => return Err(NotASize),
        };
        let side_px =
            side.parse().ok().filter(|side| (1..=Size::MAX_SIDE_PX).contains(side)).ok_or(NotASize)?;
        Ok(Self { side_px, is_square })
    }
}

/// A setting is missing or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// The variable has to be set.
    #[error("environment variable {0} is not set")]
    Missing(&'static str),
    /// The variable has a value that is neither `true` nor `false`.
    #[error("environment variable {name} is {value:?}, which is neither true nor false")]
    NotASwitch {
        /// The variable.
        name: &'static str,
        /// What it holds.
        value: String,
    },
    /// The variable has a value that is no list of sizes.
    #[error("environment variable {name} is {value:?}, which is not a list of sizes such as 200x200,400")]
    NotSizes {
        /// The variable.
        name: &'static str,
        /// What it holds.
        value: String,
    },
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
    /// What holds if nothing else is said.
    #[must_use]
    pub fn new(processed_bucket: String) -> Self {
        Self {
            processed_bucket,
            max_bytes: DEFAULT_MAX_BYTES,
            max_pixels: DEFAULT_MAX_PIXELS,
            engine_budget: Duration::from_secs(30),
            s3_patience: Duration::from_secs(10),
            with_position: false,
            larger: Vec::new(),
        }
    }

    /// Reads `PROCESSED_BUCKET` and, if set, `MAX_BYTES`, `MAX_PIXELS`, `ENGINE_SECONDS`, `S3_PATIENCE_MS`,
    /// `WITH_POSITION` and `LARGER`: sizes such as `200x200,400,1600`, or nothing for no larger pictures.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let number = |name: &'static str, default: u64| match lookup(name) {
            None => Ok(default),
            Some(value) => match value.parse() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(SettingsError::NotANumber { name, value }),
            },
        };
        let switch = |name: &'static str| match lookup(name) {
            None => Ok(false),
            Some(value) => value.parse().map_err(|_| SettingsError::NotASwitch { name, value }),
        };
        let processed_bucket = lookup("PROCESSED_BUCKET")
            .filter(|value| !value.is_empty())
            .ok_or(SettingsError::Missing("PROCESSED_BUCKET"))?;
        let default = Self::new(processed_bucket);
        let patience_ms = u64::try_from(default.s3_patience.as_millis()).unwrap_or(u64::MAX);
        Ok(Self {
            max_bytes: number("MAX_BYTES", default.max_bytes)?,
            max_pixels: number("MAX_PIXELS", default.max_pixels)?,
            engine_budget: Duration::from_secs(number("ENGINE_SECONDS", default.engine_budget.as_secs())?),
            s3_patience: Duration::from_millis(number("S3_PATIENCE_MS", patience_ms)?),
            with_position: switch("WITH_POSITION")?,
            larger: match lookup("LARGER") {
                None => default.larger,
                Some(value) if value.is_empty() => Vec::new(),
                Some(value) => value
                    .split(',')
                    .map(|size| size.trim().parse())
                    .collect::<Result<_, _>>()
                    .map_err(|NotASize| SettingsError::NotSizes { name: "LARGER", value })?,
            },
            processed_bucket: default.processed_bucket,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let lookup = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Settings::from_env(lookup)
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let settings = read(&[("PROCESSED_BUCKET", "processed")]).unwrap();
        assert_eq!((settings.max_bytes, settings.max_pixels), (DEFAULT_MAX_BYTES, DEFAULT_MAX_PIXELS));
        assert_eq!(settings.larger, []);
        let said = read(&[("PROCESSED_BUCKET", "processed"), ("LARGER", "200x200, 400,1600")]).unwrap();
        assert_eq!(said.larger, LargerSize::USUAL);
        assert_eq!(read(&[("PROCESSED_BUCKET", "processed"), ("LARGER", "")]).unwrap().larger, []);
        assert!(!settings.with_position, "where somebody was is nobody's business");
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        assert_eq!(read(&[]).unwrap_err(), SettingsError::Missing("PROCESSED_BUCKET"));
        for (name, value) in [
            ("MAX_BYTES", "0"),
            ("ENGINE_SECONDS", "soon"),
            ("WITH_POSITION", "perhaps"),
            ("LARGER", "200x100"),
            ("LARGER", "5000"),
        ] {
            let error = read(&[("PROCESSED_BUCKET", "processed"), (name, value)]).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(value), "{error}");
        }
    }
}
