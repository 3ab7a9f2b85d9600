//! Uploads by form: every condition of a policy is kept, and what breaks one leaves nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod s3_support;

use std::fmt::Write;
use std::time::Duration as StdDuration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use s3_support::{Upload, post, start};
use time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Large enough for the body to come in many pieces of changing size.
fn picture() -> Vec<u8> {
    // Full of what a boundary begins with.
    (0..3_000_000_u32).map(|i| if i % 7 == 0 { b'\r' } else { i.to_le_bytes()[1] }).collect()
}

#[tokio::test]
async fn a_form_that_keeps_its_policy_is_stored_and_announced() {
    let endpoint = start().await;
    let upload = Upload::new(&picture());
    let answer = upload.post(&endpoint).await;
    assert_eq!(answer.status(), 201);
    let headers = answer.headers().clone();
    let text = answer.text().await.unwrap();
    assert!(text.contains(&format!("<Location>{}/uploads/", endpoint.url)), "{text}");
    for part in [
        "<PostResponse>",
        "<Bucket>uploads</Bucket>",
        "<Key>uploads/1/été 1.jpg</Key>",
        "/uploads/uploads/1/%C3%A9t%C3%A9%201.jpg</Location>",
        "<ETag>&quot;",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let record = endpoint.store.head("uploads", "uploads/1/été 1.jpg").await.unwrap().unwrap();
    assert_eq!(headers["etag"], format!("\"{}\"", record.etag));
    assert_eq!(headers["access-control-allow-origin"], "http://127.0.0.1:3000");
    assert_eq!(record.size, 3_000_000);
    // The form's field counts, not what the file's part says.
    assert_eq!(record.meta.content_type.as_deref(), Some("image/jpeg"));
    assert_eq!(record.meta.user["name"], "x");
    let messages = endpoint.store.queue().receive(9, StdDuration::from_mins(1)).await.unwrap();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].body.contains("ObjectCreated:Post"), "{}", messages[0].body);
}

#[tokio::test]
async fn the_answer_is_204_unless_201_is_asked_for() {
    let endpoint = start().await;
    let mut upload = Upload::new(b"x");
    upload.fields.retain(|(name, _)| name != "success_action_status");
    let answer = upload.post(&endpoint).await;
    assert_eq!(answer.status(), 204);
    assert!(answer.headers().contains_key("etag"));
    let location = answer.headers()["location"].to_str().unwrap();
    assert_eq!(location, format!("{}/uploads/uploads/1/%C3%A9t%C3%A9%201.jpg", endpoint.url));
}

#[tokio::test]
async fn an_old_signature_is_good_while_its_policy_lasts() {
    let endpoint = start().await;
    let mut upload = Upload::new(b"x");
    upload.signed_at -= Duration::minutes(40);
    upload.expires_in = Duration::hours(1);
    assert_eq!(upload.post(&endpoint).await.status(), 201);
}

/// A form that a test spoils before or after it is signed, the answer's status and its code.
type Case = (&'static str, u16, &'static str, fn(&mut Upload), fn(&mut Vec<(String, String)>));

fn set(fields: &mut [(String, String)], name: &str, value: &str) {
    let field = fields.iter_mut().find(|field| field.0 == name).unwrap();
    value.clone_into(&mut field.1);
}

const BROKEN: [Case; 23] = [
    ("other key", 403, "AccessDenied", |_| (), |f| set(f, "key", "uploads/2/x.jpg")),
    ("other type", 403, "AccessDenied", |_| (), |f| set(f, "Content-Type", "text/html")),
    ("no type", 403, "AccessDenied", |_| (), |f| f.retain(|(name, _)| name != "Content-Type")),
    ("other metadata", 403, "AccessDenied", |_| (), |f| set(f, "x-amz-meta-name", "y")),
    (
        "other checksum field",
        403,
        "AccessDenied",
        |_| (),
        |f| {
            set(f, "x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
        },
    ),
    (
        "no checksum field",
        403,
        "AccessDenied",
        |_| (),
        |f| {
            f.retain(|(name, _)| name != "x-amz-checksum-sha256");
        },
    ),
    ("other bytes", 400, "BadDigest", |u| u.bytes[9] ^= 1, |_| ()),
    ("a byte more", 400, "EntityTooLarge", |u| u.bytes.push(0), |_| ()),
    ("a byte less", 400, "EntityTooSmall", |u| u.bytes.truncate(u.bytes.len() - 1), |_| ()),
    ("expired", 403, "AccessDenied", |u| u.expires_in = -Duration::seconds(1), |_| ()),
    ("another bucket", 403, "AccessDenied", |u| "processed".clone_into(&mut u.bucket), |_| ()),
    ("a field more", 403, "AccessDenied", |_| (), |f| f.push(("x-amz-meta-more".into(), "1".into()))),
    ("an acl more", 403, "AccessDenied", |_| (), |f| f.push(("acl".into(), "public-read".into()))),
    (
        "encryption more",
        403,
        "AccessDenied",
        |_| (),
        |f| {
            f.push(("x-amz-server-side-encryption".into(), "AES256".into()));
        },
    ),
    (
        "tampered policy",
        403,
        "SignatureDoesNotMatch",
        |_| (),
        |f| {
            let policy = f.iter().find(|(name, _)| name == "policy").unwrap().1.clone();
            let text = BASE64_STANDARD.decode(policy).unwrap();
            let text = String::from_utf8(text).unwrap().replace("image/jpeg", "text/html");
            set(f, "policy", &BASE64_STANDARD.encode(text));
            set(f, "Content-Type", "text/html");
        },
    ),
    (
        "tampered signature",
        403,
        "SignatureDoesNotMatch",
        |_| (),
        |f| {
            set(f, "x-amz-signature", &"0".repeat(64));
        },
    ),
    ("no signature", 400, "InvalidArgument", |_| (), |f| f.retain(|(name, _)| name != "x-amz-signature")),
    ("no policy", 400, "InvalidArgument", |_| (), |f| f.retain(|(name, _)| name != "policy")),
    ("nothing signed", 403, "AccessDenied", |_| (), |f| f.retain(|(name, _)| name == "key")),
    (
        "another's key",
        403,
        "InvalidAccessKeyId",
        |_| (),
        |f| set(f, "x-amz-credential", "AKIAOTHER/20260101/us-east-1/s3/aws4_request"),
    ),
    ("a field twice", 400, "InvalidArgument", |_| (), |f| f.push(("key".into(), "uploads/2/x.jpg".into()))),
    ("another bucket named", 403, "AccessDenied", |_| (), |f| f.push(("bucket".into(), "processed".into()))),
    (
        "too much",
        400,
        "MaxPostPreDataLengthExceeded",
        |_| (),
        |f| f.push(("x-ignore-a".into(), "x".repeat(30_000))),
    ),
];

#[tokio::test]
async fn a_form_that_breaks_its_policy_leaves_nothing() {
    let endpoint = start().await;
    for bytes in [b"0123456789".to_vec(), picture()] {
        for (case, status, code, before, after) in BROKEN {
            let mut upload = Upload::new(&bytes);
            before(&mut upload);
            let mut fields = upload.sign();
            after(&mut fields);
            // Signed for one bucket, posted to another.
            let answer = post(&endpoint, "uploads", fields, upload.bytes).await;
            let found = answer.status().as_u16();
            let is_readable = answer.headers().contains_key("access-control-allow-origin");
            let text = answer.text().await.unwrap();
            assert_eq!(found, status, "{case}: {text}");
            assert!(text.contains(&format!("<Code>{code}")), "{case}: {text}");
            assert!(is_readable, "{case}: the page cannot read why");
            assert!(endpoint.is_empty().await, "{case}: something was stored");
        }
    }
}

#[tokio::test]
async fn a_policy_that_is_none_is_told_apart_from_one_that_is_broken() {
    let endpoint = start().await;
    let mut fields = Upload::new(b"x").sign();
    set(&mut fields, "policy", "bm90IGpzb24=");
    let answer = post(&endpoint, "uploads", fields, b"x".to_vec()).await;
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("<Code>InvalidPolicyDocument</Code>"));
}

#[tokio::test]
async fn a_key_that_is_too_long_is_refused() {
    let endpoint = start().await;
    let mut upload = Upload::new(b"x");
    set(&mut upload.fields, "key", &"k".repeat(1025));
    let answer = upload.post(&endpoint).await;
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("<Code>KeyTooLongError</Code>"));
    assert!(endpoint.is_empty().await);
}

/// A client that reads only after it has sent everything, as browsers do, sees why it was refused instead of a
/// broken connection.
#[tokio::test]
async fn a_refusal_reaches_a_client_that_is_still_sending() {
    let endpoint = start().await;
    let mut upload = Upload::new(b"x");
    upload.expires_in = -Duration::seconds(1);
    let mut body = String::new();
    for (name, value) in upload.sign() {
        let _ = write!(body, "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body.push_str("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n");
    let (file, end) = (vec![b'x'; 20_000_000], "\r\n--b--\r\n");
    let host = endpoint.url.strip_prefix("http://").unwrap();
    let head = format!(
        "POST /uploads HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=b\r\n\
         Content-Length: {}\r\n\r\n",
        body.len() + file.len() + end.len()
    );
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    stream.write_all(&file).await.unwrap();
    stream.write_all(end.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 403");
}
