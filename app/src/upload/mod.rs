//! A file's way from the device to the gallery.
//!
//! [`state`] says where a file stands and [`store`] keeps all of them; [`flow`] moves them on: [`prepare`] with
//! the workers, [`send`] with the API and S3, [`live`] and [`watch`] until the server is done. [`control`] is what
//! a person can do, [`keep`] survives a reload. [`judge`], [`backoff`], [`refusal`] and [`summary`] decide things
//! without doing any.

mod backoff;
mod control;
mod flow;
mod judge;
mod keep;
mod live;
mod prepare;
mod refusal;
mod send;
pub(crate) mod state;
mod store;
mod summary;
mod watch;

pub(crate) use flow::{Flow, Skipped};
pub(crate) use summary::Summary;
