//! Rust errors as JavaScript's: an `Error` with a `code`.

use std::error::Error;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// A rejected picture. The message goes down to the cause.
pub(crate) fn from_engine(error: &wasm_thumb::Error) -> JsValue {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    let thrown = js_sys::Error::new(&message);
    // Setting a property of a new object cannot fail.
    let _ = Reflect::set(&thrown, &"code".into(), &error.code().into());
    thrown.into()
}

/// An option that is not what it has to be.
pub(crate) fn bad_option(message: &str) -> JsValue {
    js_sys::RangeError::new(message).into()
}
