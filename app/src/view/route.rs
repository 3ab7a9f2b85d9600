//! Which photo is open, as the address says it: so a link leads to it, and the back button closes it.

use wasm_bindgen::JsValue;
use web_sys::Event;
use wire::ImageId;

use crate::browser::{on, spawn, window};
use crate::reactive::prelude::*;

const PREFIX: &str = "#photo=";

/// The open photo. A handle: copies share it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    open: RwSignal<Option<ImageId>>,
    /// The entry before this one in the history is the page without a photo.
    came_from_page: StoredValue<bool>,
}

impl Route {
    /// Follows the address from now on.
    pub(crate) fn start() -> Self {
        let route = Self { open: RwSignal::new(None), came_from_page: StoredValue::new(false) };
        // Not before the page is in the document: a dialog outside of it cannot be opened.
        spawn(async move { route.open.set(read()) });
        on(&window(), "popstate", move |_: Event| {
            if route.open.get_untracked() != read() {
                route.open.set(read());
            }
            route.came_from_page.set_value(false);
        });
        route
    }

    /// The open photo; the caller hears of every change.
    pub(crate) fn photo(self) -> Option<ImageId> {
        self.open.get()
    }

    /// The open photo as of now.
    pub(crate) fn photo_untracked(self) -> Option<ImageId> {
        self.open.get_untracked()
    }

    /// Opens a photo from the page, or moves on from one to another.
    pub(crate) fn show(self, key: ImageId) {
        let address = format!("{PREFIX}{key}");
        let Ok(history) = window().history() else { return };
        let _ = if self.open.get_untracked().is_none() {
            self.came_from_page.set_value(true);
            history.push_state_with_url(&JsValue::NULL, "", Some(&address))
        } else {
            history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
        };
        self.open.set(Some(key));
    }

    /// Closes the photo.
    pub(crate) fn close(self) {
        if self.open.get_untracked().is_none() {
            return;
        }
        self.open.set(None);
        let Ok(history) = window().history() else { return };
        let _ = if self.came_from_page.get_value() {
            history.back()
        } else {
            history.replace_state_with_url(&JsValue::NULL, "", Some("/"))
        };
    }
}

/// A link that leads to a photo.
pub(crate) fn link(key: ImageId) -> String {
    format!("{}/{PREFIX}{key}", window().location().origin().unwrap_or_default())
}

fn read() -> Option<ImageId> {
    window().location().hash().ok()?.strip_prefix(PREFIX)?.parse().ok()
}
