//! `imagasaur backup`: a copy of the data directory, also while the system runs.
//!
//! First the index, then the bodies that it names: they never change, and while this runs none is removed. What was
//! copied by an earlier run stays and is not read again; what the index no longer names goes.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use super::{Answer, Request, ask};
use crate::store::{BodyId, Index};

/// What is typed after `backup`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where pictures are kept
    #[arg(long, default_value = ".imagasaur")]
    data: PathBuf,
    /// Where the copy goes; one that is there is brought up to date
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// What besides the index and the bodies is copied, if it is there.
const OTHERS: [&str; 1] = ["credentials.json"];

/// Makes the copy.
pub fn run(args: &Args) -> Result<ExitCode> {
    fs::create_dir_all(&args.to).with_context(|| args.to.display().to_string())?;
    let to = args.to.canonicalize()?;
    if to == args.data.canonicalize().with_context(|| args.data.display().to_string())? {
        bail!("the copy has to be in another folder than the data");
    }
    // Under another name until all that it names is there.
    let fresh = to.join("imagasaur.redb.new");
    let copied = ask(&args.data, Request::Snapshot(fresh.clone()), |answer| match answer {
        Answer::Done => copy_all(&args.data, &to, &fresh),
        other => bail!("unexpected answer {other:?}"),
    })??;
    writeln!(io::stdout(), "{} bodies, of which {} were copied now", copied.bodies, copied.new)?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Default)]
struct Copied {
    bodies: usize,
    new: usize,
}

fn copy_all(data: &Path, to: &Path, fresh: &Path) -> Result<Copied> {
    let mut copied = Copied::default();
    for first in 0..=u8::MAX {
        fs::create_dir_all(to.join("bodies").join(hex::encode([first])))?;
    }
    // Closed again before the file gets its name.
    {
        let index = Index::open(fresh)?;
        index.each_body(|id, _bytes| -> Result<()> {
            copied.bodies += 1;
            copied.new += usize::from(copy_body(data, to, id)?);
            Ok(())
        })?;
    }
    for name in OTHERS {
        if data.join(name).exists() {
            fs::copy(data.join(name), to.join(name)).with_context(|| name.to_owned())?;
        }
    }
    for first in 0..=u8::MAX {
        sync(&to.join("bodies").join(hex::encode([first])))?;
    }
    fs::rename(fresh, to.join("imagasaur.redb"))?;
    sync(to)?;
    let index = Index::open(&to.join("imagasaur.redb"))?;
    for first in 0..=u8::MAX {
        for entry in fs::read_dir(to.join("bodies").join(hex::encode([first])))? {
            let entry = entry?;
            let id = entry.file_name().to_str().and_then(BodyId::parse);
            if !id.map(|id| index.names(id)).transpose()?.unwrap_or(false) {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(copied)
}

/// Copies a body unless it is there; true if it was copied.
fn copy_body(data: &Path, to: &Path, id: BodyId) -> Result<bool> {
    let target = to.join(id.path());
    if target.exists() {
        return Ok(false);
    }
    let half = target.with_extension("half");
    let source = data.join(id.path());
    let (mut from, mut into) =
        (File::open(&source).with_context(|| source.display().to_string())?, File::create(&half)?);
    io::copy(&mut from, &mut into)?;
    into.sync_all()?;
    fs::rename(half, target)?;
    Ok(true)
}

fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}
