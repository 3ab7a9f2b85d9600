//! One file: read, make the thumbnail, write.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{fs, io, process};

use sha2::{Digest, Sha256};
use wasm_thumb::{Options, Thumbnail, thumbnail};

use super::record::{Failure, Record};

/// What is to be done with one file.
#[derive(Debug)]
pub(super) struct Job {
    /// The picture.
    pub(super) path: PathBuf,
    /// Where its thumbnail goes.
    pub(super) target: PathBuf,
    /// Why it cannot be done at all.
    pub(super) failure: Option<io::Error>,
}

/// Does it. Whatever goes wrong is told in the record.
pub(super) fn run(job: &Job, options: &Options) -> Record {
    let mut record = Record::new(&job.path);
    match make(job, options, &mut record) {
        Ok(made) => {
            record.ok = true;
            record.width = Some(made.width);
            record.height = Some(made.height);
            record.format = Some(made.format.name());
            record.sha256 = Some(hex::encode(Sha256::digest(&made.bytes)));
        }
        Err(failure) => record.error = Some(failure),
    }
    record
}

fn make(job: &Job, options: &Options, record: &mut Record) -> Result<Thumbnail, Failure> {
    if let Some(error) = &job.failure {
        return Err(Failure::internal(error));
    }
    let bytes = fs::read(&job.path).map_err(|error| Failure::internal(&error))?;
    let start = Instant::now();
    // A panic would be a defect of ours; the other files should not have to suffer for it.
    let made = catch_unwind(AssertUnwindSafe(|| thumbnail(&bytes, options)));
    record.micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    let made = made.map_err(|_| Failure::internal(&"the engine panicked"))?.map_err(Failure::from)?;
    write(&job.target, &made.bytes).map_err(|error| Failure::internal(&error))?;
    Ok(made)
}

/// Writes a file so that it is there whole or not at all.
fn write(target: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", process::id()));
    let part = target.with_file_name(name);
    let written = fs::File::create_new(&part)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&part, target));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&part);
    }
    written
}
