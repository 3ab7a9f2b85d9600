//! Posting through API Gateway: every page that the table knows, page after page of the table; those that are gone
//! are forgotten.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Connector;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use live::gateway::{Gateway, GatewaySettings};
use live::{Announce, Event};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wire::ImageId;

/// The table, and what each page was told. Connections that begin with "gone" are not there any more.
#[derive(Clone, Default)]
struct Aws {
    table: Arc<Mutex<BTreeSet<String>>>,
    told: Arc<Mutex<BTreeMap<String, Vec<Value>>>>,
}

fn is_signed(headers: &HeaderMap, service: &str) -> bool {
    let authorization = headers["authorization"].to_str().unwrap();
    authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        && authorization.contains(&format!("/eu-central-1/{service}/aws4_request"))
        && headers["x-amz-security-token"] == "TOKEN"
}

async fn dynamodb(State(aws): State<Aws>, headers: HeaderMap, body: String) -> impl IntoResponse {
    assert!(is_signed(&headers, "dynamodb"));
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["TableName"], "connections");
    let mut table = aws.table.lock().unwrap();
    let text = |value: &Value| value["connection_id"]["S"].as_str().unwrap().to_owned();
    let answer = match headers["x-amz-target"].to_str().unwrap() {
        "DynamoDB_20120810.PutItem" => {
            let end: u64 = body["Item"]["expires_at"]["N"].as_str().unwrap().parse().unwrap();
            assert!(end > 1_700_000_000);
            table.insert(text(&body["Item"]));
            json!({})
        }
        "DynamoDB_20120810.DeleteItem" => {
            table.remove(&text(&body["Key"]));
            json!({})
        }
        "DynamoDB_20120810.Scan" => {
            let start = body.get("ExclusiveStartKey").map(text).unwrap_or_default();
            let page: Vec<_> =
                table.range(start.clone()..).filter(|id| **id != start).take(3).cloned().collect();
            let items: Vec<_> = page.iter().map(|id| json!({ "connection_id": { "S": id } })).collect();
            let last = page.last().filter(|_| page.len() == 3);
            let mut answer = json!({ "Items": items });
            if let Some(last) = last {
                answer["LastEvaluatedKey"] = json!({ "connection_id": { "S": last } });
            }
            answer
        }
        other => panic!("{other}"),
    };
    answer.to_string()
}

async fn connection(
    State(aws): State<Aws>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: String,
) -> StatusCode {
    assert!(is_signed(&headers, "execute-api"));
    if id.starts_with("gone") {
        return StatusCode::GONE;
    }
    aws.told.lock().unwrap().entry(id).or_default().push(serde_json::from_str(&body).unwrap());
    StatusCode::OK
}

async fn start() -> (Aws, Gateway) {
    let aws = Aws::default();
    let router = Router::new()
        .route("/", post(dynamodb))
        .route("/live/@connections/{id}", post(connection))
        .with_state(aws.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let settings = GatewaySettings {
        region: "eu-central-1".to_owned(),
        table: "connections".to_owned(),
        dynamodb: url.clone(),
        connections: format!("{url}/live"),
    };
    let token = Some("TOKEN".to_owned());
    let credentials = Credentials::new("AKIDEXAMPLE", "a secret of the tests", token, None, "test");
    let http = Connector::builder().build_http();
    (aws, Gateway::new(settings, SharedCredentialsProvider::new(credentials), http))
}

#[tokio::test]
async fn every_page_is_told_and_those_that_are_gone_are_forgotten() {
    let (aws, gateway) = start().await;
    for id in ["a1=", "b/2+", "gone1=", "c3=", "gone2=", "d4=", "e5="] {
        gateway.connected(id).await.unwrap();
    }
    gateway.disconnected("e5=").await.unwrap();
    let key = ImageId::new(1, [2; 10]);
    gateway.announce(Event::Deleted(key)).await;
    let told = aws.told.lock().unwrap().clone();
    assert_eq!(told.keys().collect::<Vec<_>>(), ["a1=", "b/2+", "c3=", "d4="]);
    for messages in told.values() {
        assert_eq!(messages, &[json!({ "type": "deleted", "key": key.to_string() })]);
    }
    let left = aws.table.lock().unwrap().clone();
    assert_eq!(left.into_iter().collect::<Vec<_>>(), ["a1=", "b/2+", "c3=", "d4="]);
}

#[tokio::test]
async fn a_table_that_refuses_stops_nobody() {
    let settings = GatewaySettings {
        region: "eu-central-1".to_owned(),
        table: "connections".to_owned(),
        // Nothing listens on port 9 of this machine.
        dynamodb: "http://127.0.0.1:9".to_owned(),
        connections: "http://127.0.0.1:9/live".to_owned(),
    };
    let credentials = Credentials::new("AKIDEXAMPLE", "a secret of the tests", None, None, "test");
    let http = Connector::builder().build_http();
    let gateway = Gateway::new(settings, SharedCredentialsProvider::new(credentials), http);
    assert!(gateway.connected("a").await.is_err());
    gateway.announce(Event::Deleted(ImageId::new(1, [2; 10]))).await;
}
