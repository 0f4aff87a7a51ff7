//! The guard around fetching: which addresses may be read at all.
//!
//! Owns the allow-list and the ranges of addresses that are nobody's business. It is asked before the first request
//! and again for every redirect; the resolved addresses are checked by `crate::resolver`, which connects to nothing
//! else. Start reading at [`Guard::check`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::{AllowedHost, DiscoveryError, ReaderSettings, scm::refuse_tricks};

/// Decides which addresses may be read.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    allow: Vec<AllowedHost>,
    private_hosts: Vec<String>,
}

impl Guard {
    /// Builds the guard from the allow-list; the hosts of integrations are on it as well.
    pub(crate) fn new<'a>(
        settings: &ReaderSettings,
        integration_hosts: impl Iterator<Item = &'a str>,
    ) -> Result<Self, DiscoveryError> {
        let mut allow = Vec::new();
        for entry in &settings.allow {
            let host = entry.host.trim().to_lowercase();
            if host.is_empty() || host == "*" || host == "*." || host.contains(['/', '@', ' ']) {
                return Err(DiscoveryError::InvalidSetting {
                    what: "host of `backend.reading.allow`",
                    value: entry.host.clone(),
                });
            }
            allow.push(AllowedHost { host, paths: entry.paths.clone() });
        }
        allow.extend(integration_hosts.map(|host| AllowedHost { host: host.to_owned(), paths: Vec::new() }));
        let private_hosts = settings.private_hosts.iter().map(|host| host.trim().to_lowercase()).collect();
        Ok(Self { allow, private_hosts })
    }

    /// Checks an address that somebody named, or that a redirect leads to.
    pub(crate) fn check(&self, url: &Url) -> Result<(), String> {
        self.check_form(url)?;
        let host = host_and_port(url).unwrap_or_default();
        let mut refusal = format!("host `{host}` is not on the allow-list `backend.reading.allow`");
        for entry in self.allow.iter().filter(|entry| matches_host(&entry.host, &host)) {
            if entry.paths.is_empty() {
                return Ok(());
            }
            refuse_tricks(url.path())?;
            if entry.paths.iter().any(|path| url.path().starts_with(path.as_str())) {
                return Ok(());
            }
            refusal =
                format!("`{}` is outside the paths of host `{host}` that `backend.reading.allow` allows", url.path());
        }
        Err(refusal)
    }

    /// Checks what holds for every request, also for those whose address we built ourselves.
    pub(crate) fn check_form(&self, url: &Url) -> Result<(), String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("scheme `{}` is not allowed; use https", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address must not hold a user name or password".to_owned());
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(format!("`{url}` names no host")),
        };
        if is_public(address) || self.host_may_be_private(&host_and_port(url).unwrap_or_default()) {
            return Ok(());
        }
        Err(private_refusal(&address.to_string()))
    }

    /// Says whether any port of a name may have an address that is not public.
    pub(crate) fn name_may_be_private(&self, name: &str) -> bool {
        self.private_hosts.iter().any(|private| private == name || without_port(private) == name)
    }

    fn host_may_be_private(&self, host: &str) -> bool {
        self.private_hosts.iter().any(|private| private == host || private == without_port(host))
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Says that an address is refused because of what it points at.
pub(crate) fn private_refusal(what: &str) -> String {
    format!(
        "`{what}` is a loopback, private, link-local or otherwise reserved address; `callboard.reading.allowPrivateAddresses` can name hosts that may have one"
    )
}

/// Returns `name` or `name:port`, the port only where it is not the scheme's own.
pub(crate) fn host_and_port(url: &Url) -> Option<String> {
    let host = url.host_str()?.to_lowercase();
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

/// Returns the text without slashes at its end.
pub(crate) fn trim_slash(text: &str) -> &str {
    text.trim_end_matches('/')
}

fn matches_host(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('*') {
        // `*.example.com` means every name below example.com, not example.com itself.
        Some(suffix) if suffix.starts_with('.') => host.len() > suffix.len() && host.ends_with(suffix),
        _ => pattern == host,
    }
}

/// Says whether an address belongs to the open internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
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
