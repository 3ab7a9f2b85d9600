//! What an operator sets, read once and checked.

use std::time::Duration;

use http::HeaderValue;
use http::uri::Scheme;
use thiserror::Error;
use wire::MediaType;
use wire::api::{DEFAULT_MAX_BYTES, DEFAULT_MAX_PIXELS};

use crate::cursor::CursorKey;
use crate::guard::OriginSecrets;

/// The longest that a signed upload stays valid.
pub const MAX_POLICY_LIFETIME: Duration = Duration::from_mins(15);

/// Fewer could be tried out.
const MIN_SECRET_BYTES: usize = 16;

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
    /// With what cursors are signed.
    pub cursor_key: CursorKey,
    /// Origins, besides our own, whose pages may read the answers; most often none.
    pub allowed_origins: Vec<HeaderValue>,
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
    /// The variable has a value that cannot be used.
    #[error("environment variable {name} {reason}")]
    Unusable {
        /// The variable.
        name: &'static str,
        /// What is wrong with it; never its value, which may be a secret.
        reason: &'static str,
    },
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
    /// Reads `UPLOADS_BUCKET`, `PROCESSED_BUCKET`, `CURSOR_SECRET` and, if set, `S3_PUBLIC_ENDPOINT`, `MAX_BYTES`,
    /// `MAX_PIXELS`, `ORIGIN_SECRETS` and `ALLOWED_ORIGINS` (with commas between). Without `CURSOR_SECRET`,
    /// `ORIGIN_SECRETS` will do.
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
            cursor_key: cursor_key(&lookup)?,
            allowed_origins: allowed_origins(&lookup("ALLOWED_ORIGINS").unwrap_or_default())?,
        })
    }

    /// The same for the page.
    pub(crate) fn for_page(&self, live_url: Option<String>) -> wire::Config {
        wire::Config {
            max_bytes: self.max_bytes,
            max_pixels: self.max_pixels,
            accept: MediaType::ALL.to_vec(),
            thumbnail: wire::api::ThumbnailSize { width: 100, height: 100 },
            live_url,
        }
    }
}

/// All functions of an installation have the same secret, since the next page may be asked of another one.
fn cursor_key(lookup: impl Fn(&str) -> Option<String>) -> Result<CursorKey, ConfigError> {
    let secret = ["CURSOR_SECRET", "ORIGIN_SECRETS"]
        .into_iter()
        .find_map(|name| lookup(name).filter(|value| !value.is_empty()));
    let secret = secret.ok_or(ConfigError::Missing("CURSOR_SECRET"))?;
    if secret.len() < MIN_SECRET_BYTES {
        return Err(ConfigError::Unusable { name: "CURSOR_SECRET", reason: "has fewer than 16 characters" });
    }
    Ok(CursorKey::derive(secret.as_bytes()))
}

/// Origins with commas between, each as a browser writes it: `https://photos.example`.
fn allowed_origins(list: &str) -> Result<Vec<HeaderValue>, ConfigError> {
    let unusable = ConfigError::Unusable {
        name: "ALLOWED_ORIGINS",
        reason: "has an origin in it that is none: write them as https://photos.example",
    };
    let is_origin = |text: &str| {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', '?', '#', '@', ' ']))
    };
    let origins = list.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    origins
        .map(|origin| {
            HeaderValue::from_str(origin).ok().filter(|_| is_origin(origin)).ok_or_else(|| unusable.clone())
        })
        .collect()
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

    const BUCKETS: [(&str, &str); 2] = [("UPLOADS_BUCKET", "u"), ("PROCESSED_BUCKET", "p")];
    const SECRET: (&str, &str) = ("CURSOR_SECRET", "0123456789abcdef");

    #[test]
    fn has_defaults_for_all_but_the_buckets_and_the_secret() {
        let config = Config::from_env(with(&[BUCKETS[0], BUCKETS[1], SECRET])).unwrap();
        assert_eq!(config.max_bytes, DEFAULT_MAX_BYTES);
        assert_eq!(config.public_endpoint, PublicEndpoint::Aws);
        assert!(config.allowed_origins.is_empty());
    }

    #[test]
    fn cursors_need_a_secret_that_cannot_be_tried_out() {
        let error = Config::from_env(with(&BUCKETS)).unwrap_err();
        assert_eq!(error, ConfigError::Missing("CURSOR_SECRET"));
        let short = ("CURSOR_SECRET", "0123456789");
        let error = Config::from_env(with(&[BUCKETS[0], BUCKETS[1], short])).unwrap_err().to_string();
        assert!(error.contains("CURSOR_SECRET") && !error.contains("0123456789"), "{error}");
        let other = ("ORIGIN_SECRETS", "0123456789abcdef");
        assert!(Config::from_env(with(&[BUCKETS[0], BUCKETS[1], other])).is_ok());
    }

    #[test]
    fn origins_are_taken_as_browsers_write_them() {
        let origins = allowed_origins("https://a.example, http://localhost:3000,").unwrap();
        assert_eq!(origins, ["https://a.example", "http://localhost:3000"]);
        for bad in ["*", "https://*", "a.example", "https://a.example/", "https://", "null", "https://a b"] {
            assert!(allowed_origins(bad).is_err(), "{bad}");
        }
    }
}
