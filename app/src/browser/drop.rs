//! Files out of a drop, a paste or an input; folders are walked to their last file.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

/// What was dropped. It has to be taken out within the event, and may be walked later.
#[derive(Debug)]
pub(crate) struct Dropped {
    entries: Vec<FileSystemEntry>,
    files: Vec<File>,
}

impl Dropped {
    /// Takes everything out of the event's data.
    pub(crate) fn take(data: &DataTransfer) -> Self {
        let items = data.items();
        let entries: Vec<FileSystemEntry> =
            (0..items.length()).filter_map(|index| items.get(index)?.webkit_get_as_entry().ok()?).collect();
        // Some sources (a picture dragged from another page) have a file but no entry.
        let files = if entries.is_empty() { list(data.files()) } else { Vec::new() };
        Self { entries, files }
    }

    /// Hands on the files, folder by folder, as soon as they are known.
    pub(crate) async fn walk(self, mut found: impl FnMut(Vec<File>)) {
        if !self.files.is_empty() {
            found(self.files);
        }
        let mut folders = Vec::new();
        let mut here = self.entries;
        loop {
            let mut files = Vec::new();
            for entry in here {
                if entry.is_directory() {
                    folders.push(entry.unchecked_into::<FileSystemDirectoryEntry>());
                } else if let Some(file) = file_of(entry.unchecked_ref()).await {
                    files.push(file);
                }
            }
            if !files.is_empty() {
                found(files);
            }
            let Some(folder) = folders.pop() else { break };
            here = entries_of(&folder).await;
        }
    }
}

/// The files of an input or a paste.
pub(crate) fn list(files: Option<FileList>) -> Vec<File> {
    let Some(files) = files else { return Vec::new() };
    (0..files.length()).filter_map(|index| files.get(index)).collect()
}

async fn file_of(entry: &FileSystemFileEntry) -> Option<File> {
    settle(|resolve, reject| entry.file_with_callback_and_callback(resolve, reject)).await?.dyn_into().ok()
}

/// A reader gives a hundred entries at a time at most, and an empty list after the last.
async fn entries_of(folder: &FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    while let Some(some) = read(&reader).await.filter(|some| some.length() > 0) {
        all.extend(some.iter().map(JsCast::unchecked_into));
    }
    all
}

async fn read(reader: &FileSystemDirectoryReader) -> Option<Array> {
    let entries = settle(|resolve, reject| {
        let _ = reader.read_entries_with_callback_and_callback(resolve, reject);
    });
    entries.await?.dyn_into().ok()
}

/// Waits for a function of the old kind, with one callback for success and one for failure.
async fn settle(start: impl Fn(&Function, &Function)) -> Option<JsValue> {
    let promise = Promise::new(&mut |resolve, reject| start(&resolve, &reject));
    JsFuture::from(promise).await.ok()
}
