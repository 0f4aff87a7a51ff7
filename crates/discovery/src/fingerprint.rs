//! Fingerprints: what shows that a file is the one read before.
//!
//! Owns their text form, which is kept in [`callboard_entity_model::KnownFile`]. A fingerprint begins with the
//! context, a hash of everything besides the file that decides what reading it brings: with another rule, limit or
//! version the same bytes may mean other entities, so that nothing counts as unchanged then.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// What a file was when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    /// Hash of the settings that it was read with.
    pub(crate) context: String,
    /// SHA-256 of the bytes, hexadecimal.
    pub(crate) sha256: String,
    /// What can be compared without reading the bytes.
    pub(crate) cheap: Cheap,
}

/// What can be compared without reading a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cheap {
    /// Nothing: the bytes must be compared.
    Nothing,
    /// Bytes, and nanoseconds since the Unix epoch.
    File { size: u64, modified: i128 },
    /// The validators that the server gave.
    Http { etag: Option<String>, last_modified: Option<String> },
}

impl Fingerprint {
    /// Returns the text form.
    pub(crate) fn to_text(&self) -> String {
        let Self { context, sha256, cheap } = self;
        match cheap {
            Cheap::Nothing => format!("{context} {sha256} -"),
            Cheap::File { size, modified } => format!("{context} {sha256} file {size} {modified}"),
            Cheap::Http { etag, last_modified } => {
                let part = |value: &Option<String>| value.clone().unwrap_or_default();
                format!("{context} {sha256} http {}\n{}", part(etag), part(last_modified))
            }
        }
    }

    /// Reads the text form; anything else means that nothing is known.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, ' ');
        let context = parts.next()?.to_owned();
        let sha256 = parts.next()?.to_owned();
        let cheap = match parts.next()? {
            "-" => Cheap::Nothing,
            "file" => {
                let (size, modified) = parts.next()?.split_once(' ')?;
                Cheap::File { size: size.parse().ok()?, modified: modified.parse().ok()? }
            }
            "http" => {
                let (etag, last_modified) = parts.next()?.split_once('\n')?;
                let part = |value: &str| (!value.is_empty()).then(|| value.to_owned());
                Cheap::Http { etag: part(etag), last_modified: part(last_modified) }
            }
            _ => return None,
        };
        Some(Self { context, sha256, cheap })
    }
}

/// Returns the SHA-256 of some bytes, hexadecimal.
pub(crate) fn sha256_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Returns a short hash of a text that describes settings.
pub(crate) fn context_of(description: &str) -> String {
    let mut hash = sha256_of(description.as_bytes());
    hash.truncate(16);
    hash
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_round_trip(cheap: Cheap) {
        let fingerprint = Fingerprint { context: "0123".into(), sha256: sha256_of(b"x"), cheap };
        assert_eq!(Fingerprint::from_text(&fingerprint.to_text()), Some(fingerprint));
    }

    #[test]
    fn the_text_form_keeps_everything() {
        check_round_trip(Cheap::Nothing);
        check_round_trip(Cheap::File { size: 12, modified: -1 });
        check_round_trip(Cheap::Http { etag: Some("W/\"a b\"".into()), last_modified: None });
        check_round_trip(Cheap::Http { etag: None, last_modified: Some("Sun, 06 Nov 1994 08:49:37 GMT".into()) });
    }

    #[test]
    fn an_unknown_text_is_no_fingerprint() {
        for text in ["", "a", "a b", "a b c", "a b file 1", "a b http x"] {
            assert_eq!(Fingerprint::from_text(text), None, "{text:?}");
        }
    }
}
