//! Signals, effects and owners: Leptos's reactive system, without its templates and its way to a server.

/// What nearly every file uses.
pub(crate) mod prelude {
    pub(crate) use leptos::reactive::effect::RenderEffect;
    pub(crate) use leptos::reactive::graph::untrack;
    pub(crate) use leptos::reactive::owner::{LocalStorage, Owner, StoredValue, on_cleanup};
    pub(crate) use leptos::reactive::signal::{ArcRwSignal, ReadSignal, RwSignal, signal};
    pub(crate) use leptos::reactive::traits::*;
}
