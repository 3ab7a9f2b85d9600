//! The protocol as the SDK of AWS and plain HTTP speak it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod s3_support;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, Delete, MetadataDirective, ObjectIdentifier};
use s3_support::{Endpoint, put_signed, start};
use std::time::Duration;

async fn put(endpoint: &Endpoint, key: &str, bytes: &[u8]) {
    let body = ByteStream::from(bytes.to_vec());
    endpoint.client().put_object().bucket("processed").key(key).body(body).send().await.unwrap();
}

fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Option<&str> {
    error.code()
}

#[tokio::test]
async fn an_object_comes_back_as_it_was_put() {
    let endpoint = start().await;
    let client = endpoint.client();
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|i| i.to_le_bytes()[1]).collect();
    for algorithm in [
        None,
        Some(ChecksumAlgorithm::Crc32C),
        Some(ChecksumAlgorithm::Sha1),
        Some(ChecksumAlgorithm::Sha256),
        Some(ChecksumAlgorithm::Crc64Nvme),
    ] {
        let put = client
            .put_object()
            .bucket("uploads")
            .key("uploads/1/a b+é.jpg")
            .content_type("image/jpeg")
            .cache_control("max-age=60")
            .content_disposition("inline")
            .metadata("name", "x")
            .set_checksum_algorithm(algorithm)
            .body(ByteStream::from(bytes.clone()))
            .send()
            .await
            .unwrap();
        let get = client.get_object().bucket("uploads").key("uploads/1/a b+é.jpg");
        let get = get.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
        assert_eq!(get.e_tag(), put.e_tag());
        assert_eq!(get.content_type(), Some("image/jpeg"));
        assert_eq!(get.cache_control(), Some("max-age=60"));
        assert_eq!(get.content_disposition(), Some("inline"));
        assert_eq!(get.metadata().unwrap()["name"], "x");
        assert_eq!(get.content_length(), Some(1_000_000));
        assert!(get.checksum_sha256().is_some());
        assert_eq!(get.body.collect().await.unwrap().to_vec(), bytes);
    }
    assert_eq!(endpoint.store.queue().depth().await.unwrap().live, 5);
    let head = client.head_object().bucket("uploads").key("uploads/1/a b+é.jpg").send().await.unwrap();
    assert_eq!(head.content_length(), Some(1_000_000));
    assert_eq!(head.metadata().unwrap()["name"], "x");
}

#[tokio::test]
async fn wrong_checksums_leave_nothing() {
    let endpoint = start().await;
    let put = || {
        endpoint
            .client()
            .put_object()
            .bucket("uploads")
            .key("uploads/a")
            .body(ByteStream::from_static(b"hello"))
    };
    let wrong_sha256 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let error = put().checksum_sha256(wrong_sha256).send().await.unwrap_err();
    assert_eq!(code(&error), Some("BadDigest"));
    let error = put().content_md5("AAAAAAAAAAAAAAAAAAAAAA==").send().await.unwrap_err();
    assert_eq!(code(&error), Some("BadDigest"));
    let error = put().content_md5("nonsense").send().await.unwrap_err();
    assert_eq!(code(&error), Some("InvalidDigest"));
    assert!(endpoint.is_empty().await);
}

#[tokio::test]
async fn a_checksum_after_the_body_is_verified() {
    let endpoint = start().await;
    let headers = [
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "5"),
        ("x-amz-trailer", "x-amz-checksum-crc32"),
    ];
    for (trailer, status, code) in [
        ("x-amz-checksum-crc32:NhCmhg==\r\n", 200, ""),
        ("x-amz-checksum-crc32:AAAAAA==\r\n", 400, "BadDigest"),
        ("", 400, "MalformedTrailerError"),
    ] {
        let body = format!("5\r\nhello\r\n0\r\n{trailer}\r\n").into_bytes();
        let payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
        let answer = put_signed(&endpoint, "/uploads/uploads/a", payload, &headers, body).await;
        let found = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        assert_eq!(found, status, "{trailer}: {text}");
        assert!(text.contains(code), "{trailer}: {text}");
        let is_there = endpoint.store.head("uploads", "uploads/a").await.unwrap().is_some();
        assert_eq!(is_there, status == 200, "{trailer}");
        endpoint.store.delete("uploads", "uploads/a").await.unwrap();
    }
}

#[tokio::test]
async fn the_hash_in_the_signature_is_verified() {
    let endpoint = start().await;
    let of_hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    for (body, status) in [("hello", 200), ("hallo", 400)] {
        let answer = put_signed(&endpoint, "/processed/a", of_hello, &[], body).await;
        let found = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        assert_eq!(found, status, "{text}");
        assert_eq!(text.contains("<Code>XAmzContentSHA256Mismatch</Code>"), status == 400, "{text}");
    }
    assert_eq!(endpoint.store.head("processed", "a").await.unwrap().unwrap().size, 5);
}

#[tokio::test]
async fn strangers_are_refused() {
    let endpoint = start().await;
    let wrong = endpoint.client_of(s3_support::ACCESS_KEY, "wrong").list_buckets().send().await.unwrap_err();
    assert_eq!(code(&wrong), Some("SignatureDoesNotMatch"));
    let unknown = endpoint.client_of("AKIANOBODY", "wrong").list_buckets().send().await.unwrap_err();
    assert_eq!(code(&unknown), Some("InvalidAccessKeyId"));
    let unsigned = reqwest::get(format!("{}/processed/a", endpoint.url)).await.unwrap();
    assert_eq!(unsigned.status(), 403);
}

#[tokio::test]
async fn parts_and_conditions_of_a_get() {
    let endpoint = start().await;
    put(&endpoint, "a", b"0123456789").await;
    let get = || endpoint.client().get_object().bucket("processed").key("a");
    for (range, part, place) in [
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=5-99", "56789", "bytes 5-9/10"),
    ] {
        let got = get().range(range).send().await.unwrap();
        assert_eq!(got.content_range(), Some(place));
        assert_eq!(got.body.collect().await.unwrap().to_vec(), part.as_bytes());
    }
    let error = get().range("bytes=10-").send().await.unwrap_err();
    assert_eq!(code(&error), Some("InvalidRange"));
    let etag = get().send().await.unwrap().e_tag.unwrap();
    let status = |error: SdkError<_, aws_sdk_s3::config::http::HttpResponse>| {
        let _: &aws_sdk_s3::operation::get_object::GetObjectError = error.as_service_error().unwrap();
        error.raw_response().unwrap().status().as_u16()
    };
    assert_eq!(status(get().if_none_match(&etag).send().await.unwrap_err()), 304);
    assert_eq!(status(get().if_match("\"other\"").send().await.unwrap_err()), 412);
    assert!(get().if_match(&etag).if_none_match("\"other\"").send().await.is_ok());
    let error = endpoint.client().get_object().bucket("processed").key("b").send().await.unwrap_err();
    assert_eq!(code(&error), Some("NoSuchKey"));
    let error = endpoint.client().get_object().bucket("nowhere").key("b").send().await.unwrap_err();
    assert_eq!(code(&error), Some("NoSuchBucket"));
}

#[tokio::test]
async fn presigned_urls_work_until_they_expire_and_name_the_file() {
    let endpoint = start().await;
    put(&endpoint, "é/a b.jpg", b"bytes").await;
    let sign = |seconds| {
        let get = endpoint.client().get_object().bucket("processed").key("é/a b.jpg");
        let get = get.response_content_disposition("attachment; filename=\"x.jpg\"");
        async move {
            get.presigned(PresigningConfig::expires_in(Duration::from_secs(seconds)).unwrap()).await.unwrap()
        }
    };
    let url = sign(60).await;
    let answer = reqwest::get(url.uri()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"x.jpg\"");
    assert_eq!(answer.bytes().await.unwrap(), "bytes");
    assert_eq!(reqwest::get(url.uri().replace("x.jpg", "y.jpg")).await.unwrap().status(), 403);
    let expired = sign(1).await;
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(reqwest::get(expired.uri()).await.unwrap().status(), 403);
}

#[tokio::test]
async fn listings_page_through_everything() {
    let endpoint = start().await;
    let keys = ["a", "b/1", "b/2", "c d+é&<.jpg", "e/f/g"];
    for key in keys {
        put(&endpoint, key, b"x").await;
    }
    let client = endpoint.client();
    let list = || client.list_objects_v2().bucket("processed");
    let mut pages = list().max_keys(2).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.key_count().unwrap() <= 2);
        found.extend(page.contents().iter().map(|object| object.key().unwrap().to_owned()));
    }
    assert_eq!(found, keys);
    let page = list().delimiter("/").send().await.unwrap();
    let prefixes: Vec<_> = page.common_prefixes().iter().map(|p| p.prefix().unwrap()).collect();
    assert_eq!(prefixes, ["b/", "e/"]);
    assert_eq!(page.contents()[0].size(), Some(1));
    let page = list().encoding_type(aws_sdk_s3::types::EncodingType::Url).prefix("c").send().await.unwrap();
    assert_eq!(page.contents()[0].key(), Some("c+d%2B%C3%A9%26%3C.jpg"));
    let page = list().start_after("b/2").send().await.unwrap();
    assert_eq!(page.contents().len(), 2);
    let error = list().continuation_token("nonsense").send().await.unwrap_err();
    assert_eq!(code(&error), Some("InvalidArgument"));
    let old = client.list_objects().bucket("processed").delimiter("/").max_keys(2).send().await.unwrap();
    assert_eq!((old.is_truncated(), old.next_marker()), (Some(true), Some("b/")));
    let old = client.list_objects().bucket("processed").delimiter("/").marker("b/").send().await.unwrap();
    assert_eq!(old.contents()[0].key(), Some("c d+é&<.jpg"));
}

#[tokio::test]
async fn conditional_puts_copies_and_deletes() {
    let endpoint = start().await;
    let client = endpoint.client();
    let put = || client.put_object().bucket("processed").key("a").body(ByteStream::from_static(b"x"));
    let etag = put().if_none_match("*").send().await.unwrap().e_tag.unwrap();
    assert_eq!(code(&put().if_none_match("*").send().await.unwrap_err()), Some("PreconditionFailed"));
    assert_eq!(code(&put().if_match("\"other\"").send().await.unwrap_err()), Some("PreconditionFailed"));
    put().if_match(etag).send().await.unwrap();

    let copy = client.copy_object().copy_source("processed/a").bucket("frontend").key("b");
    copy.metadata_directive(MetadataDirective::Replace).content_type("text/css").send().await.unwrap();
    let head = client.head_object().bucket("frontend").key("b").send().await.unwrap();
    assert_eq!(head.content_type(), Some("text/css"));

    let id = |key: &str| ObjectIdentifier::builder().key(key).build().unwrap();
    let delete = Delete::builder().objects(id("a")).objects(id("was never there")).build().unwrap();
    let deleted = client.delete_objects().bucket("processed").delete(delete).send().await.unwrap();
    assert_eq!(deleted.deleted().len(), 2);
    client.delete_object().bucket("frontend").key("b").send().await.unwrap();
    assert!(endpoint.is_empty().await);
}

#[tokio::test]
async fn an_object_is_deleted_only_as_it_is_expected() {
    let endpoint = start().await;
    let client = endpoint.client();
    for key in ["a", "b", "c"] {
        put(&endpoint, key, b"x").await;
    }
    let delete = |key: &str, etag: &str| client.delete_object().bucket("processed").key(key).if_match(etag);
    assert_eq!(code(&delete("a", "\"other\"").send().await.unwrap_err()), Some("PreconditionFailed"));
    assert_eq!(code(&delete("nowhere", "*").send().await.unwrap_err()), Some("NoSuchKey"));
    assert_eq!(code(&delete("nowhere", "\"x\"").send().await.unwrap_err()), Some("NoSuchKey"));
    assert!(endpoint.store.head("processed", "a").await.unwrap().is_some());
    let etag = endpoint.store.head("processed", "a").await.unwrap().unwrap().etag;
    delete("a", &format!("\"{etag}\"")).send().await.unwrap();
    assert!(endpoint.store.head("processed", "a").await.unwrap().is_none());

    let id = |key: &str, etag: &str| ObjectIdentifier::builder().key(key).e_tag(etag).build().unwrap();
    let many = [id("b", "\"other\""), id("c", &etag), id("nowhere", "*")];
    let many = Delete::builder().set_objects(Some(many.to_vec())).build().unwrap();
    let done = client.delete_objects().bucket("processed").delete(many).send().await.unwrap();
    let deleted: Vec<_> = done.deleted().iter().map(|deleted| deleted.key().unwrap()).collect();
    let errors: Vec<_> =
        done.errors().iter().map(|error| (error.key().unwrap(), error.code().unwrap())).collect();
    assert_eq!(deleted, ["c"]);
    assert_eq!(errors, [("b", "PreconditionFailed"), ("nowhere", "NoSuchKey")]);
    delete("b", "*").send().await.unwrap();
    assert!(endpoint.is_empty().await);
}

#[tokio::test]
async fn a_list_to_delete_that_was_damaged_on_its_way_deletes_nothing() {
    let endpoint = start().await;
    let client = endpoint.client();
    for (header, value, expected) in [
        ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest"),
        ("content-md5", "nonsense", "InvalidDigest"),
        ("x-amz-checksum-crc32", "AAAAAA==", "BadDigest"),
        ("x-amz-checksum-sha256", "short", "InvalidRequest"),
    ] {
        put(&endpoint, "a", b"x").await;
        let id = ObjectIdentifier::builder().key("a").build().unwrap();
        let delete = || {
            let list = Delete::builder().objects(id.clone()).build().unwrap();
            client.delete_objects().bucket("processed").delete(list).customize()
        };
        let damaged = delete().mutate_request(move |request| {
            request.headers_mut().remove("x-amz-checksum-crc32");
            request.headers_mut().insert(header, value);
        });
        let error = damaged.send().await.unwrap_err();
        assert_eq!(code(&error), Some(expected), "{header}: {value}");
        assert!(endpoint.store.head("processed", "a").await.unwrap().is_some(), "{header}: {value}");
        // As the library announces it.
        delete().send().await.unwrap();
        assert!(endpoint.is_empty().await);
    }
}

#[tokio::test]
async fn attributes_tell_the_entity_tag_without_quotes() {
    use aws_sdk_s3::types::ObjectAttributes;
    let endpoint = start().await;
    put(&endpoint, "a", b"x").await;
    let asked = endpoint.client().get_object_attributes().bucket("processed").key("a");
    let told = asked.object_attributes(ObjectAttributes::Etag).send().await.unwrap();
    assert_eq!(told.e_tag(), Some("9dd4e461268c8034f5c8564e155c67a6"));
}

#[tokio::test]
async fn the_buckets_are_there() {
    let endpoint = start().await;
    let client = endpoint.client();
    let buckets = client.list_buckets().send().await.unwrap();
    let names: Vec<_> = buckets.buckets().iter().map(|bucket| bucket.name().unwrap()).collect();
    assert_eq!(names, ["frontend", "processed", "uploads"]);
    client.head_bucket().bucket("uploads").send().await.unwrap();
    assert!(client.head_bucket().bucket("nowhere").send().await.is_err());
    client.get_bucket_location().bucket("uploads").send().await.unwrap();
}

#[tokio::test]
async fn pages_of_the_same_host_may_ask_and_others_may_not() {
    let endpoint = start().await;
    let ask = |origin: &'static str| {
        let ask =
            reqwest::Client::new().request(reqwest::Method::OPTIONS, format!("{}/uploads", endpoint.url));
        let ask = ask.header("origin", origin).header("access-control-request-method", "POST");
        async { ask.header("access-control-request-headers", "content-type").send().await.unwrap() }
    };
    let allowed = ask("http://127.0.0.1:3000").await;
    assert_eq!(allowed.status(), 200);
    assert_eq!(allowed.headers()["access-control-allow-origin"], "http://127.0.0.1:3000");
    assert_eq!(allowed.headers()["access-control-allow-headers"], "content-type");
    assert!(allowed.headers()["access-control-allow-methods"].to_str().unwrap().contains("POST"));
    let refused = ask("http://evil.example").await;
    assert_eq!(refused.status(), 403);
    assert!(!refused.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn at_shutdown_a_request_under_way_is_finished() {
    let endpoint = start().await;
    let url = {
        let put = endpoint.client().put_object().bucket("processed").key("slow").content_length(10);
        put.presigned(PresigningConfig::expires_in(Duration::from_mins(1)).unwrap())
            .await
            .unwrap()
            .uri()
            .to_owned()
    };
    let (send, receive) = futures::channel::mpsc::unbounded::<Result<Vec<u8>, std::io::Error>>();
    let put = reqwest::Client::new().put(url).header("content-length", 10);
    let put = tokio::spawn(put.body(reqwest::Body::wrap_stream(receive)).send());
    send.unbounded_send(Ok(b"01234".to_vec())).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    endpoint.stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!endpoint.server.is_finished());
    send.unbounded_send(Ok(b"56789".to_vec())).unwrap();
    drop(send);
    assert_eq!(put.await.unwrap().unwrap().status(), 200);
    endpoint.server.await.unwrap();
    assert_eq!(endpoint.store.head("processed", "slow").await.unwrap().unwrap().size, 10);
}
