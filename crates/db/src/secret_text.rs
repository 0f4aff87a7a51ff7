//! Secrets as the database keeps them: texts that nothing prints by accident.
//!
//! Owns the wrapper only. A secret that stands here is one that the program has to use itself, so a hash of it would
//! not do.

use std::fmt;

use sea_orm::DeriveValueType;

/// A secret in a column. `Debug` shows nothing of it, and it has no `Display`.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct SecretText(pub String);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}
