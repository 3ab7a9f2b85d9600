//! Headers that protect the page and those who look at it.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use edge_api::PublicEndpoint;
use http::header::{
    CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::server::Client;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// What the page does without: it takes files that a person chooses, and nothing of the device.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), \
                           gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

/// Whether browsers reach the page with TLS even if nothing that reaches us says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Secure(pub(super) bool);

/// What every answer carries.
pub(super) async fn for_all(
    State(Secure(is_encrypted)): State<Secure>,
    request: Request,
    next: Next,
) -> Response {
    let client = request.extensions().get::<Client>().copied();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // A browser that saw this without TLS would have to ignore it.
    if is_encrypted || client.is_some_and(|client| client.is_encrypted) {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// A picture that is opened by itself runs nothing.
pub(super) async fn for_pictures(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

/// The page may run only what it came with, and talk only to its own origin and to S3.
pub(super) async fn for_page(State(s3): State<PublicEndpoint>, request: Request, next: Next) -> Response {
    let policy = policy(&s3, request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, value);
    }
    headers.insert(PERMISSIONS_POLICY, HeaderValue::from_static(PERMISSIONS));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

fn policy(s3: &PublicEndpoint, request: &HeaderMap) -> String {
    let s3_origin = match s3 {
        PublicEndpoint::Aws => "https://*.amazonaws.com".to_owned(),
        PublicEndpoint::PathStyle(url) => url.clone(),
        PublicEndpoint::SameHost { scheme, port } => {
            let host = request.get(HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
            host.map_or_else(String::new, |authority| format!("{scheme}://{}:{port}", authority.host()))
        }
    };
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
         connect-src 'self' {s3_origin}; worker-src 'self'; object-src 'none'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use http::uri::Scheme;

    use super::*;

    fn same_host(host: &'static str, scheme: Scheme) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static(host));
        policy(&PublicEndpoint::SameHost { scheme, port: 3001 }, &headers)
    }

    #[test]
    fn the_page_may_reach_s3_on_the_host_that_it_came_from() {
        let policy = same_host("192.0.2.7:3000", Scheme::HTTP);
        assert!(policy.contains("connect-src 'self' http://192.0.2.7:3001;"), "{policy}");
        assert!(!policy.contains("unsafe-inline"));
        let encrypted = same_host("photos.example:3000", Scheme::HTTPS);
        assert!(encrypted.contains("connect-src 'self' https://photos.example:3001;"), "{encrypted}");
    }

    #[test]
    fn a_host_header_cannot_add_to_the_policy() {
        assert!(!same_host("a; script-src *", Scheme::HTTP).contains("script-src *"));
    }
}
