//! `imagasaur serve`: the whole system in one process.

mod credentials;
mod system;

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context, Result};

pub use self::credentials::{Credentials, CredentialsError};
pub use self::system::{Settings, System};

/// How to serve.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address to listen on; 0.0.0.0 to let other machines in
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Where the page is served; S3 is served on the next port
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Where pictures are kept
    #[arg(long, default_value = ".imagasaur")]
    data: PathBuf,
    /// The folder of the built page
    #[arg(long)]
    site: PathBuf,
    /// Where browsers reach the S3 endpoint, if not at the next port of the host that they reach the page at
    #[arg(long)]
    s3_url: Option<String>,
    /// The most that is stored, bytes; beyond it uploads are refused. The disk is the limit otherwise
    #[arg(long, value_name = "BYTES")]
    max_storage: Option<u64>,
}

impl Args {
    fn settings(self) -> Result<Settings> {
        let s3_port =
            self.port.checked_add(1).context("--port must be below 65535: S3 takes the next one")?;
        Ok(Settings {
            front: SocketAddr::new(self.host, self.port),
            s3: SocketAddr::new(self.host, s3_port),
            data: self.data,
            site: self.site,
            s3_url: self.s3_url,
            max_storage_bytes: self.max_storage,
        })
    }
}

/// Serves until SIGINT or SIGTERM, then finishes what is under way.
pub fn run(args: Args) -> Result<()> {
    let settings = args.settings()?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let system = System::start(settings).await?;
        // The one line that is not a log: what a person, or a script, is waiting for.
        writeln!(std::io::stdout(), "Imagasaur is ready at http://{}", display(system.front()))?;
        tracing::info!(s3 = %system.s3(), "S3 endpoint");
        terminated().await?;
        tracing::info!("stopping: finishing what is under way");
        system.stop().await;
        Ok(())
    })
}

/// An address that can be opened: nobody can open 0.0.0.0.
fn display(address: SocketAddr) -> String {
    if address.ip().is_unspecified() || address.ip().is_loopback() {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    }
}

#[cfg(unix)]
async fn terminated() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn terminated() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
