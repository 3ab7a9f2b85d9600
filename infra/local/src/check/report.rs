//! What was found, for people and for programs.

use std::io::{self, Write};

use serde::Serialize;

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// An object's bytes are not there.
    MissingBody,
    /// An object has more or fewer bytes than it should.
    WrongSize,
    /// An object's bytes have another hash than they should.
    WrongHash,
    /// An object's bytes cannot be read.
    Unreadable,
    /// A row of the index cannot be read.
    UnreadableRow,
    /// A file that the index does not name, and that no start will remove.
    Orphan,
    /// The index contradicts itself.
    Inconsistent,
}

/// Something that is wrong.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Problem {
    #[serde(rename = "problem")]
    pub(super) kind: Kind,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) bucket: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) key: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) file: String,
    pub(super) detail: String,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Seen {
    pub(super) objects: u64,
    pub(super) bodies: u64,
    /// Read and hashed.
    pub(super) bytes: u64,
    /// Files that the next start removes.
    pub(super) left_to_next_start: u64,
}

#[derive(Debug)]
pub(super) struct Report {
    is_json: bool,
    problems: u64,
    pub(super) seen: Seen,
}

impl Report {
    pub(super) fn new(is_json: bool) -> Self {
        Self { is_json, problems: 0, seen: Seen::default() }
    }

    pub(super) fn problem(&mut self, out: &mut impl Write, problem: &Problem) -> io::Result<()> {
        self.problems += 1;
        if self.is_json {
            serde_json::to_writer(&mut *out, problem)?;
            return writeln!(out);
        }
        let Problem { kind, bucket, key, file, detail } = problem;
        let what = if key.is_empty() { String::new() } else { format!(" {bucket}/{key}") };
        let file = if file.is_empty() { String::new() } else { format!(" ({file})") };
        writeln!(out, "{kind:?}{what}{file}: {detail}")
    }

    pub(super) fn end(&self, out: &mut impl Write) -> io::Result<()> {
        let Seen { objects, bodies, bytes, left_to_next_start } = self.seen;
        if self.is_json {
            let end = serde_json::json!({
                "ok": self.is_good(), "problems": self.problems, "objects": objects, "bodies": bodies,
                "bytes": bytes, "left_to_next_start": left_to_next_start,
            });
            return writeln!(out, "{end}");
        }
        writeln!(out, "{objects} objects, {bodies} bodies, {bytes} bytes read and hashed")?;
        if left_to_next_start > 0 {
            writeln!(out, "{left_to_next_start} files of unfinished work, which the next start removes")?;
        }
        match self.problems {
            0 => writeln!(out, "all is well"),
            count => writeln!(out, "{count} problems"),
        }
    }

    pub(super) fn is_good(&self) -> bool {
        self.problems == 0
    }
}
