//! What one client cannot do to the others.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api_support;

use std::net::SocketAddr;
use std::time::Duration;

use api_support::Running;
use imagasaur::limits::{Limits, Pace};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

/// Long enough for any machine; far from what the limits allow.
const PATIENCE: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(500);

async fn start(adjust: impl FnOnce(&mut Limits)) -> Running {
    Running::start_with(|settings| adjust(&mut settings.limits)).await
}

async fn impatient() -> Running {
    start(|limits| {
        limits.header_time = SHORT;
        limits.body_pace = Pace { within: SHORT, bytes: 1 << 10 };
    })
    .await
}

/// Reads until the server closes; what came until then.
async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // The end may be a clean one or a reset.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the connection stays open");
    String::from_utf8_lossy(&answer).into_owned()
}

async fn say(address: SocketAddr, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_does_not_finish_asking_is_cut_off() {
    let system = impatient().await;
    for address in [system.system.front(), system.system.s3()] {
        for head in ["", "GET / HTT", "GET / HTTP/1.1\r\nhost: a\r\nx-one: 1\r\n"] {
            let start = Instant::now();
            let mut stream = say(address, head).await;
            read_to_end(&mut stream).await;
            assert!(start.elapsed() >= SHORT / 2, "{head:?} was cut off at once");
        }
    }
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_sends_a_byte_now_and_then_is_cut_off() {
    let system = impatient().await;
    let api = "POST /api/upload HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    let form = "POST /uploads HTTP/1.1\r\nhost: a\r\ncontent-type: multipart/form-data; boundary=B\r\n";
    for (address, head) in [(system.system.front(), api), (system.system.s3(), form)] {
        let stream = say(address, &format!("{head}content-length: 1000\r\n\r\n")).await;
        let (mut reader, mut writer) = stream.into_split();
        let dripping = tokio::spawn(async move {
            while writer.write_all(b" ").await.is_ok() {
                sleep(SHORT / 10).await;
            }
        });
        let mut answer = Vec::new();
        let ended = timeout(PATIENCE, reader.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "the server still listens: {}", String::from_utf8_lossy(&answer));
        dripping.abort();
    }
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_slow_upload_is_heard_out() {
    let system = impatient().await;
    let file = json!({ "name": "a.jpg", "type": "image/jpeg", "size": 5 });
    let body = " ".repeat(24 << 10) + &json!({ "files": [file] }).to_string();
    let head = "POST /api/upload HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
    let head = format!("{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    let mut stream = say(system.system.front(), &head).await;
    let start = Instant::now();
    for piece in body.as_bytes().chunks(2 << 10) {
        sleep(SHORT / 5).await;
        stream.write_all(piece).await.unwrap();
    }
    assert!(start.elapsed() > 2 * SHORT, "it took longer than any single limit");
    let answer = read_to_end(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_have_limits() {
    let system = Running::start().await;
    let many: String = (0..101).fold(String::new(), |headers, index| headers + &format!("x-{index}: 1\r\n"));
    let large = format!("x-large: {}\r\n", "a".repeat(40 << 10));
    for address in [system.system.front(), system.system.s3()] {
        for headers in [&many, &large] {
            let mut stream = say(address, &format!("GET / HTTP/1.1\r\nhost: a\r\n{headers}\r\n")).await;
            let answer = read_to_end(&mut stream).await;
            assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
        }
    }
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_announced_as_too_large_is_refused_unseen() {
    let system = Running::start().await;
    let head = "POST /api/upload HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    let mut stream = say(system.system.front(), &format!("{head}content-length: 99999999999\r\n\r\n")).await;
    let answer = read_to_end(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("application/problem+json") && answer.contains("\"too_large\""), "{answer}");
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_beyond_the_limit_wait_their_turn() {
    let system = start(|limits| limits.connections = 2).await;
    let address = system.system.front();
    let idle = [say(address, "GET /").await, say(address, "GET /").await];
    let get = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let mut third = say(address, get).await;
    let mut first_byte = [0];
    let early = timeout(SHORT, third.read(&mut first_byte)).await;
    assert!(early.is_err(), "three are served where two may be");
    drop(idle);
    assert!(read_to_end(&mut third).await.starts_with("HTTP/1.1 200"));
    system.stop().await;
}
