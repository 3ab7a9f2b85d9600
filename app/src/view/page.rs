//! The whole page below the header.

use web_sys::Event;

use super::add::{add, listen_for_files};
use super::footer::footer;
use super::gallery::gallery_section;
use super::lightbox::lightbox;
use super::notice::notice;
use super::route::Route;
use super::uploads::uploads;
use crate::browser;
use crate::browser::spawn;
use crate::dom::{El, effect, el};
use crate::gallery::Gallery;
use crate::reactive::prelude::*;
use crate::upload::Flow;

/// Composes the page and wires its parts together.
pub(crate) fn page() -> El {
    let gallery = Gallery::new();
    let flow = Flow::start(gallery);
    let is_dragging = listen_for_files(flow);
    let route = Route::start();
    let copied = RwSignal::new(None::<bool>);

    spawn(gallery.refresh());
    gallery.delete_when_left();
    browser::on(&browser::window(), "focus", move |_: Event| spawn(gallery.refresh()));
    // What others uploaded and the server still works on.
    effect(Box::new(move || {
        gallery.track();
        if !gallery.processing().is_empty() {
            flow.watch();
        }
    }));

    el("div")
        .class("page")
        .child(add(flow, is_dragging))
        .child(uploads(flow))
        .child(gallery_section(gallery, route))
        .child(footer())
        .child(lightbox(gallery, route, copied))
        .child(notice(gallery, copied))
}
