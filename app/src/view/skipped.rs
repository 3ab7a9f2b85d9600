//! Files that were not taken because nobody meant to upload them.

use leptos::prelude::*;

use crate::text;
use crate::upload::Skipped;

/// Says how many were skipped; the list opens on demand.
#[component]
pub(crate) fn SkippedList(skipped: RwSignal<Vec<Skipped>>) -> impl IntoView {
    let entries = move || {
        let entry = |file: &Skipped| view! { <li><b>{file.name.clone()}</b>": "{file.reason}</li> };
        skipped.with(|all| all.iter().map(entry).collect_view())
    };
    view! {
        <Show when=move || skipped.with(|all| !all.is_empty())>
            <div class="skipped" role="status" data-testid="skipped">
                <details>
                    <summary>{move || text::skipped(skipped.with(Vec::len))}</summary>
                    <ul>{entries}</ul>
                </details>
                <button type="button" class="quiet" on:click=move |_| skipped.set(Vec::new())>{text::HIDE}</button>
            </div>
        </Show>
    }
}
