//! Reads and hashes what every object has.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use anyhow::Result;

use super::report::{Kind, Problem, Seen};
use crate::store::digest::{Algorithm, Hasher};
use crate::store::{Index, ObjectRecord};

/// How many objects wait for a thread: what is in memory does not grow with the store.
const WAITING: usize = 256;

/// What is read at a time.
const PIECE_BYTES: usize = 256 << 10;

struct Object {
    bucket: String,
    key: String,
    record: ObjectRecord,
}

impl Object {
    fn problem(&self, kind: Kind, detail: &str) -> Problem {
        Problem {
            kind,
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            file: self.record.body.path().display().to_string(),
            detail: detail.to_owned(),
        }
    }
}

pub(super) fn check(index: &Index, data: &Path, jobs: usize, problems: &SyncSender<Problem>) -> Result<Seen> {
    let (sender, waiting) = mpsc::sync_channel::<Object>(WAITING);
    let waiting = Mutex::new(waiting);
    let (mut objects, bytes) = (0, AtomicU64::new(0));
    thread::scope(|scope| -> Result<()> {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(object) = next else { return };
                    match verify(data, &object) {
                        Ok(read) => drop(bytes.fetch_add(read, Ordering::Relaxed)),
                        // Whoever takes problems stays until all are told.
                        Err(problem) => drop(problems.send(problem)),
                    }
                }
            });
        }
        index.each_object(|bucket, key, record| {
            objects += 1;
            let (bucket, key) = (bucket.to_owned(), key.to_owned());
            match record {
                Ok(record) => sender.send(Object { bucket, key, record }).is_ok(),
                Err(error) => {
                    let (kind, detail) = (Kind::UnreadableRow, error.to_string());
                    problems.send(Problem { kind, bucket, key, file: String::new(), detail }).is_ok()
                }
            }
        })?;
        drop(sender);
        Ok(())
    })?;
    Ok(Seen { objects, bytes: bytes.into_inner(), ..Seen::default() })
}

/// Returns how many bytes were read, all of them right.
fn verify(data: &Path, object: &Object) -> Result<u64, Problem> {
    let record = &object.record;
    let mut file = File::open(data.join(record.body.path())).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => object.problem(Kind::MissingBody, "the file is not there"),
        _ => object.problem(Kind::Unreadable, &error.to_string()),
    })?;
    let wanted: Vec<Algorithm> = record.checksums.keys().copied().collect();
    let mut hasher = Hasher::new(&wanted);
    let (mut piece, mut size) = (vec![0; PIECE_BYTES], 0);
    loop {
        let count =
            file.read(&mut piece).map_err(|error| object.problem(Kind::Unreadable, &error.to_string()))?;
        if count == 0 {
            break;
        }
        size += count as u64;
        hasher.update(&piece[..count]);
    }
    if size != record.size {
        let detail = format!("{size} bytes, {} were stored", record.size);
        return Err(object.problem(Kind::WrongSize, &detail));
    }
    let (md5, checksums) = hasher.finish();
    // The entity tag of an object that was put together from parts is none of its bytes.
    if !record.etag.contains('-') && record.etag != hex::encode(md5) {
        return Err(object.problem(Kind::WrongHash, "MD5"));
    }
    match record.checksums.iter().find(|(algorithm, sum)| checksums.get(algorithm) != Some(sum)) {
        Some((algorithm, _)) => Err(object.problem(Kind::WrongHash, &format!("{algorithm:?}"))),
        None => Ok(size),
    }
}
