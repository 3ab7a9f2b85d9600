//! Why a picture could not be made into a thumbnail, in a code for programs and a sentence for people.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The stable code of a picture's failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FailureCode {
    /// The bytes are no picture that anybody would know.
    NotAnImage,
    /// A picture, but of a kind that is not supported.
    UnsupportedFormat,
    /// The picture breaks off or contradicts itself.
    Corrupt,
    /// More pixels than the limit.
    TooManyPixels,
    /// The bytes that arrived are not those that were announced.
    ChecksumMismatch,
    /// Our own fault.
    Internal,
}

impl FailureCode {
    /// Every code.
    pub const ALL: [Self; 6] = [
        Self::NotAnImage,
        Self::UnsupportedFormat,
        Self::Corrupt,
        Self::TooManyPixels,
        Self::ChecksumMismatch,
        Self::Internal,
    ];

    /// The code as it stands in JSON and in keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAnImage => "not_an_image",
            Self::UnsupportedFormat => "unsupported_format",
            Self::Corrupt => "corrupt",
            Self::TooManyPixels => "too_many_pixels",
            Self::ChecksumMismatch => "checksum_mismatch",
            Self::Internal => "internal",
        }
    }

    /// What happened and what to do, in one or two sentences for the person who uploaded the file.
    #[must_use]
    pub fn detail(self) -> &'static str {
        match self {
            Self::NotAnImage => {
                "This file is not a picture. Choose a JPEG, PNG, WebP, GIF, BMP or TIFF file."
            }
            Self::UnsupportedFormat => {
                "This kind of picture is not supported. Save it as JPEG, PNG or WebP and try again."
            }
            Self::Corrupt => {
                "This picture is damaged or incomplete. Open it on your device to check it, then export or copy it \
                 again."
            }
            Self::TooManyPixels => "This picture has too many pixels. Make it smaller and try again.",
            Self::ChecksumMismatch => "The file changed while it was being sent. Upload it again.",
            Self::Internal => "Something went wrong on our side. Try again in a moment.",
        }
    }
}

impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no failure code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a failure code")]
pub struct UnknownFailureCode;

impl FromStr for FailureCode {
    type Err = UnknownFailureCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|code| code.as_str() == text).ok_or(UnknownFailureCode)
    }
}

/// A picture's failure as the API tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    /// For programs.
    pub code: FailureCode,
    /// For people: what happened and what to do.
    pub detail: String,
}

impl From<FailureCode> for Failure {
    fn from(code: FailureCode) -> Self {
        Self { code, detail: code.detail().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keys_and_text_use_the_same_code() {
        for code in FailureCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(code));
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{code}\""));
        }
    }

    #[test]
    fn every_detail_is_a_sentence() {
        for code in FailureCode::ALL {
            assert!(code.detail().ends_with('.') && code.detail().len() > 30, "{code}");
        }
    }
}
