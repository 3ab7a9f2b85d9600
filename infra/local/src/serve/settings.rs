//! What has to be known to start, and what each part has to know of it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use edge_api::{CursorKey, PublicEndpoint};
use processor::LargerSize;

use super::origin::Origin;
use super::{Credentials, SIGN_RATE};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::s3;
use crate::server::{Options, Tls, TlsFiles, TrustedProxies};

/// What has to be known to start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the page is served.
    pub front: SocketAddr,
    /// Where S3 is served.
    pub s3: SocketAddr,
    /// Where metrics are served, if anywhere.
    pub metrics: Option<SocketAddr>,
    /// Where pictures are kept.
    pub data: PathBuf,
    /// Where the page comes from.
    pub site: SiteSource,
    /// Where browsers reach the page, if not at its own address.
    pub public_url: Option<Origin>,
    /// Where browsers reach the S3 endpoint, if not at its port on the host that they reach the page at.
    pub s3_url: Option<Origin>,
    /// Whose word about clients is believed.
    pub proxies: TrustedProxies,
    /// Encrypts page and S3, if set.
    pub tls: Option<TlsFiles>,
    /// What clients may take.
    pub limits: Limits,
    /// How many files an address may have signed in a minute; 0 for any number.
    pub sign_rate: u32,
    /// The most bytes that are stored; the disk is the limit otherwise.
    pub max_storage_bytes: Option<u64>,
    /// Whether the page may know where a photo was taken.
    pub with_position: bool,
    /// The pictures that are made beside thumbnails.
    pub larger: Vec<LargerSize>,
}

/// Where the page comes from.
#[derive(Clone, Debug)]
pub enum SiteSource {
    /// A folder.
    Folder(PathBuf),
    /// The program itself.
    Carried,
}

impl Settings {
    /// On this machine only, on ports that happen to be free.
    #[must_use]
    pub fn new(data: PathBuf, site: SiteSource) -> Self {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            front: any_port,
            s3: any_port,
            metrics: None,
            data,
            site,
            public_url: None,
            s3_url: None,
            proxies: TrustedProxies::default(),
            tls: None,
            limits: Limits::default(),
            sign_rate: SIGN_RATE,
            max_storage_bytes: None,
            with_position: false,
            larger: Vec::new(),
        }
    }

    pub(super) fn options(&self, name: &'static str, tls: Option<&Tls>, metrics: &Metrics) -> Options {
        Options {
            name,
            limits: self.limits,
            proxies: self.proxies.clone(),
            tls: tls.cloned(),
            metrics: metrics.clone(),
        }
    }

    pub(super) fn s3(&self, credentials: Credentials) -> s3::S3Settings {
        let listed = self.public_url.iter().map(Origin::to_string).collect();
        s3::S3Settings {
            access_key: credentials.access_key_id,
            secret_key: credentials.secret_access_key,
            allowed_origins: s3::AllowedOrigins { listed, ..s3::AllowedOrigins::default() },
        }
    }
}

/// The bucket of originals.
pub const UPLOADS: &str = "uploads";
/// The bucket of what is made of them.
pub const PROCESSED: &str = "processed";

/// What the API has to know.
pub(super) fn api(public_endpoint: PublicEndpoint, cursor_key: CursorKey) -> edge_api::Config {
    edge_api::Config {
        uploads_bucket: UPLOADS.to_owned(),
        processed_bucket: PROCESSED.to_owned(),
        public_endpoint,
        max_bytes: wire::api::DEFAULT_MAX_BYTES,
        max_pixels: wire::api::DEFAULT_MAX_PIXELS,
        policy_lifetime: edge_api::config::MAX_POLICY_LIFETIME,
        origin_secrets: edge_api::OriginSecrets::default(),
        cursor_key,
        allowed_origins: Vec::new(),
    }
}

/// What the processor has to know.
pub(super) fn processor(api: &edge_api::Config, settings: &Settings) -> processor::Settings {
    processor::Settings {
        with_position: settings.with_position,
        larger: settings.larger.clone(),
        max_bytes: api.max_bytes,
        max_pixels: api.max_pixels,
        ..processor::Settings::new(api.processed_bucket.clone())
    }
}
