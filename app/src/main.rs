//! The page: drop photos, see them, find them.
//!
//! [`upload`] and [`gallery`] are the domain, [`view`] draws it, [`bridge`] talks to the workers, [`api`] to the
//! server, [`browser`] to the browser, and [`text`] holds every word.

mod api;
mod bridge;
mod browser;
mod gallery;
mod small_map;
mod text;
mod upload;
mod view;

use wasm_bindgen::JsCast as _;

fn main() {
    console_error_panic_hook::set_once();
    let place = browser::window().document().and_then(|document| document.get_element_by_id("app"));
    if let Some(place) = place {
        place.set_inner_html("");
        leptos::mount::mount_to(place.unchecked_into(), view::Page).forget();
    }
}
