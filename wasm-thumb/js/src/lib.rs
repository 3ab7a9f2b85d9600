//! The engine for JavaScript: typed bindings, no logic.

mod error;
mod options;
mod types;

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_thumb::{Inspection, Limits};

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
    object(&[
        ("format", found.format.name().into()),
        ("width", found.width.into()),
        ("height", found.height.into()),
        ("orientation", found.orientation.exif().into()),
        ("metadata", metadata(&found)?),
    ])
}

/// Where the picture in `bytes` was taken; `undefined` if it does not tell.
///
/// # Errors
/// None in practice: making an object succeeds.
#[wasm_bindgen(skip_typescript)]
pub fn position(bytes: &[u8]) -> Result<JsValue, JsValue> {
    let Some(found) = wasm_thumb::position(bytes) else { return Ok(JsValue::UNDEFINED) };
    object(&[
        ("latitude", found.latitude_deg.into()),
        ("longitude", found.longitude_deg.into()),
        ("altitude", found.altitude_m.into()),
    ])
}

fn metadata(found: &Inspection) -> Result<JsValue, JsValue> {
    let metadata = &found.metadata;
    let exposure = &metadata.exposure;
    let text = |text: &Option<String>| text.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str);
    let time = exposure.time_s.map(|(numerator, denominator)| format!("{numerator}/{denominator}"));
    object(&[
        ("mediaType", found.format.media_type().into()),
        ("camera", text(&metadata.camera)),
        ("lens", text(&metadata.lens)),
        ("exposureTime", text(&time)),
        ("fNumber", exposure.f_number.into()),
        ("iso", exposure.iso.into()),
        ("focalLength", exposure.focal_length_mm.into()),
        ("focalLength35mm", exposure.focal_length_35_mm.into()),
        ("exposureBias", exposure.bias_ev.into()),
        ("takenAt", text(&metadata.taken_at)),
        ("hasPosition", metadata.has_position.into()),
        ("profile", text(&metadata.profile)),
    ])
}

/// A plain object with those of these properties that are defined.
fn object(properties: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (name, value) in properties.iter().filter(|(_, value)| !value.is_undefined()) {
        Reflect::set(&object, &JsValue::from_str(name), value)?;
    }
    Ok(object.unchecked_into())
}
