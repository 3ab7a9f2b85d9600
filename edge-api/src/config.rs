//! What an operator sets, read once and checked.

use std::time::Duration;

use http::uri::Scheme;
use thiserror::Error;
use wire::MediaType;
use wire::api::{DEFAULT_MAX_BYTES, DEFAULT_MAX_PIXELS};

use crate::guard::OriginSecrets;

/// The longest that a signed upload stays valid.
pub const MAX_POLICY_LIFETIME: Duration = Duration::from_mins(15);

/// What the API has to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// Bucket of the originals.
    pub uploads_bucket: String,
    /// Bucket of thumbnails and entries.
    pub processed_bucket: String,
    /// Where browsers reach S3.
    pub public_endpoint: PublicEndpoint,
    /// The largest file accepted, bytes.
    pub max_bytes: u64,
    /// The most pixels accepted; the page refuses more before it uploads.
    pub max_pixels: u64,
    /// How long a signed upload stays valid; at most [`MAX_POLICY_LIFETIME`].
    pub policy_lifetime: Duration,
    /// What the CDN has to know; empty where there is none.
    pub origin_secrets: OriginSecrets,
}

/// Where browsers reach S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicEndpoint {
    /// AWS itself: `https://{bucket}.s3.{region}.amazonaws.com`.
    Aws,
    /// An endpoint with the bucket as first segment of the path, such as `https://s3.example.org`.
    PathStyle(String),
    /// The same, on the host name under which the browser reached the API, at another port. So a phone in the
    /// same network can upload to a machine that knows nothing of its own addresses.
    SameHost {
        /// How both are reached: with TLS or without.
        scheme: Scheme,
        /// The port of the S3 endpoint.
        port: u16,
    },
}

/// A setting is missing or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// The variable has to be set.
    #[error("environment variable {0} is not set")]
    Missing(&'static str),
    /// The variable has a value that is no positive whole number.
    #[error("environment variable {name} is {value:?}, which is not a positive whole number")]
    NotANumber {
        /// The variable.
        name: &'static str,
        /// What it holds.
        value: String,
    },
}

impl Config {
    /// Reads `UPLOADS_BUCKET`, `PROCESSED_BUCKET` and, if set, `S3_PUBLIC_ENDPOINT`, `MAX_BYTES`, `MAX_PIXELS`,
    /// `ORIGIN_SECRETS`.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let required = |name: &'static str| {
            lookup(name).filter(|value| !value.is_empty()).ok_or(ConfigError::Missing(name))
        };
        let number = |name: &'static str, default: u64| match lookup(name) {
            None => Ok(default),
            Some(value) => match value.parse() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(ConfigError::NotANumber { name, value }),
            },
        };
        Ok(Self {
            uploads_bucket: required("UPLOADS_BUCKET")?,
            processed_bucket: required("PROCESSED_BUCKET")?,
            public_endpoint: lookup("S3_PUBLIC_ENDPOINT").map_or(PublicEndpoint::Aws, |url| {
                PublicEndpoint::PathStyle(url.trim_end_matches('/').to_owned())
            }),
            max_bytes: number("MAX_BYTES", DEFAULT_MAX_BYTES)?,
            max_pixels: number("MAX_PIXELS", DEFAULT_MAX_PIXELS)?,
            policy_lifetime: MAX_POLICY_LIFETIME,
            origin_secrets: lookup("ORIGIN_SECRETS")
                .map_or_else(OriginSecrets::default, |list| OriginSecrets::parse(&list)),
        })
    }

    /// The same for the page.
    pub(crate) fn for_page(&self) -> wire::Config {
        wire::Config {
            max_bytes: self.max_bytes,
            max_pixels: self.max_pixels,
            accept: MediaType::ALL.to_vec(),
            thumbnail: wire::api::ThumbnailSize { width: 100, height: 100 },
            live_url: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<'a>(pairs: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn names_the_variable_that_is_missing_or_wrong() {
        assert_eq!(Config::from_env(with(&[])).unwrap_err(), ConfigError::Missing("UPLOADS_BUCKET"));
        let env = [("UPLOADS_BUCKET", "u"), ("PROCESSED_BUCKET", "p"), ("MAX_BYTES", "10 MB")];
        let error = Config::from_env(with(&env)).unwrap_err();
        assert!(error.to_string().contains("MAX_BYTES") && error.to_string().contains("10 MB"), "{error}");
    }

    #[test]
    fn has_defaults_for_all_but_the_buckets() {
        let config = Config::from_env(with(&[("UPLOADS_BUCKET", "u"), ("PROCESSED_BUCKET", "p")])).unwrap();
        assert_eq!(config.max_bytes, DEFAULT_MAX_BYTES);
        assert_eq!(config.public_endpoint, PublicEndpoint::Aws);
    }
}
