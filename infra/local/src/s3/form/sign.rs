//! Who signed a form: Signature Version 4 over the policy as it was sent.

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use s3s::{S3Error, S3ErrorCode, S3Result};
use sha2::{Digest, Sha256};
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use super::Keys;
use super::fields::Fields;

/// What is signed with a key is valid for so long: a policy's own end comes before that or after it.
const MAX_AGE: Duration = Duration::days(7);

/// How far a client's clock may be ahead.
const MAX_SKEW: Duration = Duration::minutes(15);

/// The fields that make a signature.
pub(super) struct Signed<'a> {
    /// Base64, as it was sent.
    pub(super) policy: &'a str,
    credential: &'a str,
    date: &'a str,
    signature: &'a str,
}

impl<'a> Signed<'a> {
    /// Fails if a part of the signature is missing, and with 403 if all of it is.
    pub(super) fn read(fields: &'a Fields) -> S3Result<Self> {
        if fields.get("signature").is_some() || fields.get("awsaccesskeyid").is_some() {
            let message = "The authorization mechanism you have provided is not supported. Please use \
                           AWS4-HMAC-SHA256.";
            return Err(S3Error::with_message(S3ErrorCode::InvalidRequest, message));
        }
        let names = ["policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"];
        if names.iter().all(|name| fields.get(name).is_none()) {
            return Err(S3Error::with_message(S3ErrorCode::AccessDenied, "Access Denied"));
        }
        let get = |name: &str| fields.get(name).ok_or_else(|| missing(name));
        if get("x-amz-algorithm")? != "AWS4-HMAC-SHA256" {
            return Err(invalid("Only AWS4-HMAC-SHA256 is supported"));
        }
        Ok(Self {
            policy: get("policy")?,
            credential: get("x-amz-credential")?,
            date: get("x-amz-date")?,
            signature: get("x-amz-signature")?,
        })
    }

    /// Fails unless the key's owner signed this policy.
    pub(super) fn verify(&self, keys: &Keys) -> S3Result<()> {
        let malformed = || {
            invalid(
                "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
            )
        };
        let mut scope = self.credential.rsplitn(5, '/');
        let mut next = || scope.next().ok_or_else(malformed);
        let (end, service, region, day, access_key) = (next()?, next()?, next()?, next()?, next()?);
        if end != "aws4_request" || service != "s3" {
            return Err(malformed());
        }
        if access_key != keys.access_key {
            let message = "The AWS Access Key Id you provided does not exist in our records.";
            return Err(S3Error::with_message(S3ErrorCode::InvalidAccessKeyId, message));
        }
        let format = format_description!("[year][month][day]T[hour][minute][second]Z");
        let date = PrimitiveDateTime::parse(self.date, format)
            .map_err(|_| invalid("X-Amz-Date must be formated via ISO8601 Long format"))?
            .assume_utc();
        if !self.date.starts_with(day) {
            return Err(malformed());
        }
        let key = generate_signing_key(&keys.secret_key, date.into(), region, service);
        let signature = calculate_signature(key, self.policy.as_bytes());
        // Of hashes, how far two are alike tells nothing about what was hashed.
        if Sha256::digest(signature) != Sha256::digest(self.signature) {
            let message = "The request signature we calculated does not match the signature you provided. Check your \
                           key and signing method.";
            return Err(S3Error::with_message(S3ErrorCode::SignatureDoesNotMatch, message));
        }
        let age = OffsetDateTime::now_utc() - date;
        if age > MAX_AGE || age < -MAX_SKEW {
            let message = "Invalid according to Policy: Policy expired.";
            return Err(S3Error::with_message(S3ErrorCode::AccessDenied, message));
        }
        Ok(())
    }
}

/// The field that a form lacks.
pub(super) fn missing(name: &str) -> S3Error {
    let message = format!(
        "Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields."
    );
    S3Error::with_message(S3ErrorCode::InvalidArgument, message)
}

fn invalid(message: &'static str) -> S3Error {
    S3Error::with_message(S3ErrorCode::InvalidArgument, message)
}
