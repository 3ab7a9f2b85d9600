//! Who makes the thumbnails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wasm_thumb::{Options, steps, thumbnail};

use super::reference::Picture;
use super::score;

/// Where the peers are installed.
#[derive(Clone, Debug, clap::Args)]
pub struct Peers {
    /// A Python that has pyvips and Pillow
    #[arg(long)]
    python: Option<PathBuf>,
    /// A folder whose `node_modules` has sharp
    #[arg(long)]
    sharp: Option<PathBuf>,
    /// Where the peers' thumbnails are written
    #[arg(long, default_value = "target/bench/quality")]
    out: PathBuf,
}

/// A maker of thumbnails.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it is called in tables.
    pub name: &'static str,
    maker: Maker,
}

#[derive(Clone, Copy, Debug)]
enum Maker {
    Engine,
    Python { script: &'static str, flags: &'static [&'static str] },
    Node { script: &'static str },
}

/// All of them, the engine first.
pub const SUBJECTS: [Subject; 5] = [
    Subject { name: "imagasaur", maker: Maker::Engine },
    Subject { name: "libvips", maker: Maker::Python { script: "vips.py", flags: &[] } },
    Subject { name: "libvips linear", maker: Maker::Python { script: "vips.py", flags: &["--linear"] } },
    Subject { name: "sharp", maker: Maker::Node { script: "sharp.mjs" } },
    Subject { name: "Pillow", maker: Maker::Python { script: "pillow.py", flags: &[] } },
];

/// A thumbnail before and after it was encoded.
#[derive(Clone, Debug)]
pub struct Made {
    /// The file.
    pub file: Vec<u8>,
    /// What was encoded.
    pub unencoded: Picture,
}

impl Subject {
    /// Whether it is there.
    #[must_use]
    pub fn is_installed(&self, peers: &Peers) -> bool {
        match self.maker {
            Maker::Engine => true,
            Maker::Python { .. } => peers.python.is_some(),
            Maker::Node { .. } => peers.sharp.is_some(),
        }
    }

    /// Makes the thumbnails of all pictures; `None` for what it cannot read.
    pub fn make(&self, pictures: &[PathBuf], peers: &Peers, quality: u8) -> Result<Vec<Option<Made>>> {
        let (program, script, flags) = match self.maker {
            Maker::Engine => return Ok(pictures.iter().map(|path| engine(path)).collect()),
            Maker::Python { script, flags } => (peers.python.clone(), script, flags),
            Maker::Node { script } => (Some(PathBuf::from("node")), script, [].as_slice()),
        };
        let program = program.with_context(|| format!("{} is not installed", self.name))?;
        let out = std::path::absolute(peers.out.join(self.name.replace(' ', "-")))?;
        if out.exists() {
            fs::remove_dir_all(&out)?;
        }
        fs::create_dir_all(&out)?;
        // sharp is looked for from where its script is started.
        let folder =
            peers.sharp.as_ref().filter(|_| matches!(self.maker, Maker::Node { .. })).unwrap_or(&out);
        for format in ["--jpeg", "--png"] {
            let mut run = Command::new(&program);
            run.current_dir(folder).arg(scripts().join(script)).args(flags).arg(format);
            run.arg("--out").arg(&out).arg("--quality").arg(quality.to_string()).args(pictures);
            let done = run.output().with_context(|| format!("{} cannot be started", self.name))?;
            ensure!(done.status.success(), "{}: {}", self.name, String::from_utf8_lossy(&done.stderr));
        }
        Ok(pictures.iter().map(|path| read(&out, path)).collect())
    }
}

fn engine(path: &Path) -> Option<Made> {
    let bytes = fs::read(path).ok()?;
    let options = Options::default();
    let unencoded = steps::unencoded(&bytes, &options).ok()?;
    let unencoded = unencoded.into_iter().map(|pixel| pixel.map(|value| f32::from(value) / 255.0)).collect();
    Some(Made { file: thumbnail(&bytes, &options).ok()?.bytes, unencoded })
}

fn read(folder: &Path, picture: &Path) -> Option<Made> {
    let name = picture.file_name()?.to_str()?;
    let file = fs::read(folder.join(format!("{name}.jpg"))).ok()?;
    let unencoded = fs::read(folder.join(format!("{name}.png"))).ok()?;
    Some(Made { file, unencoded: score::decode(&unencoded).ok()? })
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}
