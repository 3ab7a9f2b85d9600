//! Deleting, with some seconds to take it back.

use web_sys::Event;
use wire::{Image, ImageId};

use super::Gallery;
use crate::browser::spawn;
use crate::reactive::prelude::*;
use crate::{api, browser};

/// How long a deletion can be taken back, ms.
const UNDO_FOR_MS: u32 = 8000;

/// What was deleted and can be taken back.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trash {
    images: Vec<Image>,
    /// Counts deletions, so that a timer knows its own.
    round: u32,
    /// The last deletion did not work.
    pub(crate) has_failed: bool,
}

impl Trash {
    /// How many can be taken back.
    pub(crate) fn len(&self) -> usize {
        self.images.len()
    }
}

impl Gallery {
    /// Deletes images for good, unless it is taken back soon.
    pub(crate) fn delete(self, keys: &[ImageId]) {
        self.empty_trash();
        let images = self.hide(keys);
        let round = self.trash.try_update(|trash| {
            *trash = Trash { images, round: trash.round + 1, has_failed: false };
            trash.round
        });
        spawn(async move {
            browser::sleep(UNDO_FOR_MS).await;
            if self.trash.with_untracked(|trash| Some(trash.round)) == round {
                self.empty_trash();
            }
        });
    }

    /// Takes the last deletion back.
    pub(crate) fn undo(self) {
        let images = self.take_trash();
        self.show(images);
    }

    /// Leaving the page does not take a deletion back.
    pub(crate) fn delete_when_left(self) {
        browser::on(&browser::window(), "pagehide", move |_: Event| {
            self.take_trash().iter().for_each(|image| api::delete_while_leaving(image.key));
        });
    }

    fn take_trash(self) -> Vec<Image> {
        self.trash.try_update(|trash| std::mem::take(&mut trash.images)).unwrap_or_default()
    }

    fn empty_trash(self) {
        for image in self.take_trash() {
            spawn(async move {
                if api::delete(image.key).await.is_err() {
                    self.show(vec![image]);
                    self.trash.update(|trash| trash.has_failed = true);
                }
            });
        }
    }
}
