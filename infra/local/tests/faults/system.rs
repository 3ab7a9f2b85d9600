//! Store, S3 endpoint, queue and processor, with a gap between the last two that a proxy fills.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use aws_sdk_s3::types::{ChecksumAlgorithm, Object};
use imagasaur::metrics::Metrics;
use imagasaur::queue::{Depth, WorkerOptions};
use imagasaur::s3::{self, AllowedOrigins, S3Settings};
use imagasaur::store::{Settings, Store};
use processor::{MAX_TRIES, Processor};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wire::ThumbnailKey;

pub const ACCESS_KEY: &str = "AKIAEXAMPLE";
pub const SECRET_KEY: &str = "a-secret-of-the-tests";

pub struct System {
    pub s3: SocketAddr,
    store: Store,
    client: Client,
    _dir: TempDir,
}

/// The work, until it is stopped.
pub struct Working {
    stop: oneshot::Sender<()>,
    work: JoinHandle<()>,
}

impl Working {
    /// Finishes what is under way.
    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.work.await.unwrap();
    }
}

/// The id of the `index`-th upload.
pub fn id(index: usize) -> String {
    wire::ImageId::new(1_795_000_000_000 + index as u64, [7; 10]).to_string()
}

fn open(dir: &Path) -> Store {
    Store::open(dir, Settings::default()).unwrap()
}

/// A client that does not wait long before it tries again.
fn client(endpoint: SocketAddr) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "tests"))
        .endpoint_url(format!("http://{endpoint}"))
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(20)))
        .force_path_style(true)
        .build();
    Client::from_conf(config)
}

/// A processor with these settings.
pub fn processor_with(way: SocketAddr, settings: processor::Settings) -> Processor {
    Processor::new(&client(way), settings)
}

impl System {
    pub async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let settings = S3Settings {
            access_key: ACCESS_KEY.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            allowed_origins: AllowedOrigins::default(),
        };
        tokio::spawn(s3::serve(listener, s3::service(&store, settings), std::future::pending()));
        Self { s3: address, store, client: client(address), _dir: dir }
    }

    /// A processor that reaches S3 at `way`.
    #[expect(clippy::unused_self, reason = "it is the system's")]
    pub fn processor(&self, way: SocketAddr) -> Processor {
        let settings = processor::Settings {
            s3_patience: Duration::from_secs(1),
            ..processor::Settings::new("processed".to_owned())
        };
        processor_with(way, settings)
    }

    /// One that waits for S3 as long as a person would.
    #[expect(clippy::unused_self, reason = "it is the system's")]
    pub fn patient_processor(&self, way: SocketAddr) -> Processor {
        let settings = processor::Settings::new("processed".to_owned());
        processor_with(way, processor::Settings { s3_patience: Duration::from_mins(1), ..settings })
    }

    /// Works the queue off, reaching S3 at `way`.
    pub fn work(&self, way: SocketAddr) -> Working {
        let processor = self.processor(way);
        let options = WorkerOptions {
            concurrency: 24,
            max_receives: MAX_TRIES,
            backoff: Duration::from_millis(50),
            max_bytes_in_flight: 2 << 30,
            ..WorkerOptions::default()
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { drop(stopped.await) };
        let queue = self.store.queue().clone();
        let work = imagasaur::serve::work_off(queue, processor, Metrics::default(), options, stopped);
        Working { stop, work: tokio::spawn(work) }
    }

    pub async fn put(&self, key: &str, media_type: &str, bytes: Vec<u8>) {
        let put = self.client.put_object().bucket("uploads").key(key).content_type(media_type);
        let put = put.checksum_algorithm(ChecksumAlgorithm::Sha256).body(bytes.into());
        put.send().await.unwrap();
    }

    pub async fn delete(&self, key: &str) {
        self.client.delete_object().bucket("uploads").key(key).send().await.unwrap();
    }

    pub async fn keys(&self, bucket: &str, prefix: &str) -> Vec<String> {
        let pages = self.client.list_objects_v2().bucket(bucket).prefix(prefix).into_paginator();
        let pages = pages.send().collect::<Result<Vec<_>, _>>().await.unwrap();
        let objects = pages.into_iter().flat_map(|page| page.contents.unwrap_or_default());
        objects.map(|object| object.key.unwrap()).collect()
    }

    /// The events that wait, oldest first.
    pub async fn events(&self) -> Vec<String> {
        let waiting = self.store.queue().waiting(100).await.unwrap();
        waiting.into_iter().map(|message| message.body).collect()
    }

    /// All that was made: key and `ETag`.
    pub async fn made(&self) -> Vec<(String, String)> {
        let listing = self.client.list_objects_v2().bucket("processed").send().await.unwrap();
        let object = |object: Object| (object.key.unwrap(), object.e_tag.unwrap());
        listing.contents.unwrap_or_default().into_iter().map(object).collect()
    }

    /// What is stored is what the key says.
    pub async fn check(&self, key: &ThumbnailKey) {
        let answer = self.client.get_object().bucket("processed").key(key.to_string()).send().await.unwrap();
        assert_eq!(answer.content_type(), Some("image/jpeg"));
        assert_eq!(answer.cache_control(), Some("public, max-age=31536000, immutable"));
        let bytes = answer.body.collect().await.unwrap().into_bytes();
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        assert_eq!(digest, key.rendition.sha256.0, "{key}");
    }

    pub async fn queue_depth(&self) -> Depth {
        self.store.queue().depth().await.unwrap()
    }

    /// Waits until no message is left.
    pub async fn until_idle(&self, patience: Duration) {
        let began = Instant::now();
        while self.queue_depth().await.live > 0 {
            assert!(began.elapsed() < patience, "{:?} are left", self.queue_depth().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
