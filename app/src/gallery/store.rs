//! Fetches pages, keeps them fresh, deletes.

use leptos::prelude::*;
use wire::{Image, ImageId, Status};

use super::shelf::Shelf;
use crate::api::{self, ApiError};

/// The gallery. A handle: copies share it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gallery {
    shelf: RwSignal<Shelf>,
    loading: RwSignal<Loading>,
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
        Self { shelf: RwSignal::new(Shelf::default()), loading: RwSignal::new(Loading::Idle) }
    }

    /// All images, newest first.
    pub(crate) fn images(self) -> Vec<Image> {
        self.shelf.with(|shelf| shelf.images().cloned().collect())
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
        let of = |shelf: &Shelf| {
            shelf.images().filter(|image| image.status == Status::Processing).map(|image| image.key).collect()
        };
        self.shelf.with_untracked(of)
    }

    /// Fetches the first page, at the start or again.
    pub(crate) async fn refresh(self) {
        if self.loading.get_untracked() == Loading::Page {
            return;
        }
        let newest_before = self.shelf.with_untracked(|shelf| shelf.images().next().map(|image| image.key));
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
        self.shelf.update(|shelf| shelf.remove(key));
    }

    /// Deletes an image for good.
    pub(crate) async fn delete(self, key: ImageId) -> Result<(), ApiError> {
        api::delete(key).await?;
        self.forget(key);
        Ok(())
    }
}
