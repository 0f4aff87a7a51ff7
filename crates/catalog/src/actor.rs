//! Who does something, and what led to it: both stand in every row of the log.
//!
//! Owns the two names only. Whether somebody may do it is decided before the catalog is asked.

use std::{fmt, sync::Arc};

/// Who does something: `system`, or the name under which somebody is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor(Arc<str>);

impl Actor {
    /// Returns the actor of everything that Callboard does by itself.
    #[must_use]
    pub fn system() -> Self {
        Self("system".into())
    }

    /// Returns the actor of that name, for example an entity reference of a user.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(name.into())
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What led to a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The configuration names the location, or no longer does.
    Configuration,
    /// Somebody registered the location.
    Register,
    /// Somebody unregistered the location.
    Unregister,
    /// It was time to read the source again.
    Schedule,
    /// A watched file changed.
    Watch,
    /// Somebody asked for a fresh reading.
    Request,
    /// An import from the command line.
    Import,
    /// Somebody confirmed a held removal.
    Confirmation,
    /// Somebody brought back a deleted entity.
    Restore,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 9] = [
        Self::Configuration,
        Self::Register,
        Self::Unregister,
        Self::Schedule,
        Self::Watch,
        Self::Request,
        Self::Import,
        Self::Confirmation,
        Self::Restore,
    ];

    /// Returns the stable lower-case name that is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Register => "register",
            Self::Unregister => "unregister",
            Self::Schedule => "schedule",
            Self::Watch => "watch",
            Self::Request => "request",
            Self::Import => "import",
            Self::Confirmation => "confirmation",
            Self::Restore => "restore",
        }
    }

    /// Finds the cause of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == name)
    }
}
