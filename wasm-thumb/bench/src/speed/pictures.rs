//! The pictures that are timed.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use serde::Deserialize;

/// The list that `make_pictures.py` writes.
#[derive(Debug, Deserialize)]
pub(super) struct Pictures {
    pub(super) sets: Vec<Set>,
}

/// Pictures of one kind.
#[derive(Debug, Deserialize)]
pub(super) struct Set {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) files: Vec<Picture>,
    /// A small one, for what a subject does once only.
    #[serde(default)]
    pub(super) warm_up: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Picture {
    pub(super) path: PathBuf,
    /// Pixels.
    pub(super) width: u32,
    /// Pixels.
    pub(super) height: u32,
}

impl Pictures {
    pub(super) fn read(file: &Path) -> Result<Self> {
        let pictures: Self = super::read_json(file)?;
        ensure!(!pictures.sets.is_empty(), "{} names no picture", file.display());
        Ok(pictures)
    }
}
