//! `ListObjectsV2` and its predecessor.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use s3s::dto::{
    CommonPrefix, ETag, EncodingType, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input,
    ListObjectsV2Output, Object, ObjectStorageClass, Owner,
};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::error::from_store;
use super::meta::{last_modified, length};
use crate::store::event::form_encode;
use crate::store::{After, ListPage, ListQuery, Store};

/// The most entries on a page, as on AWS.
const MAX_PAGE: i32 = 1000;

pub(super) async fn list_objects_v2(
    store: &Store,
    input: ListObjectsV2Input,
) -> S3Result<ListObjectsV2Output> {
    let encoding = Encoding::new(input.encoding_type.as_ref())?;
    let after = match (&input.continuation_token, &input.start_after) {
        (Some(token), _) => Some(parse_token(token)?),
        (None, Some(key)) => Some(After::Key(key.clone())),
        (None, None) => None,
    };
    let (max_keys, query) = query(input.prefix, input.delimiter, input.max_keys, after)?;
    let (prefix, delimiter) = (query.prefix.clone(), query.delimiter.clone());
    let page = store.list(&input.bucket, query).await.map_err(from_store)?;

    let owner = input.fetch_owner.unwrap_or_default().then(owner);
    Ok(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(encoding.apply(&prefix)),
        delimiter: delimiter.map(|delimiter| encoding.apply(&delimiter)),
        start_after: input.start_after.map(|key| encoding.apply(&key)),
        encoding_type: input.encoding_type,
        max_keys: Some(max_keys),
        key_count: i32::try_from(page.objects.len() + page.prefixes.len()).ok(),
        continuation_token: input.continuation_token,
        is_truncated: Some(page.next.is_some()),
        next_continuation_token: page.next.as_ref().map(format_token),
        common_prefixes: Some(encoding.prefixes(&page)),
        contents: Some(encoding.objects(&page, owner.as_ref())),
        ..ListObjectsV2Output::default()
    })
}

pub(super) async fn list_objects(store: &Store, input: ListObjectsInput) -> S3Result<ListObjectsOutput> {
    let encoding = Encoding::new(input.encoding_type.as_ref())?;
    let prefix_length = input.prefix.as_ref().map_or(0, String::len);
    let ends_a_common_prefix = |marker: &str| {
        let delimiter = input.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty());
        delimiter.is_some_and(|delimiter| marker.get(prefix_length..).is_some_and(|m| m.ends_with(delimiter)))
    };
    let after =
        input.marker.clone().filter(|marker| !marker.is_empty()).map(|marker| {
            if ends_a_common_prefix(&marker) { After::Prefix(marker) } else { After::Key(marker) }
        });
    let (max_keys, query) = query(input.prefix, input.delimiter, input.max_keys, after)?;
    let (prefix, delimiter) = (query.prefix.clone(), query.delimiter.clone());
    let page = store.list(&input.bucket, query).await.map_err(from_store)?;
    Ok(ListObjectsOutput {
        name: Some(input.bucket),
        prefix: Some(encoding.apply(&prefix)),
        delimiter: delimiter.map(|delimiter| encoding.apply(&delimiter)),
        marker: Some(encoding.apply(&input.marker.unwrap_or_default())),
        encoding_type: input.encoding_type,
        max_keys: Some(max_keys),
        is_truncated: Some(page.next.is_some()),
        next_marker: page.next.as_ref().map(|(After::Key(name) | After::Prefix(name))| encoding.apply(name)),
        common_prefixes: Some(encoding.prefixes(&page)),
        contents: Some(encoding.objects(&page, Some(&owner()))),
        ..ListObjectsOutput::default()
    })
}

fn query(
    prefix: Option<String>,
    delimiter: Option<String>,
    max_keys: Option<i32>,
    after: Option<After>,
) -> S3Result<(i32, ListQuery)> {
    let (max_keys, count) = page_size(max_keys, "max-keys")?;
    Ok((max_keys, ListQuery { prefix: prefix.unwrap_or_default(), delimiter, after, max_keys: count }))
}

/// The most entries on a page, as asked for by the parameter `name`.
pub(super) fn page_size(asked: Option<i32>, name: &str) -> S3Result<(i32, usize)> {
    let size = asked.unwrap_or(MAX_PAGE).min(MAX_PAGE);
    let count = usize::try_from(size).map_err(|_| {
        let message = format!("Argument {name} must be an integer between 0 and 2147483647");
        S3Error::with_message(S3ErrorCode::InvalidArgument, message)
    })?;
    Ok((size, count))
}

/// How names are written: XML cannot carry all characters that keys may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Plain,
    Url,
}

impl Encoding {
    pub(super) fn new(asked: Option<&EncodingType>) -> S3Result<Self> {
        match asked.map(EncodingType::as_str) {
            None => Ok(Self::Plain),
            Some(EncodingType::URL) => Ok(Self::Url),
            Some(_) => Err(invalid("Invalid Encoding Method specified in Request")),
        }
    }

    pub(super) fn apply(self, name: &str) -> String {
        match self {
            Self::Plain => name.to_owned(),
            Self::Url => form_encode(name),
        }
    }

    fn prefixes(self, page: &ListPage) -> Vec<CommonPrefix> {
        page.prefixes.iter().map(|prefix| CommonPrefix { prefix: Some(self.apply(prefix)) }).collect()
    }

    fn objects(self, page: &ListPage, owner: Option<&Owner>) -> Vec<Object> {
        let object = |(key, record): &(String, crate::store::ObjectRecord)| Object {
            key: Some(self.apply(key)),
            size: Some(length(record.size)),
            e_tag: Some(ETag::Strong(record.etag.clone())),
            last_modified: Some(last_modified(record)),
            storage_class: Some(ObjectStorageClass::from_static(ObjectStorageClass::STANDARD)),
            owner: owner.cloned(),
            ..Object::default()
        };
        page.objects.iter().map(object).collect()
    }
}

pub(super) fn owner() -> Owner {
    Owner { id: Some("imagasaur".to_owned()), display_name: Some("imagasaur".to_owned()) }
}

fn format_token(after: &After) -> String {
    let text = match after {
        After::Key(key) => format!("k{key}"),
        After::Prefix(prefix) => format!("p{prefix}"),
    };
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

fn parse_token(token: &str) -> S3Result<After> {
    let text = BASE64_URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.unwrap_or_default();
    match (text.strip_prefix('k'), text.strip_prefix('p')) {
        (Some(key), _) => Ok(After::Key(key.to_owned())),
        (_, Some(prefix)) => Ok(After::Prefix(prefix.to_owned())),
        _ => Err(invalid("The continuation token provided is incorrect")),
    }
}

pub(super) fn invalid(message: &'static str) -> S3Error {
    S3Error::with_message(S3ErrorCode::InvalidArgument, message)
}
