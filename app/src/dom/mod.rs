//! Elements that follow signals.
//!
//! Leptos's own templates are compiled anew for each piece of page, which was half of what a browser had to fetch.
//! Here an element is built by a chain of calls, each compiled once; signals, effects and owners are still Leptos’s.

mod effect;
mod list;

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, UnwrapThrowExt as _};
use web_sys::{Document, Event, HtmlElement, Node};

use crate::reactive::prelude::{Owner, untrack};

pub(crate) use effect::effect;

use crate::browser;

/// An element while it is built, and a handle on it afterwards.
#[derive(Clone, Debug)]
pub(crate) struct El(HtmlElement);

/// A new element.
pub(crate) fn el(tag: &str) -> El {
    // Fails only for what is no tag's name.
    El(document().create_element(tag).unwrap_throw().unchecked_into())
}

/// The document that the page is.
pub(crate) fn document() -> Document {
    browser::window().document().unwrap_throw()
}

impl El {
    /// The element itself.
    pub(crate) fn node(&self) -> &HtmlElement {
        &self.0
    }

    /// The element under its own type. Nothing checks that it is one.
    pub(crate) fn as_node<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }

    /// Sets its classes.
    #[inline(never)]
    pub(crate) fn class(self, names: &str) -> Self {
        self.0.set_class_name(names);
        self
    }

    /// Sets an attribute.
    #[inline(never)]
    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        set_attribute(&self.0, name, Some(value));
        self
    }

    /// Adds text.
    #[inline(never)]
    pub(crate) fn text(self, text: &str) -> Self {
        let _ = self.0.append_with_str_1(text);
        self
    }

    /// Adds an element.
    #[inline(never)]
    #[expect(clippy::needless_pass_by_value, reason = "a child is its parent's from then on")]
    pub(crate) fn child(self, child: El) -> Self {
        append(&self.0, &child.0);
        self
    }

    /// Adds elements.
    pub(crate) fn children(self, children: impl IntoIterator<Item = El>) -> Self {
        children.into_iter().for_each(|child| append(&self.0, &child.0));
        self
    }

    /// Calls back on an event, for as long as the element lives.
    pub(crate) fn on<E: JsCast + 'static>(self, event: &str, mut then: impl FnMut(E) + 'static) -> Self {
        listen(&self.0, event, Box::new(move |event: Event| then(event.unchecked_into())));
        self
    }

    /// Calls back when it is clicked, by whatever means.
    pub(crate) fn click(self, mut then: impl FnMut() + 'static) -> Self {
        listen(&self.0, "click", Box::new(move |_| then()));
        self
    }

    /// Shows what `text` says, now and whenever it changes.
    pub(crate) fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        let element = self.0.clone();
        self.follow(Box::new(move || show_text(&element, &text())))
    }

    /// Has an attribute of the value that `value` says, or none.
    pub(crate) fn live_attr(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        let element = self.0.clone();
        let mut last = None;
        self.follow(Box::new(move || show_attribute(&element, name, &mut last, value())))
    }

    /// Has an attribute without a value while `holds`.
    pub(crate) fn flag(self, name: &'static str, holds: impl Fn() -> bool + 'static) -> Self {
        self.live_attr(name, move || holds().then(String::new))
    }

    /// Is there while `holds`.
    pub(crate) fn shown(self, holds: impl Fn() -> bool + 'static) -> Self {
        self.flag("hidden", move || !holds())
    }

    /// Adds what `make` makes, and makes it anew whenever a signal that it read changes.
    pub(crate) fn part(self, make: impl Fn() -> Option<El> + 'static) -> Self {
        // An empty text marks the place.
        let place: Node = document().create_text_node("").into();
        append(&self.0, &place);
        let mut current = None::<El>;
        self.follow(Box::new(move || replace(&place, &mut current, make())))
    }

    /// Adds what `make` makes of a key, and makes it anew only when the key changes.
    pub(crate) fn part_of<K: PartialEq + 'static>(
        self,
        key: impl Fn() -> K + 'static,
        make: impl Fn(&K) -> Option<El> + 'static,
    ) -> Self {
        let place: Node = document().create_text_node("").into();
        append(&self.0, &place);
        let (mut last, mut current) = (None, None::<El>);
        // What is made must outlive a run of the effect that changes nothing.
        let owner = Owner::current().unwrap_or_default().child();
        self.follow(Box::new(move || {
            let now = key();
            if last.as_ref() != Some(&now) {
                renew(&owner, &place, &mut current, &|| make(&now));
                last = Some(now);
            }
        }))
    }

    /// Adds an element for each key, in their order; an element lives as long as its key.
    pub(crate) fn each<K: Ord + Copy + 'static>(
        self,
        keys: impl Fn() -> Vec<K> + 'static,
        make: impl Fn(K) -> El + 'static,
    ) -> Self {
        list::each(self.0.clone(), Box::new(keys), Box::new(make));
        self
    }

    /// Does something now and whenever a signal that it read changes.
    #[inline(never)]
    pub(crate) fn follow(self, then: Box<dyn FnMut()>) -> Self {
        effect(then);
        self
    }
}

/// Calls back on an event. The closure becomes the browser's and goes with the element.
#[inline(never)]
fn listen(element: &HtmlElement, event: &str, then: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(then).into_js_value();
    let _ = element.add_event_listener_with_callback(event, closure.unchecked_ref());
}

#[inline(never)]
fn append(parent: &Node, child: &Node) {
    let _ = parent.append_child(child);
}

/// Changes only what differs: a screen reader would read the same text again.
#[inline(never)]
fn show_text(element: &HtmlElement, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

#[inline(never)]
fn set_attribute(element: &HtmlElement, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// Ends what was made, and makes it anew.
#[inline(never)]
fn renew(owner: &Owner, place: &Node, current: &mut Option<El>, make: &dyn Fn() -> Option<El>) {
    owner.cleanup();
    replace(place, current, owner.with(|| untrack(make)));
}

/// Changes only what differs.
#[inline(never)]
#[expect(clippy::option_option, reason = "nothing was shown yet, or that there is no such attribute")]
fn show_attribute(
    element: &HtmlElement,
    name: &str,
    last: &mut Option<Option<String>>,
    value: Option<String>,
) {
    if last.as_ref() != Some(&value) {
        set_attribute(element, name, value.as_deref());
        *last = Some(value);
    }
}

#[inline(never)]
fn replace(place: &Node, current: &mut Option<El>, new: Option<El>) {
    if let Some(old) = current.take() {
        old.0.remove();
    }
    if let (Some(new), Some(parent)) = (&new, place.parent_node()) {
        let _ = parent.insert_before(&new.0, Some(place));
    }
    *current = new;
}
