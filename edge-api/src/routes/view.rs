//! Turns what the store holds into what the API says.

use live::{created_at, finished};
use wire::{Image, Status};

use crate::store::{Found, Original};

pub(super) fn image(found: &Found) -> Image {
    match found {
        Found::Entry(entry) => finished(entry),
        Found::Original(original) => processing(original),
    }
}

fn processing(original: &Original) -> Image {
    Image {
        key: original.key.id,
        name: original.key.name.to_string(),
        status: Status::Processing,
        created_at: created_at(original.key.id),
        media_type: None,
        bytes: original.bytes,
        width: None,
        height: None,
        thumbnail: None,
        placeholder: None,
        larger: Vec::new(),
        error: None,
    }
}
