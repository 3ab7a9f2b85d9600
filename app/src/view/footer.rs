//! The language, to choose.

use web_sys::{Event, HtmlSelectElement};

use crate::browser::{meta, window};
use crate::dom::{El, document, el};
use crate::words::t;

/// Remembered under this name; `start.js` reads it.
const KEY: &str = "imagasaur.language";

/// A list of languages, each by its own name. The page loads anew with the chosen one.
pub(crate) fn footer() -> El {
    let current =
        document().document_element().and_then(|html| html.get_attribute("lang")).unwrap_or_default();
    let options = meta("languages").unwrap_or_default();
    let option = |pair: &str| {
        let (code, name) = pair.split_once('=')?;
        let option = el("option").attr("value", code).attr("lang", code).text(name);
        Some(if code == current { option.attr("selected", "") } else { option })
    };
    let select = el("select").attr("id", "language").children(options.split(',').filter_map(option));
    let element: HtmlSelectElement = select.as_node();
    el("footer").child(el("label").attr("for", "language").text(&t("language"))).child(select.on(
        "change",
        move |_: Event| {
            if let Ok(Some(storage)) = window().local_storage() {
                let _ = storage.set_item(KEY, &element.value());
                let _ = window().location().reload();
            }
        },
    ))
}
