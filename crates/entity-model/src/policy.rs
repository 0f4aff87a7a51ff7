//! The settings of the entity model.
//!
//! Owns what can be chosen; what can't be chosen stands in `crate::kinds` and `crate::entity`.

/// What an installation may choose about the entity model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ModelPolicy {
    /// Whether kinds that are not built in are kept as custom entities (`callboard.catalog.customKinds`), instead of
    /// being refused as Backstage does.
    pub allows_custom_kinds: bool,
}
