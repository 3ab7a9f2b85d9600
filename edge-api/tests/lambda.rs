//! The built program as a Lambda function: events as API Gateway writes them, through a Runtime API on loopback.
//!
//! `EDGE_API_PROGRAM` names another build of the program; with it the budgets of start and size are checked too.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod lambda_support;
mod support;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::post;
use lambda_support::{Function, event, socket_event};
use serde_json::{Value, json};
use support::s3::S3;
use tokio::net::TcpListener;

/// Which program is tested.
fn program() -> PathBuf {
    std::env::var_os("EDGE_API_PROGRAM").map_or_else(|| env!("CARGO_BIN_EXE_edge-api").into(), Into::into)
}

async fn start(s3: &S3, variables: &[(&str, &str)]) -> Function {
    Function::start_program(program(), &s3.url, variables).await
}

fn body(answer: &Value) -> Value {
    assert_eq!(answer["isBase64Encoded"], false, "{answer}");
    serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn events_of_api_gateway_are_answered_as_requests_are() {
    let s3 = S3::start(Duration::ZERO).await;
    let mut function = start(&s3, &[]).await;
    assert_eq!(s3.calls(), 1, "the way to S3 is open before the first request is asked for");

    let answer = function.invoke(event("GET", "/api/config")).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    assert_eq!(body(&answer)["thumbnail"]["width"], 100);
    assert_eq!(answer["headers"]["x-request-id"], "JKJaXmPLvHcESHA=", "the gateway's own id");

    let mut staged = event("GET", "/prod/api/images");
    staged["requestContext"]["stage"] = json!("prod");
    staged["rawQueryString"] = json!("limit=2&cursor=");
    let answer = function.invoke(staged).await;
    assert_eq!((&answer["statusCode"], &body(&answer)["code"]), (&json!(400), &json!("invalid_cursor")));

    let mut signed = event("POST", "/api/upload");
    signed["isBase64Encoded"] = json!(true);
    // {"files":[{"name":"é.jpg","type":"image/jpeg","size":5}]}
    signed["body"] =
        json!("eyJmaWxlcyI6W3sibmFtZSI6IsOpLmpwZyIsInR5cGUiOiJpbWFnZS9qcGVnIiwic2l6ZSI6NX1dfQ==");
    signed["headers"]["content-type"] = json!("application/json");
    let answer = function.invoke(signed).await;
    let upload = &body(&answer)["uploads"][0];
    assert_eq!(upload["url"], "https://uploads.s3.us-east-1.amazonaws.com/", "{answer}");
    assert!(upload["fields"]["key"].as_str().unwrap().ends_with("/é.jpg"), "{upload}");
    assert_eq!(upload["fields"]["x-amz-security-token"], "THE-SESSION-TOKEN");

    let answer = function.invoke(event("PUT", "/api/images")).await;
    assert_eq!((&answer["statusCode"], &body(&answer)["code"]), (&json!(405), &json!("method_not_allowed")));
    assert_eq!(answer["headers"]["content-type"], "application/problem+json");
    assert!(answer["headers"]["allow"].as_str().is_some_and(|allow| allow.contains("GET")), "{answer}");
}

#[tokio::test]
async fn cookies_and_headers_of_many_values_go_through() {
    let s3 = S3::start(Duration::ZERO).await;
    let mut function = start(&s3, &[("ALLOWED_ORIGINS", "https://a.example")]).await;
    let mut asked = event("GET", "/api/health");
    asked["cookies"] = json!(["a=1", "b=2; c=3", "odd=\u{1}"]);
    asked["headers"]["accept"] = json!("application/json,text/plain;q=0.5");
    asked["headers"]["origin"] = json!("https://a.example");
    let answer = function.invoke(asked).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    assert_eq!(answer["headers"]["access-control-allow-origin"], "https://a.example");
    assert_eq!(answer["headers"]["access-control-expose-headers"], "x-request-id");
    assert_eq!(answer["headers"]["vary"], "origin");
}

#[tokio::test]
async fn an_event_that_is_none_fails_by_itself() {
    let s3 = S3::start(Duration::ZERO).await;
    let mut function = start(&s3, &[]).await;
    let answer = function.invoke(json!({ "Records": [] })).await;
    assert!(answer["errorType"].is_string(), "{answer}");
    assert_eq!(function.invoke(event("GET", "/api/config")).await["statusCode"], 200);
}

/// A page that connects to the WebSocket API and goes again; the messages are API Gateway's.
#[tokio::test]
async fn connections_that_api_gateway_holds_are_noted_and_forgotten() {
    let s3 = S3::start(Duration::ZERO).await;
    let calls = Arc::new(Mutex::new(Vec::new()));
    let noted = calls.clone();
    let table = post(move |headers: HeaderMap, body: String| async move {
        let body: Value = serde_json::from_str(&body).unwrap();
        noted.lock().unwrap().push((headers["x-amz-target"].to_str().unwrap().to_owned(), body));
        "{}"
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dynamodb = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", table)).await });
    let variables = [
        ("LIVE_TABLE", "connections"),
        ("LIVE_ENDPOINT", "http://127.0.0.1:9/live"),
        ("LIVE_URL", "wss://abcdef1234.execute-api.us-east-1.amazonaws.com/live"),
        ("AWS_ENDPOINT_URL_DYNAMODB", &dynamodb),
    ];
    let mut function = start(&s3, &variables).await;
    for (route, kind) in [("$connect", "CONNECT"), ("$default", "MESSAGE"), ("$disconnect", "DISCONNECT")] {
        let answer = function.invoke(socket_event(route, kind)).await;
        assert_eq!(answer["statusCode"], 200, "{route}: {answer}");
    }
    let calls = calls.lock().unwrap().clone();
    let targets: Vec<_> = calls.iter().map(|(target, _)| target.as_str()).collect();
    assert_eq!(targets, ["PutItem", "PutItem", "DeleteItem"].map(|call| format!("DynamoDB_20120810.{call}")));
    assert_eq!(calls[0].1["Item"]["connection_id"]["S"], "L0SM9cOFvHcCIhw=");
    assert_eq!(calls[2].1["Key"]["connection_id"]["S"], "L0SM9cOFvHcCIhw=");
    let config = body(&function.invoke(event("GET", "/api/config")).await);
    assert_eq!(config["live_url"], variables[2].1);
}

/// Exec to first poll, and the program's size, of the build that is shipped.
#[tokio::test]
async fn it_starts_within_its_budget() {
    let is_shipped = std::env::var_os("EDGE_API_PROGRAM").is_some();
    let s3 = S3::start(Duration::ZERO).await;
    let mut starts = Vec::new();
    for _ in 0..if is_shipped { 20 } else { 1 } {
        starts.push(start(&s3, &[]).await.started_in);
    }
    starts.sort();
    let (quickest, middle) = (starts[0], starts[starts.len() / 2]);
    let bytes = std::fs::metadata(program()).unwrap().len();
    println!("figure: exec to first poll {quickest:?} at best, {middle:?} median; program {bytes} bytes");
    if is_shipped {
        assert!(middle < Duration::from_millis(20), "{middle:?}");
        assert!(bytes < 9_000_000, "{bytes} bytes");
    }
}
