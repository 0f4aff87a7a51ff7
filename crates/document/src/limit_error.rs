//! Why a question is refused although it is well formed: it asks for too much.
//!
//! Owns the kinds of refusal and their sentences. Each carries what was found and what is allowed.

/// A limit that a document or an operation is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// The text is too long.
    #[error("the document is {found} bytes long, more than the {max} allowed")]
    Bytes {
        /// Bytes of the text.
        found: u64,
        /// Bytes allowed.
        max: u64,
    },
    /// The text has too many tokens.
    #[error("the document has {found} tokens, more than the {max} allowed")]
    Tokens {
        /// Tokens of the text, as the specification counts them.
        found: u64,
        /// Tokens allowed.
        max: u64,
    },
    /// The text has too much that is no token but has to be read.
    #[error("the document has {found} commas, comments and lines within strings, more than the {max} allowed")]
    Ignored {
        /// Commas, comments, byte order marks and lines within strings.
        found: u64,
        /// How many are allowed.
        max: u64,
    },
    /// Brackets nest too deeply.
    #[error("the document nests brackets {found} levels deep, more than the {max} allowed")]
    Brackets {
        /// Levels of any kind of bracket.
        found: u64,
        /// Levels allowed.
        max: u64,
    },
    /// One place carries too many directives.
    #[error("the document has {found} directives in one place, more than the {max} allowed")]
    Directives {
        /// Directives on one selection or definition.
        found: u64,
        /// Directives allowed there.
        max: u64,
    },
    /// An operation asks for too many things at once.
    #[error("an operation selects {found} fields of its root, more than the {max} allowed")]
    RootFields {
        /// Fields at the root, repetitions and fragments counted.
        found: u64,
        /// Fields allowed.
        max: u64,
    },
    /// Fields nest too deeply.
    #[error("the question is {found} levels of fields deep, more than the {max} allowed")]
    Depth {
        /// Levels of fields, fragments put in place.
        found: u64,
        /// Levels allowed.
        max: u64,
    },
    /// Checking the document would take too long.
    #[error(
        "the document takes at least {found} steps to check, more than the {max} allowed; \
         spread fragments in fewer places or send several documents"
    )]
    Work {
        /// Steps counted until the count was given up.
        found: u64,
        /// Steps allowed.
        max: u64,
    },
    /// The answer could become too large.
    #[error(
        "the question costs {found} nodes, more than the {max} allowed; ask for smaller pages, for fewer objects, or \
         for fewer things that take an errand (graphs, history, snapshots)"
    )]
    Nodes {
        /// The most nodes that the answer could have.
        found: u64,
        /// Nodes allowed.
        max: u64,
    },
}

impl LimitError {
    /// Returns what was asked for and what is allowed.
    #[must_use]
    pub fn numbers(&self) -> (u64, u64) {
        match self {
            Self::Bytes { found, max }
            | Self::Tokens { found, max }
            | Self::Ignored { found, max }
            | Self::Brackets { found, max }
            | Self::Directives { found, max }
            | Self::RootFields { found, max }
            | Self::Depth { found, max }
            | Self::Work { found, max }
            | Self::Nodes { found, max } => (*found, *max),
        }
    }

    /// Returns the name of the limit, for programs.
    #[must_use]
    pub fn limit(&self) -> &'static str {
        match self {
            Self::Bytes { .. } => "bytes",
            Self::Tokens { .. } => "tokens",
            Self::Ignored { .. } => "ignoredTokens",
            Self::Brackets { .. } => "brackets",
            Self::Directives { .. } => "directives",
            Self::RootFields { .. } => "rootFields",
            Self::Depth { .. } => "depth",
            Self::Work { .. } => "work",
            Self::Nodes { .. } => "nodes",
        }
    }
}
