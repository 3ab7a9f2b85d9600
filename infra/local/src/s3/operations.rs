//! What is implemented, as a list.

use s3s::dto::{
    Bucket, BucketLocationConstraint, CopyObjectInput, CopyObjectOutput, DeleteObjectInput,
    DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, GetBucketLocationInput,
    GetBucketLocationOutput, GetObjectInput, GetObjectOutput, HeadBucketInput, HeadBucketOutput,
    HeadObjectInput, HeadObjectOutput, ListBucketsInput, ListBucketsOutput, ListObjectsInput,
    ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output, Owner, PutObjectInput, PutObjectOutput,
};
use s3s::{S3, S3Request, S3Response, S3Result};

use super::error::from_store;
use super::{REGION, copy, delete, get, list, meta, put};
use crate::store::Store;

/// The operations of S3 over a store.
#[derive(Debug)]
pub(super) struct Operations {
    store: Store,
}

impl Operations {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }
}

#[async_trait::async_trait]
impl S3 for Operations {
    /// The library sends forms here too.
    async fn put_object(&self, req: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        put::put_object(&self.store, req).await
    }

    async fn get_object(&self, req: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        get::get_object(&self.store, req.input).await.map(S3Response::new)
    }

    async fn head_object(&self, req: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        get::head_object(&self.store, req.input).await.map(S3Response::new)
    }

    async fn delete_object(
        &self,
        req: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        delete::delete_object(&self.store, req.input).await?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn delete_objects(
        &self,
        req: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        delete::delete_objects(&self.store, req.input).await.map(S3Response::new)
    }

    async fn copy_object(&self, req: S3Request<CopyObjectInput>) -> S3Result<S3Response<CopyObjectOutput>> {
        copy::copy_object(&self.store, req.input).await.map(S3Response::new)
    }

    async fn list_objects_v2(
        &self,
        req: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        list::list_objects_v2(&self.store, req.input).await.map(S3Response::new)
    }

    async fn list_objects(
        &self,
        req: S3Request<ListObjectsInput>,
    ) -> S3Result<S3Response<ListObjectsOutput>> {
        list::list_objects(&self.store, req.input).await.map(S3Response::new)
    }

    async fn list_buckets(
        &self,
        _req: S3Request<ListBucketsInput>,
    ) -> S3Result<S3Response<ListBucketsOutput>> {
        let bucket = |name: &String| Bucket {
            name: Some(name.clone()),
            creation_date: Some(meta::timestamp_ms(self.store.created_ms())),
            ..Bucket::default()
        };
        let mut buckets: Vec<Bucket> = self.store.buckets().iter().map(bucket).collect();
        buckets.sort_by(|a, b| a.name.cmp(&b.name));
        let owner = Owner { id: Some("imagasaur".to_owned()), ..Owner::default() };
        Ok(S3Response::new(ListBucketsOutput {
            buckets: Some(buckets),
            owner: Some(owner),
            ..ListBucketsOutput::default()
        }))
    }

    async fn head_bucket(&self, req: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
        self.store.check_bucket(&req.input.bucket).map_err(from_store)?;
        let bucket_region = Some(REGION.to_owned());
        Ok(S3Response::new(HeadBucketOutput { bucket_region, ..HeadBucketOutput::default() }))
    }

    async fn get_bucket_location(
        &self,
        req: S3Request<GetBucketLocationInput>,
    ) -> S3Result<S3Response<GetBucketLocationOutput>> {
        self.store.check_bucket(&req.input.bucket).map_err(from_store)?;
        // This region is written as nothing, for reasons of history.
        let nothing: Option<BucketLocationConstraint> = None;
        Ok(S3Response::new(GetBucketLocationOutput { location_constraint: nothing }))
    }
}
