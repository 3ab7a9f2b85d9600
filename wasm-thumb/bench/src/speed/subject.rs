//! The processes that are timed.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

use super::report::About;

/// Where the peers are. One that is not named is not timed.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Peers {
    /// The folder of their scripts
    #[arg(long)]
    scripts: PathBuf,
    /// A Python that has pyvips and Pillow
    #[arg(long)]
    python: Option<PathBuf>,
    /// A folder whose `node_modules` has sharp
    #[arg(long)]
    sharp: Option<PathBuf>,
    /// The folder of the engine's npm package
    #[arg(long)]
    package: Option<PathBuf>,
}

/// A process that makes thumbnails on request.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) about: About,
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// One thumbnail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Took {
    pub(super) ms: f64,
    /// What of it a processor was at work, in any of the process's threads.
    pub(super) processor_ms: f64,
    pub(super) thumbnail_bytes: u64,
}

impl Subject {
    /// The engine first, then its peers, all bound to `core`.
    pub(super) fn start_all(peers: &Peers, core: usize) -> Result<Vec<Self>> {
        let program = env::current_exe()?;
        let mut subjects = vec![Self::start(
            &["engine", "wasm-thumb", "native: thumbnail(bytes, &Options::default())"],
            on(core, &program).arg("worker"),
        )?];
        if let Some(package) = &peers.package {
            let mut command = on(core, Path::new("node"));
            command.arg(peers.scripts.join("time_wasm.mjs")).arg(package);
            let about = ["wasm", "wasm-thumb as wasm", "simd128: thumbnail(bytes)"];
            subjects.push(Self::start(&about, &mut command)?);
        }
        if let Some(python) = &peers.python {
            let mut command = on(core, python);
            command.arg(peers.scripts.join("time_vips.py"));
            let about = ["vips", "libvips", "thumbnail_buffer(100, height=100, crop=centre), Q=80"];
            subjects.push(Self::start(&about, &mut command)?);
        }
        if let Some(sharp) = &peers.sharp {
            let mut command = on(core, Path::new("node"));
            command.arg(peers.scripts.join("time_sharp.mjs")).arg(sharp).env("VIPS_CONCURRENCY", "1");
            let about = ["sharp", "sharp", "autoOrient().resize(100, 100, cover).jpeg(80)"];
            subjects.push(Self::start(&about, &mut command)?);
        }
        if let Some(python) = &peers.python {
            let mut command = on(core, python);
            command.arg(peers.scripts.join("time_pillow.py"));
            let about = ["pillow", "Pillow", "draft, resize(box, LANCZOS, reducing_gap=2), quality=80"];
            subjects.push(Self::start(&about, &mut command)?);
        }
        Ok(subjects)
    }

    fn start([id, name, call]: &[&str; 3], command: &mut Command) -> Result<Self> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start {command:?}"))?;
        let requests = process.stdin.take().context("no pipe")?;
        let answers = BufReader::new(process.stdout.take().context("no pipe")?);
        let about = About {
            id: (*id).to_owned(),
            name: (*name).to_owned(),
            version: String::new(),
            call: (*call).to_owned(),
        };
        let mut subject = Self { about, process, requests, answers };
        subject.about.version = subject.answer()?;
        Ok(subject)
    }

    /// How long one thumbnail took; why there is none where it could not be made.
    pub(super) fn time(&mut self, file: &Path) -> Result<Result<Took, String>> {
        Ok(match self.ask("time", file)? {
            Ok(answer) => {
                let mut words = answer.split(' ');
                let mut next = || words.next().with_context(|| answer.clone());
                let ms = next()?.parse::<f64>()? / 1e6;
                let processor_ms = next()?.parse::<f64>()? / 1e6;
                Ok(Took { ms, processor_ms, thumbnail_bytes: next()?.parse()? })
            }
            Err(reason) => Err(reason),
        })
    }

    /// Bytes by which its memory grew at its highest.
    pub(super) fn peak(&mut self, file: &Path) -> Result<Result<u64, String>> {
        Ok(match self.ask("peak", file)? {
            Ok(answer) => Ok(answer.parse()?),
            Err(reason) => Err(reason),
        })
    }

    fn ask(&mut self, verb: &str, file: &Path) -> Result<Result<String, String>> {
        writeln!(self.requests, "{verb} {}", file.display())?;
        self.requests.flush()?;
        let answer = self.answer()?;
        Ok(match answer.strip_prefix("error ") {
            Some(reason) => Err(reason.to_owned()),
            None => Ok(answer),
        })
    }

    fn answer(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            bail!("{} stopped answering", self.about.name);
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A command bound to one core, where the system has a program for that.
fn on(core: usize, program: &Path) -> Command {
    let bound = Command::new("taskset").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !bound {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.arg("--cpu-list").arg(core.to_string()).arg(program);
    command
}
