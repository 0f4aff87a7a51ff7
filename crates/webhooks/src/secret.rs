//! The secret of a subscription: the key that receivers check signatures with.
//!
//! Owns its form, that of Standard Webhooks: `whsec_` and the base64 of the key. It is shown once, when it is made, and
//! kept in the clear because every delivery is signed with it; nothing prints it by accident.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use callboard_db::SecretText;

use crate::WebhookError;

const PREFIX: &str = "whsec_";
/// How many bytes a key that we make has.
const KEY_BYTES: usize = 32;

/// A signing key. `Debug` shows nothing of it, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(Vec<u8>);

impl WebhookSecret {
    /// Makes a new one.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn generate() -> Result<Self, WebhookError> {
        let mut key = vec![0; KEY_BYTES];
        getrandom::fill(&mut key).map_err(WebhookError::NoRandomness)?;
        Ok(Self(key))
    }

    /// Reads one that somebody wrote.
    ///
    /// # Errors
    /// When it is not `whsec_` and the base64 of 24 to 64 bytes.
    pub fn parse(text: &str) -> Result<Self, WebhookError> {
        let encoded = text.strip_prefix(PREFIX).ok_or(WebhookError::BadSecret)?;
        let key = STANDARD.decode(encoded).map_err(|_| WebhookError::BadSecret)?;
        match key.len() {
            24..=64 => Ok(Self(key)),
            _ => Err(WebhookError::BadSecret),
        }
    }

    /// Returns it as text, for the one answer that shows it and for the table that keeps it.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// Returns the key, for signing.
    pub(crate) fn key(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn to_stored(&self) -> SecretText {
        SecretText(self.expose())
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

#[cfg(test)]
mod tests;
