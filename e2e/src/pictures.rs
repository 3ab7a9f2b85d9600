//! Files to drop.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// A folder of pictures that the tests made.
#[derive(Debug)]
pub struct Pictures {
    dir: TempDir,
    /// Those that become thumbnails.
    pub good: Vec<PathBuf>,
    /// Those that do not.
    pub bad: Vec<PathBuf>,
}

impl Pictures {
    /// Writes one of each kind.
    pub fn write() -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let write = |name: &str, bytes: &[u8]| -> Result<PathBuf> {
            let path = dir.path().join(name);
            fs::write(&path, bytes)?;
            Ok(path)
        };
        let good =
            fixtures::all_good().iter().map(|made| write(&made.name, &made.bytes)).collect::<Result<_>>()?;
        let bad =
            fixtures::all_bad().iter().map(|made| write(&made.name, &made.bytes)).collect::<Result<_>>()?;
        Ok(Self { dir, good, bad })
    }

    /// Adds photos of a phone's size: `count` of `width`×`height` pixels.
    pub fn add_photos(&mut self, count: u32, width: u32, height: u32) -> Result<()> {
        for index in 0..count {
            let path = self.dir.path().join(format!("IMG_{:04}.jpg", 1001 + index));
            fs::write(&path, fixtures::photo_jpeg(width, height, index + 1))?;
            self.good.push(path);
        }
        Ok(())
    }
}

/// Up to `count` real photos, if there are any: those of the folder `photos` in `IMAGASAUR_CORPUS`.
pub fn corpus_photos(count: usize) -> Result<Vec<PathBuf>> {
    let Some(corpus) = std::env::var_os("IMAGASAUR_CORPUS") else { return Ok(Vec::new()) };
    let photos = Path::new(&corpus).join("photos");
    let entries = fs::read_dir(&photos).with_context(|| photos.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jpg"));
    paths.sort();
    paths.truncate(count);
    Ok(paths)
}
