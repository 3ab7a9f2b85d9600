//! `imagasaur reprocess` and `imagasaur verify`: all originals once more, beside the running system or without one.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use processor::cli::{self, ReprocessArgs, VerifyArgs};
use processor::{LargerSize, Processor};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::s3::{self, AllowedOrigins, S3Settings};
use crate::serve::{self, Credentials, PROCESSED, UPLOADS};
use crate::store::{self, Store};

/// Where the last run has come to.
const STATE_FILE: &str = "reprocess.json";

/// What concerns this machine.
#[derive(Debug, clap::Args)]
struct Here {
    /// Where pictures are kept
    #[arg(long, default_value = ".imagasaur")]
    data: PathBuf,
    /// Tells where photos were taken; to be said if `serve` is told so
    #[arg(long)]
    with_position: bool,
    /// Sizes of the pictures beside thumbnails; to be said as `serve` is told
    #[arg(long, value_name = "SIZES", value_delimiter = ',')]
    larger: Vec<LargerSize>,
}

/// `imagasaur reprocess`.
#[derive(Debug, clap::Args)]
pub struct Reprocess {
    #[command(flatten)]
    here: Here,
    #[command(flatten)]
    args: ReprocessArgs,
}

/// `imagasaur verify`.
#[derive(Debug, clap::Args)]
pub struct Verify {
    #[command(flatten)]
    here: Here,
    #[command(flatten)]
    args: VerifyArgs,
}

/// Makes everything anew.
pub fn reprocess(Reprocess { here, args }: &Reprocess) -> Result<ExitCode> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let reached = here.reach().await?;
        cli::reprocess(&reached.processor, UPLOADS, args, &here.data.join(STATE_FILE)).await
    })
}

/// Compares what is there with what would be made.
pub fn verify(Verify { here, args }: &Verify) -> Result<ExitCode> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let reached = here.reach().await?;
        cli::verify(&reached.processor, UPLOADS, args).await
    })
}

/// A processor, and the endpoint if it is our own.
struct Reached {
    processor: Processor,
    endpoint: Option<JoinHandle<()>>,
}

impl Drop for Reached {
    fn drop(&mut self) {
        if let Some(endpoint) = &self.endpoint {
            endpoint.abort();
        }
    }
}

impl Here {
    async fn reach(&self) -> Result<Reached> {
        let hint = || format!("{} has no pictures; `imagasaur serve` makes it", self.data.display());
        let credentials = Credentials::load(&self.data)?.with_context(hint)?;
        let (address, endpoint) = if let Some(address) = running(&self.data).await {
            (address, None)
        } else {
            let (address, endpoint) = serve_here(&self.data, credentials.clone()).await?;
            (address, Some(endpoint))
        };
        let s3 = serve::s3_client(&credentials, address);
        let settings = processor::Settings {
            with_position: self.with_position,
            larger: self.larger.clone(),
            ..processor::Settings::new(PROCESSED.to_owned())
        };
        Ok(Reached { processor: Processor::new(&s3, settings), endpoint })
    }
}

/// Where the running system has its inner door, if one runs.
async fn running(data: &Path) -> Option<SocketAddr> {
    let address = fs::read_to_string(data.join(serve::INNER_ENDPOINT_FILE)).ok()?.parse().ok()?;
    TcpStream::connect(address).await.ok()?;
    Some(address)
}

/// No system runs: the store is opened here.
async fn serve_here(data: &Path, credentials: Credentials) -> Result<(SocketAddr, JoinHandle<()>)> {
    let folder = data.to_owned();
    let opened = tokio::task::spawn_blocking(move || Store::open(&folder, store::Settings::default()));
    let store = opened.await?.with_context(|| data.display().to_string())?;
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let address = listener.local_addr()?;
    let settings = S3Settings {
        access_key: credentials.access_key_id,
        secret_key: credentials.secret_access_key,
        allowed_origins: AllowedOrigins::default(),
    };
    let service = s3::service(&store, settings);
    Ok((address, tokio::spawn(s3::serve(listener, service, std::future::pending()))))
}
