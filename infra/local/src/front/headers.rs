//! Headers that protect the page.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use edge_api::PublicEndpoint;
use http::header::{CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue};

/// What every answer carries.
pub(super) async fn for_all(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

/// The page may run only what it came with, and talk only to its own origin and to S3.
pub(super) async fn content_security_policy(
    State(s3): State<PublicEndpoint>,
    request: Request,
    next: Next,
) -> Response {
    let policy = policy(&s3, request.headers());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, value);
    }
    response
}

fn policy(s3: &PublicEndpoint, request: &HeaderMap) -> String {
    let s3_origin = match s3 {
        PublicEndpoint::Aws => "https://*.amazonaws.com".to_owned(),
        PublicEndpoint::PathStyle(url) => url.clone(),
        PublicEndpoint::SameHost { port } => {
            let host = request.get(HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
            host.map_or_else(String::new, |authority| format!("http://{}:{port}", authority.host()))
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
    use super::*;

    #[test]
    fn the_page_may_reach_s3_on_the_host_that_it_came_from() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("192.0.2.7:3000"));
        let policy = policy(&PublicEndpoint::SameHost { port: 3001 }, &headers);
        assert!(policy.contains("connect-src 'self' http://192.0.2.7:3001;"), "{policy}");
        assert!(!policy.contains("unsafe-inline"));
    }

    #[test]
    fn a_host_header_cannot_add_to_the_policy() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("a; script-src *"));
        assert!(!policy(&PublicEndpoint::SameHost { port: 3001 }, &headers).contains("script-src *"));
    }
}
