//! The built program as a Lambda function: events through a Runtime API on loopback, over the S3 endpoint that serves
//! one machine.
//!
//! `PROCESSOR_PROGRAM` names another build of the program.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, unreachable_pub, reason = "each test uses a part of what they share")]

#[path = "../../edge-api/tests/lambda_support/mod.rs"]
mod lambda_support;
#[path = "../../infra/local/tests/faults/proxy.rs"]
mod proxy;
#[path = "../../infra/local/tests/faults/system.rs"]
mod system;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use lambda_support::Function;
use proxy::{Fault, Plan, Proxy};
use serde_json::{Value, json};
use system::{ACCESS_KEY, SECRET_KEY, System, id};

async fn start(s3: std::net::SocketAddr) -> Function {
    let program = std::env::var_os("PROCESSOR_PROGRAM");
    let program: PathBuf = program.map_or_else(|| env!("CARGO_BIN_EXE_processor").into(), Into::into);
    let variables = [("AWS_ACCESS_KEY_ID", ACCESS_KEY), ("AWS_SECRET_ACCESS_KEY", SECRET_KEY)];
    Function::start_program(program, &format!("http://{s3}"), &variables).await
}

fn jpeg() -> Vec<u8> {
    fixtures::photo_jpeg(60, 40, 1)
}

/// The event of a file in `events/`, with other words in the place of some.
fn event(text: &str, words: &[(&str, &str)]) -> Value {
    let text = words.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn of_a_batch_only_what_failed_comes_again() {
    let system = System::start().await;
    let (good, bad, denied) = (id(0), id(1), id(2));
    system.put(&format!("uploads/{good}/a b.jpg"), "image/jpeg", jpeg()).await;
    system.put(&format!("uploads/{bad}/b.jpg"), "image/jpeg", fixtures::truncated_jpeg()).await;
    system.put(&format!("uploads/{denied}/c.jpg"), "image/jpeg", jpeg()).await;
    let traces = Arc::new(Mutex::new(Vec::new()));
    let (seen, denied_id) = (traces.clone(), denied.clone());
    let script = move |request: &http::request::Parts| {
        let trace = request.headers.get("x-amzn-trace-id").map(|trace| trace.to_str().unwrap().to_owned());
        seen.lock().unwrap().push(trace);
        let is_denied = request.method == http::Method::GET && request.uri.path().contains(&denied_id);
        is_denied.then_some(Fault::Refusal(403, "AccessDenied"))
    };
    let proxy = Proxy::start(system.s3, Plan::Script(Box::new(script))).await;
    let mut function = start(proxy.address).await;
    let words = [
        ("@GOOD@", format!("uploads/{good}/a+b.jpg")),
        ("@BAD@", format!("uploads/{bad}/b.jpg")),
        ("@UNREACHABLE@", format!("uploads/{denied}/c.jpg")),
        ("@DELETED@", format!("uploads/{}/d.jpg", id(3))),
    ];
    let words: Vec<_> = words.iter().map(|(from, to)| (*from, to.as_str())).collect();
    let answer = function.invoke(event(include_str!("events/sqs_batch.json"), &words)).await;
    let failures = json!([
        { "itemIdentifier": "2e1424d4-f796-459a-8184-9c92662be6da" },
        { "itemIdentifier": "5b1424d4-f796-459a-8184-9c92662be6da" },
    ]);
    assert_eq!(answer["batchItemFailures"], failures, "{answer}");

    let made: Vec<_> = system.made().await.into_iter().map(|(key, _)| key).collect();
    assert_eq!(made.len(), 3, "{made:?}");
    assert!(made[0].starts_with(&format!("images/{bad}/failed,image/jpeg,")), "{made:?}");
    assert!(made[1].starts_with(&format!("images/{good}/ready,image/jpeg,")), "{made:?}");
    assert!(made[2].starts_with(&format!("thumbs/{good}/100x100-")), "{made:?}");

    let traces = traces.lock().unwrap().clone();
    assert!(!traces.is_empty());
    for trace in traces {
        assert!(trace.unwrap().starts_with("Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700"), "passed on to S3");
    }
    let metrics = function.lines(4).await;
    let results: Vec<_> = metrics.iter().map(|line| line["Result"].as_str().unwrap()).collect();
    assert_eq!(results, ["ready", "gone", "retried", "failed"]);
    assert_eq!(metrics[0]["_aws"]["CloudWatchMetrics"][0]["Namespace"], "Imagasaur");
    assert_eq!(metrics[0]["RequestId"], "0123456789ABCDEF");
}

#[tokio::test]
async fn events_of_s3_and_event_bridge_may_come_without_a_queue() {
    let system = System::start().await;
    let mut function = start(system.s3).await;
    let known = "fe5c1a2b3c4d00112233445566778899";
    for (index, text, name) in [
        (0, include_str!("events/object_created_post.json"), "photo.jpg"),
        (1, include_str!("events/event_bridge_created.json"), "a b+c é & 100%.jpg"),
    ] {
        let id = id(index);
        system.put(&format!("uploads/{id}/{name}"), "image/jpeg", jpeg()).await;
        let answer = function.invoke(event(text, &[(known, &id)])).await;
        assert_eq!(answer, Value::Null);
        let made = system.made().await;
        assert!(made.iter().any(|(key, _)| key.starts_with(&format!("images/{id}/ready,"))), "{made:?}");
    }
    let answer = function.invoke(json!({ "Records": "none" })).await;
    assert!(answer["errorType"].is_string(), "Lambda makes the call again: {answer}");
    let answer = function.invoke(event(include_str!("events/test_event.json"), &[])).await;
    assert_eq!(answer, Value::Null);
}

/// Each try has its time; what would be cut off is not begun.
#[tokio::test]
async fn what_there_is_no_time_for_comes_again_untried() {
    let system = System::start().await;
    let mut function = start(system.s3).await;
    function.deadline_in(std::time::Duration::from_secs(1));
    let batch = event(include_str!("events/sqs_batch.json"), &[]);
    let answer = function.invoke(batch.clone()).await;
    let failures = answer["batchItemFailures"].as_array().unwrap();
    assert_eq!(failures.len(), batch["Records"].as_array().unwrap().len());
}
