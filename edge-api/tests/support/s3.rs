//! As much of S3 as the API uses, over HTTP.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::ops::Bound;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

/// A running S3. A clone is another handle on the same.
#[derive(Clone, Default)]
pub struct S3 {
    pub url: String,
    objects: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    calls: Arc<AtomicUsize>,
    under_way: Arc<AtomicUsize>,
    most_at_once: Arc<AtomicUsize>,
    /// How long each call takes.
    pub delay: Duration,
}

impl S3 {
    pub async fn start(delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let s3 = Self { url, delay, ..Self::default() };
        let bucket = get(list).head(head);
        let router = Router::new()
            .route("/{bucket}", bucket.clone())
            .route("/{bucket}/", bucket)
            .route("/{bucket}/{*key}", get(object))
            .with_state(s3.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        s3
    }

    pub fn put(&self, bucket: &str, key: &str, body: &[u8]) {
        self.objects.lock().unwrap().insert(format!("{bucket}/{key}"), body.to_vec());
    }

    /// How many calls there were since this was asked last.
    pub fn calls(&self) -> usize {
        self.calls.swap(0, Ordering::SeqCst)
    }

    /// How many calls there were at the same time, at most, since this was asked last.
    pub fn most_at_once(&self) -> usize {
        self.most_at_once.swap(0, Ordering::SeqCst)
    }

    async fn take_time(&self) {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let under_way = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(under_way, Ordering::SeqCst);
        tokio::time::sleep(self.delay).await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn head(State(s3): State<S3>) -> StatusCode {
    s3.take_time().await;
    StatusCode::OK
}

async fn list(
    State(s3): State<S3>,
    Path(bucket): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    s3.take_time().await;
    let parameter = |name: &str| query.get(name).map_or("", String::as_str);
    let prefix = format!("{bucket}/{}", parameter("prefix"));
    let max_keys = parameter("max-keys").parse().unwrap_or(1_000);
    let start = format!("{bucket}/{}", parameter("start-after")).max(prefix.clone());
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult>");
    let mut is_truncated = false;
    let objects = s3.objects.lock().unwrap();
    let following = objects.range((Bound::Excluded(start), Bound::Unbounded));
    for (index, (key, body)) in following.take_while(|(key, _)| key.starts_with(&prefix)).enumerate() {
        if index == max_keys {
            is_truncated = true;
            break;
        }
        let key = key[bucket.len() + 1..].replace('&', "&amp;").replace('<', "&lt;");
        write!(xml, "<Contents><Key>{key}</Key><Size>{}</Size></Contents>", body.len()).unwrap();
    }
    write!(xml, "<IsTruncated>{is_truncated}</IsTruncated></ListBucketResult>").unwrap();
    ([("content-type", "application/xml")], xml).into_response()
}

async fn object(State(s3): State<S3>, Path((bucket, key)): Path<(String, String)>) -> Response {
    s3.take_time().await;
    match s3.objects.lock().unwrap().get(&format!("{bucket}/{key}")) {
        Some(body) => body.clone().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
