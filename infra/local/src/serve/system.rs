//! The parts of the system, started in the order in which they need each other and stopped in the reverse.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use aws_credential_types::Credentials as AwsCredentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use edge_api::{Aws, CursorKey, Live, PublicEndpoint};
use http::uri::Scheme;
use live::{Hub, HubSettings};
use processor::Processor;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::origin::Origin;
use super::settings::{self, Settings, SiteSource};
use super::{Credentials, credentials_print, data, work};
use crate::front::{self, Front, Site};
use crate::limits::rate::Rate;
use crate::metrics::{self, Metrics};
use crate::queue::{Depth, Queue};
use crate::s3;
use crate::server::{Options, Tls};
use crate::store::{self, Store, StoreError};

/// Where in the data directory it says how S3 is reached from this machine.
pub const INNER_ENDPOINT_FILE: &str = "s3-inner-endpoint";

/// A running system.
#[derive(Debug)]
pub struct System {
    addresses: Addresses,
    url: String,
    queue: Queue,
    tls: Option<Tls>,
    stop: Stop,
    parts: Parts,
}

#[derive(Debug)]
struct Addresses {
    front: SocketAddr,
    s3: SocketAddr,
    metrics: Option<SocketAddr>,
}

#[derive(Debug)]
struct Parts {
    front: JoinHandle<()>,
    workers: JoinHandle<()>,
    s3: [JoinHandle<()>; 3],
    metrics: Option<JoinHandle<()>>,
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
        data::prepare(&settings.data).with_context(|| format!("{}", settings.data.display()))?;
        let site = match &settings.site {
            SiteSource::Folder(folder) => Site::load(folder)?,
            SiteSource::Carried => Site::carried()?,
        };
        let tls = settings.tls.clone().map(Tls::load).transpose()?;
        let credentials = Credentials::load_or_create(&settings.data)?;
        let data = settings.data.clone();
        let store_settings =
            store::Settings { max_storage_bytes: settings.max_storage_bytes, ..store::Settings::default() };
        let store = tokio::task::spawn_blocking(move || Store::open(&data, store_settings)).await??;
        let metrics = Metrics::default();
        let s3_listener = listen(settings.s3).await?;
        let front_listener = listen(settings.front).await?;
        // The API and the processor have a door of their own: it needs no certificate, and strangers cannot crowd it.
        let inner_listener = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let metrics_listener = match settings.metrics {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let addresses = Addresses {
            front: front_listener.local_addr()?,
            s3: s3_listener.local_addr()?,
            metrics: metrics_listener.as_ref().map(TcpListener::local_addr).transpose()?,
        };
        let scheme = if tls.is_some() { Scheme::HTTPS } else { Scheme::HTTP };
        let s3_url = settings
            .s3_url
            .as_ref()
            .map_or_else(|| format!("{scheme}://{}", reachable(addresses.s3)), Origin::to_string);
        credentials_print::note_endpoint(&settings.data, &s3_url)?;
        let stop = Stop { users: watch::channel(false).0, s3: watch::channel(false).0 };

        let inner_address = inner_listener.local_addr()?;
        std::fs::write(settings.data.join(INNER_ENDPOINT_FILE), inner_address.to_string())?;
        let aws = aws(&credentials, inner_address);
        let cursor_key = CursorKey::derive(credentials.secret_access_key.as_bytes());
        let service = s3::service(&store, settings.s3(credentials));
        let inner_options = Options { metrics: metrics.clone(), ..Options::plain("internal") };
        let inner = s3::serve_with(inner_listener, service.clone(), inner_options, stopped(&stop.s3));
        let options = settings.options("s3", tls.as_ref(), &metrics);
        let outer = s3::serve_with(s3_listener, service, options, stopped(&stop.s3));
        let clearing = s3::give_up_old_uploads(store.clone(), stopped(&stop.s3));
        let s3 = [tokio::spawn(inner), tokio::spawn(outer), tokio::spawn(clearing)];

        let endpoint = match &settings.s3_url {
            Some(url) => PublicEndpoint::PathStyle(url.to_string()),
            None => PublicEndpoint::SameHost { scheme: scheme.clone(), port: addresses.s3.port() },
        };
        let config = settings::api(endpoint.clone(), cursor_key);
        let processor = Processor::new(&aws.s3, settings::processor(&config, &settings));
        #[cfg(unix)]
        match crate::admin::Listener::bind(&settings.data) {
            Ok(listener) => drop(tokio::spawn(listener.serve(store.clone(), stopped(&stop.users)))),
            // Not every file system has sockets.
            Err(error) => tracing::warn!(%error, "no operator's commands while this runs"),
        }
        let hub = Hub::new(HubSettings::default());
        let processor = processor.announcing(Arc::new(hub.clone()));
        let queue = store.queue().clone();
        let workers =
            work::work_off(queue.clone(), processor, metrics.clone(), work::options(), stopped(&stop.users));
        let workers = tokio::spawn(workers);
        let front = Front {
            api: edge_api::live_router(config, aws, Live::Here(hub)),
            store: store.clone(),
            site,
            s3: endpoint,
            is_encrypted: settings.public_url.as_ref().is_some_and(Origin::is_encrypted),
            sign_rate: Arc::new(Rate::new(settings.sign_rate)),
            metrics: metrics.clone(),
        };
        let options = settings.options("front", tls.as_ref(), &metrics);
        let front = tokio::spawn(front::serve(front_listener, front.router(), options, stopped(&stop.users)));
        let metrics = metrics_listener.map(|listener| {
            let router = metrics::router(metrics, store);
            tokio::spawn(front::serve(listener, router, Options::plain("metrics"), stopped(&stop.users)))
        });
        let public_url = settings.public_url.as_ref().map(Origin::to_string);
        let url = public_url.unwrap_or_else(|| format!("{scheme}://{}", display(addresses.front)));
        let parts = Parts { front, workers, s3, metrics };
        Ok(Self { addresses, url, queue, tls, stop, parts })
    }

    /// What a person opens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the page is served.
    #[must_use]
    pub fn front(&self) -> SocketAddr {
        self.addresses.front
    }

    /// Where S3 is served.
    #[must_use]
    pub fn s3(&self) -> SocketAddr {
        self.addresses.s3
    }

    /// Where metrics are served, if anywhere.
    #[must_use]
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.addresses.metrics
    }

    /// How many messages wait or are being worked on.
    pub async fn queue_depth(&self) -> Result<Depth, StoreError> {
        self.queue.depth().await
    }

    /// Reads the certificate again, if there is one. If that fails, the old one stays.
    pub fn reload_certificate(&self) {
        match self.tls.as_ref().map(Tls::reload) {
            None => {}
            Some(Ok(())) => tracing::info!("the certificate was read again"),
            Some(Err(error)) => tracing::error!(%error, "the certificate stays as it was"),
        }
    }

    /// Takes no more, finishes what is under way.
    pub async fn stop(self) {
        self.stop.users.send_replace(true);
        join("front", self.parts.front).await;
        join("workers", self.parts.workers).await;
        if let Some(metrics) = self.parts.metrics {
            join("metrics", metrics).await;
        }
        self.stop.s3.send_replace(true);
        for s3 in self.parts.s3 {
            join("S3 endpoint", s3).await;
        }
    }
}

/// An address that can be opened: nobody can open 0.0.0.0.
fn display(address: SocketAddr) -> String {
    if address.ip().is_unspecified() || address.ip().is_loopback() {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; is something else there?"))
}

/// Where a listener can be reached from this machine.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    address
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

fn keys(credentials: &Credentials) -> AwsCredentials {
    let Credentials { access_key_id, secret_access_key } = credentials;
    AwsCredentials::new(access_key_id, secret_access_key, None, None, "imagasaur")
}

/// An S3 client that reaches our own endpoint over HTTP, as one reaches AWS's.
#[must_use]
pub fn s3_client(credentials: &Credentials, s3: SocketAddr) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .region(Region::new(s3::REGION))
        .credentials_provider(keys(credentials))
        .endpoint_url(format!("http://{s3}"))
        .force_path_style(true)
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

/// What the API has to know of S3.
fn aws(credentials: &Credentials, s3: SocketAddr) -> Aws {
    Aws {
        s3: s3_client(credentials, s3),
        credentials: SharedCredentialsProvider::new(keys(credentials)),
        region: s3::REGION.to_owned(),
    }
}
