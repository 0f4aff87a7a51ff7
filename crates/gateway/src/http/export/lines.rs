//! Lines: one entity each, written one behind the other into chunks.
//!
//! Owns how a line looks and how much a chunk holds. Nothing is parsed and nothing is copied twice: a document's text
//! goes into the chunk as it is stored.

use std::io::Write as _;

use axum::body::Bytes;
use callboard_entity_model::EntityRef;
use callboard_view::{CatalogIndex, EntityRecord};

/// A chunk ends with the line that fills it up to here.
pub(super) const CHUNK_BYTES: usize = 128 * 1024;
/// Room for that line; a longer one makes its chunk grow.
const LAST_LINE_BYTES: usize = 8 * 1024;

/// Returns the lines behind a place, as many as make a chunk, and the last reference among them; `None` at the end.
pub(super) fn chunk_after(index: &CatalogIndex, after: Option<&EntityRef>) -> Option<(Bytes, EntityRef)> {
    let mut text = Vec::with_capacity(CHUNK_BYTES + LAST_LINE_BYTES);
    let mut last = None;
    for record in index.records_after(after) {
        write_line(&mut text, record);
        last = Some(&record.entity_ref);
        if text.len() >= CHUNK_BYTES {
            break;
        }
    }
    Some((Bytes::from(text), last?.clone()))
}

/// Writes `{"ref":…,"revision":…,"etag":…,"entity":…}` and ends the line. Writing into memory cannot fail.
fn write_line(text: &mut Vec<u8>, record: &EntityRecord) {
    text.extend_from_slice(b"{\"ref\":");
    let _ = serde_json::to_writer(&mut *text, record.entity_ref.as_str());
    let _ = write!(text, ",\"revision\":{},\"etag\":\"", record.revision.0);
    for byte in record.hash {
        text.extend_from_slice(&[hex_digit(byte >> 4), hex_digit(byte & 0xf)]);
    }
    text.extend_from_slice(b"\",\"entity\":");
    // Compact JSON has no line breaks.
    text.extend_from_slice(record.document.as_bytes());
    text.extend_from_slice(b"}\n");
}

fn hex_digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}

/// Returns the name of everything that is exported of a snapshot: the revision, and the sum of all fingerprints, so that
/// replicas agree on it and a restored database does not.
///
/// It is weak because the same lines may be sent compressed.
pub(super) fn etag(index: &CatalogIndex) -> String {
    let fingerprints = index.records().map(|record| {
        let mut start = [0; 16];
        start.copy_from_slice(&record.hash[..16]);
        u128::from_le_bytes(start)
    });
    let sum = fingerprints.fold(0, u128::wrapping_add);
    format!("W/\"{}-{sum:032x}\"", index.revision().0)
}

#[cfg(test)]
mod tests;
