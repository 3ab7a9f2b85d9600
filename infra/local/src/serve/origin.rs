//! An address without a path, under which browsers reach something.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use thiserror::Error;

/// Scheme, host and port, as in `https://photos.example`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin(String);

/// The address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParseOriginError {
    /// It does not begin with a scheme that browsers speak.
    #[error("it has to begin with http:// or https:// and name a host")]
    Scheme,
    /// There is something after the host. S3's signatures cover the path, so a proxy cannot change it.
    #[error("it has to end after the host and its port: a proxy cannot serve this under a path")]
    Path,
}

impl FromStr for Origin {
    type Err = ParseOriginError;

    fn from_str(text: &str) -> Result<Self, ParseOriginError> {
        let address: Uri = text.parse().map_err(|_| ParseOriginError::Scheme)?;
        let (Some(scheme @ ("http" | "https")), Some(authority)) =
            (address.scheme_str(), address.authority())
        else {
            return Err(ParseOriginError::Scheme);
        };
        if address.path() != "/" || address.query().is_some() || authority.as_str().contains('@') {
            return Err(ParseOriginError::Path);
        }
        Ok(Self(format!("{scheme}://{}", authority.as_str().to_ascii_lowercase())))
    }
}

impl Origin {
    /// Whether it is reached with TLS.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with("https:")
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
