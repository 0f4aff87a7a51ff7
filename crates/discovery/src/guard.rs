//! The guard around fetching: which addresses may be read at all.
//!
//! Owns the allow-list and the hosts that may have an address that is not public; which addresses those are is
//! `callboard-net-guard`'s. It is asked before the first request and again for every redirect; resolved addresses are
//! checked when the connection is made. Start reading at [`Guard::check`].

use callboard_net_guard::{Refusal, check_form, host_and_port};
use url::Url;

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
        let may_be_private = self.host_may_be_private(&host_and_port(url).unwrap_or_default());
        check_form(url, may_be_private).map_err(|refusal| with_hint(&refusal))
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

/// Says why an address is refused, and which setting would let it through.
pub(crate) fn with_hint(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotPublic(_) => {
            format!("{refusal}; `callboard.reading.allowPrivateAddresses` can name hosts that may have one")
        }
        other => other.to_string(),
    }
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

#[cfg(test)]
mod tests;
