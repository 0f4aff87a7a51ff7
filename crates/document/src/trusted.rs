//! Documents that were approved beforehand, read from a folder.
//!
//! Owns the forms that are read: `*.graphql` files, each one document, known by `sha256:` and its hash; and `*.json`
//! manifests, either an object from ids to texts (as Relay's compiler writes) or Apollo's persisted query manifest with
//! `operations: [{id, body}]`.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::store::{hash, hex};

/// Approved documents by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedDocuments {
    texts: HashMap<String, String>,
}

/// Why a folder of approved documents can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustedError {
    /// A file or the folder can't be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A manifest is in no known form.
    #[error("`{}` is no manifest of documents: an object from ids to texts, or one with `operations`", path.display())]
    NoManifest {
        /// Which.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// Two texts have the same id.
    #[error("`{}` gives the id `{id}` to another text than a file before it", path.display())]
    TwoTexts {
        /// The second file.
        path: PathBuf,
        /// The id.
        id: String,
    },
    /// A document does not fit the schema.
    #[error("the trusted document `{id}` is refused: {reason}")]
    Refused {
        /// Its id.
        id: String,
        /// Why.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Manifest {
    Apollo { operations: Vec<ApolloOperation> },
    Texts(HashMap<String, String>),
}

#[derive(Deserialize)]
struct ApolloOperation {
    id: String,
    body: String,
}

impl TrustedDocuments {
    /// Reads every `*.graphql` and `*.json` file of a folder, not those of folders within it.
    ///
    /// # Errors
    /// When something can't be read or two texts claim one id.
    pub fn read(folder: &Path) -> Result<Self, TrustedError> {
        let unreadable = |path: &Path, source| TrustedError::Unreadable { path: path.to_owned(), source };
        let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()
            .map_err(|error| unreadable(folder, error))?;
        paths.sort();
        let mut documents = Self::default();
        for path in paths {
            let extension = path.extension().and_then(|extension| extension.to_str());
            if !matches!(extension, Some("graphql" | "json")) {
                continue;
            }
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            if extension == Some("graphql") {
                documents.add(&path, format!("sha256:{}", hex(&hash(&text))), text)?;
                continue;
            }
            let manifest = serde_json::from_str(&text)
                .map_err(|source| TrustedError::NoManifest { path: path.clone(), source })?;
            match manifest {
                Manifest::Apollo { operations } => {
                    for operation in operations {
                        documents.add(&path, operation.id, operation.body)?;
                    }
                }
                Manifest::Texts(texts) => {
                    for (id, text) in texts {
                        documents.add(&path, id, text)?;
                    }
                }
            }
        }
        Ok(documents)
    }

    /// Returns how many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Returns whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &String)> {
        self.texts.iter()
    }

    fn add(&mut self, path: &Path, id: String, text: String) -> Result<(), TrustedError> {
        match self.texts.get(&id) {
            Some(known) if *known != text => Err(TrustedError::TwoTexts { path: path.to_owned(), id }),
            _ => {
                self.texts.insert(id, text);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
