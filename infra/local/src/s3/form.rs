//! Answers to forms, where the library's differ from AWS's.

use http::header::{CONTENT_LENGTH, LOCATION};
use http::{HeaderValue, Response, StatusCode};
use s3s::{Body, HttpError, S3ErrorCode};

use super::error;

/// Mends an answer to a form. `host` is by what name the endpoint was reached.
pub(super) fn as_aws_answers(
    mut answer: Response<Body>,
    host: Option<&HeaderValue>,
) -> Result<Response<Body>, HttpError> {
    let location = absolute(answer.headers().get(LOCATION), host);
    if let Some(url) = &location {
        answer.headers_mut().insert(LOCATION, url.clone());
    }
    let Some(text) = answer.body().bytes() else { return Ok(answer) };
    let text = String::from_utf8_lossy(&text).into_owned();
    match (answer.status(), location) {
        (StatusCode::BAD_REQUEST, _) if is_broken_policy(&text) => {
            let message = "Invalid according to Policy: Policy Condition failed";
            error::response(S3ErrorCode::AccessDenied, message)
        }
        (StatusCode::CREATED, Some(url)) => {
            answer.headers_mut().remove(CONTENT_LENGTH);
            *answer.body_mut() = Body::from(created(&text, url.to_str().unwrap_or_default()));
            Ok(answer)
        }
        _ => Ok(answer),
    }
}

/// The URL of a path here.
fn absolute(path: Option<&HeaderValue>, host: Option<&HeaderValue>) -> Option<HeaderValue> {
    let (path, host) = (path?.to_str().ok()?, host?.to_str().ok()?);
    path.starts_with('/').then(|| HeaderValue::try_from(format!("http://{host}{path}")).ok())?
}

/// A form that breaks its policy is refused with 403 by AWS and with 400, as if the policy itself were wrong, by
/// the library. A policy that cannot be read is 400 with both.
fn is_broken_policy(text: &str) -> bool {
    text.contains("<Code>InvalidPolicyDocument</Code>")
        && ["Policy condition", "does not match"].iter().any(|sign| text.contains(sign))
}

/// The library leaves out the entity tag's quotes and gives a path for a location.
fn created(text: &str, url: &str) -> String {
    let quoted = text.replace("<ETag>", "<ETag>&quot;").replace("</ETag>", "&quot;</ETag>");
    match (quoted.find("<Location>"), quoted.find("</Location>")) {
        (Some(start), Some(end)) => format!("{}<Location>{url}{}", &quoted[..start], &quoted[end..]),
        _ => quoted,
    }
}
