//! Which form of a file a client takes, and whether it has it already.
//!
//! Source: RFC 9110, sections 12.5.3 (Accept-Encoding) and 13.1.2 (If-None-Match).

use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};

/// How a file is compressed. The first that a client takes equally well is the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    pub(super) const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// As in `Content-Encoding`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }
}

/// The codings that there are, best first by the client's own weights. The plain form comes last even if the client
/// says that it does not take it: better than no page.
pub(super) fn preferred(headers: &HeaderMap) -> impl Iterator<Item = Coding> {
    let accepted: Vec<(String, u16)> = items(headers, &ACCEPT_ENCODING).filter_map(weighted).collect();
    let weight = |coding: Coding| {
        let named =
            |name: &str| accepted.iter().find(|(accepted, _)| accepted == name).map(|(_, weight)| *weight);
        let usual = if coding == Coding::Identity { Some(1) } else { named("*") };
        named(coding.name()).or(usual).unwrap_or(0)
    };
    let mut codings: Vec<(Coding, u16)> = Coding::ALL.map(|coding| (coding, weight(coding))).into();
    codings.retain(|(coding, weight)| *weight > 0 || *coding == Coding::Identity);
    codings.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    codings.into_iter().map(|(coding, _)| coding)
}

/// Whether the client has the form with this entity tag.
pub(super) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    items(headers, &IF_NONE_MATCH).any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}

fn items<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// A coding and its weight in thousandths, such as `br;q=0.8`.
fn weighted(item: &str) -> Option<(String, u16)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next()?.to_ascii_lowercase();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let weight: f32 = weight.map_or(Some(1.0), |weight| weight.parse().ok())?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 1000")]
    let thousandths = (weight.clamp(0.0, 1.0) * 1000.0) as u16;
    Some((if name == "x-gzip" { "gzip".to_owned() } else { name }, thousandths))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(accept: Option<&'static str>) -> Vec<&'static str> {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(ACCEPT_ENCODING, accept.parse().unwrap());
        }
        preferred(&headers).map(Coding::name).collect()
    }

    #[test]
    fn the_smallest_form_that_is_taken_comes_first() {
        assert_eq!(order(Some("gzip, deflate, br, zstd")), ["br", "gzip", "identity"]);
        assert_eq!(order(Some("gzip")), ["gzip", "identity"]);
        assert_eq!(order(None), ["identity"]);
        assert_eq!(order(Some("")), ["identity"]);
        assert_eq!(order(Some("*")), ["br", "gzip", "identity"]);
    }

    #[test]
    fn weights_are_followed() {
        assert_eq!(order(Some("br;q=0, gzip;q=0.5")), ["gzip", "identity"]);
        assert_eq!(order(Some("br;q=0.5, gzip;q=0.8")), ["gzip", "br", "identity"]);
        assert_eq!(order(Some("identity, br;q=0.1")), ["identity", "br"]);
        assert_eq!(order(Some("br;q=nonsense")), ["identity"]);
        assert_eq!(order(Some("identity;q=0, *;q=0")), ["identity"], "better than no page");
    }

    #[test]
    fn a_known_form_is_recognised_in_any_list() {
        for (header, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            let headers = [(IF_NONE_MATCH, header.parse().unwrap())].into_iter().collect();
            assert_eq!(is_known(&headers, "\"a\""), expected, "{header}");
        }
    }
}
