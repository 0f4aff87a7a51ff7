//! Reading a stream of documents that somebody else wrote.
//!
//! Owns the limits of the whole stream; those of one document are `crate::document`'s work. Each document is parsed on
//! its own, so that a broken one costs nothing but itself. Start reading at [`parse_stream`].

use serde_json::Value;

use crate::{YamlError, YamlErrorKind, YamlLimits, document, split};

/// What a stream holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedStream {
    /// The documents in their order, broken ones included. Empty ones (nothing, comments, null) are left out. A fault
    /// of the stream as a whole stands in the place of the document where it was found, and nothing follows.
    pub documents: Vec<ParsedDocument>,
}

/// One document of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedDocument {
    /// Which document of the stream it is, counted from 1, without the empty ones.
    pub index: u32,
    /// The line of its first content, counted from 1 in the stream.
    pub line: u32,
    /// What it says, or why that can't be known.
    pub result: Result<Value, YamlError>,
}

/// Parses every document of a stream on its own.
///
/// Read as Backstage reads (YAML 1.2: `no` and `012` are a text and the number 12), except that merge keys are merged.
/// Keys that are not texts become texts as in JavaScript. A scalar with a tag that is not YAML's own is a text, and so
/// is `!!binary`, as written. Numbers that JSON can't hold exactly (`.nan`, whole ones beyond 64 bits) stay texts.
#[must_use]
pub fn parse_stream(text: &[u8], limits: &YamlLimits) -> ParsedStream {
    let whole = |error: YamlError| ParsedDocument { index: 1, line: error.line.unwrap_or(1), result: Err(error) };
    if text.len() > limits.max_bytes {
        return ParsedStream { documents: vec![whole(YamlError::limit("bytes in one file", limits.max_bytes))] };
    }
    let text = match decode(text) {
        Ok(text) => text,
        Err(error) => return ParsedStream { documents: vec![whole(error)] },
    };
    let mut documents = Vec::new();
    for document in split::documents(text) {
        let (index, line) = (number(documents.len() + 1), number(document.first_line));
        if documents.len() == limits.max_documents {
            let error = YamlError::limit("documents in one file", limits.max_documents).at(document.first_line, 1);
            documents.push(ParsedDocument { index, line, result: Err(error) });
            break;
        }
        let result = document::parse(document, limits);
        if result != Ok(Value::Null) {
            documents.push(ParsedDocument { index, line, result });
        }
    }
    ParsedStream { documents }
}

/// Returns the text without its byte order mark, if it is text.
pub(crate) fn decode(text: &[u8]) -> Result<&str, YamlError> {
    match std::str::from_utf8(text) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(fault) => {
            let before = &text[..fault.valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            let message = format!("not UTF-8 text: byte {} can't be read", fault.valid_up_to());
            Err(YamlError { message, line: Some(number(line)), column: None, kind: YamlErrorKind::Encoding })
        }
    }
}

/// Returns a count as the type of lines and documents; no text within the limits has more than fit.
pub(crate) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
