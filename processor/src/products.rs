//! The objects that become of an original.

use sha2::{Digest, Sha256};
use wasm_thumb::Thumbnail;
use wire::key::{Larger, Outcome, Placeholder, Rendition};
use wire::{EntryKey, FailureCode, Metadata, OriginalKey, ThumbnailKey};

use crate::store::Head;

/// All that becomes of an original, as it is written.
#[derive(Debug)]
pub(crate) struct Products {
    /// What finishes the image.
    pub(crate) entry: EntryKey,
    /// What the entry holds.
    pub(crate) metadata: Metadata,
    /// The pictures that the entry names, but for those that have been written, by their keys.
    pub(crate) pictures: Vec<(String, Vec<u8>)>,
}

impl Products {
    /// Of a picture that could be read.
    pub(crate) fn ready(
        key: &OriginalKey,
        head: &Head,
        thumbnail: Thumbnail,
        metadata: Metadata,
        placeholder: Option<Placeholder>,
    ) -> Self {
        let rendition = Rendition {
            width: thumbnail.width,
            height: thumbnail.height,
            bytes: thumbnail.bytes.len() as u64,
            sha256: wire::key::Sha256(Sha256::digest(&thumbnail.bytes).into()),
        };
        let outcome = Outcome::Ready {
            width: thumbnail.source_width,
            height: thumbnail.source_height,
            thumbnail: rendition.clone(),
            placeholder,
            larger: Vec::new(),
        };
        let entry = EntryKey {
            id: key.id,
            name: key.name.clone(),
            media_type: thumbnail.format.media_type().parse().ok(),
            bytes: head.bytes,
            outcome,
        };
        let pictures = vec![(ThumbnailKey { id: key.id, rendition }.to_string(), thumbnail.bytes)];
        Self { entry, metadata, pictures }
    }

    /// Of one that could not.
    pub(crate) fn failed(key: &OriginalKey, head: &Head, code: FailureCode) -> Self {
        let entry = EntryKey {
            id: key.id,
            name: key.name.clone(),
            media_type: head.content_type.as_deref().and_then(|text| text.parse().ok()),
            bytes: head.bytes,
            outcome: Outcome::Failed(code),
        };
        Self { entry, metadata: Metadata::default(), pictures: Vec::new() }
    }

    /// With what is made beside the thumbnail.
    pub(crate) fn add(&mut self, made: Vec<(Larger, Vec<u8>)>) {
        let Outcome::Ready { larger, .. } = &mut self.entry.outcome else { return };
        for (picture, bytes) in made {
            self.pictures.push((picture.key(self.entry.id), bytes));
            larger.push(picture);
        }
    }

    /// The keys of all of them.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut keys = self.entry.pictures();
        keys.push(self.entry.to_string());
        keys
    }
}
