//! Turns the event of an upload into a thumbnail, or a failure with its reason.
//!
//! [`Processor::handle`] takes the text of one queue message: an S3 event notification. The Lambda function and
//! the system on one machine hand it the same messages. It answers `Ok` only when every original that the
//! message names is finished (ready, failed with the reason recorded, or deleted in the meantime), and `Err`
//! when the message has to come again.
//!
//! In reading order: [`event`] reads the message, `handle` does what it asks for, `process` is the course of one
//! original, `make` is what is made of it first and `larger` what is made then, `engine` the threads on which that
//! happens, `store` holds the calls to S3, [`record`] is what is told of each picture. `lambda` takes the events of a
//! function, and [`emf`] writes its metrics. [`again`] goes through all originals once more, and `cli` is how that is
//! typed.

#![forbid(unsafe_code)]

pub mod again;
#[cfg(feature = "cli")]
pub mod cli;
pub mod emf;
mod engine;
pub mod event;
mod handle;
#[cfg(feature = "lambda")]
pub mod lambda;
mod larger;
mod make;
mod process;
mod products;
pub mod record;
mod settings;
mod store;

pub use handle::{MAX_TRIES, ProcessError};
pub use process::{Fate, Processor, Retry};
pub use settings::{LargerSize, NotASize, Settings, SettingsError};
pub use store::StoreError;
