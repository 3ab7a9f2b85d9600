//! What is measured: a program that serves S3, with data of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use aws_credential_types::Credentials;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use serde_json::Value;
use tempfile::TempDir;

/// Where the programs are.
#[derive(Debug)]
pub(crate) struct Programs {
    pub(crate) imagasaur: PathBuf,
    pub(crate) moto: Option<PathBuf>,
    pub(crate) s3s_fs: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Imagasaur,
    /// In memory: nothing it stores outlives it.
    Moto,
    /// Files in folders, without a sync.
    S3sFs,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Imagasaur => "imagasaur",
            Self::Moto => "moto",
            Self::S3sFs => "s3s-fs",
        }
    }
}

impl Programs {
    pub(crate) fn of(&self, kind: Kind) -> Option<&Path> {
        match kind {
            Kind::Imagasaur => Some(&self.imagasaur),
            Kind::Moto => self.moto.as_deref(),
            Kind::S3sFs => self.s3s_fs.as_deref(),
        }
    }
}

/// The bucket that is used: one that `imagasaur` has.
pub(crate) const BUCKET: &str = "processed";

/// The secret of the peers, which is none.
const KEY: &str = "benchmark";

/// A running program. Ended without warning when dropped.
pub(crate) struct Subject {
    process: Child,
    pub(crate) front: String,
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) ready_after: Duration,
}

impl Subject {
    /// Starts it on `dir`.
    pub(crate) async fn start(programs: &Programs, kind: Kind, dir: &TempDir) -> Result<Self> {
        let (program, port) = (programs.of(kind).context("no program")?, two_free_ports()?);
        let (data, site) = (dir.path().join("data"), dir.path().join("site"));
        fs::create_dir_all(&data)?;
        fs::create_dir_all(&site)?;
        fs::write(site.join("index.html"), "<!doctype html>")?;
        let mut command = Command::new(program);
        command.stdout(Stdio::piped()).stderr(Stdio::null()).env("RUST_LOG", "error");
        let s3_port = match kind {
            Kind::Imagasaur => {
                // All clients come from one address, and five hundred keep more connections than they use.
                command.args(["serve", "--sign-rate", "0", "--max-connections", "2000"]);
                command.args(["--port", &port.to_string()]);
                command.arg("--data").arg(&data).arg("--site").arg(&site);
                port + 1
            }
            Kind::Moto => {
                command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null());
                port
            }
            Kind::S3sFs => {
                command.args(["--host", "127.0.0.1", "--port", &port.to_string()]).stdout(Stdio::null());
                command.args(["--access-key", KEY, "--secret-key", KEY]).arg(&data);
                port
            }
        };
        let start = Instant::now();
        let mut process = command.spawn().with_context(|| program.display().to_string())?;
        if let Some(stdout) = process.stdout.take() {
            let mut line = String::new();
            BufReader::new(stdout).read_line(&mut line)?;
            if !line.contains("ready at") {
                bail!("{} said {line:?}", program.display());
            }
        }
        wait_for(s3_port)?;
        let ready_after = start.elapsed();
        let credentials = credentials(kind, &data)?;
        let s3 = client(s3_port, credentials);
        if kind != Kind::Imagasaur {
            // It may be there from before.
            drop(s3.create_bucket().bucket(BUCKET).send().await);
        }
        Ok(Self { process, front: format!("http://127.0.0.1:{port}"), s3, ready_after })
    }

    /// Memory that is its own, bytes, where the system tells.
    pub(crate) fn resident_bytes(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? << 10)
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn credentials(kind: Kind, data: &Path) -> Result<Credentials> {
    let (key, secret) = if kind == Kind::Imagasaur {
        let keys: Value = serde_json::from_slice(&fs::read(data.join("credentials.json"))?)?;
        let key = |name: &str| keys[name].as_str().unwrap_or_default().to_owned();
        (key("access_key_id"), key("secret_access_key"))
    } else {
        (KEY.to_owned(), KEY.to_owned())
    };
    Ok(Credentials::new(key, secret, None, None, "bench"))
}

fn client(port: u16, credentials: Credentials) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(credentials)
        .region(Region::new("us-east-1"))
        .endpoint_url(format!("http://127.0.0.1:{port}"))
        .force_path_style(true)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

fn wait_for(port: u16) -> Result<()> {
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if start.elapsed() > Duration::from_secs(30) {
            bail!("nobody listens on port {port}");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

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
