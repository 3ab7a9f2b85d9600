//! An endpoint on a free port, and forms signed by hand: independent of the code that signs in earnest.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use imagasaur::s3::{AllowedOrigins, S3Settings};
use imagasaur::store::{Settings, Store};
use reqwest::multipart::{Form, Part};
use sha2::{Digest, Sha256};
use time::macros::format_description;
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub const ACCESS_KEY: &str = "AKIAEXAMPLE";
pub const SECRET_KEY: &str = "a secret of the tests";

/// A running endpoint over a fresh store.
pub struct Endpoint {
    pub url: String,
    pub store: Store,
    pub stop: oneshot::Sender<()>,
    pub server: JoinHandle<()>,
    dir: tempfile::TempDir,
}

pub async fn start() -> Endpoint {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Settings::default()).unwrap();
    start_over(store, dir).await
}

/// An endpoint over a store that is there.
pub async fn start_over(store: Store, dir: tempfile::TempDir) -> Endpoint {
    let settings = S3Settings {
        access_key: ACCESS_KEY.to_owned(),
        secret_key: SECRET_KEY.to_owned(),
        allowed_origins: AllowedOrigins::default(),
    };
    let service = imagasaur::s3::service(&store, settings);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move { drop(stopped.await) };
    let server = tokio::spawn(imagasaur::s3::serve(listener, service, shutdown));
    Endpoint { url, store, stop, server, dir }
}

/// MD5, as the protocol library has it.
pub fn md5(bytes: &[u8]) -> [u8; 16] {
    use s3s::crypto::Checksum;
    s3s::crypto::Md5::checksum(bytes)
}

impl Endpoint {
    /// Where its data is.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Ends the server; nothing else uses the store then.
    pub async fn end(self) -> (Store, tempfile::TempDir) {
        self.stop.send(()).unwrap();
        self.server.await.unwrap();
        (self.store, self.dir)
    }

    /// A client as any program has it.
    pub fn client(&self) -> aws_sdk_s3::Client {
        self.client_of(ACCESS_KEY, SECRET_KEY)
    }

    pub fn client_of(&self, access_key: &str, secret_key: &str) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(Credentials::new(access_key, secret_key, None, None, "test"))
            .region(Region::new("us-east-1"))
            .endpoint_url(&self.url)
            .force_path_style(true)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// True if there is neither an object nor a message.
    pub async fn is_empty(&self) -> bool {
        let mut objects = 0;
        for bucket in self.store.buckets() {
            let query = imagasaur::store::ListQuery { max_keys: 1, ..Default::default() };
            objects += self.store.list(bucket, query).await.unwrap().objects.len();
        }
        objects == 0 && self.store.queue().depth().await.unwrap().live == 0
    }
}

/// A form as the API signs them, whose every part a test can change before or after it is signed.
#[derive(Clone)]
pub struct Upload {
    pub bucket: String,
    /// Signed and sent, in this order.
    pub fields: Vec<(String, String)>,
    /// Sent without being signed.
    pub extra: Vec<(String, String)>,
    pub size: u64,
    pub bytes: Vec<u8>,
    pub signed_at: OffsetDateTime,
    pub expires_in: Duration,
}

impl Upload {
    pub fn new(bytes: &[u8]) -> Self {
        let sha256 = BASE64_STANDARD.encode(Sha256::digest(bytes));
        let fields = [
            ("key", "uploads/1/été 1.jpg"),
            ("Content-Type", "image/jpeg"),
            ("x-amz-meta-name", "x"),
            ("x-amz-checksum-sha256", &sha256),
            ("success_action_status", "201"),
        ];
        Self {
            bucket: "uploads".to_owned(),
            fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            extra: Vec::new(),
            size: bytes.len() as u64,
            bytes: bytes.to_vec(),
            signed_at: OffsetDateTime::now_utc(),
            expires_in: Duration::minutes(15),
        }
    }

    /// All fields of the form, signed.
    pub fn sign(&self) -> Vec<(String, String)> {
        let mut conditions: Vec<serde_json::Value> =
            self.fields.iter().map(|(name, value)| serde_json::json!({ name: value })).collect();
        conditions.push(serde_json::json!({"bucket": self.bucket}));
        conditions.push(serde_json::json!(["content-length-range", self.size, self.size]));
        let rfc3339 = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].000Z");
        let expiration = (self.signed_at + self.expires_in).format(rfc3339).unwrap();
        let mut fields = sign_policy_at(self.signed_at, self.fields.clone(), conditions, Some(&expiration));
        fields.extend(self.extra.clone());
        fields
    }

    pub async fn post(&self, endpoint: &Endpoint) -> reqwest::Response {
        post(endpoint, &self.bucket, self.sign(), self.bytes.clone()).await
    }
}

/// Adds a signed policy of these conditions to a form's fields.
pub fn sign_policy(
    fields: Vec<(String, String)>,
    conditions: Vec<serde_json::Value>,
    expiration: Option<&str>,
) -> Vec<(String, String)> {
    sign_policy_at(OffsetDateTime::now_utc(), fields, conditions, expiration)
}

fn sign_policy_at(
    time: OffsetDateTime,
    mut fields: Vec<(String, String)>,
    mut conditions: Vec<serde_json::Value>,
    expiration: Option<&str>,
) -> Vec<(String, String)> {
    let amz_date = amz_date(time);
    let scope = format!("{}/us-east-1/s3/aws4_request", &amz_date[..8]);
    for (name, value) in [
        ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
        ("x-amz-credential", format!("{ACCESS_KEY}/{scope}")),
        ("x-amz-date", amz_date.clone()),
    ] {
        conditions.push(serde_json::json!({ name: value }));
        fields.push((name.to_owned(), value));
    }
    let mut policy = serde_json::json!({"conditions": conditions});
    if let Some(expiration) = expiration {
        policy["expiration"] = expiration.into();
    }
    let policy = BASE64_STANDARD.encode(policy.to_string());
    let signature = signature(&amz_date, &policy);
    fields.push(("policy".to_owned(), policy));
    fields.push(("x-amz-signature".to_owned(), signature));
    fields
}

pub async fn post(
    endpoint: &Endpoint,
    bucket: &str,
    fields: Vec<(String, String)>,
    bytes: Vec<u8>,
) -> reqwest::Response {
    let form = fields.into_iter().fold(Form::new(), |form, (name, value)| form.text(name, value));
    let form = form.part("file", Part::bytes(bytes).file_name("a.bin").mime_str("text/plain").unwrap());
    let request = reqwest::Client::new().post(format!("{}/{bucket}", endpoint.url)).multipart(form);
    request.header("origin", "http://127.0.0.1:3000").send().await.unwrap()
}

/// Sends a request signed in its headers, with `payload` for the hash of its body.
pub async fn put_signed(
    endpoint: &Endpoint,
    path: &str,
    payload: &str,
    headers: &[(&str, &str)],
    body: impl Into<reqwest::Body>,
) -> reqwest::Response {
    let host = endpoint.url.strip_prefix("http://").unwrap();
    let date = amz_date(OffsetDateTime::now_utc());
    let scope = format!("{}/us-east-1/s3/aws4_request", &date[..8]);
    let signed = "host;x-amz-content-sha256;x-amz-date";
    let canonical = format!(
        "PUT\n{path}\n\nhost:{host}\nx-amz-content-sha256:{payload}\nx-amz-date:{date}\n\n{signed}\n{payload}"
    );
    let canonical = hex::encode(Sha256::digest(canonical));
    let signature = signature(&date, &format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{canonical}"));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/{scope}, SignedHeaders={signed}, Signature={signature}"
    );
    let request = reqwest::Client::new().put(format!("{}{path}", endpoint.url)).body(body);
    let request = request.header("authorization", authorization).header("x-amz-date", date);
    let request = request.header("x-amz-content-sha256", payload);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

fn amz_date(time: OffsetDateTime) -> String {
    time.format(format_description!("[year][month][day]T[hour][minute][second]Z")).unwrap()
}

/// Signature Version 4.
fn signature(amz_date: &str, string_to_sign: &str) -> String {
    let mut key = format!("AWS4{SECRET_KEY}").into_bytes();
    for part in [&amz_date[..8], "us-east-1", "s3", "aws4_request"] {
        key = hmac_sha256(&key, part.as_bytes()).to_vec();
    }
    hex::encode(hmac_sha256(&key, string_to_sign.as_bytes()))
}

/// RFC 2104.
fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::digest([&block.map(|byte| byte ^ 0x36), message].concat());
    Sha256::digest([block.map(|byte| byte ^ 0x5c).as_slice(), &inner].concat()).into()
}
