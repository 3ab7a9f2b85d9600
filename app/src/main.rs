//! The page: drop photos, see them, find them.
//!
//! [`upload`] and [`gallery`] are the domain, [`view`] draws it with [`dom`], [`bridge`] talks to the workers,
//! [`api`] to the server, [`browser`] to the browser, and [`words`] has every word.

mod api;
mod bridge;
mod browser;
mod dom;
mod gallery;
mod reactive;
mod small_map;
mod upload;
mod view;
mod words;

use crate::reactive::prelude::Owner;

fn main() {
    // Where it happened is enough to find it, and its text would bring all that formats with it.
    std::panic::set_hook(Box::new(|info| {
        if let Some(place) = info.location() {
            web_sys::console::error_2(&place.file().into(), &place.line().into());
        }
    }));
    let place = browser::window().document().and_then(|document| document.get_element_by_id("app"));
    if let Some(place) = place {
        place.set_inner_html("");
        // Effects run, and what they own lives, as long as the page.
        let _ = any_spawner::Executor::init_wasm_bindgen();
        let owner = Owner::new();
        let page = owner.with(view::page);
        let _ = place.append_child(page.node());
        std::mem::forget(owner);
    }
}
