//! How much a stream of documents may ask of us.
//!
//! Owns the numbers and their defaults; they are enforced in `crate::stream` and `crate::document`.

/// What a stream of documents may contain before it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlLimits {
    /// Bytes of the whole stream.
    pub max_bytes: usize,
    /// Documents in the stream.
    pub max_documents: usize,
    /// Levels of lists and mappings within each other; at most [`YamlLimits::MAX_DEPTH`].
    pub max_depth: usize,
    /// Lists, mappings, keys and scalars of one document.
    pub max_nodes: usize,
    /// Nodes that the aliases of one document may repeat.
    pub max_alias_nodes: usize,
    /// Bytes of text of one document, what aliases repeat included.
    pub max_text_bytes: usize,
}

impl YamlLimits {
    /// The deepest nesting that can be allowed: reading and writing values takes stack for each level.
    pub const MAX_DEPTH: usize = 256;

    /// Returns how deep nesting may really be.
    pub(crate) fn depth(&self) -> usize {
        self.max_depth.min(Self::MAX_DEPTH)
    }
}

impl Default for YamlLimits {
    /// 8 MiB, 20 000 documents, 64 levels, a million nodes, 100 000 repeated nodes, 32 MiB of text.
    fn default() -> Self {
        Self {
            max_bytes: 8 * 1024 * 1024,
            max_documents: 20_000,
            max_depth: 64,
            max_nodes: 1_000_000,
            max_alias_nodes: 100_000,
            max_text_bytes: 32 * 1024 * 1024,
        }
    }
}
