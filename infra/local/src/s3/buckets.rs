//! Operations on buckets, of which there are as many as the store was opened with.

use s3s::dto::{Bucket, CreateBucketInput, CreateBucketOutput, ListBucketsInput, ListBucketsOutput};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::list::owner;
use super::meta;
use crate::store::Store;

pub(super) fn list_buckets(store: &Store, input: &ListBucketsInput) -> ListBucketsOutput {
    let prefix = input.prefix.as_deref().unwrap_or_default();
    let bucket = |name: &String| Bucket {
        name: Some(name.clone()),
        creation_date: Some(meta::timestamp_ms(store.created_ms())),
        ..Bucket::default()
    };
    let mut buckets: Vec<Bucket> =
        store.buckets().iter().filter(|name| name.starts_with(prefix)).map(bucket).collect();
    buckets.sort_by(|a, b| a.name.cmp(&b.name));
    ListBucketsOutput { buckets: Some(buckets), owner: Some(owner()), ..ListBucketsOutput::default() }
}

/// Making a bucket that is there succeeds, as in this region of AWS: some clients do it before every upload. Others
/// cannot be made.
pub(super) fn create_bucket(store: &Store, input: &CreateBucketInput) -> S3Result<CreateBucketOutput> {
    if store.check_bucket(&input.bucket).is_err() {
        let message = "Buckets cannot be made here";
        return Err(S3Error::with_message(S3ErrorCode::AccessDenied, message));
    }
    let location = Some(format!("/{}", input.bucket));
    Ok(CreateBucketOutput { location })
}
