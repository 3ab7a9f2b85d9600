//! Live updates of the whole system: what happens to an image is said on `/api/live`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api_support;

use std::time::Duration;

use api_support::{Running, photo};
use fixtures::truncated_jpeg;
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Page = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn next(page: &mut Page) -> Value {
    loop {
        let message = timeout(Duration::from_mins(1), page.next()).await.unwrap().unwrap().unwrap();
        if message.is_text() {
            return serde_json::from_str(message.to_text().unwrap()).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_told_what_becomes_of_an_image() {
    let system = Running::start().await;
    assert_eq!(system.get_json("/api/config").await["live_url"], "/api/live");
    let address = system.url("/api/live").replace("http://", "ws://");
    let mut pages = Vec::new();
    for _ in 0..2 {
        let mut page = connect_async(&address).await.unwrap().0;
        assert_eq!(next(&mut page).await["type"], "start");
        pages.push(page);
    }
    let ready = system.upload("a.jpg", &photo(64, 64)).await;
    let mut told = Vec::new();
    for page in &mut pages {
        told.push(next(page).await);
    }
    assert_eq!(told[0], told[1]);
    assert_eq!((&told[0]["type"], &told[0]["image"]["status"]), (&json!("image"), &json!("ready")));
    assert_eq!(told[0]["image"], system.get_json(&format!("/api/images?keys={ready}")).await["images"][0]);

    let failed = system.upload("b.jpg", &truncated_jpeg()).await;
    assert_eq!(system.delete(&format!("/api/image/{ready}")).await, 204);
    for page in &mut pages {
        // The one is processed while the other is deleted.
        let mut told = [next(page).await, next(page).await];
        told.sort_by_key(|message| message["type"].to_string());
        assert_eq!((&told[0]["type"], &told[0]["key"]), (&json!("deleted"), &json!(ready)));
        let image = &told[1]["image"];
        assert_eq!((&image["key"], &image["error"]["code"]), (&json!(failed), &json!("corrupt")));
    }
    system.stop().await;
}
