//! Which pages may read the endpoint's answers: the page is served from another port, so it is of another origin.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method, Uri};

/// Origins whose pages may read answers.
#[derive(Clone, Debug)]
pub struct AllowedOrigins {
    /// Origins such as `https://photos.example`.
    pub listed: Vec<String>,
    /// Also any origin on the host by whose name the endpoint was reached, whatever the port.
    pub has_same_host: bool,
}

impl Default for AllowedOrigins {
    /// The same host on any port: what one machine needs.
    fn default() -> Self {
        Self { listed: Vec::new(), has_same_host: true }
    }
}

impl AllowedOrigins {
    /// The request's origin, if its page may read the answer.
    #[must_use]
    pub fn find(&self, request: &HeaderMap) -> Option<HeaderValue> {
        let origin = request.get(ORIGIN)?;
        let text = origin.to_str().ok()?;
        let is_listed = self.listed.iter().any(|listed| listed == text);
        let is_same_host = || {
            let from = text.parse::<Uri>().ok()?;
            let to = request.get(HOST)?.to_str().ok()?.parse::<Uri>().ok()?;
            (matches!(from.scheme_str(), Some("http" | "https"))
                && from.host()?.eq_ignore_ascii_case(to.host()?))
            .then_some(())
        };
        (is_listed || (self.has_same_host && is_same_host().is_some())).then(|| origin.clone())
    }
}

/// True if a browser asks for leave first, as it does before an upload whose progress a page follows.
pub(super) fn is_preflight(method: &Method, request: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && request.contains_key(ORIGIN)
        && request.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Adds to the answer to a preflight what may be done.
pub(super) fn grant_preflight(request: &HeaderMap, answer: &mut HeaderMap) {
    let methods = HeaderValue::from_static("GET, HEAD, PUT, POST, DELETE");
    answer.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    if let Some(headers) = request.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, headers.clone());
    }
    answer.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3000"));
}

/// Adds to any answer that the page may read it, and which of its headers.
pub(super) fn grant(origin: HeaderValue, answer: &mut HeaderMap) {
    answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    let exposed = HeaderValue::from_static("ETag, Location, x-amz-request-id, x-amz-checksum-sha256");
    answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    answer.append(VARY, HeaderValue::from_static("Origin"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_allowed(origins: &AllowedOrigins, origin: &str, host: &str) -> bool {
        let mut request = HeaderMap::new();
        request.insert(ORIGIN, origin.parse().unwrap());
        request.insert(HOST, host.parse().unwrap());
        origins.find(&request).is_some()
    }

    #[test]
    fn same_host_means_any_port_of_it_and_nothing_else() {
        let origins = AllowedOrigins::default();
        assert!(is_allowed(&origins, "http://localhost:3000", "localhost:3001"));
        assert!(is_allowed(&origins, "http://[::1]:3000", "[::1]:3001"));
        assert!(!is_allowed(&origins, "http://localhost.evil.example:3000", "localhost:3001"));
        assert!(!is_allowed(&origins, "http://evil.example", "localhost:3001"));
        assert!(!is_allowed(&origins, "null", "localhost:3001"));
    }

    #[test]
    fn listed_origins_are_matched_whole() {
        let origins =
            AllowedOrigins { listed: vec!["https://photos.example".to_owned()], has_same_host: false };
        assert!(is_allowed(&origins, "https://photos.example", "s3.example"));
        assert!(!is_allowed(&origins, "https://photos.example.evil", "s3.example"));
        assert!(!is_allowed(&origins, "http://s3.example:3000", "s3.example"));
    }
}
