//! Generation of ids that are unique without coordination.

use uuid::Uuid;

/// Returns a new id: a UUID version 7, so that ids made later sort later.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "this is the one place that makes ids")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
