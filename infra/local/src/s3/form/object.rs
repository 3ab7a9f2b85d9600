//! What a form says about the object to be.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use s3s::dto::{Timestamp, TimestampFormat};
use s3s::{S3Error, S3ErrorCode, S3Result};
use time::OffsetDateTime;

use super::fields::Fields;
use super::sign::missing;
use crate::s3::receive::check_form;
use crate::s3::unsupported::{Wishes, check_metadata};
use crate::store::{Algorithm, Expectations, ObjectMeta};

/// An object as a form describes it. What the file's own part says of its type is not heeded.
pub(super) struct ObjectForm {
    pub(super) key: String,
    pub(super) meta: ObjectMeta,
    pub(super) expectations: Expectations,
}

impl ObjectForm {
    pub(super) fn read(fields: &Fields) -> S3Result<Self> {
        let key = fields.get("key").ok_or_else(|| missing("key"))?;
        if key.is_empty() {
            let message = "User key must have a length greater than 0.";
            return Err(S3Error::with_message(S3ErrorCode::InvalidArgument, message));
        }
        wishes(fields).check()?;
        let meta = meta(fields)?;
        check_metadata(&meta)?;
        Ok(Self { key: key.to_owned(), meta, expectations: expectations(fields)? })
    }
}

fn wishes(fields: &Fields) -> Wishes<'_> {
    let has = |prefix: &str| fields.iter().any(|(name, _)| name.starts_with(prefix));
    Wishes {
        acl: fields.get("acl").or_else(|| fields.get("x-amz-acl")),
        has_grants: has("x-amz-grant-"),
        encryption: fields.get("x-amz-server-side-encryption"),
        has_own_key: has("x-amz-server-side-encryption-"),
        storage_class: fields.get("x-amz-storage-class"),
        tagging: fields.get("tagging").or_else(|| fields.get("x-amz-tagging")),
        redirect: fields.get("x-amz-website-redirect-location"),
        has_lock: has("x-amz-object-lock-"),
    }
}

fn meta(fields: &Fields) -> S3Result<ObjectMeta> {
    let get = |name: &str| fields.get(name).map(str::to_owned);
    let user =
        |(name, value): (&str, &str)| Some((name.strip_prefix("x-amz-meta-")?.to_owned(), value.to_owned()));
    let expires = fields.get("expires").map(|text| {
        let time = Timestamp::parse(TimestampFormat::HttpDate, text);
        let invalid = |_| S3Error::with_message(S3ErrorCode::InvalidArgument, "Expires is no date");
        time.map_err(invalid).map(|time| OffsetDateTime::from(time).unix_timestamp())
    });
    Ok(ObjectMeta {
        content_type: get("content-type"),
        cache_control: get("cache-control"),
        content_disposition: get("content-disposition"),
        content_encoding: get("content-encoding"),
        content_language: get("content-language"),
        expires_unix_s: expires.transpose()?,
        user: fields.iter().filter_map(user).collect(),
    })
}

fn expectations(fields: &Fields) -> S3Result<Expectations> {
    let mut expectations = Expectations::default();
    for algorithm in Algorithm::ALL {
        if let Some(sum) = fields.get(algorithm.header()) {
            check_form(algorithm, sum)?;
            expectations.checksums.insert(algorithm, sum.to_owned());
        }
    }
    if let Some(md5) = fields.get("content-md5") {
        let md5 = BASE64_STANDARD.decode(md5).ok().and_then(|md5| md5.try_into().ok());
        let invalid = || {
            S3Error::with_message(S3ErrorCode::InvalidDigest, "The Content-MD5 you specified was invalid.")
        };
        expectations.md5 = Some(md5.ok_or_else(invalid)?);
    }
    Ok(expectations)
}
