//! The front as a browser sees it: compressed forms, caching, ranges, headers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api_support;

use api_support::{Running, photo};
use reqwest::Response;

const ASSET: &str = "/assets/app-0123456789.js";

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_is_the_one_that_the_client_takes() {
    let system = Running::start().await;
    let mut tags = Vec::new();
    for (accepted, coding, body) in [
        ("gzip, deflate, br, zstd", "br", "brotli"),
        ("gzip, br;q=0", "gzip", "gzip"),
        ("deflate", "", "export {}"),
    ] {
        let answer = system.get_with(ASSET, &[("accept-encoding", accepted)]).await;
        assert_eq!(
            (answer.status().as_u16(), header(&answer, "content-encoding")),
            (200, coding),
            "{accepted}"
        );
        assert_eq!(header(&answer, "vary"), "accept-encoding");
        assert_eq!(header(&answer, "content-type"), "text/javascript; charset=utf-8");
        let tag = header(&answer, "etag").to_owned();
        assert_eq!(answer.text().await.unwrap(), body);
        let again = [("accept-encoding", accepted), ("if-none-match", &tag)];
        let answer = system.get_with(ASSET, &again).await;
        assert_eq!(answer.status(), 304);
        assert_eq!((header(&answer, "etag"), header(&answer, "vary")), (&*tag, "accept-encoding"));
        assert!(!tags.contains(&tag), "two forms have the same tag");
        tags.push(tag);
    }
    // A client that has one form does not have another.
    let answer = system.get_with(ASSET, &[("if-none-match", &tags[0])]).await;
    assert_eq!(answer.status(), 200);
    // The compressed files are no files of the page by themselves.
    assert_eq!(system.get(&format!("{ASSET}.br")).await.status(), 404);
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_protected() {
    let system = Running::start().await;
    let key = system.upload("a.jpg", &photo(64, 64)).await;
    let image = system.finished(&key).await;
    let thumbnail = image["thumbnail"]["url"].as_str().unwrap().to_owned();
    for path in ["/", ASSET, "/missing.js", "/api/config", "/api/nothing", &thumbnail, "/thumbs/a/b"] {
        let answer = system.get(path).await;
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "strict-origin-when-cross-origin", "{path}");
        assert_eq!(header(&answer, "x-frame-options"), "DENY", "{path}");
        assert_eq!(header(&answer, "x-request-id").len(), 16, "{path}");
        assert_eq!(header(&answer, "strict-transport-security"), "", "{path} was not encrypted");
    }
    let page = system.get("/").await;
    let policy = header(&page, "content-security-policy");
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    let s3 = format!("connect-src 'self' http://127.0.0.1:{};", system.system.s3().port());
    assert!(policy.contains(&s3), "{policy}");
    assert!(header(&page, "permissions-policy").contains("geolocation=()"));
    assert_eq!(header(&page, "cross-origin-opener-policy"), "same-origin");
    let picture = system.get(&thumbnail).await;
    assert_eq!(header(&picture, "content-security-policy"), "default-src 'none'; sandbox");
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_thumbnails_and_originals_are_served() {
    let system = Running::start().await;
    let original = photo(200, 100);
    let key = system.upload("a.jpg", &original).await;
    let image = system.finished(&key).await;
    let path = image["thumbnail"]["url"].as_str().unwrap();
    let whole = system.get(path).await;
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    let (tag, length) = (header(&whole, "etag").to_owned(), header(&whole, "content-length").to_owned());
    let whole = whole.bytes().await.unwrap();
    assert_eq!(length, whole.len().to_string());

    let part = system.get_with(path, &[("range", "bytes=10-19"), ("if-range", &tag)]).await;
    assert_eq!(part.status(), 206);
    assert_eq!(header(&part, "content-range"), format!("bytes 10-19/{length}"));
    assert_eq!(part.bytes().await.unwrap(), whole[10..20]);
    let changed = system.get_with(path, &[("range", "bytes=10-19"), ("if-range", "\"x\"")]).await;
    assert_eq!(changed.status(), 200);
    let beyond = system.get_with(path, &[("range", "bytes=999999-")]).await;
    assert_eq!(
        (beyond.status().as_u16(), header(&beyond, "content-range")),
        (416, &*format!("bytes */{length}"))
    );
    assert_eq!(system.get_with(path, &[("if-none-match", &tag)]).await.status(), 304);
    let head = system.request("HEAD", path, None).await;
    assert_eq!((head.status().as_u16(), header(&head, "content-length")), (200, &*length));

    let details = system.get_json(&format!("/api/image/{key}")).await;
    let url = details["original_url"].as_str().unwrap();
    let part = reqwest::Client::new().get(url).header("range", "bytes=-7").send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.unwrap(), original[original.len() - 7..]);
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_keeps_its_id_if_it_may_stand_in_a_log() {
    let system = Running::start().await;
    let id = |given: &'static str| {
        let system = &system;
        async move {
            let answer = system.get_with("/api/config", &[("x-request-id", given)]).await;
            header(&answer, "x-request-id").to_owned()
        }
    };
    assert_eq!(id("abc-1.2_Z").await, "abc-1.2_Z");
    for bad in ["", "a b", "a\"b", &*"x".repeat(65).leak()] {
        assert_eq!(id(bad).await.len(), 16, "{bad:?}");
    }
    system.stop().await;
}
