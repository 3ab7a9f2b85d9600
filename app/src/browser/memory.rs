//! Uploads that the server still works on, remembered over a reload. One entry each, so that two tabs never
//! write over each other.

use serde::{Deserialize, Serialize};
use wasm_bindgen::UnwrapThrowExt as _;
use web_sys::Storage;
use wire::ImageId;

use super::window;

const PREFIX: &str = "imagasaur.processing.";

/// What a tile needs that no longer has its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    pub(crate) key: ImageId,
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

/// Everything remembered, the first sent first.
pub(crate) fn all() -> Vec<Remembered> {
    let Some(storage) = storage() else { return Vec::new() };
    let names = (0..storage.length().unwrap_throw()).filter_map(|index| storage.key(index).ok()?);
    let entries =
        names.filter(|name| name.starts_with(PREFIX)).filter_map(|name| storage.get_item(&name).ok()?);
    let mut all: Vec<Remembered> = entries.filter_map(|json| serde_json::from_str(&json).ok()).collect();
    all.sort_by_key(|entry| std::cmp::Reverse(entry.key));
    all
}

/// Remembers one. Without storage (private windows) nothing is remembered and nothing else changes.
pub(crate) fn keep(entry: &Remembered) {
    if let (Some(storage), Ok(json)) = (storage(), serde_json::to_string(entry)) {
        let _ = storage.set_item(&format!("{PREFIX}{}", entry.key), &json);
    }
}

/// Forgets one.
pub(crate) fn forget(key: ImageId) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&format!("{PREFIX}{key}"));
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
