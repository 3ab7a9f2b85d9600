//! The worker: takes files, gives previews. It never touches the network.

mod job;

use js_sys::global;
use messages::{Job, Report};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = global().unchecked_into();
    let page = scope.clone();
    // A job runs to its end within this call: if the engine traps, the page sees the worker's error event.
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(job) = Job::from_message(&event.data()) {
            job::run(&page, &job);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    post(&scope, &Report::Ready.to_message(None));
}

/// Posting fails only for values that cannot be cloned, which reports never hold.
fn post(page: &DedicatedWorkerGlobalScope, message: &JsValue) {
    let _ = page.post_message(message);
}
