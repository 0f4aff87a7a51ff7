//! Addresses as written: their form, and whether a number belongs to the open internet.
//!
//! Owns the ranges that are nobody's business. Names are looked at by `crate::resolver`, when they are resolved.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use url::{Host, Url};

/// Why an address is refused. Whoever shows it may add which setting would let it through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Neither http nor https.
    Scheme(String),
    /// It holds a user name or a password.
    Credentials,
    /// It names no host.
    NoHost(String),
    /// It is a number that does not belong to the open internet.
    NotPublic(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme(scheme) => write!(f, "scheme `{scheme}` is not allowed; use https"),
            Self::Credentials => f.write_str("an address must not hold a user name or password"),
            Self::NoHost(url) => write!(f, "`{url}` names no host"),
            Self::NotPublic(address) => {
                write!(f, "`{address}` is a loopback, private, link-local or otherwise reserved address")
            }
        }
    }
}

/// Checks what holds for every request: http or https, no credentials, and no number outside the open internet unless
/// `may_be_private`. A number may be written in any way that browsers understand (`0x7f.1`, `2130706433`).
///
/// # Errors
/// Why the address is refused.
pub fn check_form(url: &Url, may_be_private: bool) -> Result<(), Refusal> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refusal::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::Credentials);
    }
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        Some(Host::Domain(_)) => return Ok(()),
        None => return Err(Refusal::NoHost(url.to_string())),
    };
    match may_be_private || is_public(address) {
        true => Ok(()),
        false => Err(Refusal::NotPublic(address.to_string())),
    }
}

/// Returns `name` or `name:port` in lower case, the port only where it is not the scheme's own.
#[must_use]
pub fn host_and_port(url: &Url) -> Option<String> {
    let host = url.host_str()?.to_lowercase();
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

/// Says whether an address belongs to the open internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_reserved = address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !is_reserved
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // Addresses that carry an IPv4 address inside are as public as that one.
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        // NAT64, IPv4-compatible and 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(embedded(high, low)),
        [0x2002, high, low, ..] => is_public_v4(embedded(high, low)),
        // Only 2000::/3 is given out; without Teredo, benchmarking, ORCHID and documentation.
        [first, second, ..] => {
            (first & 0xe000) == 0x2000
                && !(first == 0x2001 && second < 0x200)
                && !(first == 0x2001 && second == 0xdb8)
                && !(first == 0x3fff && second < 0x1000)
        }
    }
}

#[cfg(test)]
mod tests;
