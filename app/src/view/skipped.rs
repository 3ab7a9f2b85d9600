//! Files that were not taken because nobody meant to upload them, and those that come back after a reload.

use crate::reactive::prelude::*;

use super::actions::button;
use crate::dom::{El, el};
use crate::upload::Flow;
use crate::words::{count, t};

/// Says how many were left out; the list opens on demand.
pub(crate) fn skipped(flow: Flow) -> El {
    let skipped = flow.skipped;
    let entries = move || {
        let entry = |file: &crate::upload::Skipped| {
            el("li").child(el("b").text(&file.name)).text(": ").text(&file.reason)
        };
        Some(el("ul").children(skipped.with(|all| all.iter().map(entry).collect::<Vec<_>>())))
    };
    el("div")
        .class("aside")
        .attr("role", "status")
        .attr("data-testid", "skipped")
        .shown(move || skipped.with(|all| !all.is_empty()))
        .child(
            el("details")
                .child(el("summary").live_text(move || count("skipped", "count", skipped.with(Vec::len))))
                .part(entries),
        )
        .child(button(&t("hide"), move || skipped.set(Vec::new())).class("quiet"))
}

/// Says that uploads of an earlier life of the page go on.
pub(crate) fn restored(flow: Flow) -> El {
    let restored = flow.restored;
    el("div")
        .class("aside")
        .attr("role", "status")
        .attr("data-testid", "restored")
        .shown(move || restored.get() > 0)
        .child(el("p").live_text(move || count("restored", "count", restored.get())))
        .child(button(&t("hide"), move || restored.set(0)).class("quiet"))
}
