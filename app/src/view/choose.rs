//! Choosing several images, and what can be done with them.

use web_sys::HtmlAnchorElement;
use wire::ImageId;

use super::actions::button;
use crate::browser::spawn;
use crate::dom::{El, el};
use crate::gallery::Gallery;
use crate::reactive::prelude::*;
use crate::words::{count, t};
use crate::{api, browser};

/// Between two downloads, ms: browsers take several at once for an attack.
const BETWEEN_DOWNLOADS_MS: u32 = 400;

/// The button that starts it, then how many are chosen and what can be done with them.
pub(crate) fn choose_bar(gallery: Gallery) -> El {
    let chosen = move || gallery.selection.with(|chosen| chosen.as_ref().map_or(0, Vec::len));
    el("div")
        .class("choose-bar")
        .attr("data-testid", "choose-bar")
        .child(el("p").attr("role", "status").live_text(move || {
            if chosen() > 0 { count("selected", "count", chosen()) } else { String::new() }
        }))
        .child(
            button(&t("download-selected"), move || spawn(download_all(gallery.take_chosen())))
                .shown(move || chosen() > 0),
        )
        .child(
            button(&t("delete-selected"), move || gallery.delete(&gallery.take_chosen()))
                .class("danger")
                .attr("data-testid", "delete-chosen")
                .shown(move || chosen() > 0),
        )
        .child(
            el("button")
                .attr("type", "button")
                .attr("data-testid", "choose")
                .live_attr("aria-pressed", move || Some(gallery.is_choosing().to_string()))
                .live_text(move || t(if gallery.is_choosing() { "select-done" } else { "select" }))
                .click(move || gallery.choose_several(!untrack(|| gallery.is_choosing())))
                .shown(move || gallery.len() > 0),
        )
}

async fn download_all(keys: Vec<ImageId>) {
    for key in keys {
        if let Ok(details) = api::details(key).await {
            let link = el("a").attr("href", &details.original_url).attr("download", &details.image.name);
            link.as_node::<HtmlAnchorElement>().click();
            browser::sleep(BETWEEN_DOWNLOADS_MS).await;
        }
    }
}
