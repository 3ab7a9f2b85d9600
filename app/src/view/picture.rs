//! The photo itself, as large as the window, and larger.

use js_sys::{ArrayBuffer, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Event, Response, TouchEvent};
use wire::{Image, ImageDetails, ImageId};

use crate::browser;
use crate::browser::spawn;
use crate::dom::{El, el};
use crate::gallery::Gallery;
use crate::reactive::prelude::*;
use crate::words::t;

/// A finger that moves this far to a side turns the page, CSS pixels.
const SWIPE_PX: i32 = 60;
/// The largest enlargement, times the window.
pub(crate) const MOST_ZOOM: u32 = 4;

/// What is seen of a photo.
#[derive(Clone, Debug, PartialEq)]
enum Seen {
    /// The thumbnail, until the original is there.
    Thumbnail,
    /// The original, under an object URL.
    Original(String),
    /// The thumbnail for good: the browser cannot show the original.
    Unshowable,
}

/// The photo under its key. `turn` hears −1 or 1 when it is swiped away.
pub(crate) fn picture(
    key: ImageId,
    gallery: Gallery,
    details: RwSignal<Option<ImageDetails>>,
    zoom: RwSignal<u32>,
    turn: impl Fn(i32) + 'static,
) -> El {
    let seen = RwSignal::new(Seen::Thumbnail);
    load(seen, details);
    let thumbnail = move || gallery.get(key).or(details.get().map(|details| details.image));
    let words = move || match (seen.get(), details.with(Option::is_some)) {
        (Seen::Unshowable, _) => t("only-thumbnail"),
        (Seen::Thumbnail, _) => t("loading-photo"),
        _ => String::new(),
    };
    let start = StoredValue::new((0, 0));
    let figure = el("div")
        .class("stage")
        .live_attr("data-zoom", move || Some(zoom.get().to_string()))
        // What can be scrolled has to be reached by keys.
        .live_attr("tabindex", move || (zoom.get() > 1).then(|| "0".to_owned()))
        .part_of(
            move || (thumbnail(), seen.get()),
            move |(image, now)| image.clone().map(|image| photo(image, now, seen)),
        )
        .on("touchstart", move |event: TouchEvent| {
            start.set_value(touch(&event).filter(|_| event.touches().length() == 1).unwrap_or_default());
        })
        .on("touchend", move |event: TouchEvent| {
            let ((x0, y0), Some((x1, y1))) = (start.get_value(), touch(&event)) else { return };
            let (right, down) = (x1 - x0, y1 - y0);
            let is_swipe = right.abs() > SWIPE_PX && right.abs() > 2 * down.abs();
            if is_swipe && x0 > 0 && zoom.get_untracked() == 1 {
                turn(-right.signum());
            }
        });
    el("figure").child(figure).child(el("figcaption").attr("role", "status").live_text(words))
}

fn photo(image: Image, now: &Seen, seen: RwSignal<Seen>) -> El {
    let (source, is_original) = match (now, image.thumbnail) {
        (Seen::Original(url), _) => (url.clone(), "true"),
        (_, thumbnail) => (thumbnail.map(|thumbnail| thumbnail.url).unwrap_or_default(), "false"),
    };
    let edge = |pixels: Option<u32>| pixels.unwrap_or(100).to_string();
    el("img")
        .on("error", move |_: Event| seen.set(Seen::Unshowable))
        .attr("alt", &image.name)
        .attr("data-testid", "photo")
        .attr("data-original", is_original)
        .attr("width", &edge(image.width))
        .attr("height", &edge(image.height))
        .attr("src", &source)
}

/// Where the finger is.
fn touch(event: &TouchEvent) -> Option<(i32, i32)> {
    let touch = event.changed_touches().get(0)?;
    Some((touch.client_x(), touch.client_y()))
}

/// Fetches the original once its address is known; stops when another photo is shown.
fn load(seen: RwSignal<Seen>, details: RwSignal<Option<ImageDetails>>) {
    let Ok(abort) = AbortController::new() else { return };
    let signal = abort.signal();
    let abort = StoredValue::new_local(abort);
    on_cleanup(move || {
        abort.with_value(AbortController::abort);
        if let Some(Seen::Original(url)) = seen.try_get_untracked() {
            browser::revoke_url(&url);
        }
    });
    let is_asked = StoredValue::new(false);
    crate::dom::effect(Box::new(move || {
        let Some(details) = details.get().filter(|_| !is_asked.get_value()) else { return };
        is_asked.set_value(true);
        let init = web_sys::RequestInit::new();
        init.set_signal(Some(&signal));
        let asked = browser::window().fetch_with_str_and_init(&details.original_url, &init);
        spawn(async move {
            let media_type = details.image.media_type.map_or("", wire::MediaType::as_str);
            let url =
                fetch(asked.unchecked_into()).await.and_then(|bytes| browser::object_url(&bytes, media_type));
            match url {
                Some(url) if seen.is_disposed() => browser::revoke_url(&url),
                Some(url) => seen.set(Seen::Original(url)),
                None => drop(seen.try_set(Seen::Unshowable)),
            }
        });
    }));
}

async fn fetch(asked: Promise) -> Option<ArrayBuffer> {
    let response: Response = JsFuture::from(asked).await.ok()?.dyn_into().ok()?;
    let bytes = response.ok().then(|| response.array_buffer().ok())??;
    JsFuture::from(bytes).await.ok()?.dyn_into().ok()
}
