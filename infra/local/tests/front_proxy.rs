//! Behind a reverse proxy: a program of a few lines between the client and both ports.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api_support;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use api_support::{Running, photo};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Stands on a port of its own and hands on what it gets: same Host, its caller's address added to
/// `X-Forwarded-For`. The address that it says is the one that the test gives in `x-test-address`.
#[derive(Clone)]
struct Proxy {
    target: Arc<OnceLock<SocketAddr>>,
    client: Client,
}

impl Proxy {
    async fn start() -> (SocketAddr, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let proxy = Self { target: Arc::default(), client: Client::new() };
        let router = Router::new().fallback(Self::pass).with_state(proxy.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (address, proxy)
    }

    async fn pass(State(proxy): State<Self>, request: Request) -> Response {
        let (mut head, body) = request.into_parts();
        let caller = head.headers.remove("x-test-address").unwrap_or_else(|| "198.51.100.1".parse().unwrap());
        head.headers.append("x-forwarded-for", caller);
        head.headers.insert("x-forwarded-proto", "https".parse().unwrap());
        let target = proxy.target.get().unwrap();
        let passed = proxy.client.request(head.method, format!("http://{target}{}", head.uri));
        let passed = passed.headers(head.headers).body(reqwest::Body::wrap_stream(body.into_data_stream()));
        let answer = passed.send().await.unwrap();
        let mut response = Response::builder().status(answer.status());
        *response.headers_mut().unwrap() = answer.headers().clone();
        response.body(Body::from_stream(answer.bytes_stream())).unwrap()
    }
}

struct Behind {
    system: Running,
    page: String,
    client: Client,
}

/// A system whose page and S3 endpoint are reached by other names, at proxies.
async fn start(trusted: &[&str], sign_rate: u32) -> Behind {
    let (page_address, page_proxy) = Proxy::start().await;
    let (s3_address, s3_proxy) = Proxy::start().await;
    let page = format!("http://photos.example:{}", page_address.port());
    let s3 = format!("http://s3.photos.example:{}", s3_address.port());
    let system = Running::start_with(|settings| {
        settings.public_url = Some(page.parse().unwrap());
        settings.s3_url = Some(s3.parse().unwrap());
        settings.proxies = trusted.iter().map(|network| network.parse().unwrap()).collect();
        settings.sign_rate = sign_rate;
    })
    .await;
    page_proxy.target.set(system.system.front()).unwrap();
    s3_proxy.target.set(system.system.s3()).unwrap();
    let client = Client::builder()
        .resolve("photos.example", page_address)
        .resolve("s3.photos.example", s3_address)
        .build()
        .unwrap();
    Behind { system, page, client }
}

impl Behind {
    async fn sign(&self, bytes: usize, headers: &[(&str, &str)]) -> reqwest::Response {
        let request = self.client.post(format!("{}/api/upload", self.page));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let file = json!({ "name": "a.jpg", "type": "image/jpeg", "size": bytes });
        request.json(&json!({ "files": [file] })).send().await.unwrap()
    }

    async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(format!("{}{path}", self.page)).send().await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_makes_its_way_through_proxies() {
    let behind = start(&["127.0.0.0/8"], 0).await;
    let bytes = photo(320, 200);
    let page = behind.get("/").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("connect-src 'self' http://s3.photos.example:"), "{policy}");
    assert!(page.headers().contains_key("strict-transport-security"), "the proxy's client speaks TLS");

    let signed: Value = behind.sign(bytes.len(), &[]).await.json().await.unwrap();
    let signed = &signed["uploads"][0];
    let url = signed["url"].as_str().unwrap();
    assert!(url.starts_with("http://s3.photos.example:"), "{url}");
    let mut form = Form::new();
    for (name, value) in signed["fields"].as_object().unwrap() {
        form = form.text(name.clone(), value.as_str().unwrap().to_owned());
    }
    let form = form.part("file", Part::bytes(bytes.clone()));
    let posted = behind.client.post(url).header("origin", &behind.page).multipart(form).send().await.unwrap();
    assert!(posted.status().is_success(), "{}", posted.status());
    assert_eq!(posted.headers()["access-control-allow-origin"], *behind.page, "the page may read the answer");

    let key = signed["key"].as_str().unwrap();
    let image = behind.system.finished(key).await;
    assert_eq!(image["status"], "ready", "{image}");
    let thumbnail = behind.get(image["thumbnail"]["url"].as_str().unwrap()).await;
    assert_eq!(thumbnail.status(), 200);
    let details: Value = behind.get(&format!("/api/image/{key}")).await.json().await.unwrap();
    let original = behind.client.get(details["original_url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(original.bytes().await.unwrap(), bytes, "the signed address holds through the proxy");
    behind.system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_client_behind_a_trusted_proxy_has_its_own_rate() {
    let behind = start(&["127.0.0.1/32"], 2).await;
    let one = [("x-test-address", "198.51.100.1")];
    for _ in 0..2 {
        assert_eq!(behind.sign(5, &one).await.status(), 200);
    }
    let refused = behind.sign(5, &one).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "too_many_requests");
    let pretending = [("x-forwarded-for", "192.0.2.77"), one[0]];
    assert_eq!(behind.sign(5, &pretending).await.status(), 429, "what the client says is not believed");
    assert_eq!(behind.sign(5, &[("x-test-address", "198.51.100.2")]).await.status(), 200);
    assert_eq!(behind.get("/api/images").await.status(), 200, "only signatures are limited");
    behind.system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_not_trusted_is_a_client_like_any_other() {
    let behind = start(&[], 1).await;
    assert_eq!(behind.sign(5, &[("x-test-address", "198.51.100.1")]).await.status(), 200);
    assert_eq!(behind.sign(5, &[("x-test-address", "198.51.100.2")]).await.status(), 429);
    assert!(!behind.get("/").await.headers().contains_key("strict-transport-security"));
    behind.system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_files_in_one_request_count_as_many() {
    let system = Running::start_with(|settings| settings.sign_rate = 10).await;
    let file = json!({ "name": "a.jpg", "type": "image/jpeg", "size": 5 });
    let signed = system.sign(&json!({ "files": vec![file.clone(); 12] })).await;
    assert_eq!(signed["uploads"].as_array().unwrap().len(), 12);
    let body = json!({ "files": [file] }).to_string();
    let refused = system.request("POST", "/api/upload", Some(body)).await;
    assert_eq!(refused.status(), 429);
    // Three have to come back at one in six seconds: two that were too many, and one to take.
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((12..=18).contains(&wait), "{wait}");
    system.stop().await;
}
