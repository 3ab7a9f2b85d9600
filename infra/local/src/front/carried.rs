//! The built page as part of the program.

use bytes::Bytes;
use include_dir::{Dir, include_dir};

static SITE: Dir<'static> = include_dir!("$IMAGASAUR_SITE");

/// Each file's address and bytes.
pub(super) fn files() -> Vec<(String, Bytes)> {
    let mut found = Vec::new();
    gather(&SITE, &mut found);
    found
}

fn gather(dir: &'static Dir<'static>, found: &mut Vec<(String, Bytes)>) {
    for file in dir.files() {
        let path: Vec<_> = file.path().iter().map(|part| part.to_string_lossy()).collect();
        found.push((format!("/{}", path.join("/")), Bytes::from_static(file.contents())));
    }
    for dir in dir.dirs() {
        gather(dir, found);
    }
}
