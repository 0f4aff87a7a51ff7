//! Loads a configuration: files in order, each laid over those before, then `APP_CONFIG_…` variables.
//!
//! Owns the order of the layers and the one report at the end. Start reading at [`load`].

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::Value;

use crate::{
    check::{check, type_name},
    error::{ConfigError, Mistake, Place},
    keys::{KEYS, KeyDefault},
    settings::Settings,
    substitute::{Context, Substitution},
    tree::{Body, Node, Origin, Setting},
};

/// The environment variables, as the binary read them.
pub type Environment = BTreeMap<String, String>;

/// Variables of this prefix set one key each: `APP_CONFIG_backend_baseUrl`.
const VARIABLE_PREFIX: &str = "APP_CONFIG_";

/// One layer of configuration.
#[derive(Debug, Clone)]
pub enum ConfigSource {
    /// A YAML file.
    File(PathBuf),
    /// A YAML text that comes with the program.
    Text {
        /// What to call it in messages.
        name: &'static str,
        /// The YAML.
        text: String,
    },
}

/// A configuration without mistakes.
#[derive(Debug)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// Keys that are set but that Callboard does not use, outermost only.
    pub unused_keys: Vec<UnusedKey>,
    /// Keys that count as not set, because an environment variable is not.
    pub unset_variables: Vec<UnsetVariable>,
}

/// A key that is set but not used: one of Backstage's that we don't need, or a typing mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedKey {
    /// The key.
    pub key: String,
    /// The file that sets it.
    pub file: Arc<str>,
}

/// A key whose value names an environment variable that is not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsetVariable {
    /// The key.
    pub key: String,
    /// The variable.
    pub variable: String,
}

/// The texts of the files, kept to find lines for messages.
#[derive(Debug, Default)]
pub(crate) struct Files {
    texts: HashMap<Arc<str>, String>,
}

/// Loads the sources, later ones over earlier ones.
///
/// # Errors
/// Every mistake in any of them, together.
pub fn load(sources: &[ConfigSource], environment: &Environment) -> Result<Loaded, ConfigError> {
    let mut mistakes = Vec::new();
    let mut files = Files::default();
    let origin = Origin { file: "no file".into(), has_same_path: false };
    let mut root = Node { origin, body: Body::Map(Vec::new()) };
    for source in sources {
        if let Some(node) = layer(source, environment, &mut files, &mut mistakes) {
            root = root.overlaid(node);
        }
    }
    for node in environment.iter().filter_map(|(name, text)| variable_layer(name, text)) {
        root = root.overlaid(node);
    }
    let root = defaults(&mut mistakes).overlaid(root.without_nulls());
    let mut findings = check(&root, &files);
    findings.unused.sort_by(|a, b| a.key.cmp(&b.key));
    mistakes.extend(findings.mistakes);
    let settings = Settings::from_tree(Setting(Some(&root)), &files, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(ConfigError { mistakes });
    }
    Ok(Loaded { settings, unused_keys: findings.unused, unset_variables: findings.unset })
}

impl Files {
    /// Returns the place of a node, with its line where the key's path leads there.
    pub(crate) fn place(&self, node: &Node, key: &str) -> Place {
        let file = node.origin.file.clone();
        let text = self.texts.get(&file).filter(|_| node.origin.has_same_path);
        let line = text.and_then(|text| line_of(text, key));
        Place { key: key.to_owned(), file: Some(file), line }
    }
}

fn line_of(text: &str, key: &str) -> Option<u32> {
    let path: Vec<String> = key.replace(']', "").split(['.', '[']).map(str::to_owned).collect();
    callboard_yaml::locate(text.as_bytes(), 1, &path).map(|(line, _)| line)
}

/// Returns the lowest layer: the defaults that the table of keys gives.
fn defaults(mistakes: &mut Vec<Mistake>) -> Node {
    let origin = Origin { file: "built-in default".into(), has_same_path: false };
    let mut root = Node { origin: origin.clone(), body: Body::Map(Vec::new()) };
    for definition in KEYS {
        let KeyDefault::Value(text) = definition.default else { continue };
        match callboard_yaml::parse_config(text, definition.key) {
            Ok(value) => root = root.overlaid(nested(definition.key.split('.'), value, &origin)),
            Err(source) => {
                mistakes.push(Mistake::Syntax { file: origin.file.clone(), source: Box::new(source) });
            }
        }
    }
    root
}

fn layer(
    source: &ConfigSource,
    environment: &Environment,
    files: &mut Files,
    mistakes: &mut Vec<Mistake>,
) -> Option<Node> {
    let (file, folder, text): (Arc<str>, _, _) = match source {
        ConfigSource::Text { name, text } => (Arc::from(*name), None, text.clone()),
        ConfigSource::File(path) => {
            let file: Arc<str> = path.to_string_lossy().into();
            match fs::read_to_string(path) {
                Ok(text) => (file, path.parent().map(Path::to_path_buf), text),
                Err(source) => {
                    mistakes.push(Mistake::UnreadableFile { file, source });
                    return None;
                }
            }
        }
    };
    let value = match callboard_yaml::parse_config(&text, &file) {
        Ok(value) => value,
        Err(source) => {
            mistakes.push(Mistake::Syntax { file, source: Box::new(source) });
            return None;
        }
    };
    files.texts.insert(file.clone(), text);
    match value {
        Value::Null => None,
        Value::Object(_) => {
            let context = Context { origin: Origin { file, has_same_path: true }, folder, nesting: 0 };
            Some(Substitution { environment, mistakes }.node(value, "", &context))
        }
        other => {
            mistakes.push(Mistake::NotAnObject { file, found: type_name(&other) });
            None
        }
    }
}

/// Returns the layer that one `APP_CONFIG_a_b` variable makes; its text is JSON, or else the value itself.
fn variable_layer(name: &str, text: &str) -> Option<Node> {
    let path = name.strip_prefix(VARIABLE_PREFIX).filter(|path| !path.is_empty())?;
    let origin = Origin { file: format!("environment variable {name}").into(), has_same_path: false };
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    Some(nested(path.split('_'), value, &origin))
}

fn nested<'a>(path: impl DoubleEndedIterator<Item = &'a str>, value: Value, origin: &Origin) -> Node {
    path.rev().fold(plain(value, origin), |node, name| Node {
        origin: origin.clone(),
        body: Body::Map(vec![(name.to_owned(), node)]),
    })
}

fn plain(value: Value, origin: &Origin) -> Node {
    let body = match value {
        Value::Array(items) => Body::List(items.into_iter().map(|item| plain(item, origin)).collect()),
        Value::Object(entries) => {
            Body::Map(entries.into_iter().map(|(name, item)| (name, plain(item, origin))).collect())
        }
        value => Body::Plain(value),
    };
    Node { origin: origin.clone(), body }
}

#[cfg(test)]
mod tests;
