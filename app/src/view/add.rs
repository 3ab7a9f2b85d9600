//! The ways to add photos: drop anywhere, paste, choose files or a folder, take one.

use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Event, HtmlInputElement};

use crate::browser::drop::{Dropped, list};
use crate::browser::{mark, matches_media, on, spawn, window};
use crate::dom::{El, document, el};
use crate::reactive::prelude::*;
use crate::upload::Flow;
use crate::words::t;

/// Takes files that are dropped or pasted anywhere on the page. The signal says if some hang over it.
pub(crate) fn listen_for_files(flow: Flow) -> ReadSignal<bool> {
    let (is_dragging, set_dragging) = signal(false);
    // Each element that the pointer enters or leaves tells so; the drag is over the page while more were entered.
    let depth = StoredValue::new(0_u32);
    let window = window();
    on(&window, "dragenter", move |event: DragEvent| {
        if event.data_transfer().is_some_and(|data| has_files(&data)) {
            event.prevent_default();
            depth.update_value(|depth| *depth += 1);
            set_dragging.set(true);
        }
    });
    on(&window, "dragleave", move |_: DragEvent| {
        depth.update_value(|depth| *depth = depth.saturating_sub(1));
        if depth.get_value() == 0 {
            set_dragging.set(false);
        }
    });
    on(&window, "dragover", move |event: DragEvent| {
        if let Some(data) = event.data_transfer().filter(has_files) {
            event.prevent_default();
            data.set_drop_effect("copy");
        }
    });
    on(&window, "drop", move |event: DragEvent| {
        depth.set_value(0);
        set_dragging.set(false);
        if let Some(data) = event.data_transfer().filter(has_files) {
            event.prevent_default();
            mark("imagasaur:drop");
            let dropped = Dropped::take(&data);
            spawn(async move { dropped.walk(|files| flow.add(files)).await });
        }
    });
    on(&window, "paste", move |event: ClipboardEvent| {
        let files = list(event.clipboard_data().and_then(|data| data.files()));
        if !files.is_empty() {
            event.prevent_default();
            flow.add(files);
        }
    });
    is_dragging
}

fn has_files(data: &DataTransfer) -> bool {
    data.types().includes(&"Files".into(), 0)
}

/// The drop zone with its buttons.
pub(crate) fn add(flow: Flow, is_dragging: ReadSignal<bool>) -> El {
    let has_fine_pointer = matches_media("(pointer: fine)");
    let (title, hint) =
        if has_fine_pointer { ("drop-title", "drop-hint") } else { ("touch-title", "touch-hint") };
    let files = chooser(flow, "file-input", "choose-files").attr("multiple", "");
    let mut buttons = el("div").class("buttons").child(button(&files, "choose-files").class("primary"));
    let mut inputs = vec![files];
    if !has_fine_pointer {
        let camera = chooser(flow, "camera-input", "take-photo").attr("capture", "environment");
        buttons = buttons.child(button(&camera, "take-photo"));
        inputs.push(camera);
    } else if knows_folders() {
        let folder = chooser(flow, "folder-input", "choose-folder").attr("webkitdirectory", "");
        buttons = buttons.child(button(&folder, "choose-folder"));
        inputs.push(folder);
    }
    el("section")
        .class("add")
        .attr("aria-labelledby", "add-title")
        .live_attr("data-dragging", move || is_dragging.get().then(String::new))
        .child(
            el("h2")
                .attr("id", "add-title")
                .live_text(move || t(if is_dragging.get() { "drop-now" } else { title })),
        )
        .child(el("p").class("hint").text(&t(hint)))
        .child(buttons)
        .children(inputs)
}

/// An input that nobody sees: a button beside it opens it.
fn chooser(flow: Flow, test_id: &str, name: &str) -> El {
    let input = el("input")
        .attr("type", "file")
        .attr("accept", "image/*")
        .class("hidden-input")
        .attr("tabindex", "-1")
        .attr("data-testid", test_id)
        .attr("aria-label", &t(name));
    let element: HtmlInputElement = input.as_node();
    input.on("change", move |_: Event| {
        let chosen = list(element.files());
        // Emptied, so that choosing the same file again is a change again.
        element.set_value("");
        flow.add(chosen);
    })
}

fn button(input: &El, name: &str) -> El {
    let input: HtmlInputElement = input.as_node();
    el("button").attr("type", "button").text(&t(name)).click(move || input.click())
}

/// Phones have no folders to choose, and some say so.
fn knows_folders() -> bool {
    let input = document().create_element("input").ok();
    input.is_some_and(|input| js_sys::Reflect::has(&input, &"webkitdirectory".into()) == Ok(true))
}
