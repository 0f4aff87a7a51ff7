//! How a request names its document.
//!
//! Owns the three ways: the text itself, an id, or the hash of a text that was sent before.

/// How a request names its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentSource<'a> {
    /// The text.
    Text(&'a str),
    /// The id of a trusted document, or `sha256:` and the hash of a text that was sent before.
    Id(&'a str),
    /// The hash of a text, in hexadecimal, with the text when the client found it unknown: automatic persisted queries.
    Persisted {
        /// SHA-256 of the text, in hexadecimal.
        hash: &'a str,
        /// The text, to be kept under that hash.
        text: Option<&'a str>,
    },
}
