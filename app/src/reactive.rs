//! Signals, effects and owners: Leptos's reactive system, without its templates and its way to a server.

/// What most of the page uses.
pub(crate) mod prelude {
    pub(crate) use reactive_graph::effect::RenderEffect;
    pub(crate) use reactive_graph::graph::untrack;
    pub(crate) use reactive_graph::owner::{LocalStorage, Owner, StoredValue, on_cleanup};
    pub(crate) use reactive_graph::prelude::*;
    pub(crate) use reactive_graph::signal::{ArcRwSignal, ReadSignal, RwSignal, signal};
}
