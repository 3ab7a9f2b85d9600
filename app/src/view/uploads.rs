//! The list of uploads with its total.

use super::skipped::{restored, skipped};
use super::tile::tile;
use super::total::total;
use crate::dom::{El, el};
use crate::upload::Flow;
use crate::words::t;

/// Shown as soon as there is an upload.
pub(crate) fn uploads(flow: Flow) -> El {
    el("div").class("sending").child(restored(flow)).child(skipped(flow)).child(
        el("section")
            .class("uploads")
            .attr("aria-labelledby", "uploads-title")
            .shown(move || !flow.uploads.is_empty())
            .child(el("h2").attr("id", "uploads-title").text(&t("uploads")))
            .child(total(flow))
            .child(el("ul").class("tiles").each(move || flow.uploads.ids(), move |id| tile(id, flow))),
    )
}
