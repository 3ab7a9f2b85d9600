//! The policy of a form: what its signer allows.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html>

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use s3s::{S3Error, S3ErrorCode, S3Result};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;

use super::fields::Fields;

/// What a policy says.
#[derive(Debug)]
pub(super) struct Policy {
    expiration: OffsetDateTime,
    conditions: Vec<Condition>,
}

/// A condition on a field, or on the file's size. Names of fields are in lower case.
#[derive(Debug, PartialEq, Eq)]
enum Condition {
    Equal { field: String, value: String },
    StartsWith { field: String, prefix: String },
    FileBytes { min: u64, max: u64 },
}

impl Policy {
    /// Reads a policy: base64 of JSON.
    pub(super) fn parse(base64: &str) -> S3Result<Self> {
        let json = BASE64_STANDARD.decode(base64).map_err(|_| invalid("Invalid Policy: Invalid base64."))?;
        let json: Value =
            serde_json::from_slice(&json).map_err(|_| invalid("Invalid Policy: Invalid JSON."))?;
        let expiration = json.get("expiration").ok_or_else(|| invalid("Policy missing expiration."))?;
        let expiration = expiration.as_str().unwrap_or_default();
        let expiration = OffsetDateTime::parse(expiration, &Iso8601::DEFAULT)
            .map_err(|_| invalid("Invalid Policy: Invalid 'expiration' value"))?;
        let conditions = json.get("conditions").ok_or_else(|| invalid("Policy missing conditions."))?;
        let conditions =
            conditions.as_array().ok_or_else(|| invalid("Invalid Policy: Invalid 'conditions' value"))?;
        let conditions = conditions.iter().map(Condition::parse).collect::<S3Result<_>>()?;
        Ok(Self { expiration, conditions })
    }

    /// Fails unless a form that is posted to `bucket` keeps the policy. Returns the least and the most bytes of the
    /// file.
    pub(super) fn check(
        &self,
        bucket: &str,
        fields: &Fields,
        now: OffsetDateTime,
    ) -> S3Result<Option<(u64, u64)>> {
        if now >= self.expiration {
            return Err(denied("Policy expired."));
        }
        let given = || {
            // The bucket is in the path; the field of that name may repeat it.
            let in_path =
                fields.get("bucket").is_none_or(|field| field != bucket).then_some(("bucket", bucket));
            in_path.into_iter().chain(fields.iter())
        };
        let mut sizes: Option<(u64, u64)> = None;
        for condition in &self.conditions {
            if let Condition::FileBytes { min, max } = condition {
                let (least, most) = sizes.unwrap_or((0, u64::MAX));
                sizes = Some((least.max(*min), most.min(*max)));
                continue;
            }
            let mut values = given().filter(|(name, _)| condition.is_about(name)).peekable();
            if values.peek().is_none() || !values.all(|(_, value)| condition.is_kept_by(value)) {
                return Err(denied(&format!("Policy Condition failed: {condition}")));
            }
        }
        let is_named = |name: &str| self.conditions.iter().any(|condition| condition.is_about(name));
        match given().find(|(name, _)| !is_exempt(name) && !is_named(name)) {
            Some((name, _)) => Err(denied(&format!("Extra input fields: {name}"))),
            None => Ok(sizes),
        }
    }
}

/// Fields that a policy need not name.
fn is_exempt(name: &str) -> bool {
    matches!(name, "policy" | "x-amz-signature" | "file") || name.starts_with("x-ignore-")
}

impl Condition {
    fn parse(json: &Value) -> S3Result<Self> {
        match json {
            Value::Object(pairs) => {
                let mut pairs = pairs.iter();
                let (Some((field, Value::String(value))), None) = (pairs.next(), pairs.next()) else {
                    let message = "Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one \
                                   property specified, and its value must be a string.";
                    return Err(invalid(message));
                };
                Ok(Self::Equal { field: field.to_ascii_lowercase(), value: value.clone() })
            }
            Value::Array(words) => match words.as_slice() {
                [Value::String(operator), first, second] => Self::parse_words(operator, first, second),
                _ => Err(invalid("Invalid Policy: Invalid Condition: wrong number of arguments.")),
            },
            _ => Err(invalid("Invalid Policy: Invalid Condition: a list or an object is expected.")),
        }
    }

    fn parse_words(operator: &str, first: &Value, second: &Value) -> S3Result<Self> {
        let operator = operator.to_ascii_lowercase();
        if operator == "content-length-range" {
            let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
            return match (number(first), number(second)) {
                (Some(min), Some(max)) if min <= max => Ok(Self::FileBytes { min, max }),
                _ => Err(invalid("Invalid Policy: Invalid content-length-range.")),
            };
        }
        let field = first.as_str().and_then(|field| field.strip_prefix('$')).map(str::to_ascii_lowercase);
        let (Some(field), Some(value)) = (field, second.as_str().map(str::to_owned)) else {
            return Err(invalid(
                "Invalid Policy: Invalid Condition: a field such as \"$key\" and a string are expected.",
            ));
        };
        match operator.as_str() {
            "eq" => Ok(Self::Equal { field, value }),
            "starts-with" => Ok(Self::StartsWith { field, prefix: value }),
            _ => Err(invalid("Invalid Policy: Invalid Condition: unknown operation.")),
        }
    }

    fn is_about(&self, name: &str) -> bool {
        match self {
            Self::Equal { field, .. } | Self::StartsWith { field, .. } => field == name,
            Self::FileBytes { .. } => false,
        }
    }

    fn is_kept_by(&self, given: &str) -> bool {
        match self {
            Self::Equal { value, .. } => given == value,
            // Several types may be given, and then each must begin so.
            Self::StartsWith { field, prefix } if field == "content-type" => {
                given.split(',').all(|kind| kind.trim().starts_with(prefix.as_str()))
            }
            Self::StartsWith { prefix, .. } => given.starts_with(prefix.as_str()),
            Self::FileBytes { .. } => true,
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (operator, field, value) = match self {
            Self::Equal { field, value } => ("eq", field, value),
            Self::StartsWith { field, prefix } => ("starts-with", field, prefix),
            Self::FileBytes { min, max } => return write!(f, "[\"content-length-range\", {min}, {max}]"),
        };
        write!(f, "[\"{operator}\", \"${field}\", {}]", Value::from(value.as_str()))
    }
}

fn invalid(message: &'static str) -> S3Error {
    S3Error::with_message(S3ErrorCode::InvalidPolicyDocument, message)
}

fn denied(what: &str) -> S3Error {
    S3Error::with_message(S3ErrorCode::AccessDenied, format!("Invalid according to Policy: {what}"))
}
