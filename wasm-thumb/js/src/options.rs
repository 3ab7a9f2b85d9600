//! `ThumbnailOptions` of JavaScript as the engine's [`Options`].

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_thumb::{Options, Quality, Size};

use crate::error::bad_option;

/// The largest integer that a JavaScript number counts exactly up to.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Reads the options; what is missing keeps its default.
pub(crate) fn read(given: &JsValue) -> Result<Options, JsValue> {
    let mut options = Options::default();
    if given.is_undefined() || given.is_null() {
        return Ok(options);
    }
    let width = integer::<u32>(given, "width")?.unwrap_or(options.size.width());
    let height = integer::<u32>(given, "height")?.unwrap_or(options.size.height());
    options.size = Size::new(width, height).map_err(|error| bad_option(&error.to_string()))?;
    if let Some(quality) = integer::<u8>(given, "quality")? {
        options.quality = Quality::new(quality).map_err(|error| bad_option(&error.to_string()))?;
    }
    if let Some(max_pixels) = integer::<u64>(given, "maxPixels")? {
        options.limits.max_pixels = max_pixels;
    }
    Ok(options)
}

/// A property that is a whole number, if it is there.
fn integer<T: TryFrom<u64>>(given: &JsValue, name: &str) -> Result<Option<T>, JsValue> {
    let value = Reflect::get(given, &name.into())?;
    if value.is_undefined() {
        return Ok(None);
    }
    let number = value.as_f64().filter(|n| n.fract() == 0.0 && (0.0..=MAX_SAFE_INTEGER).contains(n));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number in range")]
    let whole = number.map(|n| n as u64).and_then(|n| T::try_from(n).ok());
    whole.map(Some).ok_or_else(|| bad_option(&format!("{name} is not a whole number in range")))
}
