//! The files that hold the bytes.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::record::BodyId;
use crate::fail_point;

/// `bodies/` and `incoming/`.
///
/// A body is written where it stays: nobody can see it before the index names it, so there is nothing to rename.
/// Before it is made, an empty file of its name is made in `incoming/`, and that is removed when the body is in
/// the index. What is found there at start is all that a crash can have left, however many bodies there are.
///
/// The marker is not synced: journalling file systems keep names in the order they were made. Where one does not, a
/// power failure costs the space of a body and nothing else.
#[derive(Debug)]
pub(super) struct Bodies {
    bodies: PathBuf,
    incoming: PathBuf,
}

impl Bodies {
    /// Makes what is missing. All 256 folders are made at once, so that putting an object makes none.
    pub(super) fn open(dir: &Path) -> io::Result<Self> {
        let this = Self { bodies: dir.join("bodies"), incoming: dir.join("incoming") };
        fs::create_dir_all(&this.incoming)?;
        if !this.bodies.join("ff").is_dir() {
            for first in 0..=u8::MAX {
                fs::create_dir_all(this.bodies.join(hex::encode([first])))?;
            }
            sync_dir(&this.bodies)?;
        }
        sync_dir(dir)?;
        Ok(this)
    }

    fn folder(&self, id: BodyId) -> PathBuf {
        self.bodies.join(hex::encode([id.0[0]]))
    }

    fn path(&self, id: BodyId) -> PathBuf {
        self.folder(id).join(id.to_string())
    }

    fn marker(&self, id: BodyId) -> PathBuf {
        self.incoming.join(id.to_string())
    }

    /// Makes the file of a new body, and its marker first.
    pub(super) fn create(&self, id: BodyId) -> io::Result<File> {
        File::create_new(self.marker(id))?;
        fail_point::hit("put.marked");
        let file = File::create_new(self.path(id))?;
        fail_point::hit("put.created");
        Ok(file)
    }

    /// Makes the bytes and the name of a new body durable.
    pub(super) fn sync(&self, id: BodyId, file: &File) -> io::Result<()> {
        fail_point::hit("put.written");
        file.sync_all()?;
        sync_dir(&self.folder(id))?;
        fail_point::hit("put.synced");
        Ok(())
    }

    /// The body is in the index: removes its marker. If that fails the next start does it.
    pub(super) fn settle(&self, id: BodyId) {
        log_failure(fs::remove_file(self.marker(id)), id);
    }

    /// The body will never be in the index: removes it, and its marker last.
    pub(super) fn discard(&self, id: BodyId) {
        if self.remove(id) {
            log_failure(fs::remove_file(self.marker(id)), id);
        }
    }

    /// Removes a body's file; true if it is gone. Whoever has it open reads on.
    pub(super) fn remove(&self, id: BodyId) -> bool {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                log_failure(Err(error), id);
                false
            }
            _ => true,
        }
    }

    /// Opens a body for reading; `None` if there is none.
    pub(super) fn read(&self, id: BodyId) -> io::Result<Option<File>> {
        match File::open(self.path(id)) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Bodies whose putting was cut off, before or just after they were in the index.
    pub(super) fn unsettled(&self) -> io::Result<Vec<BodyId>> {
        let mut ids = Vec::new();
        for entry in fs::read_dir(&self.incoming)? {
            ids.extend(entry?.file_name().to_str().and_then(BodyId::parse));
        }
        Ok(ids)
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// A file that cannot be removed costs space and nothing else.
fn log_failure(result: io::Result<()>, id: BodyId) {
    if let Err(error) = result {
        tracing::warn!(%id, %error, "a body could not be cleared up");
    }
}
