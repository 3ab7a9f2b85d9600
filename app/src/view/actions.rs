//! Buttons.

use crate::dom::{El, el};

/// A button with a word on it.
pub(crate) fn button(name: &str, then: impl FnMut() + 'static) -> El {
    el("button").attr("type", "button").text(name).click(then)
}

/// A button with a sign that the style sheet draws; its name is for screen readers and as a tip.
pub(crate) fn icon_button(sign: &str, name: &str, then: impl FnMut() + 'static) -> El {
    named(el("button").attr("type", "button").class("icon").attr("data-sign", sign).click(then), name)
}

/// Gives a button without words its name.
pub(crate) fn named(button: El, name: &str) -> El {
    button.attr("aria-label", name).attr("title", name)
}
