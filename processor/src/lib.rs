//! Turns the event of an upload into a thumbnail, or a failure with its reason.
//!
//! [`Processor::handle`] takes the text of one queue message: an S3 event notification. The Lambda function and
//! the system on one machine hand it the same messages. It answers `Ok` only when every original that the
//! message names is finished (ready, failed with the reason recorded, or deleted in the meantime), and `Err`
//! when the message has to come again.
//!
//! In reading order: [`event`] reads the message, `process` is the course of one original, `engine` calls
//! `wasm-thumb`, `store` holds the calls to S3.

#![forbid(unsafe_code)]

mod engine;
pub mod event;
mod process;
mod settings;
mod store;

pub use process::{Fate, MAX_TRIES, ProcessError, Processor};
pub use settings::{Settings, SettingsError};
