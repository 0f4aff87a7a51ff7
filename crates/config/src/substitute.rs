//! Substitutions in a configuration file: `${VARIABLE}`, `{ $env }`, `{ $file }`, `{ $include }`.
//!
//! Owns turning a parsed file into a tree with these filled in, by Backstage's rules: a value whose variable is not
//! set counts as not set itself. It reads the files that are taken in, and no environment but the one given.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Map, Value};

use crate::{
    error::{Mistake, Place},
    load::Environment,
    tree::{Body, Node, Origin},
};

/// A chain of `$include` longer than this is taken for a circle.
const MOST_NESTED_INCLUDES: usize = 16;

/// Fills in one parsed file.
pub(crate) struct Substitution<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) mistakes: &'a mut Vec<Mistake>,
}

/// The file that a value stands in.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) origin: Origin,
    /// The folder that relative paths start from; `None` for a text that is no file.
    pub(crate) folder: Option<PathBuf>,
    pub(crate) nesting: usize,
}

/// A text after substitution.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Substituted {
    Text(String),
    Unset { variable: String },
    Open,
}

impl Substitution<'_> {
    /// Returns the tree of a value; `key` is where it stands.
    pub(crate) fn node(&mut self, value: Value, key: &str, context: &Context) -> Node {
        let body = match value {
            Value::String(text) => match substitute(&text, self.environment) {
                Substituted::Text(text) => Body::Plain(Value::String(text)),
                Substituted::Unset { variable } => Body::Unset { variable },
                Substituted::Open => {
                    self.mistakes.push(Mistake::OpenSubstitution { place: place(key, context) });
                    Body::Plain(Value::Null)
                }
            },
            Value::Array(items) => Body::List(
                items
                    .into_iter()
                    .enumerate()
                    .map(|(index, item)| self.node(item, &format!("{key}[{index}]"), context))
                    .collect(),
            ),
            Value::Object(entries) => match take_directive(&entries) {
                Some((directive, argument)) => return self.directive(directive, argument, key, context),
                None => Body::Map(
                    entries
                        .into_iter()
                        .map(|(name, item)| {
                            let child = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                            (name, self.node(item, &child, context))
                        })
                        .collect(),
                ),
            },
            plain => Body::Plain(plain),
        };
        Node { origin: context.origin.clone(), body }
    }

    fn directive(&mut self, directive: Directive, argument: &str, key: &str, context: &Context) -> Node {
        let node = |body| Node { origin: context.origin.clone(), body };
        let argument = match substitute(argument, self.environment) {
            Substituted::Text(text) => text,
            Substituted::Unset { variable } => return node(Body::Unset { variable }),
            Substituted::Open => {
                self.mistakes.push(Mistake::OpenSubstitution { place: place(key, context) });
                return node(Body::Plain(Value::Null));
            }
        };
        match directive {
            Directive::Env => match self.environment.get(&argument) {
                Some(text) => node(Body::Plain(Value::String(text.clone()))),
                None => node(Body::Unset { variable: argument }),
            },
            Directive::File => match read(&argument, context) {
                Ok((_, text)) => node(Body::Plain(Value::String(text.trim_end().to_owned()))),
                Err(source) => {
                    let place = place(key, context);
                    self.mistakes.push(Mistake::UnreadableInclude { place, path: argument, source });
                    node(Body::Plain(Value::Null))
                }
            },
            Directive::Include => self.include(&argument, key, context).unwrap_or_else(|mistake| {
                self.mistakes.push(mistake);
                node(Body::Plain(Value::Null))
            }),
        }
    }

    /// Takes in `path` or `path#key.below`.
    fn include(&mut self, argument: &str, key: &str, context: &Context) -> Result<Node, Mistake> {
        let bad = |reason| Mistake::BadInclude { place: place(key, context), path: argument.to_owned(), reason };
        if context.nesting >= MOST_NESTED_INCLUDES {
            return Err(bad("which leads to more than 16 files one in another"));
        }
        let (path, pointer) = argument.split_once('#').map_or((argument, None), |(path, key)| (path, Some(key)));
        let (path, text) = read(path, context).map_err(|source| Mistake::UnreadableInclude {
            place: place(key, context),
            path: argument.to_owned(),
            source,
        })?;
        let file: Arc<str> = path.to_string_lossy().into();
        let mut value = match path.extension().and_then(|extension| extension.to_str()) {
            Some("yaml" | "yml" | "json") => callboard_yaml::parse_config(&text, &file)
                .map_err(|source| Mistake::Syntax { file: file.clone(), source: Box::new(source) })?,
            _ => return Err(bad("whose name ends neither in .yaml nor in .json")),
        };
        for name in pointer.into_iter().flat_map(|pointer| pointer.split('.')) {
            value = match value {
                Value::Object(mut entries) => entries.shift_remove(name),
                _ => None,
            }
            .ok_or_else(|| bad("but the file has no such key"))?;
        }
        let origin = Origin { file, has_same_path: false };
        let folder = path.parent().map(Path::to_path_buf);
        Ok(self.node(value, key, &Context { origin, folder, nesting: context.nesting + 1 }))
    }
}

#[derive(Clone, Copy)]
enum Directive {
    Env,
    File,
    Include,
}

/// Recognises an object whose only key is a directive.
fn take_directive(entries: &Map<String, Value>) -> Option<(Directive, &str)> {
    let (name, argument) = entries.iter().next().filter(|_| entries.len() == 1)?;
    let directive = match name.as_str() {
        "$env" => Directive::Env,
        "$file" => Directive::File,
        "$include" => Directive::Include,
        _ => return None,
    };
    Some((directive, argument.as_str()?))
}

/// Fills in `${NAME}` and `${NAME:-default}`; `$${` stands for `${`.
pub(crate) fn substitute(text: &str, environment: &Environment) -> Substituted {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if let Some(before) = rest[..at].strip_suffix('$') {
            result.push_str(before);
            result.push_str("${");
            rest = &rest[at + 2..];
            continue;
        }
        result.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('}') else { return Substituted::Open };
        let inner = &rest[at + 2..at + end];
        let (name, default) = inner.split_once(":-").map_or((inner, None), |(name, text)| (name, Some(text)));
        let name = name.trim();
        // As in a shell, `:-` also steps in for a variable that is set to nothing.
        match (environment.get(name), default) {
            (Some(value), Some(default)) if value.is_empty() => result.push_str(default),
            (Some(value), _) => result.push_str(value),
            (None, Some(default)) => result.push_str(default),
            (None, None) => return Substituted::Unset { variable: name.to_owned() },
        }
        rest = &rest[at + end + 1..];
    }
    result.push_str(rest);
    Substituted::Text(result)
}

fn read(path: &str, context: &Context) -> io::Result<(PathBuf, String)> {
    let folder = context.folder.as_deref().unwrap_or_else(|| Path::new("."));
    let path = folder.join(path);
    fs::read_to_string(&path).map(|text| (path, text))
}

fn place(key: &str, context: &Context) -> Place {
    Place { key: key.to_owned(), file: Some(context.origin.file.clone()), line: None }
}

#[cfg(test)]
mod tests;
