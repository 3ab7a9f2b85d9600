//! All images, newest first, with all that can be there instead: nothing, not yet, an error.

use super::actions::button;
use super::choose::choose_bar;
use super::grid::grid;
use super::route::Route;
use crate::browser::spawn;
use crate::dom::{El, el};
use crate::gallery::{Gallery, Loading};
use crate::words::t;

/// As many as fill a first screen.
const BLANKS: usize = 12;

/// The gallery with its head.
pub(crate) fn gallery_section(gallery: Gallery, route: Route) -> El {
    let is_first_load = move || gallery.loading() == Loading::Page && !gallery.is_loaded();
    let blank = || el("li").class("item blank").attr("aria-hidden", "true");
    el("section")
        .class("gallery")
        .attr("aria-labelledby", "gallery-title")
        .live_attr("aria-busy", move || Some(is_first_load().to_string()))
        .child(
            el("div")
                .class("head")
                .child(el("h2").attr("id", "gallery-title").text(&t("gallery")))
                .child(choose_bar(gallery)),
        )
        .part(move || {
            is_first_load().then(|| el("ul").class("grid blanks").children((0..BLANKS).map(|_| blank())))
        })
        .child(
            el("p")
                .class("visually-hidden")
                .attr("role", "status")
                .live_text(move || if is_first_load() { t("gallery-loading") } else { String::new() }),
        )
        .child(grid(gallery, route))
        .child(
            el("div")
                .class("empty")
                .attr("data-testid", "gallery-empty")
                .shown(move || gallery.is_known_empty())
                .child(el("p").child(el("b").text(&t("gallery-empty"))))
                .child(el("p").class("hint").text(&t("gallery-empty-hint"))),
        )
        .part(move || load_error(gallery))
}

/// Says why a page did not come, and tries again.
fn load_error(gallery: Gallery) -> Option<El> {
    let Loading::Failed(sentence) = gallery.loading() else { return None };
    let again = move || {
        spawn(async move {
            if crate::reactive::prelude::untrack(|| gallery.is_loaded()) {
                gallery.more().await;
            } else {
                gallery.refresh().await;
            }
        });
    };
    Some(
        el("div")
            .class("error")
            .attr("role", "alert")
            .attr("data-testid", "gallery-error")
            .child(el("p").child(el("b").text(&t("gallery-failed"))).text(" ").text(&sentence))
            .child(button(&t("retry"), again)),
    )
}
