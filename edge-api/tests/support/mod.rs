//! The API over an S3 of ours: a map in memory behind HTTP, which counts what it is asked.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

pub mod s3;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use axum::Router;
use axum::body::{Body, to_bytes};
use edge_api::{Aws, Config, CursorKey, PublicEndpoint};
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

pub fn config() -> Config {
    Config {
        uploads_bucket: "uploads".to_owned(),
        processed_bucket: "processed".to_owned(),
        public_endpoint: PublicEndpoint::Aws,
        max_bytes: 1 << 20,
        max_pixels: 1 << 20,
        policy_lifetime: edge_api::config::MAX_POLICY_LIFETIME,
        origin_secrets: edge_api::OriginSecrets::default(),
        cursor_key: CursorKey::derive(b"a secret of the tests"),
        allowed_origins: Vec::new(),
    }
}

/// A client of the S3 at `url`.
pub fn aws(url: &str) -> Aws {
    let keys = Credentials::new("AKIDEXAMPLE", "a secret of the tests", None, None, "test");
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .region(Region::new("us-east-1"))
        .credentials_provider(keys.clone())
        .retry_config(RetryConfig::disabled())
        .endpoint_url(url)
        .force_path_style(true)
        .build();
    Aws {
        s3: aws_sdk_s3::Client::from_conf(config),
        credentials: SharedCredentialsProvider::new(keys),
        region: "us-east-1".to_owned(),
    }
}

pub fn api(url: &str) -> Router {
    edge_api::router(config(), aws(url))
}

/// What the API answers, with the body as JSON.
pub async fn ask(api: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
    let (head, body) = api.clone().oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let json = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
    (head.status, head.headers, json)
}

pub async fn get(api: &Router, path: &str) -> Value {
    let (status, _, json) = ask(api, Request::get(path).body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{path}: {json}");
    json
}
