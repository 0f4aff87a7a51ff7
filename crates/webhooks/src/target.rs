//! Targets: which addresses events may be sent to.
//!
//! Owns the rules for what somebody may name as a target. What a name resolves to is looked at again at each
//! connection, so that a name that pointed elsewhere when it was checked gains nothing.

use callboard_net_guard::{check_form, host_and_port};
use url::Url;

use crate::{WebhookError, WebhookSettings};

/// The longest address that is taken.
const MAX_LENGTH: usize = 2_048;

/// Checks an address that somebody wrote, and returns it in the one way that it is kept.
///
/// # Errors
/// When nothing may be sent there.
pub(crate) fn parse_target(text: &str, settings: &WebhookSettings) -> Result<Url, WebhookError> {
    let refused = |reason: String| WebhookError::BadTarget { reason };
    if text.len() > MAX_LENGTH {
        return Err(refused(format!("it has {} bytes, more than the {MAX_LENGTH} allowed", text.len())));
    }
    let mut url = Url::parse(text).map_err(|error| refused(format!("it is not an absolute address: {error}")))?;
    url.set_fragment(None);
    check_target(&url, settings).map_err(refused)?;
    Ok(url)
}

/// Checks an address before each attempt: the settings may have become stricter since it was taken.
///
/// # Errors
/// Why nothing may be sent there.
pub(crate) fn check_target(url: &Url, settings: &WebhookSettings) -> Result<(), String> {
    let is_exempt = is_exempt(url, settings);
    check_form(url, is_exempt).map_err(|refusal| refusal.to_string())?;
    // Below 1024 stand other services, some of which can be talked into something by an HTTP request.
    match url.port_or_known_default() {
        Some(80 | 443 | 1024..) => Ok(()),
        _ if is_exempt => Ok(()),
        port => {
            let port = port.unwrap_or_default();
            Err(format!("port {port} belongs to another service; use 443, 80 or one above 1023"))
        }
    }
}

/// Returns whether a target may have an address that is not public, and any port.
pub(crate) fn is_exempt(url: &Url, settings: &WebhookSettings) -> bool {
    let host = host_and_port(url).unwrap_or_default();
    let name = url.host_str().unwrap_or_default();
    settings.allows_private_targets
        || settings.allowed_hosts.iter().any(|allowed| {
            let allowed = allowed.trim();
            allowed.eq_ignore_ascii_case(&host) || allowed.eq_ignore_ascii_case(name)
        })
}

#[cfg(test)]
mod tests;
