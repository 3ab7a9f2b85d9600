//! All images, newest first; further pages come as they are scrolled to.

use js_sys::Array;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};
use wire::ImageId;

use super::item::Item;
use crate::gallery::{Gallery, Loading};
use crate::text;

/// The grid with all that can be there instead: nothing, not yet, an error.
#[component]
pub(crate) fn GalleryGrid(gallery: Gallery, #[prop(into)] open: Callback<ImageId>) -> impl IntoView {
    let is_first_load = move || gallery.loading() == Loading::Page && !gallery.is_loaded();
    view! {
        <section class="gallery" aria-labelledby="gallery-title" aria-busy=move || is_first_load().to_string()>
            <h2 id="gallery-title">{text::GALLERY}</h2>
            <ul class="grid">
                <Show when=is_first_load>
                    {(0..12).map(|_| view! { <li class="item blank" aria-hidden="true"></li> }).collect_view()}
                </Show>
                <For each=move || gallery.images() key=|image| (image.key, image.status) let:image>
                    <Item image open />
                </For>
            </ul>
            <p class="visually-hidden" role="status">{move || is_first_load().then_some(text::GALLERY_LOADING)}</p>
            <Show when=move || gallery.is_known_empty()>
                <div class="empty" data-testid="gallery-empty">
                    <p><b>{text::GALLERY_EMPTY}</b></p>
                    <p class="hint">{text::GALLERY_EMPTY_HINT}</p>
                </div>
            </Show>
            <LoadError gallery />
            <More gallery />
        </section>
    }
}

/// Says why a page did not come, and tries again.
#[component]
fn LoadError(gallery: Gallery) -> impl IntoView {
    let again = move |_| {
        if gallery.is_loaded() {
            spawn_local(gallery.more());
        } else {
            spawn_local(gallery.refresh());
        }
    };
    move || match gallery.loading() {
        Loading::Failed(sentence) => Some(view! {
            <div class="error" role="alert" data-testid="gallery-error">
                <p><b>{text::GALLERY_FAILED}</b>" "{sentence}</p>
                <button type="button" on:click=again>{text::RETRY}</button>
            </div>
        }),
        _ => None,
    }
}

/// Asks for the next page when it comes near, or when it is clicked.
#[component]
fn More(gallery: Gallery) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let is_loading = move || gallery.loading() == Loading::Page;
    let observer = StoredValue::new_local(None::<IntersectionObserver>);
    // After each page a new look: the button may still be in view, which is no change for the old observer.
    // After an error only a click asks again.
    Effect::new(move |_| {
        if let Some(old) = observer.try_update_value(Option::take).flatten() {
            old.disconnect();
        }
        if let (Some(button), Loading::Idle) = (button.get(), gallery.loading()) {
            observer.set_value(observe(&button, move || spawn_local(gallery.more())));
        }
    });
    view! {
        <Show when=move || gallery.has_more()>
            <div class="more">
                <button
                    node_ref=button type="button" data-testid="load-more" disabled=is_loading
                    on:click=move |_| spawn_local(gallery.more())
                >
                    {move || if is_loading() { text::LOADING_MORE } else { text::LOAD_MORE }}
                </button>
            </div>
        </Show>
    }
}

/// Calls back when the element comes within half a screen of being seen, until the observer is disconnected.
fn observe(element: &Element, near: impl Fn() + 'static) -> Option<IntersectionObserver> {
    let on_change = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
        let seen = |entry: JsValue| entry.unchecked_into::<IntersectionObserverEntry>().is_intersecting();
        if entries.iter().any(seen) {
            near();
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin("50%");
    // The closure becomes the browser's, and goes with the observer.
    let callback = on_change.into_js_value();
    let observer = IntersectionObserver::new_with_options(callback.unchecked_ref(), &options).ok()?;
    observer.observe(element);
    Some(observer)
}
