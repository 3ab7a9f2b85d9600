//! Uploads that the server still works on, remembered over a reload. One entry each, so that two tabs never
//! write over each other.

use messages::Json;
use messages::json::quote;
use wasm_bindgen::UnwrapThrowExt as _;
use web_sys::Storage;
use wire::ImageId;

use super::window;

const PREFIX: &str = "imagasaur.processing.";

/// What a tile needs that no longer has its file.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    let mut all = Vec::new();
    for entry in entries.filter_map(|json| read(&json)) {
        // Ids count down. Put in their places one by one: a general sort is a lot of code to fetch for a few.
        let at = all.partition_point(|before: &Remembered| before.key > entry.key);
        all.insert(at, entry);
    }
    all
}

/// Remembers one. Without storage (private windows) nothing is remembered and nothing else changes.
pub(crate) fn keep(entry: &Remembered) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&format!("{PREFIX}{}", entry.key), &write(entry));
    }
}

/// Forgets one.
pub(crate) fn forget(key: ImageId) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&format!("{PREFIX}{key}"));
    }
}

fn write(entry: &Remembered) -> String {
    let mut json = format!("{{\"key\":\"{}\",\"bytes\":{},\"name\":", entry.key, entry.bytes);
    quote(&entry.name, &mut json);
    json.push('}');
    json
}

fn read(json: &str) -> Option<Remembered> {
    let json = Json::parse(json)?;
    Some(Remembered {
        key: json.get("key")?.as_text()?.parse().ok()?,
        name: json.text("name")?,
        bytes: json.number("bytes")?,
    })
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_reads_back_what_was_kept() {
        let entry = Remembered { key: ImageId::new(7, [1; 10]), name: "\"é\".jpg".into(), bytes: u64::MAX };
        assert_eq!(read(&write(&entry)), Some(entry));
        assert_eq!(read("{}"), None);
    }
}
