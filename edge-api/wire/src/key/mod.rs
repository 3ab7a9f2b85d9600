//! Where the objects of an image live in S3: the one place that maps an original to what is made of it.
//!
//! | bucket    | key                                   | what                                                |
//! |-----------|---------------------------------------|-----------------------------------------------------|
//! | uploads   | `uploads/{id}/{name}`                 | the original, as it was sent                        |
//! | processed | `thumbs/{id}/{W}x{H}-{hash}.jpg`      | the thumbnail, and larger pictures; `hash` = first 16 digits of the SHA-256, so what an address shows never changes |
//! | processed | `images/{id}/{facts}/{name}`          | the entry: what a gallery shows of the image is in this key, the rest in its JSON body |
//!
//! `facts` is `ready,{type},{bytes},{W}x{H},{w}x{h},{thumbnail bytes},{thumbnail SHA-256},{placeholder or -},{larger
//! or -}` or `failed,{type or -},{bytes},{code}`. `larger` is `{w}x{h}-{hash}-{bytes}` for each larger picture, with `+`
//! between; entries of older versions end with the SHA-256. While the larger pictures are being made there may be an
//! entry without them beside that with them: the one that sorts last counts. Because facts and name are in the key, one S3 list call is a whole page
//! of the gallery. The entry is written last: an image is finished when its entry is there.

mod entry;
mod picture;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::id::ImageId;
use crate::name::SafeName;

pub use self::entry::{EntryKey, Outcome};
pub use self::picture::{Larger, Placeholder, Rendition, ThumbnailKey};
pub use self::text::Sha256;

/// Where originals are.
pub const ORIGINALS: &str = "uploads/";
/// Where thumbnails are; also the path under which the CDN serves them.
pub const THUMBNAILS: &str = "thumbs/";
/// Where entries are.
pub const ENTRIES: &str = "images/";

/// The key is not one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a key of the expected form")]
pub struct ParseKeyError;

/// `uploads/{id}/{name}` in the uploads bucket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OriginalKey {
    /// The image.
    pub id: ImageId,
    /// The file's name.
    pub name: SafeName,
}

impl OriginalKey {
    /// What all keys of this image's original start with.
    #[must_use]
    pub fn prefix(id: ImageId) -> String {
        format!("{ORIGINALS}{id}/")
    }

    /// Sorts after the original of this image and before that of any older one.
    #[must_use]
    pub fn after(id: ImageId) -> String {
        after(ORIGINALS, id)
    }
}

impl fmt::Display for OriginalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ORIGINALS}{}/{}", self.id, self.name)
    }
}

impl FromStr for OriginalKey {
    type Err = ParseKeyError;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        let (id, name) = split_id(key, ORIGINALS)?;
        Ok(Self { id, name: exact_name(name)? })
    }
}

/// What sorts after all that an image has in a folder and before what any older one has there.
fn after(folder: &str, id: ImageId) -> String {
    // '0' is the character after '/'.
    format!("{folder}{id}0")
}

fn split_id<'a>(key: &'a str, prefix: &str) -> Result<(ImageId, &'a str), ParseKeyError> {
    let (id, rest) = key.strip_prefix(prefix).and_then(|rest| rest.split_once('/')).ok_or(ParseKeyError)?;
    Ok((id.parse().map_err(|_| ParseKeyError)?, rest))
}

/// Takes a name only as [`SafeName`] would have written it, so that a key has one meaning.
fn exact_name(name: &str) -> Result<SafeName, ParseKeyError> {
    let safe = SafeName::new(name);
    if safe.as_str() == name { Ok(safe) } else { Err(ParseKeyError) }
}
