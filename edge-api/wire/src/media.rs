//! The kinds of picture that are accepted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A kind of picture that the engine reads, by its registered media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MediaType {
    /// JPEG, ITU-T T.81.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// Portable Network Graphics.
    #[serde(rename = "image/png")]
    Png,
    /// WebP, lossy or lossless.
    #[serde(rename = "image/webp")]
    WebP,
    /// Graphics Interchange Format.
    #[serde(rename = "image/gif")]
    Gif,
    /// Windows bitmap.
    #[serde(rename = "image/bmp")]
    Bmp,
    /// Tagged Image File Format.
    #[serde(rename = "image/tiff")]
    Tiff,
}

impl MediaType {
    /// Every kind, the most common first.
    pub const ALL: [Self; 6] = [Self::Jpeg, Self::Png, Self::WebP, Self::Gif, Self::Bmp, Self::Tiff];

    /// The media type as HTTP writes it, such as `image/jpeg`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The media type is none that is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("media type {0:?} is not accepted")]
pub struct UnknownMediaType(pub String);

impl FromStr for MediaType {
    type Err = UnknownMediaType;

    /// Takes the exact names and the two common aliases `image/jpg` and `image/x-ms-bmp`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "image/jpg" => Ok(Self::Jpeg),
            "image/x-ms-bmp" => Ok(Self::Bmp),
            _ => Self::ALL
                .into_iter()
                .find(|known| known.as_str() == text)
                .ok_or_else(|| UnknownMediaType(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes() {
        for media_type in MediaType::ALL {
            assert_eq!(media_type.as_str().parse(), Ok(media_type));
            let json = serde_json::to_string(&media_type).unwrap();
            assert_eq!(json, format!("\"{media_type}\""));
        }
    }

    #[test]
    fn refuses_others() {
        for other in ["image/svg+xml", "image/heic", "", "image/jpeg; charset=x", "IMAGE/JPEG"] {
            assert!(other.parse::<MediaType>().is_err(), "{other}");
        }
    }
}
