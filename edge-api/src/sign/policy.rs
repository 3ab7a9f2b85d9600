//! Builds and signs the policy of one upload.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// `20260102T030405Z`, as signatures write time.
const AMZ_DATE: &[FormatItem<'static>] = format_description!("[year][month][day]T[hour][minute][second]Z");

/// What may be sent.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// Into which bucket.
    pub bucket: &'a str,
    /// Under which key.
    pub key: &'a str,
    /// As which media type.
    pub content_type: &'a str,
    /// How many bytes, exactly.
    pub bytes: u64,
    /// SHA-256 of the bytes, base64.
    pub sha256: Option<&'a str>,
}

/// A form that S3 will accept with the right file in it, until it expires.
#[derive(Clone, Debug)]
pub struct SignedForm {
    /// Names and values in the order to send them, before the file.
    pub fields: Vec<(String, String)>,
    /// RFC 3339, UTC, whole seconds.
    pub expires_at: String,
}

/// Signs leave for one upload from `now`, for `lifetime` or as long as the credentials last if that is less.
///
/// Every field of the form is in the policy, so that none can be changed or added.
///
/// # Errors
/// Only if a time cannot be written, which takes a clock past the year 9999.
pub fn sign(
    upload: &Upload<'_>,
    credentials: &Credentials,
    region: &str,
    now: SystemTime,
    lifetime: Duration,
) -> Result<SignedForm, time::error::Format> {
    let expiry = credentials.expiry().map_or(now + lifetime, |end| end.min(now + lifetime));
    // Whole seconds, so that the policy and the answer name the same moment.
    let expires_at = OffsetDateTime::from(expiry)
        .replace_nanosecond(0)
        .unwrap_or_else(|_| expiry.into())
        .format(&Rfc3339)?;
    let amz_date = OffsetDateTime::from(now).format(AMZ_DATE)?;
    let scope = format!("{}/{}/{region}/s3/aws4_request", credentials.access_key_id(), &amz_date[..8]);

    let mut fields: Vec<(&str, String)> =
        vec![("key", upload.key.to_owned()), ("Content-Type", upload.content_type.to_owned())];
    if let Some(sha256) = upload.sha256 {
        fields.push(("x-amz-checksum-sha256", sha256.to_owned()));
    }
    fields.push(("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()));
    fields.push(("x-amz-credential", scope));
    fields.push(("x-amz-date", amz_date));
    if let Some(token) = credentials.session_token() {
        fields.push(("x-amz-security-token", token.to_owned()));
    }

    let mut conditions: Vec<Value> = vec![json!({ "bucket": upload.bucket })];
    conditions.extend(fields.iter().map(|(name, value)| json!(["eq", format!("${name}"), value])));
    conditions.push(json!(["content-length-range", upload.bytes, upload.bytes]));
    let policy = STANDARD.encode(json!({ "expiration": expires_at, "conditions": conditions }).to_string());
    let signing_key = generate_signing_key(credentials.secret_access_key(), now, region, "s3");
    let signature = calculate_signature(signing_key, policy.as_bytes());
    fields.push(("policy", policy));
    fields.push(("x-amz-signature", signature));

    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Ok(SignedForm { fields, expires_at })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_UNIX_S: u64 = 1_451_347_200; // 2015-12-29T00:00:00Z

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(NOW_UNIX_S)
    }

    fn credentials(token: Option<&str>, expiry: Option<SystemTime>) -> Credentials {
        Credentials::new(
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            token.map(str::to_owned),
            expiry,
            "test",
        )
    }

    fn upload() -> Upload<'static> {
        Upload {
            bucket: "uploads",
            key: "uploads/id/a b+c.jpg",
            content_type: "image/jpeg",
            bytes: 1234,
            sha256: Some("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        }
    }

    fn policy_of(form: &SignedForm) -> Value {
        let (_, policy) = form.fields.iter().find(|(name, _)| name == "policy").unwrap();
        serde_json::from_slice(&STANDARD.decode(policy).unwrap()).unwrap()
    }

    /// The policy and signature that AWS prints in "Examples: Browser-Based Upload using HTTP POST (Using AWS
    /// Signature Version 4)".
    #[test]
    fn signature_is_that_of_aws_documented_example() {
        let policy = concat!(
            "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1",
            "Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iX",
            "SwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3",
            "NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ",
            "0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2",
            "NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd",
            "2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0",
            "VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkF",
            "XUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9",
        );
        let key = generate_signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", now(), "us-east-1", "s3");
        assert_eq!(
            calculate_signature(key, policy.as_bytes()),
            "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"
        );
    }

    #[test]
    fn every_field_but_policy_and_signature_is_pinned() {
        let form =
            sign(&upload(), &credentials(Some("TOKEN"), None), "us-east-1", now(), Duration::from_mins(15))
                .unwrap();
        let conditions = policy_of(&form)["conditions"].clone();
        for (name, value) in &form.fields {
            if name != "policy" && name != "x-amz-signature" {
                let condition = json!(["eq", format!("${name}"), value]);
                assert!(conditions.as_array().unwrap().contains(&condition), "{condition} in {conditions}");
            }
        }
        assert!(conditions.as_array().unwrap().contains(&json!(["content-length-range", 1234, 1234])));
        assert!(conditions.as_array().unwrap().contains(&json!({ "bucket": "uploads" })));
        assert!(form.fields.iter().any(|(name, value)| name == "x-amz-security-token" && value == "TOKEN"));
    }

    #[test]
    fn expires_with_the_credentials_if_they_end_sooner() {
        let lifetime = Duration::from_mins(15);
        let until = |expiry| {
            sign(&upload(), &credentials(None, expiry), "us-east-1", now(), lifetime).unwrap().expires_at
        };
        assert_eq!(until(None), "2015-12-29T00:15:00Z");
        assert_eq!(until(Some(now() + Duration::from_mins(1))), "2015-12-29T00:01:00Z");
        assert_eq!(until(Some(now() + Duration::from_mins(100))), "2015-12-29T00:15:00Z");
    }

    #[test]
    fn the_policy_names_the_same_expiry_as_the_answer() {
        let soon = now() + Duration::from_millis(1_500);
        let form =
            sign(&upload(), &credentials(None, None), "us-east-1", soon, Duration::from_mins(15)).unwrap();
        assert_eq!(policy_of(&form)["expiration"], json!(form.expires_at));
        assert_eq!(form.expires_at, "2015-12-29T00:15:01Z");
    }
}
