//! A client that uploads in parts: some uploads it completes, some it aborts, some it leaves as they are.

use std::sync::Mutex;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};

use super::load::{COUNTERS, Front, LARGE_COUNTERS, Ledger, PICTURES, State, content_of};

/// What the first of two parts has: the least that it may have.
const FIRST_PART_BYTES: usize = 5 << 20;

/// An upload of which one part was answered, and nothing since was sent.
#[derive(Clone, Debug)]
pub(crate) struct Left {
    pub(crate) key: String,
    pub(crate) object_key: String,
    pub(crate) picture: usize,
    upload: String,
    etag: String,
}

/// Does the next of what there is to do; `None` if there was no answer.
pub(crate) async fn next(
    front: &Front,
    s3: &Client,
    ledger: &Mutex<Ledger>,
    pictures: &[Vec<u8>],
) -> Option<()> {
    let turn = {
        let mut ledger = ledger.lock().unwrap();
        ledger.part_turns += 1;
        ledger.part_turns
    };
    if turn % 6 == 0 {
        return overwrite(s3, ledger, COUNTERS + turn / 6 % LARGE_COUNTERS).await;
    }
    let picture = turn % PICTURES;
    let signed = front.sign("photo.jpg", &pictures[picture]).await?;
    let (key, object_key) = (signed.key.clone(), signed.object_key.clone());
    let upload = begin(s3, "uploads", &object_key).await?;
    let etag = part(s3, ("uploads", &object_key, &upload), 1, pictures[picture].clone()).await?;
    let left = Left { key, object_key, picture, upload, etag };
    match turn % 4 {
        0 => ledger.lock().unwrap().left.push(left),
        1 => {
            abort(s3, &left).await?;
            ledger.lock().unwrap().aborted.push(left);
        }
        _ => {
            ledger.lock().unwrap().note(&signed, picture, State::Sent);
            finish(s3, &left).await?;
            ledger.lock().unwrap().note(&signed, picture, State::Stored);
        }
    }
    Some(())
}

/// Makes the object of an upload that was left.
pub(crate) async fn finish(s3: &Client, left: &Left) -> Option<()> {
    complete(s3, ("uploads", &left.object_key, &left.upload), vec![left.etag.clone()]).await
}

/// Gives an upload up that was left.
pub(crate) async fn abort(s3: &Client, left: &Left) -> Option<()> {
    let abort = s3.abort_multipart_upload().bucket("uploads").key(&left.object_key).upload_id(&left.upload);
    answered(abort.send().await).map(drop)
}

/// Whether its part is there, as it was answered.
pub(crate) async fn is_there(s3: &Client, left: &Left) -> bool {
    let parts = s3.list_parts().bucket("uploads").key(&left.object_key).upload_id(&left.upload);
    match parts.send().await {
        Ok(parts) => {
            let etags: Vec<_> = parts.parts().iter().filter_map(|part| part.e_tag()).collect();
            assert_eq!(etags, [left.etag.as_str()], "{}", left.object_key);
            true
        }
        Err(error) if error.code() == Some("NoSuchUpload") => false,
        Err(error) => panic!("{}: {}", left.object_key, DisplayErrorContext(error)),
    }
}

/// Gives up what is under way in a bucket.
pub(crate) async fn abort_all(s3: &Client, bucket: &str) -> usize {
    let under_way = s3.list_multipart_uploads().bucket(bucket).send().await.unwrap();
    assert_eq!(under_way.is_truncated(), Some(false));
    for upload in under_way.uploads() {
        let abort = s3.abort_multipart_upload().bucket(bucket).key(upload.key().unwrap());
        abort.upload_id(upload.upload_id().unwrap()).send().await.unwrap();
    }
    let rest = s3.list_multipart_uploads().bucket(bucket).send().await.unwrap();
    assert!(rest.uploads().is_empty(), "{rest:?}");
    under_way.uploads().len()
}

/// Writes the next value of a large counter over the last, in two parts.
async fn overwrite(s3: &Client, ledger: &Mutex<Ledger>, counter: usize) -> Option<()> {
    let value = ledger.lock().unwrap().send_next(counter);
    let mut first = content_of(counter, value).into_bytes();
    let second = first.split_off(FIRST_PART_BYTES);
    let key = format!("counter-{counter}");
    let upload = begin(s3, "frontend", &key).await?;
    let place = ("frontend", key.as_str(), upload.as_str());
    let mut etags = Vec::new();
    for (number, bytes) in [(1, first), (2, second)] {
        etags.push(part(s3, place, number, bytes).await?);
    }
    complete(s3, place, etags).await?;
    ledger.lock().unwrap().counters[counter].0 = value;
    Some(())
}

async fn begin(s3: &Client, bucket: &str, key: &str) -> Option<String> {
    let begun = answered(s3.create_multipart_upload().bucket(bucket).key(key).send().await)?;
    Some(begun.upload_id().unwrap().to_owned())
}

/// Bucket, key and upload.
type Place<'a> = (&'a str, &'a str, &'a str);

async fn part(s3: &Client, (bucket, key, upload): Place<'_>, number: i32, bytes: Vec<u8>) -> Option<String> {
    let part = s3.upload_part().bucket(bucket).key(key).upload_id(upload).part_number(number);
    let part = answered(part.body(ByteStream::from(bytes)).send().await)?;
    Some(part.e_tag().unwrap().to_owned())
}

async fn complete(s3: &Client, (bucket, key, upload): Place<'_>, etags: Vec<String>) -> Option<()> {
    let part =
        |(number, etag): (i32, String)| CompletedPart::builder().part_number(number).e_tag(etag).build();
    let parts: Vec<CompletedPart> = (1..).zip(etags).map(part).collect();
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
    let complete = s3.complete_multipart_upload().bucket(bucket).key(key).upload_id(upload);
    answered(complete.multipart_upload(parts).send().await).map(drop)
}

/// What the program answered; `None` if it died. It refuses nothing of this.
fn answered<T, E>(result: Result<T, SdkError<E>>) -> Option<T>
where
    E: std::error::Error + Send + Sync + 'static,
{
    match result {
        Ok(answer) => Some(answer),
        Err(error @ SdkError::ServiceError(_)) => panic!("{}", DisplayErrorContext(error)),
        Err(_) => None,
    }
}
