//! The ways to add photos: drop anywhere, paste, choose files, choose a folder.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent};

use crate::browser::drop::{Dropped, list};
use crate::browser::{mark, on, window};
use crate::text;
use crate::upload::Flow;

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
            spawn_local(async move { dropped.walk(|files| flow.add(files)).await });
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
#[component]
pub(crate) fn Add(flow: Flow, is_dragging: ReadSignal<bool>) -> impl IntoView {
    let files = NodeRef::<html::Input>::new();
    let folder = NodeRef::<html::Input>::new();
    let take = move |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            let chosen = list(input.files());
            // Emptied, so that choosing the same file again is a change again.
            input.set_value("");
            flow.add(chosen);
        }
    };
    let ask = move |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let has_fine_pointer = matches_media("(pointer: fine)");
    let (title, hint) = if has_fine_pointer {
        (text::DROP_TITLE, text::DROP_HINT)
    } else {
        (text::TOUCH_TITLE, text::TOUCH_HINT)
    };
    view! {
        <section class="add" class:dragging=is_dragging aria-labelledby="add-title">
            <h2 id="add-title">
                {move || if is_dragging.get() { text::DROP_NOW } else { title }}
            </h2>
            <p class="hint">{hint}</p>
            <div class="buttons">
                <button type="button" class="primary" on:click=move |_| ask(files)>{text::CHOOSE_FILES}</button>
                <Show when=move || has_fine_pointer && knows_folders()>
                    <button type="button" on:click=move |_| ask(folder)>{text::CHOOSE_FOLDER}</button>
                </Show>
            </div>
            <input
                node_ref=files type="file" multiple accept="image/*" class="hidden-input" tabindex="-1"
                data-testid="file-input" aria-label=text::FILE_INPUT on:change=move |_| take(files)
            />
            <input
                node_ref=folder type="file" prop:webkitdirectory=true class="hidden-input" tabindex="-1"
                data-testid="folder-input" aria-label=text::FOLDER_INPUT on:change=move |_| take(folder)
            />
        </section>
    }
}

/// Does a media query hold?
fn matches_media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|query| query.matches())
}

/// Phones have no folders to choose, and some say so.
fn knows_folders() -> bool {
    let input = window().document().and_then(|document| document.create_element("input").ok());
    input.is_some_and(|input| js_sys::Reflect::has(&input, &"webkitdirectory".into()) == Ok(true))
}
