//! The images on the server: [`shelf`] is what is known of them, [`store`] fetches them, [`trash`] deletes and
//! brings back, [`window`] says which of them can be seen.

mod select;
mod shelf;
mod store;
mod trash;
pub(crate) mod window;

pub(crate) use store::{Gallery, Loading};
pub(crate) use trash::Trash;
