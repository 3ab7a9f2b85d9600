//! `dist/imagasaur`: the whole system in one file, and what runs it for years.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::shell::Run;
use crate::{place, toolchain};

/// The most that the file may have, bytes.
const MAX_BYTES: u64 = 40_000_000;
/// The longest that it may take to answer on an empty machine.
const MAX_START: Duration = Duration::from_secs(1);

/// Builds the program with the page inside and tries it out in a folder where nothing else is.
pub(crate) fn build(site: &Path, dist: &Path) -> Result<()> {
    let built = compile(site)?;
    let program = dist.join("imagasaur").with_extension(std::env::consts::EXE_EXTENSION);
    fs::copy(built, &program)?;
    let about = place::root().join("infra/local/dist");
    for name in ["imagasaur.service", "Containerfile"] {
        fs::copy(about.join(name), dist.join(name)).with_context(|| name.to_owned())?;
    }
    // The Containerfile copies it: an image without a shell cannot make a folder.
    fs::create_dir_all(dist.join("data"))?;
    let bytes = fs::metadata(&program)?.len();
    ensure!(bytes < MAX_BYTES, "dist/imagasaur has {bytes} bytes, more than {MAX_BYTES}");
    let start = try_out(&program)?;
    eprintln!("figure: dist/imagasaur has {:.1} MB, healthy after {} ms", mega(bytes), start.as_millis());
    ensure!(start < MAX_START, "it takes longer than {} ms", MAX_START.as_millis());
    Ok(())
}

/// On Linux for musl, so that it needs no library of the machine it runs on.
fn compile(site: &Path) -> Result<PathBuf> {
    let name = format!("imagasaur{}", std::env::consts::EXE_SUFFIX);
    let build = Run::cargo()
        .args(["build", "--locked", "--profile", "dist", "--package", "imagasaur", "--features", "embed"])
        .env("IMAGASAUR_SITE", site.canonicalize()?);
    if std::env::consts::OS != "linux" {
        build.run()?;
        return Ok(place::target().join("dist").join(name));
    }
    let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    toolchain::ensure_target(&target)?;
    // The cryptography has some C that uses no library, so the machine's own compiler will do.
    let compiler = format!("CC_{}", target.replace('-', "_"));
    let chosen =
        std::env::var_os(&compiler).or_else(|| std::env::var_os("CC")).unwrap_or_else(|| "cc".into());
    build.args(["--target", &target]).env(&compiler, chosen).run()?;
    Ok(place::target().join(target).join("dist").join(name))
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// How long it takes from starting it, with nothing around it, to a healthy answer.
///
/// Root can take the rest of the machine away too: then the folder is all there is. Anybody else can at least start
/// it without environment in an empty folder.
fn try_out(program: &Path) -> Result<Duration> {
    let folder = place::target().join("dist-try");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    fs::copy(program, folder.join("imagasaur"))?;
    let is_alone = Run::new("chroot").arg(&folder).args(["/imagasaur", "--version"]).succeeds();
    let mut command = if is_alone {
        let mut command = Command::new("chroot");
        command.arg(&folder).arg("/imagasaur");
        command
    } else {
        eprintln!("not root, or not static: tried in an empty folder instead of an empty machine");
        Command::new(folder.join("imagasaur"))
    };
    let start = Instant::now();
    let child = command
        .args(["serve", "--port", "0", "--data", "data"])
        .env_clear()
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut running = Running(child);
    let address = running.address()?;
    let answer = get(&address, "/api/health")?;
    let took = start.elapsed();
    ensure!(answer.starts_with("HTTP/1.1 200"), "it is not healthy: {answer}");
    let page = get(&address, "/")?;
    ensure!(page.contains("<title>Imagasaur</title>"), "it does not carry the page: {page}");
    Ok(took)
}

/// Ends with this value.
struct Running(Child);

impl Running {
    fn address(&mut self) -> Result<String> {
        let mut line = String::new();
        BufReader::new(self.0.stdout.take().context("no standard output")?).read_line(&mut line)?;
        let Some(address) = line.trim().strip_prefix("Imagasaur is ready at http://") else {
            bail!("it did not get ready but said {line:?}");
        };
        Ok(address.to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has no pictures that could be lost.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn get(address: &str, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
