//! Signals, effects and owners: Leptos's reactive system, without its templates and its way to a server.

/// What most of the page uses.
pub(crate) mod prelude {
    pub(crate) use leptos::reactive::effect::RenderEffect;
    pub(crate) use leptos::reactive::graph::untrack;
    pub(crate) use leptos::reactive::owner::{LocalStorage, Owner, StoredValue, on_cleanup};
    pub(crate) use leptos::reactive::prelude::*;
    pub(crate) use leptos::reactive::signal::{ArcRwSignal, ReadSignal, RwSignal, signal};
}
