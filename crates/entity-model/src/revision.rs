//! Revisions: the position of a change in the log.
//!
//! Owns the newtype; giving out revisions is `catalog`'s work.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The position of a change in the log: 1 for the first, one more for each further, none left out. 0 is before any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u64);

impl Revision {
    /// The revision after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
