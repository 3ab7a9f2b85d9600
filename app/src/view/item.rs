//! One image of the gallery.

use web_sys::{Event, HtmlInputElement, MouseEvent};
use wire::{Image, ImageId, Status};

use super::route::Route;
use crate::dom::{El, el};
use crate::gallery::Gallery;
use crate::reactive::prelude::*;
use crate::upload::state::sentence_of;
use crate::words::{named, t};

thread_local! {
    /// What was chosen last: a click with shift chooses up to it.
    static LAST_CHOSEN: std::cell::Cell<Option<ImageId>> = const { std::cell::Cell::new(None) };
}

/// What an item shows. A signal of its own for each item on the screen: those of the gallery live as long as the page,
/// and keep a place for each effect that ever read them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    image: Option<Image>,
    /// How many images come before it, and how many there are.
    position: usize,
    count: usize,
    /// Whether it is chosen, while several are being chosen.
    chosen: Option<bool>,
}

impl Cell {
    /// As it is now; the caller hears of every change.
    pub(crate) fn of(key: ImageId, gallery: Gallery) -> Self {
        Self {
            image: gallery.get(key),
            position: gallery.position(key).unwrap_or_default(),
            count: gallery.len(),
            chosen: gallery.is_choosing().then(|| gallery.is_chosen(key)),
        }
    }
}

/// A fixed box with the thumbnail, or with what is known instead; opens the photo, or chooses it.
pub(crate) fn item(key: ImageId, cell: &ArcRwSignal<Cell>, gallery: Gallery, route: Route) -> El {
    let name = look(cell, |cell| cell.image.as_ref().map(|image| image.name.clone()));
    el("li")
        .class("item")
        .attr("data-testid", "gallery-item")
        .attr("data-key", &key.to_string())
        .live_attr(
            "data-status",
            look(cell, |cell| cell.image.as_ref().map(|image| status(image).to_owned())),
        )
        .live_attr("data-name", name.clone())
        .live_attr("aria-setsize", look(cell, |cell| Some(cell.count.to_string())))
        .live_attr("aria-posinset", look(cell, |cell| Some((cell.position + 1).to_string())))
        .child(
            el("button")
                .attr("type", "button")
                .class("open")
                .live_attr("title", name.clone())
                .part_of(look(cell, |cell| cell.image.clone()), |image| image.clone().map(inside))
                .click(move || {
                    if untrack(|| gallery.is_choosing()) {
                        choose(key, gallery, false);
                    } else {
                        route.show(key);
                    }
                }),
        )
        .part_of(look(cell, |cell| cell.chosen.is_some()), {
            let cell = cell.clone();
            move |is_choosing| is_choosing.then(|| checkbox(key, &cell, gallery, &name().unwrap_or_default()))
        })
}

/// A part of what is shown; the caller hears of every change.
fn look<T, F: Fn(&Cell) -> T + Clone>(
    cell: &ArcRwSignal<Cell>,
    part: F,
) -> impl Fn() -> T + Clone + use<T, F> {
    let cell = cell.clone();
    move || cell.with(&part)
}

fn status(image: &Image) -> &'static str {
    match image.status {
        Status::Processing => "processing",
        Status::Ready => "ready",
        Status::Failed => "failed",
    }
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

fn checkbox(key: ImageId, cell: &ArcRwSignal<Cell>, gallery: Gallery, name: &str) -> El {
    let input =
        el("input").attr("type", "checkbox").class("choose").attr("aria-label", &named("select-photo", name));
    let element: HtmlInputElement = input.as_node();
    let is_chosen = look(cell, |cell| cell.chosen == Some(true));
    input
        .follow(Box::new(move || element.set_checked(is_chosen())))
        .on("click", move |event: MouseEvent| choose(key, gallery, event.shift_key()))
        // What is checked follows from what is chosen, not the other way round.
        .on("change", move |event: Event| event.stop_propagation())
}

fn choose(key: ImageId, gallery: Gallery, is_range: bool) {
    let up_to = LAST_CHOSEN.replace(Some(key)).filter(|_| is_range);
    gallery.toggle(key, up_to);
}
