//! Effects of one type, however many there are.

use crate::reactive::prelude::{RenderEffect, on_cleanup};

/// Does something now and whenever a signal that it read changes, until the owner it is made under is gone.
pub(crate) fn effect(mut then: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_: Option<()>| then());
    on_cleanup(move || drop(effect));
}
