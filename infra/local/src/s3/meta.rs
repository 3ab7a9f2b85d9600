//! Between the protocol's words for what is known of an object and the store's.

use s3s::dto::{ChecksumType, ETag, ETagCondition, Timestamp};
use s3s::{S3Error, S3ErrorCode, S3Result};
use time::OffsetDateTime;

use crate::store::{Checksums, ObjectMeta, ObjectRecord};

/// Collects what the client says about an object from any input that has these fields.
macro_rules! meta_of {
    ($input:expr) => {
        $crate::store::ObjectMeta {
            content_type: $input.content_type.take(),
            cache_control: $input.cache_control.take(),
            content_disposition: $input.content_disposition.take(),
            content_encoding: $input.content_encoding.take(),
            content_language: $input.content_language.take(),
            expires_unix_s: $input
                .expires
                .take()
                .map(|time| time::OffsetDateTime::from(time).unix_timestamp()),
            user: $input.metadata.take().unwrap_or_default().into_iter().collect(),
        }
    };
}

/// Puts what is known of an object into any output that has these fields.
macro_rules! describe {
    ($output:expr, $record:expr) => {{
        let record: &$crate::store::ObjectRecord = $record;
        $output.accept_ranges = Some("bytes".to_owned());
        $output.content_type = Some($crate::s3::meta::content_type(&record.meta));
        $output.cache_control = record.meta.cache_control.clone();
        $output.content_disposition = record.meta.content_disposition.clone();
        $output.content_encoding = record.meta.content_encoding.clone();
        $output.content_language = record.meta.content_language.clone();
        $output.expires = record.meta.expires_unix_s.and_then($crate::s3::meta::timestamp_s);
        $output.e_tag = Some(s3s::dto::ETag::Strong(record.etag.clone()));
        $output.last_modified = Some($crate::s3::meta::last_modified(record));
        $output.metadata = Some(record.meta.user.clone().into_iter().collect());
    }};
}

/// Puts checksums into any output that has these fields.
macro_rules! put_checksums {
    ($output:expr, $checksums:expr) => {{
        use $crate::store::Algorithm;
        let checksums: &$crate::store::Checksums = $checksums;
        $output.checksum_crc32 = checksums.get(&Algorithm::Crc32).cloned();
        $output.checksum_crc32c = checksums.get(&Algorithm::Crc32c).cloned();
        $output.checksum_crc64nvme = checksums.get(&Algorithm::Crc64Nvme).cloned();
        $output.checksum_sha1 = checksums.get(&Algorithm::Sha1).cloned();
        $output.checksum_sha256 = checksums.get(&Algorithm::Sha256).cloned();
    }};
}

/// Puts the checksums of an object into any output that has these fields: those of all its bytes, or that of its
/// parts' checksums.
macro_rules! put_object_checksums {
    ($output:expr, $record:expr) => {{
        let (checksums, kind) = $crate::s3::meta::object_checksums($record);
        $crate::s3::meta::put_checksums!($output, &checksums);
        $output.checksum_type = Some(kind);
    }};
}

/// The preconditions of reading in any input that has these fields.
macro_rules! preconditions {
    ($input:expr) => {
        $crate::s3::meta::Preconditions {
            if_match: $input.if_match.take(),
            if_none_match: $input.if_none_match.take(),
            if_modified_since: $input.if_modified_since.take(),
            if_unmodified_since: $input.if_unmodified_since.take(),
        }
    };
}

/// The preconditions of copying in any input that has these fields.
macro_rules! source_preconditions {
    ($input:expr) => {
        $crate::s3::meta::Preconditions {
            if_match: $input.copy_source_if_match.take(),
            if_none_match: $input.copy_source_if_none_match.take(),
            if_modified_since: $input.copy_source_if_modified_since.take(),
            if_unmodified_since: $input.copy_source_if_unmodified_since.take(),
        }
    };
}

pub(super) use {
    describe, meta_of, preconditions, put_checksums, put_object_checksums, source_preconditions,
};

/// The checksum is of all the bytes.
pub(super) fn full_object() -> ChecksumType {
    ChecksumType::from_static(ChecksumType::FULL_OBJECT)
}

/// What the protocol says of an object's checksums.
pub(super) fn object_checksums(record: &ObjectRecord) -> (Checksums, ChecksumType) {
    let composite = record.multipart.as_ref().and_then(|multipart| multipart.composite.clone());
    match composite {
        Some(composite) => (Checksums::from([composite]), ChecksumType::from_static(ChecksumType::COMPOSITE)),
        None => (record.checksums.clone(), full_object()),
    }
}

/// What S3 says of an object whose type it was not told.
pub(super) fn content_type(meta: &ObjectMeta) -> String {
    meta.content_type.clone().unwrap_or_else(|| "binary/octet-stream".to_owned())
}

pub(super) fn timestamp_s(unix_s: i64) -> Option<Timestamp> {
    OffsetDateTime::from_unix_timestamp(unix_s).ok().map(Timestamp::from)
}

pub(super) fn timestamp_ms(unix_ms: u64) -> Timestamp {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(unix_ms) * 1_000_000);
    time.unwrap_or(OffsetDateTime::UNIX_EPOCH).into()
}

pub(super) fn last_modified(record: &ObjectRecord) -> Timestamp {
    timestamp_ms(record.last_modified_ms)
}

/// A length as the protocol library wants it.
pub(super) fn length(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// The conditions under which an object is to be sent, in the order of RFC 9110, section 13.2.2.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_field_names, reason = "they are the names of the headers")]
pub(super) struct Preconditions {
    pub(super) if_match: Option<ETagCondition>,
    pub(super) if_none_match: Option<ETagCondition>,
    pub(super) if_modified_since: Option<Timestamp>,
    pub(super) if_unmodified_since: Option<Timestamp>,
}

impl Preconditions {
    /// Fails with 412, or 304 if the client has what there is.
    pub(super) fn check(&self, record: &ObjectRecord) -> S3Result<()> {
        let is_met = |condition: &ETagCondition| match condition {
            ETagCondition::Any => true,
            ETagCondition::ETag(etag) => etag.value() == record.etag,
        };
        // Header dates have whole seconds.
        let modified_s = record.last_modified_ms / 1000;
        let is_modified_since = |since: &Timestamp| {
            let since = OffsetDateTime::from(since.clone()).unix_timestamp();
            i64::try_from(modified_s).unwrap_or(i64::MAX) > since
        };
        match (&self.if_match, &self.if_unmodified_since) {
            (Some(condition), _) if !is_met(condition) => return Err(precondition_failed()),
            (None, Some(since)) if is_modified_since(since) => return Err(precondition_failed()),
            _ => {}
        }
        match (&self.if_none_match, &self.if_modified_since) {
            (Some(condition), _) if is_met(condition) => Err(not_modified(record)),
            (None, Some(since)) if !is_modified_since(since) => Err(not_modified(record)),
            _ => Ok(()),
        }
    }
}

pub(super) fn precondition_failed() -> S3Error {
    let message = "At least one of the pre-conditions you specified did not hold";
    S3Error::with_message(S3ErrorCode::PreconditionFailed, message)
}

fn not_modified(record: &ObjectRecord) -> S3Error {
    let mut error = S3Error::new(S3ErrorCode::NotModified);
    if let Ok(etag) = ETag::Strong(record.etag.clone()).to_http_header() {
        error.set_headers([(http::header::ETAG, etag)].into_iter().collect());
    }
    error
}
