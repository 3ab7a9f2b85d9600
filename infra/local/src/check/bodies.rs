//! Looks for files that nobody names, and adds up.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::mpsc::SyncSender;

use anyhow::Result;

use super::report::{Kind, Problem, Seen};
use crate::store::{BodyId, Index};

pub(super) fn check(
    index: &Index,
    data: &Path,
    problems: &SyncSender<Problem>,
    seen: &mut Seen,
) -> Result<()> {
    let tell = |kind, file: String, detail: String| -> Result<()> {
        let (bucket, key) = (String::new(), String::new());
        Ok(problems.send(Problem { kind, bucket, key, file, detail })?)
    };
    // What no object has, parts of uploads among them, is there at least.
    index.each_body(|body, bytes| -> Result<()> {
        match fs::metadata(data.join(body.path())) {
            Ok(file) if file.len() == bytes => Ok(()),
            Ok(file) => {
                let detail = format!("{} bytes, {bytes} were stored", file.len());
                tell(Kind::WrongSize, body.path().display().to_string(), detail)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                tell(Kind::MissingBody, body.path().display().to_string(), "the file is not there".to_owned())
            }
            Err(error) => tell(Kind::Unreadable, body.path().display().to_string(), error.to_string()),
        }
    })?;
    for folder in fs::read_dir(data.join("bodies"))? {
        for file in fs::read_dir(folder?.path())? {
            let file = file?;
            let name = file.file_name();
            let id = name.to_str().and_then(BodyId::parse);
            let is_named = id.map(|id| index.names(id)).transpose()?.unwrap_or(false);
            if is_named {
                continue;
            }
            let is_garbage = id.map(|id| index.is_garbage(id)).transpose()?.unwrap_or(false);
            if is_garbage || data.join("incoming").join(&name).exists() {
                seen.left_to_next_start += 1;
            } else {
                tell(Kind::Orphan, file.path().display().to_string(), "nothing names this file".to_owned())?;
            }
        }
    }
    let totals = index.totals()?;
    seen.bodies = totals.bodies;
    if totals.bytes != totals.counted_bytes {
        let detail = format!("bodies have {} bytes, counted were {}", totals.bytes, totals.counted_bytes);
        tell(Kind::Inconsistent, String::new(), detail)?;
    }
    if totals.references < totals.objects {
        let detail = format!("{} objects, but bodies are named {} times", totals.objects, totals.references);
        tell(Kind::Inconsistent, String::new(), detail)?;
    }
    Ok(())
}
