//! One photo over the page: large, with its details, and what can be done with it.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlElement, KeyboardEvent};
use wire::{Image, ImageDetails, ImageId};

use super::actions::icon_button;
use super::notice::notice;
use super::picture::{MOST_ZOOM, picture};
use super::route::{Route, link};
use crate::browser::spawn;
use crate::dom::{El, document, el};
use crate::gallery::Gallery;
use crate::reactive::prelude::*;
use crate::words::{Arg, say, size, t};
use crate::{api, browser};

/// The link to the original works for five minutes; it is renewed before that, ms.
const FRESH_FOR_MS: u32 = 240_000;

/// A dialog that opens when the route names a photo. `copied` hears whether a link was copied.
pub(crate) fn lightbox(gallery: Gallery, route: Route, copied: RwSignal<Option<bool>>) -> El {
    let dialog =
        el("dialog").class("lightbox").attr("data-testid", "lightbox").attr("aria-label", &t("photo"));
    let element: HtmlDialogElement = dialog.as_node();
    dialog
        .on("close", move |_: Event| route.close())
        .on("keydown", move |event: KeyboardEvent| press(&event, gallery, route))
        .part_of(move || route.photo(), move |key| key.map(|key| open(key, gallery, route, copied)))
        // What lies behind a dialog cannot be reached, so the word and its "undo" are here too.
        .part_of(move || route.photo().is_some(), move |is_open| is_open.then(|| notice(gallery, copied)))
        .follow(Box::new(move || match (route.photo().is_some(), element.open()) {
            (true, false) => drop(element.show_modal()),
            (false, true) => element.close(),
            _ => {}
        }))
}

/// Everything in the dialog for one photo.
fn open(key: ImageId, gallery: Gallery, route: Route, copied: RwSignal<Option<bool>>) -> El {
    let details = RwSignal::new(None::<ImageDetails>);
    let failure = RwSignal::new(None::<String>);
    let (zoom, has_facts) = (RwSignal::new(1_u32), RwSignal::new(false));
    spawn(async move {
        while route.photo_untracked() == Some(key) && !details.is_disposed() {
            match api::details(key).await {
                Ok(answer) => drop(details.try_set(Some(answer))),
                Err(error) if error.is_not_found() => drop(failure.try_set(Some(t("photo-gone")))),
                Err(error) => drop(failure.try_set(Some(error.sentence()))),
            }
            browser::sleep(FRESH_FOR_MS).await;
        }
    });
    let name = move || {
        let image = gallery.get(key).or(details.get().map(|details| details.image));
        image.map(|image| image.name).unwrap_or_default()
    };
    let stage = move |failure: Option<&str>| match failure {
        Some(sentence) => el("p").class("failure").attr("role", "alert").text(sentence),
        None => picture(key, gallery, details, zoom, move |by| turn(gallery, route, by)),
    };
    let turn_button = move |sign: &str, id: &str, by: i32| {
        icon_button(sign, &t(id), move || turn(gallery, route, by))
            .attr("data-testid", id)
            .shown(move || neighbour(gallery, key, by).is_some())
    };
    el("div")
        .class("photo")
        .child(
            el("div")
                .class("bar")
                .child(el("h2").child(el("bdi").live_text(name)))
                .child(zoom_button(zoom, "zoom-out", |zoom| zoom > 1, |zoom| zoom / 2))
                .child(zoom_button(zoom, "zoom-in", |zoom| zoom < MOST_ZOOM, |zoom| zoom * 2))
                .child(
                    icon_button("info", &t("details"), move || has_facts.update(|has| *has = !*has))
                        .attr("data-testid", "facts")
                        .live_attr("aria-expanded", move || Some(has_facts.get().to_string())),
                )
                .part(move || details.get().map(|details| download(&details)))
                .child(
                    icon_button("link", &t("copy-link"), move || {
                        spawn(async move { copied.set(Some(browser::copy(&link(key)).await)) });
                    })
                    .attr("data-testid", "copy-link"),
                )
                .child(
                    icon_button("bin", &t("delete"), move || delete(gallery, route, key))
                        .attr("data-testid", "delete"),
                )
                .child(icon_button("cross", &t("close"), move || route.close()).attr("data-testid", "close")),
        )
        .part_of(move || failure.get(), move |failure| Some(stage(failure.as_deref())))
        .child(turn_button("back", "previous", -1))
        .child(turn_button("on", "next", 1))
        .part(move || details.get().filter(|_| has_facts.get()).map(facts))
}

fn zoom_button(zoom: RwSignal<u32>, id: &'static str, can: fn(u32) -> bool, change: fn(u32) -> u32) -> El {
    icon_button(id, &t(id), move || zoom.update(|zoom| *zoom = change(*zoom).clamp(1, MOST_ZOOM)))
        .attr("data-testid", id)
        .flag("disabled", move || !can(zoom.get()))
}

fn download(details: &ImageDetails) -> El {
    el("a")
        .class("icon")
        .attr("data-sign", "download")
        .attr("data-testid", "download")
        .attr("href", &details.original_url)
        .attr("download", &details.image.name)
        .attr("rel", "noreferrer")
        .attr("title", &t("download"))
        .attr("aria-label", &t("download"))
}

/// The photo before (−1) or after (1) in the gallery.
fn neighbour(gallery: Gallery, key: ImageId, by: i32) -> Option<ImageId> {
    let at = gallery.position(key)?.checked_add_signed(isize::try_from(by).ok()?)?;
    gallery.keys(at..(at + 1).min(gallery.len())).first().copied()
}

fn turn(gallery: Gallery, route: Route, by: i32) {
    let next = route.photo_untracked().and_then(|key| untrack(|| neighbour(gallery, key, by)));
    if let Some(next) = next {
        keep_focus();
        route.show(next);
    }
    // Before the end is reached, more is fetched.
    let near_end =
        untrack(|| next.and_then(|key| gallery.position(key)).is_some_and(|at| at + 20 > gallery.len()));
    if near_end && untrack(|| gallery.has_more()) {
        spawn(gallery.more());
    }
}

/// Deletes the photo and goes on to the one that takes its place.
fn delete(gallery: Gallery, route: Route, key: ImageId) {
    let next = untrack(|| neighbour(gallery, key, 1).or_else(|| neighbour(gallery, key, -1)));
    keep_focus();
    gallery.delete(&[key]);
    match next {
        Some(next) => route.show(next),
        None => route.close(),
    }
}

/// The buttons of the next photo are new ones: the focus goes to the one that is like the one that had it.
fn keep_focus() {
    let had_it = document().active_element().and_then(|element| element.get_attribute("data-testid"));
    let Some(had_it) = had_it else { return };
    spawn(async move {
        browser::next_frame().await;
        let alike = format!("dialog[open] [data-testid={had_it}]:not([hidden])");
        if let Ok(Some(element)) = document().query_selector(&alike) {
            let _ = element.unchecked_into::<HtmlElement>().focus();
        }
    });
}

fn press(event: &KeyboardEvent, gallery: Gallery, route: Route) {
    let is_rtl =
        document().document_element().is_some_and(|html| html.get_attribute("dir").as_deref() == Some("rtl"));
    let forward = if is_rtl { -1 } else { 1 };
    match event.key().as_str() {
        "ArrowRight" => turn(gallery, route, forward),
        "ArrowLeft" => turn(gallery, route, -forward),
        "Delete" => {
            if let Some(key) = route.photo_untracked() {
                delete(gallery, route, key);
            }
        }
        _ => return,
    }
    event.prevent_default();
}

fn facts(details: ImageDetails) -> El {
    let ImageDetails { image, metadata, .. } = details;
    let kind = image.media_type.map(|kind| format!(" · {kind}")).unwrap_or_default();
    let rows = [
        ("added-on", Some(browser::local_time(&image.created_at))),
        ("picture-size", pixels(&image)),
        ("file-size", Some(format!("{}{kind}", size(image.bytes)))),
        ("thumbnail-size", image.thumbnail.as_ref().map(|thumbnail| size(thumbnail.bytes))),
        ("file-digest", metadata.sha256),
    ];
    let row = |(id, value): (&str, Option<String>)| {
        value.map(|value| el("div").child(el("dt").text(&t(id))).child(el("dd").text(&value)))
    };
    el("dl")
        .class("facts")
        .attr("tabindex", "0")
        .attr("data-testid", "facts-list")
        .children(rows.into_iter().filter_map(row))
}

fn pixels(image: &Image) -> Option<String> {
    let (width, height) = image.width.zip(image.height)?;
    let args = [("width", Arg::Number(width.into())), ("height", Arg::Number(height.into()))];
    Some(say("pixels", &args))
}
