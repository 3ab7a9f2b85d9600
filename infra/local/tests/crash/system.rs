//! The real program, to be started and killed.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use serde_json::Value;
use tempfile::TempDir;

/// A data directory that outlives every process.
pub(crate) struct Place {
    dir: TempDir,
}

/// A process that serves a place.
pub(crate) struct Running {
    process: Child,
    pub(crate) front: String,
    pub(crate) s3: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("site")).unwrap();
        fs::write(dir.path().join("site/index.html"), "<!doctype html><title>Test</title>").unwrap();
        Self { dir }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Runs a command of the program to its end.
    pub(crate) fn command(&self, args: &[&str]) -> std::process::Output {
        Command::new(program()).args(args).arg("--data").arg(self.data()).output().unwrap()
    }

    /// Starts it; `None` if it died before it was ready, as some fail points want.
    pub(crate) fn start(&self, env: &[(&str, &str)]) -> Option<Running> {
        self.start_as(|| Command::new(program()), env)
    }

    /// Starts it with its system calls about files and answers written to `trace`. What is killed is the program.
    pub(crate) fn start_traced(&self, trace: &Path) -> Option<Running> {
        let strace = || {
            let mut strace = Command::new("strace");
            strace.args(["-D", "-f", "-y", "-s", "300", "-e", "signal=SIGKILL", "-o"]).arg(trace);
            strace.args(["-e", "trace=openat,fsync,fdatasync,unlink,write,writev,sendto,sendmsg"]);
            strace.arg(program());
            strace
        };
        self.start_as(strace, &[])
    }

    fn start_as(&self, command: impl Fn() -> Command, env: &[(&str, &str)]) -> Option<Running> {
        for _ in 0..20 {
            let port = two_free_ports();
            let log = fs::File::options().create(true).append(true).open(self.log()).unwrap();
            let mut process = command()
                .args(["serve", "--port", &port.to_string(), "--data"])
                .arg(self.data())
                .arg("--site")
                .arg(self.dir.path().join("site"))
                .envs(env.iter().copied())
                .stdout(Stdio::piped())
                .stderr(log)
                .spawn()
                .unwrap();
            let mut line = String::new();
            BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
            if line.contains("ready at") {
                let url = |port| format!("http://127.0.0.1:{port}");
                return Some(Running { process, front: url(port), s3: url(port + 1) });
            }
            let status = process.wait().unwrap();
            // Without a code it was killed.
            status.code()?;
            // Somebody else was quicker to take the port, or something is wrong.
            let log = fs::read_to_string(self.log()).unwrap();
            assert!(log.contains("cannot listen"), "{status}\n{log}");
        }
        panic!("no free ports");
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("log")
    }

    /// What the processes have said, for a failure.
    pub(crate) fn last_lines(&self) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(60).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Running {
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Its end, if it comes in time.
    pub(crate) fn ended_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return Some(status);
            }
            if start.elapsed() > limit {
                return None;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A client with the keys of the data directory.
    pub(crate) fn s3(&self, data: &Path) -> aws_sdk_s3::Client {
        let keys: Value = serde_json::from_slice(&fs::read(data.join("credentials.json")).unwrap()).unwrap();
        let key = |name: &str| keys[name].as_str().unwrap().to_owned();
        let credentials =
            Credentials::new(key("access_key_id"), key("secret_access_key"), None, None, "test");
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(credentials)
            .region(Region::new("us-east-1"))
            .endpoint_url(&self.s3)
            .force_path_style(true)
            .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The program under test: another build of it, if one is named.
fn program() -> OsString {
    std::env::var_os("IMAGASAUR_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_imagasaur").into())
}

/// A port with a free one after it.
fn two_free_ports() -> u16 {
    for _ in 0..100 {
        let first = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
    panic!("no two free ports in a row");
}
