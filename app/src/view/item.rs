//! One image of the gallery.

use crate::reactive::prelude::*;
use web_sys::{Event, HtmlInputElement, MouseEvent};
use wire::{Image, ImageId, Status};

use super::route::Route;
use crate::dom::{El, el};
use crate::gallery::Gallery;
use crate::upload::state::sentence_of;
use crate::words::{named, t};

thread_local! {
    /// What was chosen last: a click with shift chooses up to it.
    static LAST_CHOSEN: std::cell::Cell<Option<ImageId>> = const { std::cell::Cell::new(None) };
}

/// A fixed box with the thumbnail, or with what is known instead; opens the photo, or chooses it.
pub(crate) fn item(key: ImageId, gallery: Gallery, route: Route) -> El {
    let status = move || match gallery.get(key).map(|image| image.status) {
        Some(Status::Ready) => "ready",
        Some(Status::Failed) => "failed",
        _ => "processing",
    };
    let name = move || gallery.get(key).map(|image| image.name).unwrap_or_default();
    el("li")
        .class("item")
        .attr("data-testid", "gallery-item")
        .attr("data-key", &key.to_string())
        .live_attr("data-status", move || Some(status().to_owned()))
        .live_attr("data-name", move || Some(name()))
        .live_attr("aria-setsize", move || Some(gallery.len().to_string()))
        .live_attr("aria-posinset", move || gallery.position(key).map(|at| (at + 1).to_string()))
        .child(
            el("button")
                .attr("type", "button")
                .class("open")
                .live_attr("title", move || Some(name()))
                .part_of(move || gallery.get(key), |image| image.clone().map(inside))
                .click(move || {
                    if untrack(|| gallery.is_choosing()) {
                        choose(key, gallery, false);
                    } else {
                        route.show(key);
                    }
                }),
        )
        .part_of(
            move || gallery.is_choosing(),
            move |is_choosing| is_choosing.then(|| checkbox(key, gallery, &name())),
        )
}

fn inside(image: Image) -> El {
    let why = |title: &str, text: &str| {
        el("span").class("why").child(el("b").text(title)).child(el("span").text(text))
    };
    match (image.thumbnail, image.error) {
        (Some(thumbnail), _) => el("img")
            .attr("decoding", "async")
            .attr("width", "100")
            .attr("height", "100")
            .attr("alt", &image.name)
            .attr("src", &thumbnail.url),
        (None, Some(error)) => why(&named("photo-failed", &image.name), &sentence_of(&error)),
        (None, None) => why(&image.name, &t("processing")),
    }
}

fn checkbox(key: ImageId, gallery: Gallery, name: &str) -> El {
    let input =
        el("input").attr("type", "checkbox").class("choose").attr("aria-label", &named("select-photo", name));
    let element: HtmlInputElement = input.as_node();
    input
        .follow(Box::new(move || element.set_checked(gallery.is_chosen(key))))
        .on("click", move |event: MouseEvent| choose(key, gallery, event.shift_key()))
        // What is checked follows from what is chosen, not the other way round.
        .on("change", move |event: Event| event.stop_propagation())
}

fn choose(key: ImageId, gallery: Gallery, is_range: bool) {
    let up_to = LAST_CHOSEN.replace(Some(key)).filter(|_| is_range);
    gallery.toggle(key, up_to);
}
