//! The whole page below the header.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Event;
use wire::ImageId;

use super::add::{Add, listen_for_files};
use super::details::Details;
use super::gallery::GalleryGrid;
use super::uploads::UploadList;
use crate::browser;
use crate::gallery::Gallery;
use crate::upload::Flow;

/// Composes the page and wires its parts together.
#[component]
pub(crate) fn Page() -> impl IntoView {
    let gallery = Gallery::new();
    let flow = Flow::start(gallery);
    let is_dragging = listen_for_files(flow);
    let shown = RwSignal::new(None::<ImageId>);

    spawn_local(gallery.refresh());
    browser::on(&browser::window(), "focus", move |_: Event| spawn_local(gallery.refresh()));
    // What others uploaded and the server still works on.
    Effect::new(move |_| {
        gallery.track();
        if !gallery.processing().is_empty() {
            flow.watch();
        }
    });

    view! {
        <Add flow is_dragging />
        <UploadList flow />
        <GalleryGrid gallery open=move |key| shown.set(Some(key)) />
        <Details gallery shown />
    }
}
