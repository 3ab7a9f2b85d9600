//! A list of elements that follows a list of keys.

use std::vec::IntoIter;

use web_sys::{HtmlElement, Node};

use super::{El, effect};
use crate::reactive::prelude::{Owner, untrack};

/// An element of the list, with the owner of all its effects.
struct Entry<K> {
    key: K,
    element: El,
    owner: Owner,
}

/// Adds an element to `parent` for each key. The keys ascend; `parent` has no other children after these.
pub(super) fn each<K: Ord + Copy + 'static>(
    parent: HtmlElement,
    keys: Box<dyn Fn() -> Vec<K>>,
    make: Box<dyn Fn(K) -> El>,
) {
    // Elements must outlive a run of the effect, so their owners are not its children.
    let owner = Owner::current().unwrap_or_default();
    let mut entries = Vec::<Entry<K>>::new();
    effect(Box::new(move || {
        let mut old = std::mem::take(&mut entries).into_iter();
        for key in keys() {
            let known = take(&mut old, key);
            let is_new = known.is_none();
            let entry = known.unwrap_or_else(|| {
                let owner = owner.child();
                let element = owner.with(|| untrack(|| make(key)));
                Entry { key, element, owner }
            });
            if is_new {
                // Before the next of the old ones, all of which come later.
                let next = old.as_slice().first().map(|next| -> &Node { next.element.node() });
                let _ = parent.insert_before(entry.element.node(), next);
            }
            entries.push(entry);
        }
        old.for_each(|gone| end(&gone));
    }));
}

/// Takes the entry of a key out of those left, and ends the ones before it.
fn take<K: Ord + Copy>(old: &mut IntoIter<Entry<K>>, key: K) -> Option<Entry<K>> {
    while let Some(first) = old.as_slice().first() {
        if first.key > key {
            return None;
        }
        let first = old.next()?;
        if first.key == key {
            return Some(first);
        }
        end(&first);
    }
    None
}

fn end<K>(entry: &Entry<K>) {
    entry.element.node().remove();
    entry.owner.cleanup();
}
