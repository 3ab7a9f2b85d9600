//! The key of an entry, in which all stands that a gallery shows.

use std::fmt;
use std::str::FromStr;

use super::text::{parse_number, parse_size};
use super::{
    ENTRIES, Larger, ParseKeyError, Placeholder, Rendition, ThumbnailKey, after, exact_name, split_id,
};
use crate::failure::FailureCode;
use crate::id::ImageId;
use crate::media::MediaType;
use crate::name::SafeName;

/// `images/{id}/{facts}/{name}` in the processed bucket: what became of an original.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EntryKey {
    /// The image.
    pub id: ImageId,
    /// The file's name.
    pub name: SafeName,
    /// Media type of the original, if it is one we know.
    pub media_type: Option<MediaType>,
    /// Size of the original, bytes.
    pub bytes: u64,
    /// Ready or failed.
    pub outcome: Outcome,
}

/// How processing ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The thumbnail is there.
    Ready {
        /// Width of the upright original, pixels.
        width: u32,
        /// Height of the upright original, pixels.
        height: u32,
        /// The thumbnail.
        thumbnail: Rendition,
        /// What to show before any picture has come.
        placeholder: Option<Placeholder>,
        /// Larger pictures, in the order of their size.
        larger: Vec<Larger>,
    },
    /// No thumbnail can be made.
    Failed(FailureCode),
}

impl EntryKey {
    /// What all keys of this image's entries start with.
    #[must_use]
    pub fn prefix(id: ImageId) -> String {
        format!("{ENTRIES}{id}/")
    }

    /// Sorts after every entry of this image and before those of any older one: where the next page starts.
    #[must_use]
    pub fn after(id: ImageId) -> String {
        after(ENTRIES, id)
    }

    /// The keys of all the pictures that there are of it.
    #[must_use]
    pub fn pictures(&self) -> Vec<String> {
        let thumbnail = self.thumbnail().map(|key| key.to_string());
        let larger = match &self.outcome {
            Outcome::Ready { larger, .. } => larger.as_slice(),
            Outcome::Failed(_) => &[],
        };
        thumbnail.into_iter().chain(larger.iter().map(|larger| larger.key(self.id))).collect()
    }

    /// The thumbnail's key, if there is one.
    #[must_use]
    pub fn thumbnail(&self) -> Option<ThumbnailKey> {
        match &self.outcome {
            Outcome::Ready { thumbnail, .. } => {
                Some(ThumbnailKey { id: self.id, rendition: thumbnail.clone() })
            }
            Outcome::Failed(_) => None,
        }
    }
}

impl fmt::Display for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, name, media_type, bytes, outcome } = self;
        let media_type = media_type.map_or("-", MediaType::as_str);
        match outcome {
            Outcome::Ready { width, height, thumbnail, placeholder, larger } => {
                let Rendition { width: w, height: h, bytes: thumbnail_bytes, sha256 } = thumbnail;
                write!(
                    f,
                    "{ENTRIES}{id}/ready,{media_type},{bytes},{width}x{height},{w}x{h},{thumbnail_bytes},"
                )?;
                write!(f, "{sha256},")?;
                match placeholder {
                    Some(placeholder) => write!(f, "{placeholder},")?,
                    None => f.write_str("-,")?,
                }
                if larger.is_empty() {
                    f.write_str("-")?;
                }
                for (index, larger) in larger.iter().enumerate() {
                    write!(f, "{}{larger}", if index == 0 { "" } else { "+" })?;
                }
                write!(f, "/{name}")
            }
            Outcome::Failed(code) => write!(f, "{ENTRIES}{id}/failed,{media_type},{bytes},{code}/{name}"),
        }
    }
}

impl FromStr for EntryKey {
    type Err = ParseKeyError;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        let (id, rest) = split_id(key, ENTRIES)?;
        let (facts, name) = rest.rsplit_once('/').ok_or(ParseKeyError)?;
        let facts: Vec<&str> = facts.split(',').collect();
        let (media_type, bytes, outcome) = match facts[..] {
            ["ready", media_type, bytes, size, thumbnail_size, thumbnail_bytes, sha256, ref more @ ..] => {
                let (placeholder, larger) = match *more {
                    [] => ("-", "-"),
                    [placeholder, larger] => (placeholder, larger),
                    _ => return Err(ParseKeyError),
                };
                let (width, height) = parse_size(size)?;
                let (thumbnail_width, thumbnail_height) = parse_size(thumbnail_size)?;
                let thumbnail = Rendition {
                    width: thumbnail_width,
                    height: thumbnail_height,
                    bytes: parse_number(thumbnail_bytes)?,
                    sha256: sha256.parse()?,
                };
                let placeholder = if placeholder == "-" { None } else { Some(placeholder.parse()?) };
                let larger = match larger {
                    "-" => Vec::new(),
                    some => some.split('+').map(str::parse).collect::<Result<_, _>>()?,
                };
                (media_type, bytes, Outcome::Ready { width, height, thumbnail, placeholder, larger })
            }
            ["failed", media_type, bytes, code] => {
                (media_type, bytes, Outcome::Failed(code.parse().map_err(|_| ParseKeyError)?))
            }
            _ => return Err(ParseKeyError),
        };
        Ok(Self {
            id,
            name: exact_name(name)?,
            media_type: match media_type {
                "-" => None,
                known => Some(known.parse().map_err(|_| ParseKeyError)?),
            },
            bytes: parse_number(bytes)?,
            outcome,
        })
    }
}
