//! The engine for JavaScript: typed bindings, no logic.

mod error;
mod options;
mod types;

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_thumb::Limits;

/// Makes a thumbnail of the picture in `bytes`.
///
/// # Errors
/// An `Error` with `code`.
#[wasm_bindgen(skip_typescript)]
pub fn thumbnail(bytes: &[u8], options: &JsValue) -> Result<JsValue, JsValue> {
    let options = options::read(options)?;
    let made = wasm_thumb::thumbnail(bytes, &options).map_err(|error| error::from_engine(&error))?;
    object(&[
        ("bytes", Uint8Array::from(made.bytes.as_slice()).into()),
        ("width", made.width.into()),
        ("height", made.height.into()),
        ("sourceWidth", made.source_width.into()),
        ("sourceHeight", made.source_height.into()),
        ("format", made.format.name().into()),
    ])
}

/// Reads what the header of the picture in `bytes` tells.
///
/// # Errors
/// An `Error` with `code`.
#[wasm_bindgen(skip_typescript)]
pub fn inspect(bytes: &[u8]) -> Result<JsValue, JsValue> {
    let found = wasm_thumb::inspect(bytes, &Limits::default()).map_err(|error| error::from_engine(&error))?;
    let metadata = object(&[("mediaType", found.format.media_type().into())])?;
    object(&[
        ("format", found.format.name().into()),
        ("width", found.width.into()),
        ("height", found.height.into()),
        ("orientation", found.orientation.exif().into()),
        ("metadata", metadata),
    ])
}

/// A plain object with these properties.
fn object(properties: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (name, value) in properties {
        Reflect::set(&object, &JsValue::from_str(name), value)?;
    }
    Ok(object.unchecked_into())
}
