//! Lets in only what came through the CDN.
//!
//! The CDN sends a secret with each request to its origin. Who calls the function's own address does not know it,
//! and so cannot go round the CDN's limits and headers.

use std::fmt;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue};
use wire::Code;

use crate::problem::ApiError;
use crate::state::Api;

/// What the CDN sends the secret in.
const ORIGIN_SECRET: HeaderName = HeaderName::from_static("x-origin-secret");

/// The secrets that are taken: the present one and, while the CDN is being told a new one, that before it.
///
/// With none, everything is let in: on one machine there is no CDN to go round.
#[derive(Clone, Default)]
pub struct OriginSecrets(Vec<String>);

impl OriginSecrets {
    /// Reads them from a list with commas between.
    #[must_use]
    pub fn parse(list: &str) -> Self {
        Self(list.split(',').map(str::trim).filter(|secret| !secret.is_empty()).map(str::to_owned).collect())
    }

    fn admit(&self, given: &[u8]) -> bool {
        self.0.is_empty() || self.0.iter().any(|secret| is_same(secret.as_bytes(), given))
    }
}

/// Secrets are not for logs.
impl fmt::Debug for OriginSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} secrets", self.0.len())
    }
}

/// Looks at every byte, so that the time it takes does not tell how many of them are right.
fn is_same(secret: &[u8], given: &[u8]) -> bool {
    secret.len() == given.len() && secret.iter().zip(given).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}

/// Answers as if there were nothing here, unless the request carries a secret that is taken.
pub(crate) async fn only_through_the_cdn(State(api): State<Api>, request: Request, next: Next) -> Response {
    let given = request.headers().get(ORIGIN_SECRET).map(HeaderValue::as_bytes).unwrap_or_default();
    if api.config.origin_secrets.admit(given) {
        next.run(request).await
    } else {
        ApiError::new(Code::NotFound, "There is nothing at this address.").into_response()
    }
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
    use aws_credential_types::provider::SharedCredentialsProvider;
    use http::StatusCode;
    use tower::ServiceExt;

    use super::*;
    use crate::config::Config;
    use crate::state::Aws;

    const NEW: &str = "11111111111111111111111111111111";
    const OLD: &str = "00000000000000000000000000000000";

    /// What the API answers on an address that needs no store.
    async fn status(secrets: &str, given: Option<&str>) -> StatusCode {
        let config = Config::from_env(|name| match name {
            "UPLOADS_BUCKET" | "PROCESSED_BUCKET" => Some("bucket".to_owned()),
            "ORIGIN_SECRETS" => Some(secrets.to_owned()),
            "CURSOR_SECRET" => Some("a secret of the tests".to_owned()),
            _ => None,
        })
        .unwrap();
        let credentials =
            SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "test"));
        let s3 = aws_sdk_s3::Config::builder().behavior_version_latest().build();
        let aws =
            Aws { s3: aws_sdk_s3::Client::from_conf(s3), credentials, region: "eu-central-1".to_owned() };
        let mut request = http::Request::get("/api/config");
        if let Some(given) = given {
            request = request.header(ORIGIN_SECRET, given);
        }
        let request = request.body(axum::body::Body::empty()).unwrap();
        crate::router(config, aws).oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn who_does_not_know_the_secret_finds_nothing() {
        for given in [None, Some(""), Some("1"), Some(&NEW[1..]), Some("1111111111111111111111111111111x")] {
            assert_eq!(status(NEW, given).await, StatusCode::NOT_FOUND, "{given:?}");
        }
        assert_eq!(status(NEW, Some(NEW)).await, StatusCode::OK);
    }

    #[tokio::test]
    async fn takes_two_secrets_while_they_change() {
        let both = format!("{NEW},{OLD}");
        assert_eq!(status(&both, Some(NEW)).await, StatusCode::OK);
        assert_eq!(status(&both, Some(OLD)).await, StatusCode::OK);
        assert_eq!(status(&both, Some(&both)).await, StatusCode::NOT_FOUND);
        assert_eq!(status(NEW, Some(OLD)).await, StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn without_secrets_everybody_is_let_in() {
        assert_eq!(status("", None).await, StatusCode::OK);
    }

    #[test]
    fn secrets_are_not_logged() {
        assert_eq!(format!("{:?}", OriginSecrets::parse(NEW)), "1 secrets");
    }
}
