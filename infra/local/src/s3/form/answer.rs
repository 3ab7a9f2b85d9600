//! What a form's sender is told.

use http::header::{CONTENT_TYPE, ETAG, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri};
use s3s::Body;

use super::fields::Fields;
use crate::store::event::form_encode;
use crate::store::{Algorithm, ObjectRecord};

/// An answer to a form that was taken.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    xml: Option<String>,
}

impl Answer {
    /// As the form asks for it: a redirect, or a status. `origin` is how the endpoint was reached.
    pub(super) fn new(fields: &Fields, origin: &str, bucket: &str, key: &str, record: &ObjectRecord) -> Self {
        let etag = format!("\"{}\"", record.etag);
        // In a path a plus sign is one: a space needs the other form.
        let path = format!("/{bucket}/{}", form_encode(key).replace('+', "%20"));
        let url = format!("{origin}{path}");
        let mut headers = HeaderMap::new();
        headers.extend(HeaderValue::try_from(&etag).ok().map(|etag| (ETAG, etag)));
        for algorithm in Algorithm::ALL {
            let is_asked = fields.get(algorithm.header()).is_some();
            let sum = record.checksums.get(&algorithm).filter(|_| is_asked);
            let sum = sum.and_then(|sum| HeaderValue::try_from(sum).ok());
            headers.extend(sum.map(|sum| (HeaderName::from_static(algorithm.header()), sum)));
        }
        let redirect = fields.get("success_action_redirect").or_else(|| fields.get("redirect"));
        if let Some(target) = redirect.and_then(|url| redirection(url, bucket, key, &etag)) {
            headers.insert(LOCATION, target);
            return Self { status: StatusCode::SEE_OTHER, headers, xml: None };
        }
        headers.extend(HeaderValue::try_from(&url).ok().map(|url| (LOCATION, url)));
        match fields.get("success_action_status") {
            Some("200") => Self { status: StatusCode::OK, headers, xml: None },
            Some("201") => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
                let xml = format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse><Location>{}</Location><Bucket>{}\
                     </Bucket><Key>{}</Key><ETag>{}</ETag></PostResponse>",
                    escape(&url),
                    escape(bucket),
                    escape(key),
                    escape(&etag)
                );
                Self { status: StatusCode::CREATED, headers, xml: Some(xml) }
            }
            _ => Self { status: StatusCode::NO_CONTENT, headers, xml: None },
        }
    }

    pub(super) fn into_response(self) -> Response<Body> {
        let body = self.xml.map_or_else(Body::empty, Body::from);
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// Where a browser is sent, told what was stored; `None` if that is no address, and then it is as if none were given.
fn redirection(url: &str, bucket: &str, key: &str, etag: &str) -> Option<HeaderValue> {
    let parsed: Uri = url.parse().ok()?;
    if !matches!(parsed.scheme_str(), Some("http" | "https")) {
        return None;
    }
    let joint = if parsed.query().is_some() { '&' } else { '?' };
    let value = |text: &str| form_encode(text).replace('/', "%2F");
    let told = format!("{url}{joint}bucket={}&key={}&etag={}", value(bucket), value(key), value(etag));
    HeaderValue::try_from(told).ok()
}

/// Text within XML. What XML cannot carry is left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.extend(["&#", &u32::from(character).to_string(), ";"]),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}
