//! The API, over HTTP, with everything behind it as it is in service.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api_support;

use api_support::{Running, photo};
use fixtures::truncated_jpeg;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_becomes_a_thumbnail_with_all_that_the_contract_promises() {
    let system = Running::start().await;
    let bytes = photo(640, 480);
    let key = system.upload("IMG 1+é.jpg", &bytes).await;
    let image = system.finished(&key).await;
    assert_eq!(image["status"], "ready", "{image}");
    assert_eq!(image["name"], "IMG 1+é.jpg");
    assert_eq!(image["type"], "image/jpeg");
    assert_eq!(image["bytes"], bytes.len());
    assert_eq!((&image["width"], &image["height"]), (&json!(640), &json!(480)));
    assert_eq!(image["error"], Value::Null);

    let thumbnail = &image["thumbnail"];
    let answer = system.get(thumbnail["url"].as_str().unwrap()).await;
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    let served = answer.bytes().await.unwrap();
    let expected = wasm_thumb::thumbnail(&bytes, &wasm_thumb::Options::default()).unwrap();
    assert_eq!(served, expected.bytes, "the thumbnail is the engine's, byte for byte");
    assert_eq!(thumbnail["sha256"], api_support::sha256_hex(&served));
    assert_eq!(thumbnail["bytes"], served.len());

    let details = system.get_json(&format!("/api/image/{key}")).await;
    assert_eq!(details["metadata"]["sha256"], api_support::sha256_hex(&bytes));
    let original = reqwest::get(details["original_url"].as_str().unwrap()).await.unwrap();
    assert_eq!(original.bytes().await.unwrap(), bytes);
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_picture_is_listed_as_failed_with_the_reason() {
    let system = Running::start().await;
    let key = system.upload("broken.jpg", &truncated_jpeg()).await;
    let image = system.finished(&key).await;
    assert_eq!(image["status"], "failed");
    assert_eq!(image["error"]["code"], "corrupt");
    assert!(image["error"]["detail"].as_str().unwrap().contains("damaged"));
    assert_eq!(image["thumbnail"], Value::Null);
    let listed = system.get_json("/api/images").await;
    assert_eq!(listed["images"][0], image);
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_refused_one_by_one_and_the_rest_goes_on() {
    let system = Running::start().await;
    let file = |media_type: &str, size: u64| json!({ "name": "a", "type": media_type, "size": size });
    let files = [
        file("image/jpeg", 10),
        file("text/html", 10),
        file("image/png", 0),
        file("image/png", 1 << 40),
        file("image/webp", 20),
    ];
    let answer = system.sign(&json!({ "files": files })).await;
    let codes: Vec<_> =
        answer["uploads"].as_array().unwrap().iter().map(|u| u["error"]["code"].clone()).collect();
    let none = Value::Null;
    assert_eq!(
        codes,
        [none.clone(), json!("unsupported_type"), json!("bad_request"), json!("too_large"), none]
    );
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_upload_takes_these_bytes_and_no_others() {
    let system = Running::start().await;
    let bytes = photo(64, 64);
    let mut other = bytes.clone();
    *other.last_mut().unwrap() ^= 1;
    for (what, sent) in [("other bytes", &other[..]), ("fewer bytes", &bytes[..bytes.len() - 1])] {
        let signed = system.sign_one("a.jpg", &bytes).await;
        let status = system.post(&signed, sent).await;
        assert!(status.is_client_error(), "{what}: {status}");
        let key = signed["key"].as_str().unwrap();
        let found = system.get_json(&format!("/api/images?keys={key}")).await;
        assert_eq!(found["images"], json!([]), "{what} were stored");
    }
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_from_new_to_old_without_loss_or_repetition() {
    let system = Running::start().await;
    let bytes = photo(32, 32);
    let mut keys = Vec::new();
    for index in 0..7 {
        keys.push(system.upload(&format!("{index}.jpg"), &bytes).await);
    }
    for key in &keys {
        system.finished(key).await;
    }
    keys.sort();
    let (mut listed, mut continued) = (Vec::new(), String::new());
    loop {
        let page = system.get_json(&format!("/api/images?limit=3{continued}")).await;
        let images = page["images"].as_array().unwrap();
        assert!(images.len() <= 3);
        listed.extend(images.iter().map(|image| image["key"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => continued = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(listed, keys);
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_removes_everything_and_may_be_repeated() {
    let system = Running::start().await;
    let key = system.upload("a.jpg", &photo(64, 64)).await;
    let image = system.finished(&key).await;
    let details = system.get_json(&format!("/api/image/{key}")).await;
    for _ in 0..2 {
        assert_eq!(system.delete(&format!("/api/image/{key}")).await, 204);
    }
    assert_eq!(system.get(&format!("/api/image/{key}")).await.status(), 404);
    assert_eq!(system.get(image["thumbnail"]["url"].as_str().unwrap()).await.status(), 404);
    let original = reqwest::get(details["original_url"].as_str().unwrap()).await.unwrap();
    assert_eq!(original.status(), 404);
    assert_eq!(system.get_json("/api/images").await["images"], json!([]));
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_is_deleted_while_it_is_processed_does_not_come_back() {
    let system = Running::start().await;
    let bytes = photo(2000, 1500);
    let mut keys = Vec::new();
    for _ in 0..8 {
        let key = system.upload("a.jpg", &bytes).await;
        assert_eq!(system.delete(&format!("/api/image/{key}")).await, 204);
        keys.push(key);
    }
    system.wait_until_idle().await;
    let states = system.get_json(&format!("/api/images?keys={}", keys.join(","))).await;
    assert_eq!(states["images"], json!([]));
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_problems_with_stable_codes() {
    let system = Running::start().await;
    let many: Vec<_> = (0..101).map(|_| json!({ "name": "a", "type": "image/jpeg", "size": 1 })).collect();
    let unknown = "0".repeat(32);
    for (method, path, body, status, code) in [
        ("GET", "/api/nothing".to_owned(), None, 404, "not_found"),
        ("GET", "/api".to_owned(), None, 404, "not_found"),
        ("GET", format!("/api/image/{unknown}"), None, 404, "not_found"),
        ("GET", "/api/image/..%2F..".to_owned(), None, 404, "not_found"),
        ("PUT", "/api/images".to_owned(), None, 405, "method_not_allowed"),
        ("GET", "/api/images?limit=0".to_owned(), None, 400, "bad_request"),
        ("GET", "/api/images?limit=201".to_owned(), None, 400, "bad_request"),
        ("GET", "/api/images?limit=x".to_owned(), None, 400, "bad_request"),
        ("GET", "/api/images?cursor=x".to_owned(), None, 400, "invalid_cursor"),
        ("GET", "/api/images?keys=x".to_owned(), None, 400, "bad_request"),
        ("POST", "/api/upload".to_owned(), Some("{".to_owned()), 400, "bad_request"),
        ("POST", "/api/upload".to_owned(), Some("{}".to_owned()), 400, "bad_request"),
        ("POST", "/api/upload".to_owned(), Some(json!({ "files": [] }).to_string()), 400, "bad_request"),
        ("POST", "/api/upload".to_owned(), Some(json!({ "files": many }).to_string()), 400, "too_many_files"),
        ("POST", "/api/upload".to_owned(), Some(" ".repeat(300 << 10)), 413, "too_large"),
    ] {
        let answer = system.request(method, &path, body).await;
        assert_eq!(answer.status(), status, "{method} {path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{method} {path}");
        assert!(answer.headers().contains_key("x-request-id"));
        let problem: Value = answer.json().await.unwrap();
        assert_eq!((&problem["code"], &problem["status"]), (&json!(code), &json!(status)), "{method} {path}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{problem}");
    }
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_served_with_the_headers_of_the_cdn() {
    let system = Running::start().await;
    assert_eq!(system.get_json("/api/health").await["status"], "ok");
    assert_eq!(system.get_json("/api/config").await["thumbnail"], json!({ "width": 100, "height": 100 }));
    for path in ["/", "/some/deep/link"] {
        let page = system.get(path).await;
        assert_eq!(page.status(), 200, "{path}");
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("'wasm-unsafe-eval'") && !policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(page.headers()["cache-control"], "no-cache");
        assert_eq!(page.headers()["x-content-type-options"], "nosniff");
    }
    let asset = system.get("/assets/app-0123456789.js").await;
    assert!(asset.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(system.get("/assets/missing.js").await.status(), 404);
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_real_photos_get_the_thumbnails_that_the_engine_makes() {
    let Some(photos) = api_support::real_photos(10) else {
        println!("skipped: IMAGASAUR_CORPUS names no folder of pictures");
        return;
    };
    let system = Running::start().await;
    let mut expected = Vec::new();
    for (name, bytes) in &photos {
        let key = system.upload(name, bytes).await;
        let thumbnail = wasm_thumb::thumbnail(bytes, &wasm_thumb::Options::default()).unwrap();
        expected.push((key, name, thumbnail));
    }
    for (key, name, thumbnail) in expected {
        let image = system.finished(&key).await;
        assert_eq!(image["status"], "ready", "{name}");
        assert_eq!(image["thumbnail"]["sha256"], api_support::sha256_hex(&thumbnail.bytes), "{name}");
        let size = (thumbnail.source_width, thumbnail.source_height);
        assert_eq!((&image["width"], &image["height"]), (&json!(size.0), &json!(size.1)), "{name}");
    }
    system.stop().await;
}
