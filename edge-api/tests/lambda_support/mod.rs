//! The Runtime API of Lambda, as much of it as the program uses, and the program that polls it.
//!
//! Source: AWS Lambda developer guide, "Using the Lambda runtime API".

#![allow(dead_code, unreachable_pub, reason = "each function's tests use a part")]
#![allow(clippy::print_stdout, reason = "what the function says belongs to what the test says")]

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as PlainMutex};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, Notify, mpsc};
use tokio::time::timeout;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A function that has asked for its first event.
pub struct Function {
    /// From exec to the first poll.
    pub started_in: Duration,
    lines: Arc<PlainMutex<Vec<String>>>,
    events: mpsc::Sender<Value>,
    answers: mpsc::Receiver<Value>,
    deadline_ms: Arc<AtomicU64>,
    _child: Child,
}

#[derive(Clone)]
struct Runtime {
    events: Arc<Mutex<mpsc::Receiver<Value>>>,
    answers: mpsc::Sender<Value>,
    polled: Arc<Notify>,
    /// When a call is ended, milliseconds since 1970.
    deadline_ms: Arc<AtomicU64>,
}

impl Function {
    pub async fn start_program(program: PathBuf, s3_url: &str, variables: &[(&str, &str)]) -> Self {
        let (events, event_receiver) = mpsc::channel(1);
        let (answer_sender, answers) = mpsc::channel(1);
        let polled = Arc::new(Notify::new());
        let deadline_ms = Arc::new(AtomicU64::new(9_999_999_999_999));
        let runtime = Runtime {
            events: Arc::new(Mutex::new(event_receiver)),
            answers: answer_sender,
            polled: polled.clone(),
            deadline_ms: deadline_ms.clone(),
        };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(answer))
            .with_state(runtime);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let start = Instant::now();
        let mut child = Command::new(program)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "edge-api")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "a secret of the tests")
            .env("AWS_SESSION_TOKEN", "THE-SESSION-TOKEN")
            .env("AWS_ENDPOINT_URL_S3", s3_url)
            .env("UPLOADS_BUCKET", "uploads")
            .env("PROCESSED_BUCKET", "processed")
            .env("CURSOR_SECRET", "a secret of the tests")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = Arc::new(PlainMutex::new(Vec::new()));
        let (read, mut stdout) = (lines.clone(), BufReader::new(child.stdout.take().unwrap()).lines());
        tokio::spawn(async move {
            while let Ok(Some(line)) = stdout.next_line().await {
                println!("{line}");
                read.lock().unwrap().push(line);
            }
        });
        timeout(PATIENCE, polled.notified()).await.expect("the function polls");
        Self { started_in: start.elapsed(), lines, events, answers, deadline_ms, _child: child }
    }

    /// The JSON that it has written to standard output, as soon as it is so many lines.
    pub async fn lines(&self, count: usize) -> Vec<Value> {
        let read = async {
            while self.lines.lock().unwrap().len() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, read).await.expect("the function writes");
        self.lines.lock().unwrap().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Calls from now on are ended after this.
    pub fn deadline_in(&mut self, remaining: Duration) {
        let end = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + remaining;
        self.deadline_ms.store(u64::try_from(end.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// What the function makes of an event.
    pub async fn invoke(&mut self, event: Value) -> Value {
        self.events.send(event).await.unwrap();
        timeout(PATIENCE, self.answers.recv()).await.expect("the function answers").unwrap()
    }
}

async fn next(State(runtime): State<Runtime>) -> Response {
    runtime.polled.notify_one();
    let Some(event) = runtime.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline_ms = runtime.deadline_ms.load(Ordering::SeqCst).to_string();
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", deadline_ms.as_str()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:edge-api"),
        (
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
        ),
    ];
    (headers, axum::Json(event)).into_response()
}

async fn answer(State(runtime): State<Runtime>, Path(_id): Path<String>, body: String) -> StatusCode {
    let answer = serde_json::from_str(&body).unwrap_or_else(|_| json!({ "unreadable": body }));
    runtime.answers.send(answer).await.unwrap();
    StatusCode::ACCEPTED
}

/// An event of an HTTP API with payload format 2.0, with all the members that API Gateway sends.
pub fn event(method: &str, path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "ANY /api/{path+}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "accept": "*/*",
            "content-length": "0",
            "host": "r3pmxmplak.execute-api.us-east-1.amazonaws.com",
            "user-agent": "Mozilla/5.0",
            "x-amzn-trace-id": "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e",
            "x-forwarded-for": "205.255.255.176",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https"
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "r3pmxmplak",
            "domainName": "r3pmxmplak.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "r3pmxmplak",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "205.255.255.176",
                "userAgent": "Mozilla/5.0"
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "ANY /api/{path+}",
            "stage": "$default",
            "time": "10/Mar/2020:05:16:23 +0000",
            "timeEpoch": 1_583_817_383_220_i64
        },
        "pathParameters": { "path": path.trim_start_matches("/api/") },
        "isBase64Encoded": false
    })
}

/// An event of a WebSocket API.
pub fn socket_event(route: &str, kind: &str) -> Value {
    json!({
        "headers": { "Host": "abcdef1234.execute-api.us-east-1.amazonaws.com", "Sec-WebSocket-Version": "13" },
        "multiValueHeaders": {
            "Host": ["abcdef1234.execute-api.us-east-1.amazonaws.com"],
            "Sec-WebSocket-Version": ["13"]
        },
        "requestContext": {
            "routeKey": route,
            "eventType": kind,
            "extendedRequestId": "L0SM9DhXvHcFcmw=",
            "requestTime": "04/Mar/2020:19:03:58 +0000",
            "messageDirection": "IN",
            "stage": "live",
            "connectedAt": 1_583_348_638_390_i64,
            "requestTimeEpoch": 1_583_348_638_391_i64,
            "identity": { "sourceIp": "192.0.2.1" },
            "requestId": "L0SM9DhXvHcFcmw=",
            "domainName": "abcdef1234.execute-api.us-east-1.amazonaws.com",
            "connectionId": "L0SM9cOFvHcCIhw=",
            "apiId": "abcdef1234"
        },
        "isBase64Encoded": false
    })
}
