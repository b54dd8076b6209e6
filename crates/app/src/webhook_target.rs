//! Where a webhook may be sent: the check of a target URL, and of the addresses its name stands for.
//!
//! It is asked twice, because a name that was harmless when it was configured may point inside our
//! network when it is used: at configuration time on the URL ([`check_target`]), and at every
//! connection on each resolved address ([`is_public`]). An IP literal never reaches a resolver, so
//! the URL check alone must stop those; the URL parser has already turned every notation
//! (`0x7f.1`, `2130706433`, `[::ffff:127.0.0.1]`) into one address by then.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The longest target URL accepted, in bytes.
pub const TARGET_BYTES_MAX: usize = 2048;

/// What a target may be, as the operator decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guard {
    /// `DEEDBOX_ALLOW_PRIVATE_WEBHOOKS`: loopback and private targets and plain `http` are let
    /// through. For tests and labs.
    pub allow_private: bool,
}

/// Why a target was refused. The text names the remedy and never repeats the URL, which may carry
/// a secret in its query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetRefusal {
    /// Longer than [`TARGET_BYTES_MAX`].
    #[error("must be at most {TARGET_BYTES_MAX} characters")]
    TooLong,
    /// Not an absolute URL with a host.
    #[error("must be an absolute https URL")]
    NotAUrl,
    /// Another scheme than `https` (or `http`, where private targets are allowed).
    #[error("must use https")]
    Scheme,
    /// A user name or password stands in the URL.
    #[error("must not contain a user name or password; use the webhook secret instead")]
    UserInfo,
    /// Port 0 can be connected to by nobody.
    #[error("must name a port other than 0")]
    Port,
    /// The host is this machine's own name.
    #[error("must not point to this machine")]
    LocalName,
    /// The host is, or stands for, an address that is not on the public internet.
    #[error("must not point to a loopback, private or reserved address")]
    PrivateAddress,
}

/// Checks a webhook target before anything is sent to it, and answers it parsed.
///
/// # Errors
/// A [`TargetRefusal`] that says which rule the target breaks.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a guard may grow an allow-list"
)]
pub fn check_target(target: &str, guard: &Guard) -> Result<Url, TargetRefusal> {
    if target.len() > TARGET_BYTES_MAX {
        return Err(TargetRefusal::TooLong);
    }
    let url = Url::parse(target).map_err(|_| TargetRefusal::NotAUrl)?;
    check_scheme(&url, *guard)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(TargetRefusal::UserInfo);
    }
    if url.port() == Some(0) {
        return Err(TargetRefusal::Port);
    }
    check_host(&url, *guard)?;
    Ok(url)
}

fn check_scheme(url: &Url, guard: Guard) -> Result<(), TargetRefusal> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if guard.allow_private => Ok(()),
        _ => Err(TargetRefusal::Scheme),
    }
}

fn check_host(url: &Url, guard: Guard) -> Result<(), TargetRefusal> {
    let host = url.host().ok_or(TargetRefusal::NotAUrl)?;
    if guard.allow_private {
        return Ok(());
    }
    match host {
        Host::Domain(name) if is_local_name(name) => Err(TargetRefusal::LocalName),
        Host::Domain(_) => Ok(()),
        Host::Ipv4(address) => check_address(address.into(), guard),
        Host::Ipv6(address) => check_address(address.into(), guard),
    }
}

/// Checks one address that a target's name resolved to.
///
/// # Errors
/// [`TargetRefusal::PrivateAddress`] unless the address is public or private ones are allowed.
pub fn check_address(address: IpAddr, guard: Guard) -> Result<(), TargetRefusal> {
    if guard.allow_private || is_public(address) {
        Ok(())
    } else {
        Err(TargetRefusal::PrivateAddress)
    }
}

/// RFC 6761 §6.3: `localhost` and everything under it is this machine, whatever DNS says.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Is this address one of the public internet, where a stranger's server may stand?
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => !SPECIAL_V4.iter().any(|(net, bits)| in_v4(v4, *net, *bits)),
        IpAddr::V6(v6) => {
            in_v6(v6, GLOBAL_UNICAST_V6.0, GLOBAL_UNICAST_V6.1)
                && !SPECIAL_V6.iter().any(|(net, bits)| in_v6(v6, *net, *bits))
        }
    }
}

fn in_v4(address: Ipv4Addr, net: Ipv4Addr, bits: u32) -> bool {
    (address.to_bits() ^ net.to_bits()) >> (32 - bits) == 0
}

fn in_v6(address: Ipv6Addr, net: Ipv6Addr, bits: u32) -> bool {
    (address.to_bits() ^ net.to_bits()) >> (128 - bits) == 0
}

/// The IANA IPv4 special-purpose registry, with multicast and the reserved class E.
const SPECIAL_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),           // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // shared by carriers (CGNAT)
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local, cloud metadata
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // 6to4 relays
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarking
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved, broadcast
];

/// The only IPv6 space in which public unicast is assigned; loopback, unique-local, link-local,
/// NAT64 and multicast all lie outside it.
const GLOBAL_UNICAST_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// The special-purpose blocks inside global unicast.
const SPECIAL_V6: [(Ipv6Addr, u32); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments, Teredo, ORCHID
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4, which can carry a private v4
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48), // AS112 delegation
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Guard = Guard {
        allow_private: false,
    };
    const LAB: Guard = Guard {
        allow_private: true,
    };

    #[test]
    fn a_public_https_target_is_accepted() {
        for target in [
            "https://hooks.example.com/in?k=1",
            "https://hooks.example.com:8443/",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(check_target(target, &STRICT).is_ok(), "{target}");
        }
    }

    #[test]
    fn private_and_reserved_literals_are_refused_in_every_notation() {
        for target in [
            "https://127.0.0.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://017700000001/",
            "https://127.1/",
            "https://①②⑦.0.0.1/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:a00:1]/",
            "https://[::127.0.0.1]/",
            "https://0.0.0.0/",
            "https://10.1.2.3/",
            "https://100.64.0.1/",
            "https://100.127.255.255/",
            "https://169.254.169.254/latest/meta-data",
            "https://172.16.0.1/",
            "https://172.31.255.255/",
            "https://192.0.0.170/",
            "https://192.0.2.1/",
            "https://192.168.1.1/",
            "https://198.18.0.1/",
            "https://198.19.255.255/",
            "https://198.51.100.7/",
            "https://203.0.113.9/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[fe80::1]/",
            "https://[fc00::1]/",
            "https://[fd12:3456::1]/",
            "https://[ff02::1]/",
            "https://[2001:db8::1]/",
            "https://[2001::1]/",
            "https://[2002:7f00:1::]/",
            "https://[3fff::1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[64:ff9b:1::1]/",
        ] {
            assert_eq!(
                check_target(target, &STRICT),
                Err(TargetRefusal::PrivateAddress),
                "{target}"
            );
        }
    }

    #[test]
    fn addresses_beside_the_special_blocks_are_public() {
        for address in [
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2003::1",
            "2606:4700::1111",
        ] {
            assert!(is_public(address.parse().expect("an address")), "{address}");
        }
    }

    #[test]
    fn the_name_of_this_machine_is_refused() {
        for target in [
            "https://localhost/",
            "https://LOCALHOST./",
            "https://a.localhost:8443/",
        ] {
            assert_eq!(
                check_target(target, &STRICT),
                Err(TargetRefusal::LocalName),
                "{target}"
            );
        }
    }

    #[test]
    fn other_schemes_user_info_and_nonsense_are_refused() {
        let long = format!("https://hooks.example.com/{}", "a".repeat(TARGET_BYTES_MAX));
        for (target, refusal) in [
            ("http://hooks.example.com/", TargetRefusal::Scheme),
            ("ftp://hooks.example.com/", TargetRefusal::Scheme),
            ("file:///etc/passwd", TargetRefusal::Scheme),
            ("https://user@hooks.example.com/", TargetRefusal::UserInfo),
            ("https://:pw@hooks.example.com/", TargetRefusal::UserInfo),
            ("https://hooks.example.com:0/", TargetRefusal::Port),
            ("https://", TargetRefusal::NotAUrl),
            ("hooks.example.com/in", TargetRefusal::NotAUrl),
            ("", TargetRefusal::NotAUrl),
            (long.as_str(), TargetRefusal::TooLong),
        ] {
            assert_eq!(check_target(target, &STRICT), Err(refusal), "{target}");
        }
    }

    #[test]
    fn a_lab_may_use_plain_http_and_loopback_but_still_no_user_info() {
        for target in [
            "http://127.0.0.1:9000/in",
            "http://localhost:9000",
            "https://10.0.0.1/",
        ] {
            assert!(check_target(target, &LAB).is_ok(), "{target}");
        }
        assert_eq!(
            check_target("http://u@127.0.0.1/", &LAB),
            Err(TargetRefusal::UserInfo)
        );
        assert_eq!(
            check_target("gopher://127.0.0.1/", &LAB),
            Err(TargetRefusal::Scheme)
        );
    }
}
