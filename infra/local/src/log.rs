//! Lines on standard error about what happens.
//!
//! Who follows one picture looks for its id: it is in the line of its signature (with the id of the browser's
//! request), in that of its upload, and in those of its processing.

use std::io::IsTerminal as _;

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

/// How lines of log are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One object a line, for programs
    Json,
}

/// Our own lines from `info` on, those of libraries from `warn` on, unless `RUST_LOG` says otherwise.
const USUAL: &str = "warn,imagasaur=info,edge_api=info,processor=info";

/// Begins to write.
pub(crate) fn start(format: Format) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(USUAL));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        Format::Human => lines.with_target(false).with_ansi(std::io::stderr().is_terminal()).init(),
        Format::Json => lines.json().flatten_event(true).with_current_span(true).with_span_list(false).init(),
    }
}
