//! What became of each file, for people or for programs.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

/// What became of one file: a line of `--json`.
#[derive(Debug, Serialize)]
pub(super) struct Record {
    /// The picture.
    pub(super) path: String,
    /// Whether there is a thumbnail.
    pub(super) ok: bool,
    /// Width of the thumbnail, pixels.
    pub(super) width: Option<u32>,
    /// Height of the thumbnail, pixels.
    pub(super) height: Option<u32>,
    /// Format of the picture.
    pub(super) format: Option<&'static str>,
    /// SHA-256 of the thumbnail, lowercase hex.
    pub(super) sha256: Option<String>,
    /// How long the engine took, microseconds.
    pub(super) micros: u64,
    /// Why there is no thumbnail.
    pub(super) error: Option<Failure>,
}

impl Record {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            ok: false,
            width: None,
            height: None,
            format: None,
            sha256: None,
            micros: 0,
            error: None,
        }
    }
}

/// Why there is no thumbnail.
#[derive(Debug, Serialize)]
pub(super) struct Failure {
    /// For programs: the codes of the API.
    code: &'static str,
    /// For people.
    detail: String,
}

impl Failure {
    /// A failure that is not the picture's.
    pub(super) fn internal(reason: &dyn Display) -> Self {
        Self { code: "internal", detail: reason.to_string() }
    }
}

impl From<wasm_thumb::Error> for Failure {
    fn from(error: wasm_thumb::Error) -> Self {
        let mut detail = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            detail = format!("{detail}: {cause}");
            source = cause.source();
        }
        Self { code: error.code(), detail }
    }
}

/// Tells what became of each file and counts.
pub(super) struct Output {
    is_json: bool,
    made: usize,
    failed: usize,
}

impl Output {
    pub(super) fn new(is_json: bool) -> Self {
        Self { is_json, made: 0, failed: 0 }
    }

    /// Tells of one file. Fails if nobody listens any more.
    pub(super) fn write(&mut self, record: &Record) -> io::Result<()> {
        if record.ok {
            self.made += 1;
        } else {
            self.failed += 1;
        }
        match &record.error {
            _ if self.is_json => {
                let mut line = serde_json::to_vec(record)?;
                line.push(b'\n');
                io::stdout().lock().write_all(&line)
            }
            Some(Failure { code, detail }) => {
                writeln!(io::stderr().lock(), "{}: {detail} ({code})", record.path)
            }
            None => Ok(()),
        }
    }

    /// Sums up; the exit code is 1 if any file failed.
    pub(super) fn finish(self) -> anyhow::Result<ExitCode> {
        io::stdout().lock().flush()?;
        if !self.is_json {
            writeln!(io::stderr().lock(), "{} thumbnails made, {} files failed", self.made, self.failed)?;
        }
        Ok(if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
