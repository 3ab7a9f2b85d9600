//! Errors: problems with stable codes and the request's id, and nothing of the inside.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use axum::body::Body;
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::Value;
use support::s3::S3;
use support::{api, ask, get};

async fn problem(url: &str, request: http::request::Builder, body: &str) -> (u16, Value) {
    let request = request.header("x-request-id", "abc-1").body(Body::from(body.to_owned())).unwrap();
    let (status, headers, problem) = ask(&api(url), request).await;
    assert_eq!(headers[CONTENT_TYPE], "application/problem+json");
    assert_eq!(headers["x-request-id"], "abc-1");
    assert_eq!(problem["request_id"], "abc-1");
    assert_eq!(problem["status"], status.as_u16());
    for member in ["type", "title", "detail", "code"] {
        assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
    }
    (status.as_u16(), problem)
}

#[tokio::test]
async fn a_store_that_is_gone_is_503_and_its_address_stays_ours() {
    // Nothing listens on port 9 of this machine.
    let gone = "http://127.0.0.1:9";
    let id = "0".repeat(32);
    for path in [
        "/api/images".to_owned(),
        format!("/api/images?keys={id}"),
        format!("/api/image/{id}"),
        "/api/health".to_owned(),
    ] {
        let (status, problem) = problem(gone, Request::get(&path), "").await;
        assert_eq!((status, problem["code"].as_str().unwrap()), (503, "unavailable"), "{path}");
        let text = problem.to_string();
        for inside in ["127.0.0.1", "List", "Head", "dispatch", "connect", "bucket"] {
            assert!(!text.contains(inside), "{path}: {text}");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_not_understood_is_told_in_words_of_the_contract() {
    let s3 = S3::start(Duration::ZERO).await;
    for (body, word) in [
        ("{", "line 1"),
        ("[]", "files"),
        (r#"{"files":[1]}"#, "files[0]"),
        (r#"{"files":[{"name":"a","type":"image/jpeg","size":-1}]}"#, "size"),
        (r#"{"files":[{"name":"a","type":"image/jpeg"}]}"#, "size"),
    ] {
        let request = Request::post("/api/upload").header(CONTENT_TYPE, "application/json");
        let (status, problem) = problem(&s3.url, request, body).await;
        let detail = problem["detail"].as_str().unwrap();
        assert_eq!(status, 400, "{body}");
        assert!(!detail.contains("struct") && !detail.contains("Upload"), "{body}: {detail}");
        println!("{body}: {detail}");
        assert!(word == "files[0]" || detail.contains(word), "{body}: {detail}");
    }
    let (status, _) = problem(&s3.url, Request::post("/api/upload"), "{}").await;
    assert_eq!(status, 400, "a body without a type");
}

#[tokio::test]
async fn the_description_of_the_api_names_every_answer_by_its_schema() {
    let s3 = S3::start(Duration::ZERO).await;
    let document = get(&api(&s3.url), "/api/openapi.json").await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    for (path, methods) in [
        ("/api/upload", &["post"][..]),
        ("/api/images", &["get"]),
        ("/api/image/{key}", &["get", "delete"]),
        ("/api/config", &["get"]),
        ("/api/health", &["get"]),
        ("/api/openapi.json", &["get"]),
    ] {
        for method in methods {
            let answers = document["paths"][path][method]["responses"].as_object().unwrap();
            for (status, answer) in answers.iter().filter(|(status, _)| status.as_str() >= "400") {
                let schema = &answer["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{method} {path} {status}");
            }
        }
    }
    let ids = &document["components"]["schemas"]["ImageId"]["pattern"];
    assert_eq!(ids, "^[0-9a-f]{32}$");
}
