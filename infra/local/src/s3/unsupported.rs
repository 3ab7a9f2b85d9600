//! Refusing what would otherwise be silently left out.

use s3s::{S3Error, S3ErrorCode, S3Result};

use crate::store::ObjectMeta;

/// The most bytes of `x-amz-meta-*`, names and values together, as on AWS.
const MAX_USER_METADATA_BYTES: usize = 2 << 10;

/// What a client asks for besides keeping the bytes and what it says about them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wishes<'a> {
    pub(super) acl: Option<&'a str>,
    pub(super) has_grants: bool,
    pub(super) encryption: Option<&'a str>,
    pub(super) has_own_key: bool,
    pub(super) storage_class: Option<&'a str>,
    pub(super) tagging: Option<&'a str>,
    pub(super) redirect: Option<&'a str>,
    pub(super) has_lock: bool,
}

/// The wishes in any input that has these fields.
macro_rules! wishes {
    ($input:expr) => {{
        let input = &$input;
        $crate::s3::unsupported::Wishes {
            acl: input.acl.as_ref().map(|acl| acl.as_str()),
            has_grants: input.grant_full_control.is_some()
                || input.grant_read.is_some()
                || input.grant_read_acp.is_some()
                || input.grant_write_acp.is_some(),
            encryption: input.server_side_encryption.as_ref().map(|encryption| encryption.as_str()),
            has_own_key: input.ssekms_key_id.is_some()
                || input.ssekms_encryption_context.is_some()
                || input.sse_customer_algorithm.is_some()
                || input.sse_customer_key.is_some()
                || input.sse_customer_key_md5.is_some(),
            storage_class: input.storage_class.as_ref().map(|class| class.as_str()),
            tagging: input.tagging.as_deref(),
            redirect: input.website_redirect_location.as_deref(),
            has_lock: input.object_lock_mode.is_some()
                || input.object_lock_legal_hold_status.is_some()
                || input.object_lock_retain_until_date.is_some(),
        }
    }};
}

pub(super) use wishes;

impl Wishes<'_> {
    /// Fails on the first wish that is not granted.
    ///
    /// Of ACLs those that change nothing are taken, as AWS does where ACLs are disabled. `AES256` is what AWS does to
    /// every object without being asked and without anybody noticing; here the disk is encrypted, or not.
    pub(super) fn check(&self) -> S3Result<()> {
        if self.has_grants
            || self.acl.is_some_and(|acl| !["private", "bucket-owner-full-control"].contains(&acl))
        {
            let message = "The bucket does not allow ACLs";
            return Err(S3Error::with_message(S3ErrorCode::AccessControlListNotSupported, message));
        }
        if self.storage_class.is_some_and(|class| class != "STANDARD") {
            let message = "The storage class you specified is not valid";
            return Err(S3Error::with_message(S3ErrorCode::InvalidStorageClass, message));
        }
        let unsupported = [
            (self.encryption.is_some_and(|kind| kind != "AES256"), "server-side encryption with KMS"),
            (self.has_own_key, "server-side encryption with your own key"),
            (self.tagging.is_some_and(|tags| !tags.is_empty()), "tagging"),
            (self.redirect.is_some(), "website redirects"),
            (self.has_lock, "object lock"),
        ];
        unsupported.into_iter().try_for_each(|(is_asked, what)| refuse(is_asked, what))
    }
}

/// Fails if something is asked for that there is not.
pub(super) fn refuse(is_asked: bool, what: &str) -> S3Result<()> {
    if !is_asked {
        return Ok(());
    }
    let message = format!("A header you provided implies functionality that is not implemented: {what}");
    Err(S3Error::with_message(S3ErrorCode::NotImplemented, message))
}

/// Fails if there is more metadata than S3 takes.
pub(super) fn check_metadata(meta: &ObjectMeta) -> S3Result<()> {
    let bytes: usize = meta.user.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes <= MAX_USER_METADATA_BYTES {
        return Ok(());
    }
    let message = "Your metadata headers exceed the maximum allowed metadata size";
    Err(S3Error::with_message(S3ErrorCode::MetadataTooLarge, message))
}
