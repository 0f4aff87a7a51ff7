//! The door to the outside world: what the catalog needs from whoever reads sources.
//!
//! Owns the trait. The binary implements it with `discovery`'s reader, tests with a fake; the catalog itself touches no
//! file and no network.

use async_trait::async_trait;
use callboard_entity_model::{KnownFiles, Problem, ReadEntity, Reading};

use crate::Source;

/// Reads sources and checks texts.
#[async_trait]
pub trait LocationReader: Send + Sync {
    /// Reads a source. Never fails as a whole: what goes wrong stands in the reading.
    async fn read(&self, source: &Source, known: &KnownFiles, mode: ReadMode) -> Reading;

    /// Checks a text of one or more YAML documents as if it stood at `location`, without reading anything else.
    fn validate(&self, yaml: &str, location: &str) -> Validated;
}

/// How thoroughly to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadMode {
    /// Trust the cheap signs that nothing changed: size and time of a file, the ETag of an address.
    Conditional,
    /// Look at every byte; equal bytes still count as unchanged.
    Full,
}

/// What checking a text brought.
#[derive(Debug, Clone, Default)]
pub struct Validated {
    /// The valid entities, in the order of the documents.
    pub entities: Vec<ReadEntity>,
    /// Everything that is wrong, warnings included.
    pub problems: Vec<Problem>,
}
