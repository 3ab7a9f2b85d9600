//! The pictures that are measured: photos from a camera where there are some, generated ones otherwise, and what
//! is made of them in other formats.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{Bench, peers};
use crate::shell::Run;
use crate::test;

impl Bench {
    /// Makes the pictures of the list `pictures.json` or `large.json`. Returns the list, and a word where there were
    /// no photos.
    pub(super) fn pictures(&self, list: &str) -> Result<(PathBuf, Option<String>)> {
        let python =
            self.peers.python.as_ref().context("the pictures are made by Pillow, which is missing")?;
        let corpus = test::corpus();
        let mut made_by = Run::new(python).arg(peers::scripts().join("make_pictures.py"));
        let mut word = None;
        let (photos, out) = if let Some(photos) = &self.photos {
            (photos.clone(), "of-photos")
        } else if let Some(corpus) = &corpus {
            made_by = made_by.arg("--png").arg(corpus.join("png"));
            (corpus.join("photos"), "of-corpus")
        } else {
            word = Some("photos: these are generated ones; --photos DIR or IMAGASAUR_CORPUS names real ones");
            (self.generated()?, "of-generated")
        };
        let out = self.dir.join("pictures").join(out);
        fs::create_dir_all(&out)?;
        if self.quick {
            made_by = made_by.arg("--quick");
        }
        if list == "large.json" {
            made_by = made_by.arg("--large");
        }
        made_by.arg("--photos").arg(photos).arg("--out").arg(&out).run()?;
        Ok((out.join(list), word.map(str::to_owned)))
    }

    /// Photos for machines that have none.
    pub(super) fn generated(&self) -> Result<PathBuf> {
        let dir = self.dir.join("pictures/generated");
        if !dir.exists() {
            Self::engine_bench().arg("photos").arg(&dir).run()?;
        }
        Ok(dir)
    }
}
