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

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::failure::FailureCode;
use crate::id::ImageId;
use crate::media::MediaType;
use crate::name::SafeName;

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

/// `thumbs/{id}/{W}x{H}-{hash}.jpg` in the processed bucket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ThumbnailKey {
    /// The image.
    pub id: ImageId,
    /// What is there.
    pub rendition: Rendition,
}

impl ThumbnailKey {
    /// What all keys of this image's thumbnails start with.
    #[must_use]
    pub fn prefix(id: ImageId) -> String {
        format!("{THUMBNAILS}{id}/")
    }
}

impl fmt::Display for ThumbnailKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rendition { width, height, sha256, .. } = &self.rendition;
        write!(f, "{THUMBNAILS}{}/{width}x{height}-{}.jpg", self.id, &sha256.to_string()[..16])
    }
}

/// A picture made of an original.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rendition {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Size of the file, bytes.
    pub bytes: u64,
    /// Of the file.
    pub sha256: Sha256,
}

/// A picture beside the thumbnail. Of its hash the entry says only what its address has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Larger {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Size of the file, bytes.
    pub bytes: u64,
    /// The first 8 bytes of its SHA-256.
    pub hash: [u8; 8],
}

impl Larger {
    /// Its key.
    #[must_use]
    pub fn key(&self, id: ImageId) -> String {
        let Self { width, height, hash, .. } = self;
        format!("{THUMBNAILS}{id}/{width}x{height}-{}.jpg", Hex(hash))
    }
}

impl fmt::Display for Larger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}-{}-{}", self.width, self.height, Hex(&self.hash), self.bytes)
    }
}

impl FromStr for Larger {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (size, rest) = text.split_once('-').ok_or(ParseKeyError)?;
        let (hash, bytes) = rest.split_once('-').ok_or(ParseKeyError)?;
        let (width, height) = parse_size(size)?;
        let hash = parse_hex(hash)?.try_into().map_err(|_| ParseKeyError)?;
        Ok(Self { width, height, bytes: parse_number(bytes)?, hash })
    }
}

/// A `ThumbHash` of the thumbnail, 5 to 30 bytes: a blur in its colours. As text, hex digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Placeholder(Vec<u8>);

impl Placeholder {
    /// The most bytes that one has.
    pub const MAX_BYTES: usize = 30;

    /// Of the bytes of a hash; `None` if there are too many, or too few.
    #[must_use]
    pub fn new(hash: Vec<u8>) -> Option<Self> {
        (5..=Self::MAX_BYTES).contains(&hash.len()).then_some(Self(hash))
    }

    /// The hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(&self.0).fmt(f)
    }
}

impl FromStr for Placeholder {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(parse_hex(text)?).ok_or(ParseKeyError)
    }
}

/// Bytes as lowercase hex digits.
struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn parse_hex(text: &str) -> Result<Vec<u8>, ParseKeyError> {
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
        // '0' is the character after '/'.
        format!("{ENTRIES}{id}0")
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

fn split_id<'a>(key: &'a str, prefix: &str) -> Result<(ImageId, &'a str), ParseKeyError> {
    let (id, rest) = key.strip_prefix(prefix).and_then(|rest| rest.split_once('/')).ok_or(ParseKeyError)?;
    Ok((id.parse().map_err(|_| ParseKeyError)?, rest))
}

/// Takes a name only as [`SafeName`] would have written it, so that a key has one meaning.
fn exact_name(name: &str) -> Result<SafeName, ParseKeyError> {
    let safe = SafeName::new(name);
    if safe.as_str() == name { Ok(safe) } else { Err(ParseKeyError) }
}

fn parse_size(text: &str) -> Result<(u32, u32), ParseKeyError> {
    let (width, height) = text.split_once('x').ok_or(ParseKeyError)?;
    Ok((parse_number(width)?, parse_number(height)?))
}

fn parse_number<T: FromStr>(text: &str) -> Result<T, ParseKeyError> {
    text.parse().map_err(|_| ParseKeyError)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> EntryKey {
        EntryKey {
            id: ImageId::new(1_795_000_000_000, [9; 10]),
            name: SafeName::new("a,b été.jpg"),
            media_type: Some(MediaType::Jpeg),
            bytes: 2_190_194,
            outcome: Outcome::Ready {
                width: 4000,
                height: 3000,
                thumbnail: Rendition { width: 100, height: 100, bytes: 4630, sha256: Sha256([0xab; 32]) },
                placeholder: Placeholder::new(vec![7; 30]),
                larger: (1..=3)
                    .map(|n| Larger { width: 400 * n, height: 300 * n, bytes: 40_000, hash: [0xcd; 8] })
                    .collect(),
            },
        }
    }

    #[test]
    fn entries_read_back_what_they_write() {
        let failed = EntryKey { media_type: None, outcome: Outcome::Failed(FailureCode::Corrupt), ..ready() };
        let mut without = ready();
        if let Outcome::Ready { placeholder, larger, .. } = &mut without.outcome {
            (*placeholder, *larger) = (None, Vec::new());
        }
        assert!(without.to_string() < ready().to_string(), "the entry with more counts");
        for entry in [ready(), failed, without.clone()] {
            assert_eq!(entry.to_string().parse(), Ok(entry));
        }
        assert_eq!(
            without.to_string().replace(",-,-/", "/").parse(),
            Ok(without),
            "that of an older version"
        );
    }

    #[test]
    fn the_longest_name_fits_in_a_key() {
        let entry = EntryKey { name: SafeName::new(&"é".repeat(400)), bytes: u64::MAX, ..ready() };
        assert!(entry.to_string().len() <= 1024);
    }

    #[test]
    fn an_entry_names_its_thumbnail() {
        let entry = ready();
        let key = entry.thumbnail().unwrap().to_string();
        assert_eq!(key, format!("thumbs/{}/100x100-abababababababab.jpg", entry.id));
    }

    #[test]
    fn pages_continue_after_all_entries_of_an_image() {
        let entry = ready();
        let older = EntryKey { id: ImageId::new(1_794_999_999_999, [0; 10]), ..ready() };
        assert!(EntryKey::after(entry.id) > entry.to_string());
        assert!(EntryKey::after(entry.id) < older.to_string());
    }

    #[test]
    fn originals_read_back_what_they_write_and_nothing_else() {
        let key = OriginalKey { id: ready().id, name: SafeName::new("x.jpg") };
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        let id = key.id;
        for bad in [
            format!("uploads/{id}/"),
            format!("uploads/{id}"),
            format!("uploads/{id}/../x.jpg"),
            format!("images/{id}/x.jpg"),
            "uploads/abc/x.jpg".to_owned(),
            String::new(),
        ] {
            assert_eq!(bad.parse::<OriginalKey>(), Err(ParseKeyError), "{bad}");
        }
    }

    #[test]
    fn entries_refuse_other_forms() {
        let good = ready().to_string();
        for bad in [
            good.replace("ready", "done"),
            good.replace("4000x3000", "4000"),
            good.replace(",4630", ""),
            good.replace("abab", "ABAB"),
            good.replace("image/jpeg", "image/heic"),
            good.replace("0707,400", "0707,070,400"),
            good.replace(",070707", ",07070"),
            good.replace(",070707", &format!(",{}", "07".repeat(4))),
            good.replace("-cdcd", "-CDcd"),
            good.replace("+800", "+"),
        ] {
            assert_eq!(bad.parse::<EntryKey>(), Err(ParseKeyError), "{bad}");
        }
    }
}
