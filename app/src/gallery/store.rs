//! Fetches pages and keeps them fresh.

use std::ops::Range;

use wire::{Image, ImageId};

use super::shelf::Shelf;
use super::trash::Trash;
use crate::api;
use crate::reactive::prelude::*;

/// The gallery. A handle: copies share it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gallery {
    shelf: RwSignal<Shelf>,
    loading: RwSignal<Loading>,
    /// What is chosen, in order; none while nothing is being chosen.
    pub(crate) selection: RwSignal<Option<Vec<ImageId>>>,
    /// What was just deleted and can be taken back.
    pub(crate) trash: RwSignal<Trash>,
}

/// What the gallery waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Loading {
    /// Nothing.
    Idle,
    /// The first or a further page.
    Page,
    /// The last page asked for did not come; the sentence says why.
    Failed(String),
}

impl Gallery {
    pub(crate) fn new() -> Self {
        Self {
            shelf: RwSignal::new(Shelf::default()),
            loading: RwSignal::new(Loading::Idle),
            selection: RwSignal::new(None),
            trash: RwSignal::new(Trash::default()),
        }
    }

    /// How many images are known; the caller hears of every change.
    pub(crate) fn len(self) -> usize {
        self.shelf.with(|shelf| shelf.images().len())
    }

    /// The keys of some of the images, by how many come before.
    pub(crate) fn keys(self, range: Range<usize>) -> Vec<ImageId> {
        self.shelf.with(|shelf| {
            shelf.images().get(range).unwrap_or_default().iter().map(|image| image.key).collect()
        })
    }

    /// One image; the caller hears of every change.
    pub(crate) fn get(self, key: ImageId) -> Option<Image> {
        self.shelf.with(|shelf| shelf.get(key).cloned())
    }

    /// How many images come before this one; the caller hears of every change.
    pub(crate) fn position(self, key: ImageId) -> Option<usize> {
        self.shelf.with(|shelf| shelf.position(key))
    }

    /// The first page has come and there is nothing.
    pub(crate) fn is_known_empty(self) -> bool {
        self.shelf.with(|shelf| shelf.is_loaded() && shelf.is_empty())
    }

    pub(crate) fn is_loaded(self) -> bool {
        self.shelf.with(Shelf::is_loaded)
    }

    pub(crate) fn has_more(self) -> bool {
        self.shelf.with(|shelf| shelf.next_cursor().is_some())
    }

    pub(crate) fn loading(self) -> Loading {
        self.loading.get()
    }

    /// The caller hears of every change.
    pub(crate) fn track(self) {
        self.shelf.track();
    }

    /// Images in the gallery that the server still works on, as of now.
    pub(crate) fn processing(self) -> Vec<ImageId> {
        self.shelf.with_untracked(Shelf::processing)
    }

    /// Fetches the first page, at the start or again.
    pub(crate) async fn refresh(self) {
        if self.loading.get_untracked() == Loading::Page {
            return;
        }
        let newest_before = self.shelf.with_untracked(|shelf| shelf.images().first().map(|image| image.key));
        let is_first = self.shelf.with_untracked(|shelf| !shelf.is_loaded());
        if is_first {
            self.loading.set(Loading::Page);
        }
        match api::images(None).await {
            Ok(page) => {
                self.shelf.update(|shelf| shelf.refresh(page, newest_before));
                if self.loading.get_untracked() != Loading::Idle {
                    self.loading.set(Loading::Idle);
                }
            }
            // What is shown already stays; the next refresh may work.
            Err(error) if is_first => self.loading.set(Loading::Failed(error.sentence())),
            Err(_) => {}
        }
    }

    /// Fetches the next page, if there is one.
    pub(crate) async fn more(self) {
        let cursor = self.shelf.with_untracked(|shelf| shelf.next_cursor().map(str::to_owned));
        let Some(cursor) = cursor.filter(|_| self.loading.get_untracked() != Loading::Page) else { return };
        self.loading.set(Loading::Page);
        match api::images(Some(&cursor)).await {
            Ok(page) => {
                self.shelf.update(|shelf| shelf.append(&cursor, page));
                self.loading.set(Loading::Idle);
            }
            Err(error) => self.loading.set(Loading::Failed(error.sentence())),
        }
    }

    /// Takes one new or changed image.
    pub(crate) fn put(self, image: Image) {
        if self.shelf.with_untracked(|shelf| shelf.get(image.key) != Some(&image)) {
            self.shelf.update(|shelf| shelf.put(image));
        }
    }

    /// Takes an image out that is gone from the server.
    pub(crate) fn forget(self, key: ImageId) {
        if self.shelf.with_untracked(|shelf| shelf.get(key).is_some()) {
            self.shelf.update(|shelf| drop(shelf.remove(key)));
        }
    }

    /// Takes images out that the person has deleted.
    pub(super) fn hide(self, keys: &[ImageId]) -> Vec<Image> {
        let hide = |shelf: &mut Shelf| keys.iter().filter_map(|key| shelf.hide(*key)).collect();
        self.shelf.try_update(hide).unwrap_or_default()
    }

    /// Brings hidden images back.
    pub(super) fn show(self, images: Vec<Image>) {
        self.shelf.update(|shelf| images.into_iter().for_each(|image| shelf.show(image)));
    }
}
