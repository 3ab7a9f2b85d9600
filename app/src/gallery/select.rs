//! Choosing several images.

use wire::ImageId;

use super::Gallery;
use crate::reactive::prelude::*;

impl Gallery {
    /// Starts or ends choosing.
    pub(crate) fn choose_several(self, is_on: bool) {
        self.selection.set(is_on.then(Vec::new));
    }

    /// The person is choosing; the caller hears of every change.
    pub(crate) fn is_choosing(self) -> bool {
        self.selection.with(Option::is_some)
    }

    pub(crate) fn is_chosen(self, key: ImageId) -> bool {
        self.selection.with(|chosen| chosen.as_ref().is_some_and(|keys| keys.binary_search(&key).is_ok()))
    }

    /// Chooses an image or takes it out again; with `up_to`, chooses all between that one and this.
    pub(crate) fn toggle(self, key: ImageId, up_to: Option<ImageId>) {
        let between = up_to.and_then(|other| {
            let (one, two) = untrack(|| (self.position(key), self.position(other)));
            let (one, two) = (one?, two?);
            Some(untrack(|| self.keys(one.min(two)..one.max(two) + 1)))
        });
        self.selection.update(|chosen| {
            let chosen = chosen.get_or_insert_default();
            match (between, chosen.binary_search(&key)) {
                (Some(keys), _) => keys.into_iter().for_each(|key| insert(chosen, key)),
                (None, Ok(at)) => drop(chosen.remove(at)),
                (None, Err(at)) => chosen.insert(at, key),
            }
        });
    }

    /// Ends choosing and says what was chosen.
    pub(crate) fn take_chosen(self) -> Vec<ImageId> {
        self.selection.try_update(Option::take).flatten().unwrap_or_default()
    }
}

fn insert(chosen: &mut Vec<ImageId>, key: ImageId) {
    if let Err(at) = chosen.binary_search(&key) {
        chosen.insert(at, key);
    }
}
