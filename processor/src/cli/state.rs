//! How far a run has come, in a file, so that another can go on from there.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use wire::ImageId;

/// The file, and what is in it.
#[derive(Debug)]
pub(super) struct State {
    path: PathBuf,
    reached: Reached,
}

#[derive(Debug, Serialize, Deserialize)]
struct Reached {
    /// Which originals the run goes through: another selection begins at its own beginning.
    which: String,
    after: Option<ImageId>,
}

impl State {
    /// What a run over `which` has left, unless it is to begin again.
    pub(super) fn load(path: &Path, which: String, restart: bool) -> Result<Self> {
        let left: Option<Reached> = match fs::read(path) {
            _ if restart => None,
            // What was cut off while it was written says nothing.
            Ok(json) => serde_json::from_slice(&json).ok(),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        };
        let reached = left.filter(|reached| reached.which == which);
        let reached = reached.unwrap_or(Reached { which, after: None });
        Ok(Self { path: path.to_owned(), reached })
    }

    pub(super) fn after(&self) -> Option<ImageId> {
        self.reached.after
    }

    pub(super) fn save(&mut self, after: ImageId) -> Result<()> {
        self.reached.after = Some(after);
        fs::write(&self.path, serde_json::to_vec(&self.reached)?)
            .with_context(|| self.path.display().to_string())
    }

    /// The run has come to its end.
    pub(super) fn remove(self) -> Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(error).with_context(|| self.path.display().to_string())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_run_of_the_same_goes_on_and_others_begin() {
        let path = std::env::temp_dir().join(format!("imagasaur-state-{}", std::process::id()));
        let id = ImageId::new(5, [1; 10]);
        let load = |which: &str, restart| State::load(&path, which.to_owned(), restart).unwrap();
        load("all", false).save(id).unwrap();
        assert_eq!(load("all", false).after(), Some(id));
        assert_eq!(load("failed", false).after(), None);
        assert_eq!(load("all", true).after(), None);
        fs::write(&path, "{\"which\":\"all\",\"aft").unwrap();
        assert_eq!(load("all", false).after(), None);
        load("all", false).remove().unwrap();
        load("all", false).remove().unwrap();
        assert!(!path.exists());
    }
}
