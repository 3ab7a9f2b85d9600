//! `cargo xtask fuzz`: random bytes, led by what code they reach, against the engine.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::shell::Run;
use crate::{place, tools};

/// What is tried, one program each, and which fixtures it begins with.
const TARGETS: [(&str, &[&str]); 9] = [
    ("jpeg", &["jpg"]),
    ("png", &["png"]),
    ("webp", &["webp"]),
    ("gif", &["gif"]),
    ("bmp", &["bmp"]),
    ("tiff", &["tiff"]),
    ("profile", &["icc"]),
    ("metadata", &["exif"]),
    ("whole", &["jpg", "png", "webp", "gif", "bmp", "tiff"]),
];

/// A picture of which a thumbnail takes longer than so many seconds counts as found.
const SLOW_SECONDS: u32 = 5;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to try; everything if nothing is named
    targets: Vec<String>,
    /// How long to try each, seconds
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    if let Some(unknown) = args.targets.iter().find(|name| !TARGETS.iter().any(|(known, _)| known == name)) {
        bail!("no target is called {unknown}; there are {}", TARGETS.map(|(name, _)| name).join(", "));
    }
    let cargo_fuzz = tools::cargo_fuzz()?;
    let home = place::target().join("fuzz");
    let seeds = home.join("seeds");
    Run::cargo()
        .args(["run", "--locked", "--package", "fixtures", "--example", "fixtures-write", "--"])
        .arg(&seeds)
        .run()?;
    let is_wanted = |name: &str| args.targets.is_empty() || args.targets.iter().any(|target| target == name);
    for (name, endings) in TARGETS.into_iter().filter(|(name, _)| is_wanted(name)) {
        let corpus = home.join("corpus").join(name);
        sow(&seeds, endings, &corpus)?;
        let found = home.join("found").join(name);
        fs::create_dir_all(&found)?;
        Run::new(&cargo_fuzz)
            .args(["fuzz", "run", "--fuzz-dir", "wasm-thumb/fuzz", "--sanitizer", "none", "--target-dir"])
            .arg(home.join("build"))
            .arg(name)
            .arg(&corpus)
            .arg("--")
            .arg(format!("-artifact_prefix={}/", found.display()))
            .arg(format!("-max_total_time={}", args.seconds))
            .arg(format!("-timeout={SLOW_SECONDS}"))
            .args(["-max_len=65536", "-rss_limit_mb=1024", "-print_final_stats=1"])
            .run()?;
    }
    Ok(())
}

/// Puts the fixtures with these endings into a corpus, beside what earlier runs have found.
fn sow(seeds: &Path, endings: &[&str], corpus: &Path) -> Result<()> {
    fs::create_dir_all(corpus)?;
    for folder in ["good", "bad"] {
        for entry in fs::read_dir(seeds.join(folder))? {
            let path: PathBuf = entry?.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            let small = fs::metadata(&path)?.len() <= 65_536;
            if let (true, Some(name)) = (small && endings.contains(&ending), path.file_name()) {
                fs::copy(&path, corpus.join(name))?;
            }
        }
    }
    Ok(())
}
