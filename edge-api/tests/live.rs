//! The WebSocket on which pages are told what happens to images.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::{Duration, Instant};

use edge_api::Live;
use futures::{SinkExt, StreamExt};
use live::{Announce, Event, Hub, HubSettings};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use wire::ImageId;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

type Page = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// An API with a hub; returns where it is.
async fn start(settings: HubSettings) -> (Hub, String) {
    let hub = Hub::new(settings);
    // Nothing listens on port 9 of this machine, and nothing here needs a store.
    let aws = support::aws("http://127.0.0.1:9");
    let api = edge_api::live_router(support::config(), aws, Live::Here(hub.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, api).await });
    (hub, address)
}

async fn open(address: &str, query: &str) -> Page {
    connect_async(format!("ws://{address}/api/live{query}")).await.unwrap().0
}

/// The next message that is not about the connection itself.
async fn next(page: &mut Page) -> Value {
    loop {
        match timeout(PATIENCE, page.next()).await.unwrap().unwrap().unwrap() {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn deleted(number: u64) -> Event {
    Event::Deleted(ImageId::new(number, [0; 10]))
}

fn key(number: u64) -> String {
    ImageId::new(number, [0; 10]).to_string()
}

async fn until_nobody_listens(hub: &Hub) {
    let gone = async {
        while hub.connections() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, gone).await.expect("the page is dropped");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_open_page_is_told_at_once() {
    let (hub, address) = start(HubSettings::default()).await;
    let mut pages = Vec::new();
    for _ in 0..20 {
        let mut page = open(&address, "").await;
        assert_eq!(next(&mut page).await["type"], "start");
        pages.push(page);
    }
    let mut took = Vec::new();
    for number in 0..21 {
        let event = Instant::now();
        hub.announce(deleted(number)).await;
        for page in &mut pages {
            let message = next(page).await;
            assert_eq!((&message["type"], &message["key"]), (&"deleted".into(), &key(number).into()));
        }
        took.push(event.elapsed());
    }
    took.sort();
    println!("figure: 20 pages told in {:?} (median), {:?} (most)", took[10], took[20]);
    assert!(took[10] < Duration::from_millis(100), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_back_misses_nothing() {
    let (hub, address) = start(HubSettings::default()).await;
    let mut page = open(&address, "").await;
    next(&mut page).await;
    hub.announce(deleted(1)).await;
    let at = next(&mut page).await["at"].as_str().unwrap().to_owned();
    drop(page);
    hub.announce(deleted(2)).await;
    hub.announce(deleted(3)).await;
    let mut page = open(&address, &format!("?since={at}")).await;
    assert_eq!(next(&mut page).await["complete"], true);
    hub.announce(deleted(4)).await;
    for number in 2..5 {
        assert_eq!(next(&mut page).await["key"], key(number));
    }
    let mut page = open(&address, "?since=0000000000000000-1").await;
    assert_eq!(next(&mut page).await["complete"], false);
}

/// Opens a WebSocket by hand and then does nothing.
async fn silent(address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /api/live HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 101");
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_falls_silent_is_dropped_and_one_that_answers_stays() {
    let settings = HubSettings { heartbeat: Duration::from_millis(200), ..HubSettings::default() };
    let (hub, address) = start(settings).await;
    let _silent = silent(&address).await;
    until_nobody_listens(&hub).await;
    let mut page = open(&address, "").await;
    next(&mut page).await;
    let start = Instant::now();
    // Pings are answered as the page reads on.
    while start.elapsed() < 5 * settings.heartbeat {
        let message = timeout(PATIENCE, page.next()).await.unwrap().unwrap().unwrap();
        assert!(message.is_ping(), "{message:?}");
        page.flush().await.unwrap();
    }
    hub.announce(deleted(1)).await;
    assert_eq!(next(&mut page).await["key"], key(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_does_not_read_is_dropped_and_not_buffered() {
    let send_time = Duration::from_millis(200);
    let (hub, address) = start(HubSettings { behind: 64, send_time, ..HubSettings::default() }).await;
    let mut other = open(&address, "").await;
    next(&mut other).await;
    let _slow = silent(&address).await;
    let mut announced = 0;
    // What the system's buffers hold is not ours to know: some megabytes.
    while hub.connections() > 1 {
        announced += 1;
        hub.announce(deleted(announced)).await;
        assert_eq!(next(&mut other).await["key"], key(announced), "who reads is not concerned");
        assert!(announced < 1_000_000, "the page is never dropped");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_without_a_websocket_or_without_a_place_is_told_so() {
    let (hub, address) = start(HubSettings { connections: 1, ..HubSettings::default() }).await;
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let request = format!("GET /api/live HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("bad_request"), "{answer}");
    let _first = open(&address, "").await;
    assert_eq!(hub.connections(), 1);
    let refused = connect_async(format!("ws://{address}/api/live")).await.unwrap_err();
    assert!(refused.to_string().contains("503"), "{refused}");
}
