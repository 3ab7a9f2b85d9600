//! Objects that arrive in parts, as the SDK of AWS sends them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod s3_support;

use std::time::Duration;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart, ObjectAttributes,
};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use imagasaur::store::{Settings, Store};
use s3_support::{Endpoint, start};
use sha2::{Digest, Sha256};

/// The smallest part that is not the last.
const PART: usize = 5 << 20;

/// The same, as the client counts.
const PART_BYTES: i64 = 5 << 20;

const BUCKET: &str = "uploads";
const KEY: &str = "uploads/1/été 1.jpg";

fn bytes(seed: u8, length: usize) -> Vec<u8> {
    (0..length).map(|i| seed.wrapping_add(i.to_le_bytes()[1]).wrapping_mul(31)).collect()
}

fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Option<&str> {
    error.code()
}

async fn create(endpoint: &Endpoint, algorithm: Option<ChecksumAlgorithm>) -> String {
    let create = endpoint.client().create_multipart_upload().bucket(BUCKET).key(KEY);
    let create = create.content_type("image/jpeg").metadata("name", "x").set_checksum_algorithm(algorithm);
    create.send().await.unwrap().upload_id.unwrap()
}

async fn part(endpoint: &Endpoint, id: &str, number: i32, bytes: &[u8]) -> CompletedPart {
    let body = ByteStream::from(bytes.to_vec());
    let part = endpoint.client().upload_part().bucket(BUCKET).key(KEY).upload_id(id);
    let sent = part.part_number(number).body(body).send().await.unwrap();
    CompletedPart::builder().part_number(number).e_tag(sent.e_tag.unwrap()).build()
}

fn complete(
    endpoint: &Endpoint,
    id: &str,
    parts: Vec<CompletedPart>,
) -> aws_sdk_s3::operation::complete_multipart_upload::builders::CompleteMultipartUploadFluentBuilder {
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
    endpoint
        .client()
        .complete_multipart_upload()
        .bucket(BUCKET)
        .key(KEY)
        .upload_id(id)
        .multipart_upload(parts)
}

/// How many bodies are on disk.
fn bodies(endpoint: &Endpoint) -> usize {
    let folders = std::fs::read_dir(endpoint.dir().join("bodies")).unwrap();
    folders.map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count()).sum()
}

#[tokio::test]
async fn parts_become_one_object_and_one_event() {
    let endpoint = start().await;
    let (first, second, third) = (bytes(1, PART), bytes(2, PART + 1), bytes(3, 10));
    let whole = [first.as_slice(), &second, &third].concat();
    let id = create(&endpoint, None).await;
    // In any order, and one of them twice.
    let c = part(&endpoint, &id, 9000, &third).await;
    part(&endpoint, &id, 2, b"replaced").await;
    let b = part(&endpoint, &id, 2, &second).await;
    let a = part(&endpoint, &id, 1, &first).await;
    part(&endpoint, &id, 7, b"never named").await;
    assert!(endpoint.is_empty().await, "nothing is there before the end");

    let parts = endpoint
        .client()
        .list_parts()
        .bucket(BUCKET)
        .key(KEY)
        .upload_id(&id)
        .max_parts(2)
        .send()
        .await
        .unwrap();
    let numbers: Vec<_> = parts.parts().iter().map(|part| (part.part_number(), part.size())).collect();
    assert_eq!(numbers, [(Some(1), Some(PART_BYTES)), (Some(2), Some(PART_BYTES + 1))]);
    assert_eq!((parts.is_truncated(), parts.next_part_number_marker()), (Some(true), Some("2")));

    let all = vec![a, b, c];
    let done = complete(&endpoint, &id, all.clone()).send().await.unwrap();
    let etag = done.e_tag.unwrap();
    let md5s: Vec<u8> = [&first, &second, &third].iter().flat_map(|part| s3_support::md5(part)).collect();
    assert_eq!(etag, format!("\"{}-3\"", hex::encode(s3_support::md5(&md5s))));
    let messages = endpoint.store.queue().receive(9, Duration::from_mins(1)).await.unwrap();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].body.contains("ObjectCreated:CompleteMultipartUpload"), "{}", messages[0].body);
    assert_eq!(bodies(&endpoint), 1, "the parts are gone");

    let client = endpoint.client();
    let get = || client.get_object().bucket(BUCKET).key(KEY);
    let got = get().send().await.unwrap();
    assert_eq!((got.e_tag(), got.content_type()), (Some(etag.as_str()), Some("image/jpeg")));
    assert_eq!(got.metadata().unwrap()["name"], "x");
    assert!(got.body.collect().await.unwrap().to_vec() == whole);
    let got = get().part_number(2).send().await.unwrap();
    assert_eq!(got.parts_count(), Some(3));
    assert!(got.body.collect().await.unwrap().to_vec() == second);
    let head = client.head_object().bucket(BUCKET).key(KEY).part_number(3).send().await.unwrap();
    assert_eq!((head.content_length(), head.parts_count()), (Some(10), Some(3)));
    assert_eq!(code(&get().part_number(4).send().await.unwrap_err()), Some("InvalidPartNumber"));

    // The answer may have been lost: the same once more gives the same, and no second event.
    let again = complete(&endpoint, &id, all.clone()).send().await.unwrap();
    assert_eq!(again.e_tag.unwrap(), etag);
    assert_eq!(endpoint.store.queue().depth().await.unwrap().live, 1);
    // A copy is no longer in parts.
    let copy = client
        .copy_object()
        .bucket("processed")
        .key("b")
        .copy_source("uploads/uploads/1/%C3%A9t%C3%A9%201.jpg");
    let copied = copy.send().await.unwrap().copy_object_result.unwrap().e_tag.unwrap();
    assert_eq!(copied, format!("\"{}\"", hex::encode(s3_support::md5(&whole))));
    client.delete_object().bucket(BUCKET).key(KEY).send().await.unwrap();
    assert_eq!(code(&complete(&endpoint, &id, all).send().await.unwrap_err()), Some("NoSuchUpload"));
    client.delete_object().bucket("processed").key("b").send().await.unwrap();
    assert_eq!(bodies(&endpoint), 0);
}

#[tokio::test]
async fn what_cannot_be_put_together_stays_as_it_is() {
    let endpoint = start().await;
    let id = create(&endpoint, None).await;
    let a = part(&endpoint, &id, 1, &bytes(1, PART)).await;
    let small = part(&endpoint, &id, 2, b"small").await;
    let last = part(&endpoint, &id, 3, b"last").await;
    let other = CompletedPart::builder().part_number(1).e_tag(small.e_tag().unwrap()).build();
    let absent = CompletedPart::builder().part_number(4).e_tag(small.e_tag().unwrap()).build();
    for (parts, expected) in [
        (vec![small.clone(), a.clone()], "InvalidPartOrder"),
        (vec![a.clone(), a.clone()], "InvalidPartOrder"),
        (vec![other], "InvalidPart"),
        (vec![a.clone(), absent], "InvalidPart"),
        (vec![a.clone(), small.clone(), last.clone()], "EntityTooSmall"),
        (vec![], "MalformedXML"),
    ] {
        let error = complete(&endpoint, &id, parts).send().await.unwrap_err();
        assert_eq!(code(&error), Some(expected));
    }
    let error = complete(&endpoint, &id, vec![a.clone()]).mpu_object_size(7).send().await.unwrap_err();
    assert_eq!(code(&error), Some("InvalidRequest"));
    let error = complete(&endpoint, &id, vec![a.clone()]).if_match("\"x\"").send().await.unwrap_err();
    assert_eq!(code(&error), Some("NoSuchKey"));
    assert!(endpoint.is_empty().await);
    complete(&endpoint, &id, vec![a, last]).if_none_match("*").send().await.unwrap();

    let id = create(&endpoint, None).await;
    let a = part(&endpoint, &id, 1, b"a").await;
    let error = complete(&endpoint, &id, vec![a]).if_none_match("*").send().await.unwrap_err();
    assert_eq!(code(&error), Some("PreconditionFailed"));
    for number in [0, 10_001] {
        let part = endpoint.client().upload_part().bucket(BUCKET).key(KEY).upload_id(&id).part_number(number);
        let error = part.body(ByteStream::from_static(b"x")).send().await.unwrap_err();
        assert_eq!(code(&error), Some("InvalidArgument"));
    }
    let unknown = "00".repeat(24);
    for id in ["nonsense", unknown.as_str()] {
        let part = endpoint.client().upload_part().bucket(BUCKET).key(KEY).upload_id(id).part_number(1);
        let error = part.body(ByteStream::from_static(b"x")).send().await.unwrap_err();
        assert_eq!(code(&error), Some("NoSuchUpload"));
    }
    let part = endpoint.client().upload_part().bucket(BUCKET).key(KEY).upload_id(&id).part_number(2);
    let wrong = part.checksum_sha256("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    let error = wrong.body(ByteStream::from_static(b"x")).send().await.unwrap_err();
    assert_eq!(code(&error), Some("BadDigest"));
}

#[tokio::test]
async fn an_aborted_upload_is_gone_and_old_ones_are_aborted() {
    let endpoint = start().await;
    let id = create(&endpoint, None).await;
    part(&endpoint, &id, 1, &bytes(1, 100)).await;
    let abort = || endpoint.client().abort_multipart_upload().bucket(BUCKET).key(KEY).upload_id(&id).send();
    abort().await.unwrap();
    assert_eq!(bodies(&endpoint), 0);
    assert_eq!(code(&abort().await.unwrap_err()), Some("NoSuchUpload"));
    let late = endpoint.client().upload_part().bucket(BUCKET).key(KEY).upload_id(&id).part_number(1);
    let error = late.body(ByteStream::from_static(b"x")).send().await.unwrap_err();
    assert_eq!(code(&error), Some("NoSuchUpload"));
    assert_eq!(bodies(&endpoint), 0);

    let id = create(&endpoint, None).await;
    part(&endpoint, &id, 1, &bytes(1, 100)).await;
    assert_eq!(endpoint.store.abort_uploads_older_than(Duration::from_hours(1)).await.unwrap(), 0);
    while endpoint.store.abort_uploads_older_than(Duration::ZERO).await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(bodies(&endpoint), 0);
}

#[tokio::test]
async fn parts_survive_a_restart() {
    let endpoint = start().await;
    let id = create(&endpoint, None).await;
    let a = part(&endpoint, &id, 1, &bytes(1, PART)).await;
    let (store, dir) = endpoint.end().await;
    drop(store);
    let store = Store::open(dir.path(), Settings::default()).unwrap();
    let endpoint = s3_support::start_over(store, dir).await;
    let b = part(&endpoint, &id, 2, b"b").await;
    complete(&endpoint, &id, vec![a, b]).send().await.unwrap();
    let got = endpoint.client().get_object().bucket(BUCKET).key(KEY).send().await.unwrap();
    assert!(got.body.collect().await.unwrap().to_vec() == [bytes(1, PART).as_slice(), b"b"].concat());
}

#[tokio::test]
async fn a_composite_checksum_is_of_the_parts_checksums() {
    let endpoint = start().await;
    let id = create(&endpoint, Some(ChecksumAlgorithm::Sha256)).await;
    let bodies = [bytes(1, PART), bytes(2, 10)];
    let mut parts = Vec::new();
    let mut sums = Vec::new();
    for (number, bytes) in (1..).zip(&bodies) {
        let sum = Sha256::digest(bytes);
        let part = part(&endpoint, &id, number, bytes).await;
        sums.extend_from_slice(&sum);
        let part = CompletedPart::builder().part_number(number).e_tag(part.e_tag().unwrap());
        parts.push(part.checksum_sha256(BASE64_STANDARD.encode(sum)).build());
    }
    let mut spoilt = parts.clone();
    spoilt[0] = CompletedPart::builder()
        .part_number(1)
        .e_tag(parts[0].e_tag().unwrap())
        .checksum_sha256(parts[1].checksum_sha256().unwrap())
        .build();
    assert_eq!(code(&complete(&endpoint, &id, spoilt).send().await.unwrap_err()), Some("InvalidPart"));
    let expected = format!("{}-2", BASE64_STANDARD.encode(Sha256::digest(&sums)));
    let done = complete(&endpoint, &id, parts).send().await.unwrap();
    assert_eq!(done.checksum_sha256(), Some(expected.as_str()));
    assert_eq!(done.checksum_type(), Some(&ChecksumType::Composite));
    let head = endpoint.client().head_object().bucket(BUCKET).key(KEY).checksum_mode(ChecksumMode::Enabled);
    let head = head.send().await.unwrap();
    assert_eq!(head.checksum_sha256(), Some(expected.as_str()));
    let asked = endpoint.client().get_object_attributes().bucket(BUCKET).key(KEY);
    let asked =
        asked.object_attributes(ObjectAttributes::ObjectParts).object_attributes(ObjectAttributes::Checksum);
    let told = asked.object_attributes(ObjectAttributes::ObjectSize).send().await.unwrap();
    let parts = told.object_parts().unwrap();
    assert_eq!((parts.total_parts_count(), parts.parts().len()), (Some(2), 2));
    assert_eq!(
        parts.parts()[1].checksum_sha256().unwrap(),
        BASE64_STANDARD.encode(Sha256::digest(&bodies[1]))
    );
    assert_eq!(told.object_size(), Some(PART_BYTES + 10));
    // A reader who checks what it reads is content.
    let get = endpoint.client().get_object().bucket(BUCKET).key(KEY).checksum_mode(ChecksumMode::Enabled);
    assert_eq!(get.send().await.unwrap().body.collect().await.unwrap().to_vec().len(), PART + 10);
}

#[tokio::test]
async fn a_full_checksum_is_of_all_bytes() {
    let endpoint = start().await;
    let create = || endpoint.client().create_multipart_upload().bucket(BUCKET).key(KEY);
    let create_full = || create().checksum_algorithm(ChecksumAlgorithm::Crc64Nvme);
    let id = create_full().send().await.unwrap().upload_id.unwrap();
    let parts = vec![part(&endpoint, &id, 1, &bytes(1, PART)).await, part(&endpoint, &id, 2, b"tail").await];
    let done = complete(&endpoint, &id, parts).checksum_type(ChecksumType::FullObject);
    let error = done.clone().checksum_crc64_nvme("AAAAAAAAAAA=").send().await.unwrap_err();
    assert_eq!(code(&error), Some("BadDigest"));
    assert!(endpoint.is_empty().await);
    let done = done.send().await.unwrap();
    assert_eq!(done.checksum_type(), Some(&ChecksumType::FullObject));
    let in_parts = done.checksum_crc64_nvme().unwrap();

    let whole = [bytes(1, PART).as_slice(), b"tail"].concat();
    let put = endpoint.client().put_object().bucket("processed").key("whole").body(ByteStream::from(whole));
    let put = put.checksum_algorithm(ChecksumAlgorithm::Crc64Nvme).send().await.unwrap();
    assert_eq!(put.checksum_crc64_nvme(), Some(in_parts));
    let error =
        create().checksum_algorithm(ChecksumAlgorithm::Sha256).checksum_type(ChecksumType::FullObject);
    assert_eq!(code(&error.send().await.unwrap_err()), Some("InvalidRequest"));
}

#[tokio::test]
async fn parts_can_be_copied() {
    let endpoint = start().await;
    let source = bytes(5, PART + 100);
    let put =
        endpoint.client().put_object().bucket("processed").key("s").body(ByteStream::from(source.clone()));
    let etag = put.send().await.unwrap().e_tag.unwrap();
    let id = create(&endpoint, None).await;
    let copy = |number, range: &str| {
        let copy = endpoint.client().upload_part_copy().bucket(BUCKET).key(KEY).upload_id(&id);
        copy.part_number(number).copy_source("processed/s").copy_source_range(range)
    };
    let mut parts = Vec::new();
    for (number, range) in [(1, format!("bytes=100-{}", PART + 99)), (2, "bytes=0-99".to_owned())] {
        let copied =
            copy(number, &range).copy_source_if_match(&etag).send().await.unwrap().copy_part_result.unwrap();
        parts.push(CompletedPart::builder().part_number(number).e_tag(copied.e_tag.unwrap()).build());
    }
    let error = copy(3, &format!("bytes=0-{}", PART + 100)).send().await.unwrap_err();
    assert_eq!(code(&error), Some("InvalidRange"));
    assert_eq!(code(&copy(3, "bytes=0-").send().await.unwrap_err()), Some("InvalidArgument"));
    let error = copy(3, "bytes=0-1").copy_source_if_none_match(&etag).send().await.unwrap_err();
    assert_eq!(code(&error), Some("PreconditionFailed"));
    complete(&endpoint, &id, parts).send().await.unwrap();
    let got = endpoint.client().get_object().bucket(BUCKET).key(KEY).send().await.unwrap();
    assert!(got.body.collect().await.unwrap().to_vec() == [&source[100..], &source[..100]].concat());
}

#[tokio::test]
async fn uploads_under_way_are_listed() {
    let endpoint = start().await;
    let client = endpoint.client();
    for key in ["a", "b/1", "b/2", "b/2", "c"] {
        client.create_multipart_upload().bucket(BUCKET).key(key).send().await.unwrap();
    }
    let list = || client.list_multipart_uploads().bucket(BUCKET);
    let mut found = Vec::new();
    let (mut key, mut id) = (None, None);
    loop {
        let page = list().max_uploads(2).set_key_marker(key).set_upload_id_marker(id).send().await.unwrap();
        found.extend(page.uploads().iter().map(|upload| upload.key().unwrap().to_owned()));
        (key, id) = (page.next_key_marker, page.next_upload_id_marker);
        if page.is_truncated != Some(true) {
            break;
        }
    }
    assert_eq!(found, ["a", "b/1", "b/2", "b/2", "c"]);
    let page = list().delimiter("/").max_uploads(2).send().await.unwrap();
    assert_eq!((page.uploads().len(), page.common_prefixes().len()), (1, 1));
    let page = list().delimiter("/").key_marker(page.next_key_marker().unwrap()).send().await.unwrap();
    assert_eq!(page.uploads()[0].key(), Some("c"));
    assert_eq!(list().prefix("b/").send().await.unwrap().uploads().len(), 3);
}

/// Of many that end one upload at the same time, all hear the same, and there is one event.
#[tokio::test]
async fn ending_an_upload_many_times_at_once_makes_one_object() {
    let endpoint = start().await;
    let id = create(&endpoint, None).await;
    let parts = vec![part(&endpoint, &id, 1, &bytes(1, PART)).await, part(&endpoint, &id, 2, b"tail").await];
    let tries = (0..6).map(|_| complete(&endpoint, &id, parts.clone()).send());
    let done = futures::future::join_all(tries).await;
    for done in &done {
        assert!(done.as_ref().unwrap().e_tag().unwrap().ends_with("-2\""));
    }
    assert_eq!(endpoint.store.queue().depth().await.unwrap().live, 1);
    assert_eq!(bodies(&endpoint), 1);
}

/// A part that is replaced while the parts are put together is not what was asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_replaced_while_parts_are_put_together_is_noticed() {
    let endpoint = start().await;
    let id = create(&endpoint, None).await;
    // Large, so that there is time.
    let old = part(&endpoint, &id, 1, &bytes(1, 32 << 20)).await;
    let ending = tokio::spawn(complete(&endpoint, &id, vec![old]).send());
    while bodies(&endpoint) == 1 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let replace = endpoint.client().upload_part().bucket(BUCKET).key(KEY).upload_id(&id).part_number(1);
    let replaced = replace.body(ByteStream::from_static(b"new")).send().await;
    let ended = ending.await.unwrap();
    match replaced {
        Ok(part) => {
            assert_eq!(code(&ended.unwrap_err()), Some("InvalidPart"));
            let new = CompletedPart::builder().part_number(1).e_tag(part.e_tag.unwrap()).build();
            complete(&endpoint, &id, vec![new]).send().await.unwrap();
            assert_eq!(endpoint.store.head(BUCKET, KEY).await.unwrap().unwrap().size, 3);
        }
        // It came too late: the upload had ended.
        Err(error) => {
            assert_eq!(code(&error), Some("NoSuchUpload"));
            ended.unwrap();
        }
    }
}
