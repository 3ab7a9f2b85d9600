//! The system under test, as a process of its own.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// A running `imagasaur serve` with a data directory that lasts as long as this value.
#[derive(Debug)]
pub struct System {
    data: TempDir,
    port: u16,
    process: Child,
}

impl System {
    /// Starts with an empty data directory, on two ports that are free.
    pub fn start() -> Result<Self> {
        let data = tempfile::tempdir()?;
        let port = two_free_ports()?;
        let process = spawn(data.path(), port)?;
        Ok(Self { data, port, process })
    }

    /// Where the page is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Stops as an operator does, checks that the end was clean, and starts on the same data and ports.
    pub fn restart(&mut self) -> Result<()> {
        signal(&self.process, "TERM")?;
        let status = self.process.wait()?;
        if !status.success() {
            bail!("after SIGTERM the system ended with {status}");
        }
        self.process = spawn(self.data.path(), self.port)?;
        Ok(())
    }

    /// Kills without warning, as a power failure does to a process, and starts on the same data and ports.
    pub fn kill_and_restart(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        self.process = spawn(self.data.path(), self.port)?;
        Ok(())
    }
}

impl Drop for System {
    fn drop(&mut self) {
        // At the end of a test nothing can be done about a process that is gone already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn spawn(data: &Path, port: u16) -> Result<Child> {
    let mut process = Command::new(crate::from_xtask("IMAGASAUR_PROGRAM"))
        .args(["serve", "--port", &port.to_string(), "--data"])
        .arg(data)
        .arg("--site")
        .arg(crate::from_xtask("IMAGASAUR_SITE"))
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start imagasaur")?;
    let stdout = process.stdout.take().context("no standard output")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    if !line.contains("ready at") {
        bail!("imagasaur did not get ready but said {line:?}");
    }
    Ok(process)
}

/// A port with a free one after it. Another process could take them before we do; then the test fails to start.
fn two_free_ports() -> Result<u16> {
    for _ in 0..100 {
        let first = TcpListener::bind(("127.0.0.1", 0))?;
        let port = first.local_addr()?.port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no two free ports in a row")
}

fn signal(process: &Child, name: &str) -> Result<()> {
    let status = Command::new("kill").args([&format!("-{name}"), &process.id().to_string()]).status()?;
    if status.success() { Ok(()) } else { bail!("could not send SIG{name}") }
}
