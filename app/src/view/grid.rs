//! The gallery's images. However many there are, only those on the screen and a few rows more are elements.

use std::ops::Range;

use web_sys::{Event, HtmlElement};
use wire::ImageId;

use super::item::{Cell, item};
use super::route::Route;
use crate::browser::{self, spawn, window};
use crate::dom::{El, effect, el};
use crate::gallery::window::View;
use crate::gallery::{Gallery, Loading};
use crate::reactive::prelude::*;
use crate::small_map::SmallMap;

/// Edge of an image, and what is between two, in CSS pixels; the style sheet says the same.
const CELL_PX: i32 = 100;
const GAP_PX: i32 = 12;
/// Further images are fetched when less than so many screens of them are left.
const SCREENS_AHEAD: usize = 4;

/// The list of images, as high as all of them.
pub(crate) fn grid(gallery: Gallery, route: Route) -> El {
    let list = el("ul").class("grid").attr("data-testid", "grid");
    let element = list.node().clone();
    let view = RwSignal::new(View { scrolled_px: 0, height_px: 0, row_px: CELL_PX + GAP_PX, columns: 1 });
    follow_window(element.clone(), view);
    let shown = move || view.get().shown(gallery.len());

    effect(Box::new({
        let element = element.clone();
        move || {
            let (rows, first) = (view.get().rows(gallery.len()), shown().start / view.get().columns);
            let set = |name: &str, px: usize| drop(element.style().set_property(name, &format!("{px}px")));
            let row_px = usize::try_from(CELL_PX + GAP_PX).unwrap_or(1);
            set("height", (rows * row_px).saturating_sub(GAP_PX.unsigned_abs() as usize));
            set("padding-top", first * row_px);
        }
    }));
    effect(Box::new(move || {
        let Range { start, end } = shown();
        let is_near_end = end + SCREENS_AHEAD * (end - start) >= gallery.len();
        // After an error only a click asks again.
        if is_near_end && gallery.has_more() && gallery.loading() == Loading::Idle {
            spawn(gallery.more());
        }
    }));
    // A first look once the list is in the page.
    spawn(async move {
        browser::next_frame().await;
        look(&element, view);
    });
    let cells = StoredValue::new_local(SmallMap::<ImageId, ArcRwSignal<Cell>>::default());
    let list = list.each(
        move || gallery.keys(shown()),
        move |key| {
            let cell = ArcRwSignal::new(Cell::of(key, gallery));
            cells.update_value(|cells| cells.insert(key, cell.clone()));
            on_cleanup(move || cells.update_value(|cells| drop(cells.remove(key))));
            item(key, &cell, gallery, route)
        },
    );
    list.follow(Box::new(move || {
        for key in gallery.keys(shown()) {
            let now = Cell::of(key, gallery);
            let cell = cells.with_value(|cells| cells.get(key).cloned());
            if let Some(cell) = cell.filter(|cell| cell.with_untracked(|old| *old != now)) {
                cell.set(now);
            }
        }
    }))
}

/// Looks where the list is whenever that may have changed, once a frame at most.
fn follow_window(element: HtmlElement, view: RwSignal<View>) {
    let is_waiting = StoredValue::new(false);
    let changed = move || {
        if is_waiting.get_value() {
            return;
        }
        is_waiting.set_value(true);
        let element = element.clone();
        spawn(async move {
            browser::next_frame().await;
            is_waiting.set_value(false);
            look(&element, view);
        });
    };
    let changed_too = changed.clone();
    browser::on(&window(), "scroll", move |_: Event| changed());
    browser::on(&window(), "resize", move |_: Event| changed_too());
}

fn look(element: &HtmlElement, view: RwSignal<View>) {
    #[expect(clippy::cast_possible_truncation, reason = "a length in pixels, rounded on purpose")]
    let scrolled_px = -element.get_bounding_client_rect().top() as i32;
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "a length in pixels, rounded on purpose")]
    let height_px = height as i32;
    let row_px = CELL_PX + GAP_PX;
    let columns = usize::try_from((element.client_width() + GAP_PX) / row_px).unwrap_or(0).max(1);
    let new = View { scrolled_px, height_px, row_px, columns };
    if view.get_untracked() != new {
        view.set(new);
    }
}
