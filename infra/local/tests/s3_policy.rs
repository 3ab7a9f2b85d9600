//! What policies may say, and what a form may be.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod s3_support;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::Response;
use reqwest::multipart::{Form, Part};
use s3_support::{Endpoint, sign_policy, start};
use serde_json::{Value, json};

/// Posts ten bytes with fields that `conditions` judge, beside those that every form needs.
/// Fields and conditions of a form, and what it is answered: status and code.
type Broken<'a> = (&'a [(&'a str, &'a str)], Value, u16, &'a str);

async fn post(endpoint: &Endpoint, fields: &[(&str, &str)], conditions: Value, file_name: &str) -> Response {
    let mut conditions = conditions.as_array().unwrap().clone();
    conditions.push(json!({"bucket": "processed"}));
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let fields = sign_policy(fields, conditions, Some("2999-01-01T00:00:00.000Z"));
    send(endpoint, fields, file_name).await
}

async fn send(endpoint: &Endpoint, fields: Vec<(String, String)>, file_name: &str) -> Response {
    let form = fields.into_iter().fold(Form::new(), |form, (name, value)| form.text(name, value));
    let form = form.part("file", Part::bytes(b"0123456789".to_vec()).file_name(file_name.to_owned()));
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    client.post(format!("{}/processed", endpoint.url)).multipart(form).send().await.unwrap()
}

async fn expect(answer: Response, status: u16, code: &str, case: &str) {
    let found = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    assert_eq!(found, status, "{case}: {text}");
    assert!(text.contains(code), "{case}: {text}");
}

#[tokio::test]
async fn every_kind_of_condition_is_kept() {
    let endpoint = start().await;
    let key = ("key", "a/b.jpg");
    let kept: [(&[(&str, &str)], Value); 8] = [
        (&[key], json!([["eq", "$key", "a/b.jpg"]])),
        (&[key], json!([["EQ", "$KEY", "a/b.jpg"]])),
        (&[key], json!([["starts-with", "$key", "a/"]])),
        (&[key], json!([["starts-with", "$key", ""]])),
        (&[key], json!([{"key": "a/b.jpg"}, ["content-length-range", 10, 10]])),
        (&[key], json!([{"key": "a/b.jpg"}, ["content-length-range", "0", "10"]])),
        (
            &[key, ("Content-Type", "image/png,image/jpeg")],
            json!([{"key": "a/b.jpg"}, ["starts-with", "$Content-Type", "image/"]]),
        ),
        (&[key, ("x-ignore-me", "1"), ("acl", "private")], json!([{"key": "a/b.jpg"}, {"acl": "private"}])),
    ];
    for (fields, conditions) in kept {
        let case = conditions.to_string();
        expect(post(&endpoint, fields, conditions, "x").await, 204, "", &case).await;
        endpoint.store.delete("processed", "a/b.jpg").await.unwrap();
    }
    let broken: [Broken; 14] = [
        (&[key], json!([["eq", "$key", "a/B.jpg"]]), 403, "AccessDenied"),
        (&[key], json!([["starts-with", "$key", "b"]]), 403, "AccessDenied"),
        (&[key], json!([["starts-with", "$key", ""], ["starts-with", "$x", ""]]), 403, "AccessDenied"),
        (&[key], json!([["starts-with", "$key", "a"], ["eq", "$key", "b"]]), 403, "AccessDenied"),
        (&[key], json!([]), 403, "Extra input fields: key"),
        (&[key], json!([{"key": "a/b.jpg"}, ["content-length-range", 0, 9]]), 400, "EntityTooLarge"),
        (&[key], json!([{"key": "a/b.jpg"}, ["content-length-range", 11, 20]]), 400, "EntityTooSmall"),
        (
            &[key],
            json!([{"key": "a/b.jpg"}, ["content-length-range", 0, 90], ["content-length-range", 0, 9]]),
            400,
            "EntityTooLarge",
        ),
        (
            &[key, ("Content-Type", "image/png,text/html")],
            json!([{"key": "a/b.jpg"}, ["starts-with", "$Content-Type", "image/"]]),
            403,
            "AccessDenied",
        ),
        (&[key], json!([{"key": "a/b.jpg"}, ["content-length-range", -1, 9]]), 400, "InvalidPolicyDocument"),
        (&[key], json!([{"key": "a/b.jpg"}, ["content-length-range", 9]]), 400, "InvalidPolicyDocument"),
        (&[key], json!([{"key": "a/b.jpg"}, ["ends-with", "$key", "g"]]), 400, "InvalidPolicyDocument"),
        (&[key], json!([{"key": 7}]), 400, "InvalidPolicyDocument"),
        (&[key], json!([{"key": "a/b.jpg", "acl": "private"}]), 400, "InvalidPolicyDocument"),
    ];
    for (fields, conditions, status, code) in broken {
        let case = conditions.to_string();
        expect(post(&endpoint, fields, conditions, "x").await, status, code, &case).await;
        assert!(endpoint.is_empty().await, "{case}");
    }
}

#[tokio::test]
async fn what_a_form_asks_for_and_cannot_have() {
    let endpoint = start().await;
    let any = |name: &str| json!([["starts-with", "$key", ""], ["starts-with", format!("${name}"), ""]]);
    for (name, value, status, code) in [
        ("acl", "public-read", 400, "AccessControlListNotSupported"),
        ("x-amz-storage-class", "GLACIER", 400, "InvalidStorageClass"),
        ("x-amz-server-side-encryption", "aws:kms", 501, "NotImplemented"),
        ("tagging", "<Tagging/>", 501, "NotImplemented"),
        ("x-amz-checksum-crc32", "nonsense", 400, "InvalidRequest"),
        ("x-amz-checksum-crc32", "AAAAAA==", 400, "BadDigest"),
        ("x-amz-meta-a", &"x".repeat(2048), 400, "MetadataTooLarge"),
        ("expires", "some day", 400, "InvalidArgument"),
    ] {
        expect(post(&endpoint, &[("key", "k"), (name, value)], any(name), "x").await, status, code, name)
            .await;
        assert!(endpoint.is_empty().await, "{name}");
    }
    let only = json!([["starts-with", "$x-amz-meta-a", ""]]);
    expect(
        post(&endpoint, &[("x-amz-meta-a", "1")], only, "x").await,
        400,
        "must contain a field named",
        "no key",
    )
    .await;
    for (expiration, code) in [(None, "Policy missing expiration"), (Some("soon"), "InvalidPolicyDocument")] {
        let conditions = vec![json!({"key": "k"}), json!({"bucket": "processed"})];
        let fields = sign_policy(vec![("key".to_owned(), "k".to_owned())], conditions, expiration);
        expect(send(&endpoint, fields, "x").await, 400, code, "expiration").await;
    }
    let answer =
        reqwest::Client::new().post(format!("{}/processed", endpoint.url)).body("x").send().await.unwrap();
    expect(answer, 412, "PreconditionFailed", "no form").await;
    let form = Form::new().text("key", "k");
    let answer = reqwest::Client::new().post(format!("{}/processed/k", endpoint.url)).multipart(form);
    expect(answer.send().await.unwrap(), 405, "MethodNotAllowed", "posted to a key").await;
    let form = Form::new().text("key", "k");
    let answer = reqwest::Client::new().post(format!("{}/processed", endpoint.url)).multipart(form);
    expect(answer.send().await.unwrap(), 400, "exactly one file", "no file").await;
    assert!(endpoint.is_empty().await);
}

#[tokio::test]
async fn the_file_s_name_stands_for_a_variable() {
    let endpoint = start().await;
    let conditions = json!([["starts-with", "$key", "user/"]]);
    let fields = [("key", "user/${filename}")];
    expect(post(&endpoint, &fields, conditions.clone(), "été 1.jpg").await, 204, "", "expanded").await;
    assert!(endpoint.store.head("processed", "user/été 1.jpg").await.unwrap().is_some());
    // Where it leads out of what the policy allows, it is judged as it becomes.
    let fields = [("key", "${filename}")];
    expect(post(&endpoint, &fields, conditions, "other").await, 403, "AccessDenied", "led out").await;
}

#[tokio::test]
async fn a_form_may_ask_to_be_sent_elsewhere() {
    let endpoint = start().await;
    let conditions = json!([{"key": "a b"}, ["starts-with", "$success_action_redirect", ""]]);
    let target = ("success_action_redirect", "http://photos.example/done?x=1");
    let answer = post(&endpoint, &[("key", "a b"), target], conditions.clone(), "x").await;
    assert_eq!(answer.status(), 303);
    let etag = endpoint.store.head("processed", "a b").await.unwrap().unwrap().etag;
    let location = answer.headers()["location"].to_str().unwrap();
    assert_eq!(
        location,
        format!("http://photos.example/done?x=1&bucket=processed&key=a+b&etag=%22{etag}%22")
    );
    // What is no address is passed over.
    let target = ("success_action_redirect", "javascript:alert(1)");
    let answer = post(&endpoint, &[("key", "a b"), target], conditions, "x").await;
    assert_eq!(answer.status(), 204);
    let conditions = json!([{"key": "a b"}, {"success_action_status": "200"}]);
    let answer = post(&endpoint, &[("key", "a b"), ("success_action_status", "200")], conditions, "x").await;
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, ""));
}

#[tokio::test]
async fn the_checksum_of_a_form_is_told_back() {
    let endpoint = start().await;
    // CRC-32 of "0123456789", as zlib computes it.
    let crc32 = BASE64_STANDARD.encode(0xa684_c7c6_u32.to_be_bytes());
    let conditions = json!([{"key": "k"}, ["starts-with", "$x-amz-checksum-crc32", ""]]);
    let answer = post(&endpoint, &[("key", "k"), ("x-amz-checksum-crc32", &crc32)], conditions, "x").await;
    assert_eq!(answer.status(), 204);
    assert_eq!(answer.headers()["x-amz-checksum-crc32"], crc32);
}

/// A form that breaks off, however near its end, leaves nothing.
#[tokio::test]
async fn half_a_form_leaves_nothing() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let endpoint = start().await;
    let conditions = vec![json!({"key": "k"}), json!({"bucket": "processed"})];
    let fields = sign_policy(vec![("key".into(), "k".into())], conditions, Some("2999-01-01T00:00:00.000Z"));
    let part = |(name, value): (String, String)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body: String = fields.into_iter().map(part).collect();
    body.push_str(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n0123456789\r\n--b--\r\n",
    );
    let host = endpoint.url.strip_prefix("http://").unwrap();
    for (missing, status) in [(0, "204"), (3, "400"), (5, "400"), (12, "400"), (40, "400")] {
        endpoint.store.delete("processed", "k").await.unwrap();
        let sent = &body[..body.len() - missing];
        let head = format!(
            "POST /processed HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: multipart/form-data; \
             boundary=b\r\nContent-Length: {}\r\n\r\n",
            sent.len()
        );
        let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
        stream.write_all(format!("{head}{sent}").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{missing}: {answer}");
        let is_there = endpoint.store.head("processed", "k").await.unwrap().is_some();
        assert_eq!(is_there, missing == 0, "{missing}");
    }
}
