//! Who a request comes from, when a proxy may stand in between.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use http::HeaderMap;

use super::IpNet;

/// Who sent a request: an extension of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The client's own address, as far as it is known.
    pub address: IpAddr,
    /// The client speaks TLS, with us or with the proxy in front.
    pub is_encrypted: bool,
}

/// Networks in which reverse proxies stand. Their `X-Forwarded-For` and `X-Forwarded-Proto` are believed, nobody
/// else's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl FromIterator<IpNet> for TrustedProxies {
    fn from_iter<T: IntoIterator<Item = IpNet>>(networks: T) -> Self {
        Self(networks.into_iter().collect())
    }
}

impl TrustedProxies {
    /// Whether the address is that of a proxy.
    #[must_use]
    pub fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Who sent a request that came from `peer`.
    ///
    /// Each proxy appends to `X-Forwarded-For` whom it was called by. So the list is read from its end, as long as
    /// the caller is a proxy that is trusted; what comes before was written by somebody who is not.
    #[must_use]
    pub fn client(&self, peer: IpAddr, is_encrypted: bool, headers: &HeaderMap) -> Client {
        if !self.trust(peer) {
            return Client { address: peer, is_encrypted };
        }
        let mut address = peer;
        for hop in list(headers, "x-forwarded-for").rev() {
            let Some(hop) = parse_hop(hop) else { break };
            address = hop;
            if !self.trust(hop) {
                break;
            }
        }
        let scheme = list(headers, "x-forwarded-proto").next_back();
        Client { address, is_encrypted: scheme.map_or(is_encrypted, |scheme| scheme == "https") }
    }
}

/// The items of a header that is a list, in one line or several.
fn list<'a>(headers: &'a HeaderMap, name: &str) -> impl DoubleEndedIterator<Item = &'a str> {
    let lines: Vec<&str> = headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).collect();
    lines.into_iter().flat_map(|line| line.split(',')).map(str::trim).collect::<Vec<_>>().into_iter()
}

/// An address with or without a port.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let address = hop.parse().ok().or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()));
    address
        .or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
        .map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(networks: &[&str], peer: &str, forwarded_for: &[&str], proto: &[&str]) -> (String, bool) {
        let proxies: TrustedProxies = networks.iter().map(|network| network.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for (name, lines) in [("x-forwarded-for", forwarded_for), ("x-forwarded-proto", proto)] {
            for line in lines {
                headers.append(name, line.parse().unwrap());
            }
        }
        let client = proxies.client(peer.parse().unwrap(), false, &headers);
        (client.address.to_string(), client.is_encrypted)
    }

    #[test]
    fn a_stranger_is_not_believed() {
        let claims = ["198.51.100.1"];
        assert_eq!(client(&[], "192.0.2.9", &claims, &["https"]), ("192.0.2.9".into(), false));
        assert_eq!(client(&["10.0.0.0/8"], "192.0.2.9", &claims, &["https"]), ("192.0.2.9".into(), false));
    }

    #[test]
    fn of_a_proxys_list_only_what_proxies_wrote_is_read() {
        let trusted = ["10.0.0.0/8", "::1/128"];
        let address = |peer, lines: &[&str]| client(&trusted, peer, lines, &[]).0;
        assert_eq!(address("10.1.1.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(address("::1", &["1.2.3.4, 198.51.100.1"]), "198.51.100.1", "the client made 1.2.3.4 up");
        assert_eq!(address("10.1.1.1", &["1.2.3.4", "198.51.100.1, 10.2.2.2"]), "198.51.100.1");
        assert_eq!(address("10.1.1.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(address("10.1.1.1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(address("10.1.1.1", &["unknown"]), "10.1.1.1");
        assert_eq!(address("10.1.1.1", &[]), "10.1.1.1");
    }

    #[test]
    fn the_proxy_tells_whether_the_client_speaks_tls() {
        assert!(client(&["10.0.0.0/8"], "10.1.1.1", &[], &["https"]).1);
        assert!(!client(&["10.0.0.0/8"], "10.1.1.1", &[], &["https, http"]).1, "the last one is the proxy's");
    }
}
