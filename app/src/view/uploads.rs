//! The list of uploads with its total.

use leptos::prelude::*;

use super::skipped::SkippedList;
use super::tile::Tile;
use super::total::Total;
use crate::text;
use crate::upload::Flow;

/// Shown as soon as there is an upload.
#[component]
pub(crate) fn UploadList(flow: Flow) -> impl IntoView {
    view! {
        <SkippedList skipped=flow.skipped />
        <section class="uploads" aria-labelledby="uploads-title" hidden=move || flow.uploads.is_empty()>
            <h2 id="uploads-title">{text::UPLOADS}</h2>
            <Total flow />
            <ul class="tiles">
                <For each=move || flow.uploads.rows() key=|row| row.id let:row>
                    <Tile row flow />
                </For>
            </ul>
        </section>
    }
}
