//! Which files there are.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// A file to make a thumbnail of.
#[derive(Debug)]
pub(super) struct Input {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Where it lies in the folder that was named; the file's name if it was named itself.
    pub(super) relative: PathBuf,
    /// Why its name is all that is known of it.
    pub(super) failure: Option<io::Error>,
}

/// The files named, and those in the folders named, in order of their names.
///
/// Hidden files are left out, and so is the output folder if it lies in a folder that was named. Links to files
/// are followed, links to folders are not, as they could go round in circles.
pub(super) fn find(named: &[PathBuf], out: &Path) -> Vec<Input> {
    let out = fs::canonicalize(out).ok();
    let mut found = Vec::new();
    for path in named {
        if path.is_dir() {
            walk(path, Path::new(""), out.as_deref(), &mut found);
        } else {
            let relative = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
            let failure = fs::metadata(path).err();
            found.push(Input { path: path.clone(), relative, failure });
        }
    }
    found
}

fn walk(root: &Path, relative: &Path, out: Option<&Path>, found: &mut Vec<Input>) {
    let folder = root.join(relative);
    let names = fs::read_dir(&folder).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.file_name())).collect::<io::Result<Vec<_>>>()
    });
    let mut names = match names {
        Ok(names) => names,
        Err(error) => {
            found.push(Input { path: folder, relative: relative.to_owned(), failure: Some(error) });
            return;
        }
    };
    names.sort();
    for name in names.iter().filter(|name| !name.as_encoded_bytes().starts_with(b".")) {
        let (path, relative) = (folder.join(name), relative.join(name));
        let is_real_folder = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir());
        if is_real_folder {
            if out.is_none() || fs::canonicalize(&path).ok().as_deref() != out {
                walk(root, &relative, out, found);
            }
        } else if !path.is_dir() {
            found.push(Input { path, relative, failure: None });
        }
    }
}
