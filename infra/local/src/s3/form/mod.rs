//! `PostObject`: what a browser's form uploads.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html>
//!
//! A form does not go through the protocol library, which would hold the file in memory while it judges the policy.
//! Here `fields` reads what comes before the file, `sign` and [`policy`] judge it, the file goes to disk as it comes,
//! and `answer` says what became of it.

mod answer;
mod fields;
mod object;
mod policy;
mod sign;

use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use http::header::{CONTENT_TYPE, HOST};
use http::request::Parts;
use http::{HeaderMap, Method, Response};
use s3s::{Body, HttpError, S3Error, S3ErrorCode, S3Result};
use time::OffsetDateTime;

use self::answer::Answer;
use self::fields::{Fields, FormReader};
use self::object::ObjectForm;
use self::policy::Policy;
use super::body::SharedBody;
use super::error::{from_store, into_response};
use crate::server::Client;
use crate::store::{Algorithm, EventName, PutOptions, Store};

/// The key pair that forms are signed with.
pub(super) struct Keys {
    pub(super) access_key: String,
    pub(super) secret_key: String,
}

/// Takes forms.
#[derive(Clone)]
pub(super) struct Forms {
    store: Store,
    keys: Arc<Keys>,
}

impl Forms {
    pub(super) fn new(store: Store, keys: Keys) -> Self {
        Self { store, keys: Arc::new(keys) }
    }

    /// True if a request is a form, or should have been one.
    pub(super) fn is_for(head: &Parts) -> bool {
        let is_to_bucket = bucket_of(head.uri.path()).is_some() && head.uri.query().is_none_or(str::is_empty);
        head.method == Method::POST && (is_to_bucket || is_form(&head.headers))
    }

    /// Receives a form. `body` is read to its end only if the form is taken.
    pub(super) async fn post(&self, head: &Parts, body: SharedBody) -> Result<Response<Body>, HttpError> {
        match self.receive(head, body).await {
            Ok(answer) => Ok(answer.into_response()),
            Err(error) => into_response(error),
        }
    }

    async fn receive(&self, head: &Parts, body: SharedBody) -> S3Result<Answer> {
        let headers = &head.headers;
        let bucket = bucket_of(head.uri.path()).ok_or_else(|| S3Error::new(S3ErrorCode::MethodNotAllowed))?;
        if !is_form(headers) {
            let message = "Bucket POST must be of the enclosure-type multipart/form-data";
            return Err(S3Error::with_message(S3ErrorCode::PreconditionFailed, message));
        }
        self.store.check_bucket(bucket).map_err(from_store)?;
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let mut reader = FormReader::new(kind, body)?;
        let fields = reader.fields().await?;
        let limits = self.judge(bucket, &fields)?;
        let form = ObjectForm::read(&fields)?;
        self.store.check_name(bucket, &form.key).map_err(from_store)?;

        let max_bytes = limits.map_or(u64::MAX, |(_, max)| max).min(self.store.max_object_bytes());
        let wanted: Vec<Algorithm> = form.expectations.checksums.keys().copied().collect();
        let file = reader.file()?.map_err(Box::new);
        let file = file.map_ok(|bytes: Bytes| bytes).boxed();
        let staged = self.store.stage_at_most(max_bytes, file, &wanted).await.map_err(from_store)?;
        if limits.is_some_and(|(min, _)| staged.size() < min) {
            let message = "Your proposed upload is smaller than the minimum allowed size";
            return Err(S3Error::with_message(S3ErrorCode::EntityTooSmall, message));
        }
        staged.check(&form.expectations).map_err(from_store)?;
        reader.end().await?;
        let options = PutOptions { meta: form.meta, event: EventName::Post, ..PutOptions::default() };
        let record = self.store.commit(bucket, &form.key, staged, options).await.map_err(from_store)?;
        Ok(Answer::new(&fields, &origin(head), bucket, &form.key, &record))
    }

    /// Fails unless the form has a policy that is signed and kept. Returns how large its file may be, bytes.
    fn judge(&self, bucket: &str, fields: &Fields) -> S3Result<Option<(u64, u64)>> {
        let signed = sign::Signed::read(fields)?;
        let policy = Policy::parse(signed.policy)?;
        signed.verify(&self.keys)?;
        policy.check(bucket, fields, OffsetDateTime::now_utc())
    }
}

/// How the endpoint was reached.
fn origin(head: &Parts) -> String {
    let is_encrypted = head.extensions.get::<Client>().is_some_and(|client| client.is_encrypted);
    let host = head.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    format!("{}://{host}", if is_encrypted { "https" } else { "http" })
}

/// The bucket of a path that names nothing more. No bucket's name needs decoding.
fn bucket_of(path: &str) -> Option<&str> {
    let path = path.strip_prefix('/')?;
    let bucket = path.strip_suffix('/').unwrap_or(path);
    (!bucket.is_empty() && !bucket.contains('/')).then_some(bucket)
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.as_bytes().get(..19))
        .is_some_and(|kind| kind.eq_ignore_ascii_case(b"multipart/form-data"))
}
