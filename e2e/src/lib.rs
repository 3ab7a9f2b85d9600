//! What the browser tests drive: the system as a process of its own, and a browser.
//!
//! `cargo xtask test --only browser` builds what is needed and tells these tests where it is.

mod browser;
mod page;
mod pictures;
mod served;
mod system;

pub use browser::Browser;
pub use page::{Page, Tile};
pub use pictures::{Pictures, corpus_photos};
pub use served::{Content, of_package, serve};
pub use system::System;

/// What `cargo xtask` has set, or a word on how to run these tests.
///
/// # Panics
/// If it is not set.
#[must_use]
pub fn from_xtask(name: &str) -> std::path::PathBuf {
    match std::env::var_os(name) {
        Some(value) => value.into(),
        None => panic!("{name} is not set: run these tests with `cargo xtask test --only browser`"),
    }
}
