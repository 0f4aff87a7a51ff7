//! Cursors: a place in the log, as opaque text that means the same everywhere.
//!
//! Owns how a cursor is written and read. One names its log as well as its revision: a database that was restored, or is
//! another one altogether, gives the same revisions to other changes. Whether a cursor can still be used is
//! `crate::resume`'s decision.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use callboard_entity_model::Revision;

/// How a cursor began when it named no log.
const BARE: &str = "revision:";

/// Which log: 64 random bits, made with the database, and made anew when it is taken back to an earlier state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LogId(pub(crate) u64);

impl LogId {
    /// The log of cursors that name none; it is nobody's.
    const UNKNOWN: Self = Self(0);

    /// Reads what a column holds.
    #[must_use]
    pub fn from_column(value: i64) -> Self {
        Self(value.cast_unsigned())
    }

    /// Returns what a column holds.
    #[must_use]
    pub fn to_column(self) -> i64 {
        self.0.cast_signed()
    }
}

/// A place in a log: right after the change of that revision. It is written with `Display` and read with `FromStr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChangeCursor {
    /// The log.
    pub log: LogId,
    /// The last change before the place.
    pub revision: Revision,
}

/// A text is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is no cursor of the log")]
pub struct NoCursor;

impl fmt::Display for ChangeCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.log.0.to_be_bytes());
        bytes[8..].copy_from_slice(&self.revision.0.to_be_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for ChangeCursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        // Every cursor of ours is shorter; nobody has to decode a megabyte to be told so.
        let bytes = (text.len() <= 64).then(|| URL_SAFE_NO_PAD.decode(text).ok()).flatten().ok_or(NoCursor)?;
        // Earlier versions wrote cursors without a log. They were cursors, so they are answered like those of another log.
        let bare = std::str::from_utf8(&bytes).ok().and_then(|text| text.strip_prefix(BARE));
        if let Some(revision) = bare {
            let revision = revision.parse().map_err(|_| NoCursor)?;
            return Ok(Self { log: LogId::UNKNOWN, revision: Revision(revision) });
        }
        let bytes: [u8; 16] = bytes.try_into().map_err(|_| NoCursor)?;
        let whole = u128::from_be_bytes(bytes);
        #[allow(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
        let (log, revision) = ((whole >> 64) as u64, whole as u64);
        Ok(Self { log: LogId(log), revision: Revision(revision) })
    }
}

#[cfg(test)]
mod tests;
