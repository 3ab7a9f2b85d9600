//! The parts of the system, started in the order in which they need each other and stopped in the reverse.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use aws_credential_types::Credentials as AwsCredentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use edge_api::{Aws, PublicEndpoint};
use processor::{MAX_TRIES, Processor};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::Credentials;
use crate::front::{self, Site};
use crate::queue::{Depth, HandlerError, Queue, WorkerOptions, run_workers};
use crate::s3;
use crate::store::{self, Store, StoreError};

/// What has to be known to start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the page is served.
    pub front: SocketAddr,
    /// Where S3 is served.
    pub s3: SocketAddr,
    /// Where pictures are kept.
    pub data: PathBuf,
    /// The folder of the built page.
    pub site: PathBuf,
    /// Where browsers reach the S3 endpoint, if not at its port on the host that they reach the page at.
    pub s3_url: Option<String>,
}

/// A running system.
#[derive(Debug)]
pub struct System {
    front: SocketAddr,
    s3: SocketAddr,
    queue: Queue,
    stop: Stop,
    parts: Parts,
}

#[derive(Debug)]
struct Parts {
    front: JoinHandle<()>,
    workers: JoinHandle<()>,
    s3: JoinHandle<()>,
}

/// Says to each part when to stop. Those who use S3 stop before S3 does.
#[derive(Debug)]
struct Stop {
    users: watch::Sender<bool>,
    s3: watch::Sender<bool>,
}

impl System {
    /// Starts everything; when this returns, requests are answered.
    pub async fn start(settings: Settings) -> Result<Self> {
        std::fs::create_dir_all(&settings.data).with_context(|| format!("{}", settings.data.display()))?;
        let site = Site::load(&settings.site)?;
        let credentials = Credentials::load_or_create(&settings.data)?;
        let data = settings.data.clone();
        let store =
            tokio::task::spawn_blocking(move || Store::open(&data, store::Settings::default())).await??;
        let s3_listener = listen(settings.s3).await?;
        let front_listener = listen(settings.front).await?;
        let (front_address, s3_address) = (front_listener.local_addr()?, s3_listener.local_addr()?);
        let stop = Stop { users: watch::channel(false).0, s3: watch::channel(false).0 };

        let service = s3::service(
            &store,
            s3::S3Settings {
                access_key: credentials.access_key_id.clone(),
                secret_key: credentials.secret_access_key.clone(),
                allowed_origins: s3::AllowedOrigins::default(),
            },
        );
        let s3 = tokio::spawn(s3::serve(s3_listener, service, stopped(&stop.s3)));

        let aws = aws(&credentials, s3_address);
        let config = edge_api::Config {
            uploads_bucket: "uploads".to_owned(),
            processed_bucket: "processed".to_owned(),
            public_endpoint: match &settings.s3_url {
                Some(url) => PublicEndpoint::PathStyle(url.trim_end_matches('/').to_owned()),
                None => PublicEndpoint::SameHost { port: s3_address.port() },
            },
            max_bytes: wire::api::DEFAULT_MAX_BYTES,
            max_pixels: wire::api::DEFAULT_MAX_PIXELS,
            policy_lifetime: edge_api::config::MAX_POLICY_LIFETIME,
            origin_secrets: edge_api::OriginSecrets::default(),
        };
        let processor = Processor::new(
            aws.s3.clone(),
            processor::Settings {
                processed_bucket: config.processed_bucket.clone(),
                max_bytes: config.max_bytes,
                max_pixels: config.max_pixels,
            },
        );
        let queue = store.queue().clone();
        let workers = tokio::spawn(work(queue.clone(), processor, stopped(&stop.users)));
        let origin = config.public_endpoint.clone();
        let router = front::router(edge_api::router(config, aws), store, site, origin);
        let front = tokio::spawn(front::serve(front_listener, router, stopped(&stop.users)));
        Ok(Self { front: front_address, s3: s3_address, queue, stop, parts: Parts { front, workers, s3 } })
    }

    /// Where the page is served.
    #[must_use]
    pub fn front(&self) -> SocketAddr {
        self.front
    }

    /// Where S3 is served.
    #[must_use]
    pub fn s3(&self) -> SocketAddr {
        self.s3
    }

    /// How many messages wait or are being worked on.
    pub async fn queue_depth(&self) -> Result<Depth, StoreError> {
        self.queue.depth().await
    }

    /// Takes no more, finishes what is under way.
    pub async fn stop(self) {
        self.stop.users.send_replace(true);
        join("front", self.parts.front).await;
        join("workers", self.parts.workers).await;
        self.stop.s3.send_replace(true);
        join("S3 endpoint", self.parts.s3).await;
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; is something else there?"))
}

/// Completes when `stop` says so.
fn stopped(stop: &watch::Sender<bool>) -> impl Future<Output = ()> + Send + 'static {
    let mut stop = stop.subscribe();
    async move {
        // An error means that the sender is gone, which says the same.
        drop(stop.wait_for(|stop| *stop).await);
    }
}

async fn join(part: &str, task: JoinHandle<()>) {
    if let Err(error) = task.await {
        tracing::error!(part, %error, "did not end well");
    }
}

/// An S3 client that reaches our own endpoint over HTTP, as one reaches AWS's.
fn aws(credentials: &Credentials, s3: SocketAddr) -> Aws {
    let keys = AwsCredentials::new(
        &credentials.access_key_id,
        &credentials.secret_access_key,
        None,
        None,
        "imagasaur",
    );
    let host = if s3.ip().is_unspecified() { "127.0.0.1".to_owned() } else { s3.ip().to_string() };
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .region(Region::new(s3::REGION))
        .credentials_provider(keys.clone())
        .endpoint_url(format!("http://{host}:{}", s3.port()))
        .force_path_style(true)
        .build();
    Aws {
        s3: aws_sdk_s3::Client::from_conf(config),
        credentials: SharedCredentialsProvider::new(keys),
        region: s3::REGION.to_owned(),
    }
}

/// Hands the queue's messages to the processor, as many at once as there are cores.
async fn work(queue: Queue, processor: Processor, stop: impl Future<Output = ()>) {
    let concurrency = std::thread::available_parallelism().map_or(2, usize::from);
    let options = WorkerOptions { concurrency, max_receives: MAX_TRIES, ..WorkerOptions::default() };
    let handler = move |message: String, receive_count: u32| {
        let processor = processor.clone();
        async move {
            processor.handle(&message, receive_count).await.map_err(|error| match error {
                processor::ProcessError::Message(_) => HandlerError::Permanent(error.to_string()),
                processor::ProcessError::Store(_) => HandlerError::Retry(error.to_string()),
            })
        }
    };
    run_workers(queue, options, handler, stop).await;
}
