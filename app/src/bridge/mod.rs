//! The way to the workers: [`desk`] decides who does what, [`pool`] has the workers.

mod desk;
mod pool;

pub(crate) use pool::{News, Pool};
