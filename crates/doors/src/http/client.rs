//! Who is on the line: address and browser, for the evidence and for limits by address.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, header, request::Parts};

/// The address at the other end of the socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub SocketAddr);

/// How many proxies of our own stand before this server. Each adds one entry to `X-Forwarded-For`; anything further left
/// was written by the client and proves nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ProxyHops(pub usize);

/// The most characters of `User-Agent` that are kept.
const USER_AGENT_CHARACTERS_MAX: usize = 512;

/// The client's address: the socket's, or the one that the outermost of our own proxies saw.
pub(crate) fn address(parts: &Parts) -> Option<IpAddr> {
    let peer = parts
        .extensions
        .get::<Peer>()
        .map(|peer| peer.0.ip().to_canonical());
    let hops = parts
        .extensions
        .get::<ProxyHops>()
        .copied()
        .unwrap_or_default()
        .0;
    if hops == 0 {
        peer
    } else {
        forwarded(&parts.headers, hops).or(peer)
    }
}

fn forwarded(headers: &HeaderMap, hops: usize) -> Option<IpAddr> {
    let lines = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok());
    let entries: Vec<&str> = lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .collect();
    let index = entries.len().checked_sub(hops)?;
    entries[index]
        .parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

/// The client's `User-Agent`, cut to a bounded length.
pub(crate) fn user_agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(USER_AGENT_CHARACTERS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn parts(hops: usize, forwarded: &str) -> Parts {
        let request = Request::builder()
            .header("x-forwarded-for", forwarded)
            .extension(Peer("203.0.113.9:4000".parse().unwrap()))
            .extension(ProxyHops(hops));
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_forwarded_address_is_believed_only_from_our_own_proxies() {
        let seen = |hops, text| address(&parts(hops, text)).unwrap().to_string();
        assert_eq!(seen(0, "198.51.100.1"), "203.0.113.9");
        assert_eq!(seen(1, "10.9.9.9, 198.51.100.1"), "198.51.100.1");
        assert_eq!(seen(2, "10.9.9.9, 198.51.100.1, 192.0.2.7"), "198.51.100.1");
        assert_eq!(seen(3, "198.51.100.1"), "203.0.113.9");
    }
}
