//! A word at the lower edge: what was just done, and the way back.

use crate::reactive::prelude::*;

use super::actions::button;
use crate::browser;
use crate::browser::spawn;
use crate::dom::{El, el};
use crate::gallery::{Gallery, Trash};
use crate::words::{count, t};

/// How long a word without a way back stays, ms.
const STAYS_MS: u32 = 4000;

/// What was deleted with "undo", a deletion that did not work, a link that was copied.
pub(crate) fn notice(gallery: Gallery, copied: RwSignal<Option<bool>>) -> El {
    let trash = gallery.trash;
    let failed = move || trash.with(|trash| trash.has_failed);
    let text = move || match (trash.with(Trash::len), copied.get()) {
        (_, Some(true)) => t("link-copied"),
        (_, Some(false)) => t("link-not-copied"),
        (0, None) if failed() => t("delete-failed"),
        (0, None) => String::new(),
        (number, None) => count("deleted", "count", number),
    };
    crate::dom::effect(Box::new(move || {
        if copied.get().is_some() {
            clear_later(move || copied.set(None));
        }
        if failed() {
            clear_later(move || trash.update(|trash| trash.has_failed = false));
        }
    }));
    el("div")
        .class("toast")
        .attr("data-testid", "notice")
        .live_attr("data-empty", move || text().is_empty().then(String::new))
        .child(el("p").attr("role", "status").live_text(text))
        .child(
            button(&t("undo"), move || gallery.undo())
                .attr("data-testid", "undo")
                .shown(move || trash.with(Trash::len) > 0),
        )
}

fn clear_later(clear: impl Fn() + 'static) {
    spawn(async move {
        browser::sleep(STAYS_MS).await;
        clear();
    });
}
