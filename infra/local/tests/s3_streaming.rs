//! Bodies go to disk as they come: memory does not grow with the upload, whichever way it comes. One test, so that
//! nothing else uses memory meanwhile.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(target_os = "linux")]

mod s3_support;

use std::fs;
use std::time::Duration;

use aws_sdk_s3::presigning::PresigningConfig;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use futures::stream;
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use s3_support::{Endpoint, put_signed, sign_policy, start};
use s3s::crypto::{Checksum, Crc32};

const PIECE: usize = 64 << 10;
const PIECES: usize = 1500;
const LENGTH: u64 = (PIECE * PIECES) as u64;

/// Far less than a body has.
const MOST: u64 = 32 << 20;

fn pieces(before: &str, after: &str) -> Body {
    let piece = Bytes::from(vec![b'x'; PIECE]);
    let all = [Bytes::from(before.to_owned())].into_iter().chain(std::iter::repeat_n(piece, PIECES));
    let all = all.chain([Bytes::from(after.to_owned())]).map(Ok::<_, std::io::Error>);
    Body::wrap_stream(stream::iter(all.collect::<Vec<_>>()))
}

/// A line of what the system knows of this process, bytes.
fn status(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

/// By how much memory grew at most since the last call of `begin`.
struct Peak(u64);

impl Peak {
    fn begin() -> Self {
        fs::write("/proc/self/clear_refs", "5").unwrap();
        Self(status("VmRSS"))
    }

    fn check(self, endpoint_way: &str) {
        let grown = status("VmHWM").saturating_sub(self.0);
        assert!(grown < MOST, "{endpoint_way}: {} MiB more", grown >> 20);
    }
}

async fn size_of(endpoint: &Endpoint, key: &str) -> u64 {
    endpoint.store.head("processed", key).await.unwrap().unwrap().size
}

#[tokio::test]
async fn memory_does_not_grow_with_the_upload() {
    let endpoint = start().await;
    let http = reqwest::Client::new();
    let soon = || PresigningConfig::expires_in(Duration::from_mins(5)).unwrap();

    let peak = Peak::begin();
    let put =
        endpoint.client().put_object().bucket("processed").key("put").content_length(LENGTH.cast_signed());
    let url = put.presigned(soon()).await.unwrap().uri().to_owned();
    let answer = http.put(url).header("content-length", LENGTH).body(pieces("", "")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    peak.check("PUT");
    assert_eq!(size_of(&endpoint, "put").await, LENGTH);

    let peak = Peak::begin();
    let conditions =
        ["key", "bucket"].map(|field| serde_json::json!(["starts-with", format!("${field}"), ""]));
    let fields =
        sign_policy(vec![("key".into(), "form".into())], conditions.into(), Some("2999-01-01T00:00:00Z"));
    let form = fields.into_iter().fold(Form::new(), |form, (name, value)| form.text(name, value));
    let form = form.part("file", Part::stream_with_length(pieces("", ""), LENGTH).file_name("a"));
    let answer = http.post(format!("{}/processed", endpoint.url)).multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), 204, "{}", answer.text().await.unwrap());
    peak.check("POST form");
    assert_eq!(size_of(&endpoint, "form").await, LENGTH);

    let client = endpoint.client();
    let id = client
        .create_multipart_upload()
        .bucket("processed")
        .key("parts")
        .send()
        .await
        .unwrap()
        .upload_id
        .unwrap();
    let peak = Peak::begin();
    let part = client.upload_part().bucket("processed").key("parts").upload_id(&id).part_number(1);
    let url = part.content_length(LENGTH.cast_signed()).presigned(soon()).await.unwrap().uri().to_owned();
    let answer = http.put(url).header("content-length", LENGTH).body(pieces("", "")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    peak.check("part");

    let peak = Peak::begin();
    let parts = aws_sdk_s3::types::CompletedMultipartUpload::builder().parts(
        aws_sdk_s3::types::CompletedPart::builder()
            .part_number(1)
            .e_tag(answer.headers()["etag"].to_str().unwrap())
            .build(),
    );
    let done = client.complete_multipart_upload().bucket("processed").key("parts").upload_id(&id);
    done.multipart_upload(parts.build()).send().await.unwrap();
    peak.check("completing");
    assert_eq!(size_of(&endpoint, "parts").await, LENGTH);

    // A whole body as one chunk, as some clients send it.
    let mut crc32 = Crc32::new();
    (0..PIECES).for_each(|_| crc32.update(&vec![b'x'; PIECE]));
    let crc32 = BASE64_STANDARD.encode(crc32.finalize());
    let length = LENGTH.to_string();
    let headers = [
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", length.as_str()),
        ("x-amz-trailer", "x-amz-checksum-crc32"),
    ];
    for (key, crc32, status) in [("wrong", "AAAAAA==", 400), ("chunk", crc32.as_str(), 200)] {
        let peak = Peak::begin();
        let body =
            pieces(&format!("{LENGTH:x}\r\n"), &format!("\r\n0\r\nx-amz-checksum-crc32:{crc32}\r\n\r\n"));
        let payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
        let answer = put_signed(&endpoint, &format!("/processed/{key}"), payload, &headers, body).await;
        let found = answer.status().as_u16();
        assert_eq!(found, status, "{}", answer.text().await.unwrap());
        peak.check("one chunk");
    }
    assert_eq!(size_of(&endpoint, "chunk").await, LENGTH);
    assert!(endpoint.store.head("processed", "wrong").await.unwrap().is_none());

    // One that is signed would have to be gathered to be verified.
    let body = pieces(&format!("{LENGTH:x};chunk-signature={}\r\n", "0".repeat(64)), "\r\n");
    let payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    let answer = put_signed(&endpoint, "/processed/signed", payload, &headers[..2], body).await;
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("InvalidChunkSizeError"));
}
