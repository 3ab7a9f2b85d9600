//! The images on the server: [`shelf`] is what is known of them, [`store`] fetches and deletes.

mod shelf;
mod store;

pub(crate) use store::{Gallery, Loading};
