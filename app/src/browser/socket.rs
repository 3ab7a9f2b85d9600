//! A WebSocket as three callbacks.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, MessageEvent, WebSocket};

/// Connects. `hear` gets each text; `end` comes once, whether the connection broke off or never came about.
/// False if the address is not one.
pub(crate) fn connect(url: &str, hear: impl Fn(&str) + 'static, end: impl Fn() + 'static) -> bool {
    let Ok(socket) = WebSocket::new(url) else { return false };
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            hear(&text);
        }
    });
    let on_close = Closure::<dyn FnMut(Event)>::new(move |_| end());
    // The closures become the browser's, and go with the socket.
    socket.set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
    socket.set_onclose(Some(on_close.into_js_value().unchecked_ref()));
    true
}
