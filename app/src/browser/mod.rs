//! The browser's own things behind small functions: nothing here knows about uploads or galleries.

pub(crate) mod drop;
pub(crate) mod memory;
pub(crate) mod post;
pub(crate) mod queue;
pub(crate) mod socket;

use std::pin::Pin;

use js_sys::{Array, ArrayBuffer, Date, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Event, EventTarget, File, HtmlMetaElement, Url, Window};

/// The window that the page lives in.
#[expect(clippy::expect_used, reason = "the page is never run without a window")]
pub(crate) fn window() -> Window {
    web_sys::window().expect("a page has a window")
}

/// The content of `<meta name=…>` in the page's head.
pub(crate) fn meta(name: &str) -> Option<String> {
    let found = window().document()?.query_selector(&format!("meta[name={name}]")).ok()??;
    Some(found.dyn_into::<HtmlMetaElement>().ok()?.content())
}

/// The language that `start.js` has chosen.
pub(crate) fn page_language() -> String {
    crate::dom::document().document_element().and_then(|html| html.get_attribute("lang")).unwrap_or_default()
}

/// A text that `start.js` has put into a global variable.
#[cfg(target_arch = "wasm32")]
pub(crate) fn global_text(name: &str) -> String {
    js_sys::Reflect::get(&js_sys::global(), &name.into())
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// Has a future run. Boxed here, since what runs futures is compiled anew for each of them.
pub(crate) fn spawn(future: impl Future<Output = ()> + 'static) {
    spawn_boxed(Box::pin(future));
}

fn spawn_boxed(future: Pin<Box<dyn Future<Output = ()>>>) {
    wasm_bindgen_futures::spawn_local(future);
}

/// Waits until the browser is about to draw: what takes long is done a piece at a time in between. A page that
/// nobody sees is never drawn, but goes on all the same.
pub(crate) async fn next_frame() {
    const LATEST_MS: i32 = 250;
    let promise = Promise::new(&mut |resolve, _| {
        let _ = window().request_animation_frame(&resolve);
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, LATEST_MS);
    });
    let _ = JsFuture::from(promise).await;
}

/// Waits.
pub(crate) async fn sleep(ms: u32) {
    let promise = Promise::new(&mut |resolve, _| {
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = JsFuture::from(promise).await;
}

/// Milliseconds since the page was opened.
pub(crate) fn now_ms() -> f64 {
    window().performance().map_or_else(Date::now, |performance| performance.now())
}

/// Leaves a mark in the browser's performance timeline.
pub(crate) fn mark(name: &str) {
    if let Some(performance) = window().performance() {
        let _ = performance.mark(name);
    }
}

/// False only if the browser is sure that there is no network.
pub(crate) fn is_online() -> bool {
    window().navigator().on_line()
}

/// Processor cores that the browser admits to.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
pub(crate) fn cores() -> usize {
    window().navigator().hardware_concurrency() as usize
}

/// Gives bytes an address for `<img>`, until [`revoke_url`].
pub(crate) fn object_url(bytes: &ArrayBuffer, media_type: &str) -> Option<String> {
    let properties = BlobPropertyBag::new();
    properties.set_type(media_type);
    let blob = Blob::new_with_buffer_source_sequence_and_options(&Array::of1(bytes), &properties).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Frees what an object URL holds.
pub(crate) fn revoke_url(url: &str) {
    let _ = Url::revoke_object_url(url);
}

/// Can the file still be read? Asks for its first byte.
pub(crate) async fn is_readable(file: &File) -> bool {
    match file.slice_with_i32_and_i32(0, 1) {
        Ok(first_byte) => JsFuture::from(first_byte.array_buffer()).await.is_ok(),
        Err(_) => false,
    }
}

/// A moment in the page's language and the person's time zone; an RFC 3339 text that is none stays as it is.
pub(crate) fn local_time(rfc3339: &str) -> String {
    let date = Date::new(&rfc3339.into());
    if date.get_time().is_nan() {
        rfc3339.to_owned()
    } else {
        date.to_locale_string(&page_language(), &JsValue::UNDEFINED).into()
    }
}

/// Does a media query hold?
pub(crate) fn matches_media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|query| query.matches())
}

/// Puts a text on the clipboard. False if the browser does not allow it.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Pages without TLS have no clipboard.
    if !js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Calls back on an event for as long as the page lives.
pub(crate) fn on<E: JsCast + 'static>(target: &EventTarget, event: &str, mut then: impl FnMut(E) + 'static) {
    listen(target, event, Box::new(move |event| then(event.unchecked_into())));
}

fn listen(target: &EventTarget, event: &str, then: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(then);
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}
