//! Building the value of one document from the parser's events.
//!
//! Owns everything that costs memory: depth, nodes, text, and what aliases repeat, each counted before it is spent. The
//! events come from serde-saphyr's parser; its own deserializer is not used because it takes three times as long for
//! what is needed here. What a scalar means is `crate::scalar`'s work. Start reading at [`parse`].

use std::collections::HashMap;

use serde_json::{Map, Value, map::Entry};
use serde_saphyr::granit_parser::{ErrorKind, Event, Marker, Options, Parser, ScalarStyle, ScanError, StrInput, Tag};

use crate::{YamlError, YamlErrorKind, YamlLimits, scalar, split::DocumentText};

/// Parses one document; null when it says nothing.
pub(crate) fn parse(document: DocumentText<'_>, limits: &YamlLimits) -> Result<Value, YamlError> {
    let mut options = Options::default();
    options.flow_nesting_limit = limits.depth();
    options.block_nesting_limit = limits.depth();
    let mut builder = Builder {
        parser: Parser::new_from_str_with_options(document.text, options),
        limits,
        spent: Size::default(),
        repeated: 0,
        remembered: Size::default(),
        anchors: HashMap::new(),
    };
    builder.read_document().map_err(|error| match error.line {
        Some(line) => YamlError { line: u32::try_from(line as usize + document.lines_before).ok(), ..error },
        None => YamlError { line: u32::try_from(document.first_line).ok(), ..error },
    })
}

/// How much a value takes.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    nodes: usize,
    text: usize,
    /// Levels of lists and mappings.
    height: usize,
}

/// What an alias to an anchor stands for.
struct Anchored {
    value: Value,
    size: Size,
}

struct Builder<'a> {
    parser: Parser<'a, StrInput<'a>>,
    limits: &'a YamlLimits,
    /// What the document has taken so far, repetitions included.
    spent: Size,
    /// The nodes among them that aliases have repeated.
    repeated: usize,
    /// What is kept for aliases that may come.
    remembered: Size,
    anchors: HashMap<usize, Anchored>,
}

impl<'a> Builder<'a> {
    fn read_document(&mut self) -> Result<Value, YamlError> {
        let mut value = None;
        while let Some((event, place)) = self.next_event()? {
            match event {
                Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd => {}
                event if value.is_none() => value = Some(self.node(event, place, 0)?.0),
                _ => return Err(fault("a second document begins without `---`", place)),
            }
        }
        Ok(value.unwrap_or(Value::Null))
    }

    fn next_event(&mut self) -> Result<Option<(Event<'a>, Marker)>, YamlError> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok(Some((event, span.start))),
            Some(Err(error)) => Err(self.translate(&error)),
            None => Ok(None),
        }
    }

    /// Returns the next event inside of something that has begun.
    fn require_event(&mut self) -> Result<(Event<'a>, Marker), YamlError> {
        let ended = || YamlError::syntax("the text ends too early".to_owned());
        self.next_event()?.ok_or_else(ended)
    }

    fn node(&mut self, event: Event<'a>, place: Marker, depth: usize) -> Result<(Value, Size), YamlError> {
        let (value, size, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let size = Size { nodes: 1, text: text.len(), height: 0 };
                self.spend(size, place)?;
                let value = scalar::resolve(text, style, tag.as_deref()).map_err(|message| fault(message, place))?;
                (value, size, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                let (value, size) = self.sequence(place, depth + 1)?;
                (value, size, anchor)
            }
            Event::MappingStart(_, anchor, _) => {
                let (value, size) = self.mapping(place, depth + 1)?;
                (value, size, anchor)
            }
            Event::Alias(anchor) => return self.repeat(anchor, place, depth),
            _ => return Err(fault("a value is missing", place)),
        };
        if anchor != 0 {
            self.remember(anchor, &value, size, place)?;
        }
        Ok((value, size))
    }

    fn sequence(&mut self, place: Marker, depth: usize) -> Result<(Value, Size), YamlError> {
        let mut size = self.enter(place, depth)?;
        let mut items = Vec::new();
        loop {
            let (event, place) = self.require_event()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok((Value::Array(items), size));
            }
            let (item, item_size) = self.node(event, place, depth)?;
            size.add_inner(item_size);
            items.push(item);
        }
    }

    fn mapping(&mut self, place: Marker, depth: usize) -> Result<(Value, Size), YamlError> {
        let mut size = self.enter(place, depth)?;
        let mut object = Map::new();
        let mut merged = Vec::new();
        loop {
            let (key, key_place) = self.require_event()?;
            if matches!(key, Event::MappingEnd) {
                break;
            }
            let is_merge = is_merge_key(&key);
            let (key, key_size) = self.node(key, key_place, depth)?;
            let (event, place) = self.require_event()?;
            let (value, value_size) = self.node(event, place, depth)?;
            size.add_inner(key_size);
            size.add_inner(value_size);
            if is_merge {
                merged.push((value, place));
                continue;
            }
            let key = scalar::into_key(key).ok_or_else(|| fault("a list or a mapping can't be a key", key_place))?;
            match object.entry(key) {
                Entry::Vacant(free) => free.insert(value),
                Entry::Occupied(taken) => {
                    let message = format!("the key `{}` stands twice in one mapping", taken.key());
                    return Err(YamlError { kind: YamlErrorKind::DuplicateKey, ..fault(message, key_place) });
                }
            };
        }
        for (source, place) in merged {
            merge(&mut object, source).ok_or_else(|| fault("only mappings can be merged", place))?;
        }
        Ok((Value::Object(object), size))
    }

    /// Counts a list or mapping that begins, and returns its size when it is empty.
    fn enter(&mut self, place: Marker, depth: usize) -> Result<Size, YamlError> {
        self.allow_depth(depth, place)?;
        let size = Size { nodes: 1, text: 0, height: 1 };
        self.spend(size, place)?;
        Ok(size)
    }

    fn repeat(&mut self, anchor: usize, place: Marker, depth: usize) -> Result<(Value, Size), YamlError> {
        // An anchor is remembered when its node is complete; until then an alias would contain itself.
        let size = match self.anchors.get(&anchor) {
            Some(anchored) => anchored.size,
            None => return Err(fault("an alias can't stand inside of what it stands for", place)),
        };
        self.repeated = self.repeated.saturating_add(size.nodes);
        if self.repeated > self.limits.max_alias_nodes {
            return Err(limit("nodes repeated by aliases", self.limits.max_alias_nodes, place));
        }
        self.allow_depth(depth + size.height, place)?;
        self.spend(size, place)?;
        let value = self.anchors.get(&anchor).map_or(Value::Null, |anchored| anchored.value.clone());
        Ok((value, size))
    }

    fn remember(&mut self, anchor: usize, value: &Value, size: Size, place: Marker) -> Result<(), YamlError> {
        self.remembered.add_inner(size);
        self.within_budget(self.remembered, place)?;
        self.anchors.insert(anchor, Anchored { value: value.clone(), size });
        Ok(())
    }

    fn spend(&mut self, size: Size, place: Marker) -> Result<(), YamlError> {
        self.spent.add_inner(size);
        self.within_budget(self.spent, place)
    }

    fn within_budget(&self, size: Size, place: Marker) -> Result<(), YamlError> {
        if size.nodes > self.limits.max_nodes {
            return Err(limit("nodes in one document", self.limits.max_nodes, place));
        }
        if size.text > self.limits.max_text_bytes {
            return Err(limit("bytes of text in one document", self.limits.max_text_bytes, place));
        }
        Ok(())
    }

    fn allow_depth(&self, depth: usize, place: Marker) -> Result<(), YamlError> {
        match depth > self.limits.depth() {
            true => Err(limit("levels within each other", self.limits.depth(), place)),
            false => Ok(()),
        }
    }

    fn translate(&self, error: &ScanError) -> YamlError {
        match error.kind() {
            // The scanner looks ahead of the builder and so meets many brackets first.
            ErrorKind::RecursionLimitExceeded => {
                limit("levels within each other", self.limits.depth(), *error.marker())
            }
            kind => fault(kind.to_string(), *error.marker()),
        }
    }
}

impl Size {
    /// Adds what is inside of it.
    fn add_inner(&mut self, inner: Self) {
        self.nodes = self.nodes.saturating_add(inner.nodes);
        self.text = self.text.saturating_add(inner.text);
        self.height = self.height.max(inner.height + 1);
    }
}

/// Returns whether a key is YAML's sign for "merge what follows".
fn is_merge_key(key: &Event<'_>) -> bool {
    let is_merge_tag = |tag: &Tag| tag.handle() == "tag:yaml.org,2002:" && tag.suffix() == "merge";
    match key {
        Event::Scalar(text, ScalarStyle::Plain, _, tag) => text == "<<" && tag.as_deref().is_none_or(is_merge_tag),
        _ => false,
    }
}

/// Adds the entries of a mapping, or of a list of mappings, whose keys are not there yet.
fn merge(object: &mut Map<String, Value>, source: Value) -> Option<()> {
    match source {
        Value::Object(source) => {
            for (key, value) in source {
                object.entry(key).or_insert(value);
            }
            Some(())
        }
        Value::Array(sources) => sources.into_iter().try_for_each(|source| match source {
            Value::Object(_) => merge(object, source),
            _ => None,
        }),
        _ => None,
    }
}

fn fault(message: impl Into<String>, place: Marker) -> YamlError {
    YamlError::syntax(message.into()).at(place.line(), place.col() + 1)
}

fn limit(what: &'static str, max: usize, place: Marker) -> YamlError {
    YamlError::limit(what, max).at(place.line(), place.col() + 1)
}
