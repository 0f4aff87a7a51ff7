//! What a question may cost, decided before anything is executed.
//!
//! Owns the walk over a parsed document that adds up cost and depth, and the check of the text's nesting before it is
//! parsed at all. Each fragment is walked once, however often it is spread, so that a document can't make the walk itself
//! expensive. What the limits are is `crate::settings`' matter. Start reading at [`CostTable::check`].

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Pos, Value, Variables,
    parser::types::{
        BaseType, ExecutableDocument, Field, Selection, SelectionSet, ServiceDocument, TypeKind, TypeSystemDefinition,
    },
};

use crate::GatewaySettings;

/// The most levels of brackets in the text of a document: what the parser may safely recurse into.
const MAX_BRACKET_DEPTH: usize = 200;

/// The fields of introspection that answer with lists, and about how many items the schema has in each. Types lead back to
/// fields and fields to types, so that without these a short question could ask for billions.
const INTROSPECTION_LISTS: [(&str, u64); 8] = [
    ("types", 100),
    ("fields", 8),
    ("args", 3),
    ("inputFields", 3),
    ("possibleTypes", 3),
    ("interfaces", 2),
    ("enumValues", 3),
    ("directives", 5),
];

/// Which arguments of the schema multiply what stands below their field.
#[derive(Debug, Default)]
pub(crate) struct CostTable {
    /// Fields that answer with a page: they have an argument `first`.
    paged: HashSet<String>,
    /// Fields that answer with one thing per item of a list argument: the field and that argument.
    listed: HashMap<String, String>,
}

/// Why a document is refused before it is executed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LimitError {
    /// The brackets of the text nest too deeply to be parsed.
    #[error("the document nests brackets {found} levels deep, more than the {max} allowed")]
    Brackets {
        /// Levels found when the count was given up.
        found: usize,
        /// Levels allowed.
        max: usize,
    },
    /// The fields nest too deeply.
    #[error("the question is {found} levels deep, more than the {max} allowed")]
    Depth {
        /// Levels asked for.
        found: usize,
        /// Levels allowed.
        max: usize,
    },
    /// The answer could become too large.
    #[error("the question costs {found}, more than the {max} allowed; ask for smaller pages or fewer fields")]
    Cost {
        /// The cost; each field costs one, times the page sizes around it.
        found: u64,
        /// The cost allowed.
        max: u64,
    },
}

impl LimitError {
    /// Returns what was found and what is allowed.
    pub(crate) fn numbers(&self) -> (u64, u64) {
        match self {
            Self::Brackets { found, max } | Self::Depth { found, max } => (*found as u64, *max as u64),
            Self::Cost { found, max } => (*found, *max),
        }
    }
}

/// The cost and depth of one selection set.
#[derive(Debug, Clone, Copy, Default)]
struct Price {
    cost: u64,
    depth: usize,
}

impl CostTable {
    /// Reads from a schema which fields answer with pages or lists.
    pub(crate) fn from_schema(schema: &ServiceDocument) -> Self {
        let mut table = Self::default();
        for definition in &schema.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let fields = match &definition.node.kind {
                TypeKind::Object(object) => &object.fields,
                TypeKind::Interface(interface) => &interface.fields,
                _ => continue,
            };
            for field in fields {
                let name = field.node.name.node.as_str();
                for argument in &field.node.arguments {
                    let argument_name = argument.node.name.node.as_str();
                    let is_list = matches!(argument.node.ty.node.base, BaseType::List(_));
                    let answers_list = matches!(field.node.ty.node.base, BaseType::List(_));
                    if argument_name == "first" {
                        table.paged.insert(name.to_owned());
                    } else if is_list && answers_list {
                        table.listed.insert(name.to_owned(), argument_name.to_owned());
                    }
                }
            }
        }
        table
    }

    /// Adds up what a document costs and returns it, when it is within the limits.
    ///
    /// # Errors
    /// When the document costs more or is nested deeper than allowed.
    pub(crate) fn check(
        &self,
        document: &ExecutableDocument,
        variables: &Variables,
        settings: &GatewaySettings,
    ) -> Result<u64, LimitError> {
        let mut walk = Walk { table: self, document, variables, settings, fragments: HashMap::new() };
        let mut total = Price::default();
        for (_, operation) in document.operations.iter() {
            let price = walk.selection_set(&operation.node.selection_set.node);
            total.cost = total.cost.saturating_add(price.cost);
            total.depth = total.depth.max(price.depth);
        }
        if total.depth > settings.max_depth {
            return Err(LimitError::Depth { found: total.depth, max: settings.max_depth });
        }
        if total.cost > settings.max_cost {
            return Err(LimitError::Cost { found: total.cost, max: settings.max_cost });
        }
        Ok(total.cost)
    }
}

struct Walk<'a> {
    table: &'a CostTable,
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    settings: &'a GatewaySettings,
    /// What each fragment costs; `None` while it is being walked, so that a cycle ends.
    fragments: HashMap<&'a Name, Option<Price>>,
}

impl<'a> Walk<'a> {
    fn selection_set(&mut self, set: &'a SelectionSet) -> Price {
        let mut sum = Price::default();
        for selection in &set.items {
            let price = match &selection.node {
                Selection::Field(field) => self.field(&field.node),
                Selection::InlineFragment(fragment) => self.selection_set(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            };
            // Directives are work too, and a spread of nothing is still a step of the executor.
            let own = 1 + selection.node.directives().len() as u64;
            sum.cost = sum.cost.saturating_add(price.cost).saturating_add(own);
            sum.depth = sum.depth.max(price.depth);
        }
        sum
    }

    fn field(&mut self, field: &'a Field) -> Price {
        let below = self.selection_set(&field.selection_set.node);
        let times = self.multiplier(field);
        Price { cost: below.cost.saturating_mul(times), depth: below.depth + 1 }
    }

    fn fragment(&mut self, name: &'a Name) -> Price {
        if let Some(known) = self.fragments.get(name) {
            return known.unwrap_or_default();
        }
        let Some(fragment) = self.document.fragments.get(name) else { return Price::default() };
        self.fragments.insert(name, None);
        let price = self.selection_set(&fragment.node.selection_set.node);
        self.fragments.insert(name, Some(price));
        price
    }

    fn multiplier(&self, field: &Field) -> u64 {
        let name = field.name.node.as_str();
        if self.table.paged.contains(name) {
            let asked = self.number(field, "first").or_else(|| self.number(field, "last"));
            return asked.unwrap_or(self.settings.default_page_size as u64).max(1);
        }
        if let Some(argument) = self.table.listed.get(name) {
            return self.list_length(field, argument).max(1);
        }
        INTROSPECTION_LISTS.iter().find(|(list, _)| *list == name).map_or(1, |(_, length)| *length)
    }

    /// Returns an argument's value with variables filled in; nothing when it is not given.
    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let value = field.get_argument(name)?.node.clone();
        value.into_const_with(|variable| self.variable(&variable).ok_or(())).ok()
    }

    fn variable(&self, name: &Name) -> Option<Value> {
        if let Some(value) = self.variables.get(name) {
            return Some(value.clone());
        }
        let definitions = self.document.operations.iter().flat_map(|(_, op)| &op.node.variable_definitions);
        let mut defaults = definitions.filter(|definition| definition.node.name.node == *name);
        defaults.find_map(|definition| definition.node.default_value.as_ref().map(|value| value.node.clone()))
    }

    fn number(&self, field: &Field, argument: &str) -> Option<u64> {
        match self.argument(field, argument)? {
            Value::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    fn list_length(&self, field: &Field, argument: &str) -> u64 {
        match self.argument(field, argument) {
            Some(Value::List(items)) => items.len() as u64,
            _ => 1,
        }
    }
}

/// Checks that the brackets of a document's text don't nest deeper than the parser may recurse. Strings and comments don't
/// count.
///
/// # Errors
/// When they do, with where.
pub(crate) fn check_brackets(text: &str) -> Result<(), (LimitError, Pos)> {
    let bytes = text.as_bytes();
    let (mut depth, mut at, mut line, mut line_start) = (0_usize, 0, 1, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => (line, line_start) = (line + 1, at + 1),
            b'#' => {
                at = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |offset| at + offset);
                continue;
            }
            b'"' => {
                at = end_of_string(text, at);
                continue;
            }
            b'{' | b'[' | b'(' => {
                depth += 1;
                if depth > MAX_BRACKET_DEPTH {
                    let error = LimitError::Brackets { found: depth, max: MAX_BRACKET_DEPTH };
                    return Err((error, Pos { line, column: at - line_start + 1 }));
                }
            }
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// Returns the position after the string that starts at `start`; the end of the text when it doesn't end.
fn end_of_string(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let is_block = bytes[start..].starts_with(b"\"\"\"");
    let mut at = start + if is_block { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if is_block && bytes[at..].starts_with(b"\\\"\"\"") => at += 4,
            b'\\' if !is_block => at += 2,
            b'"' if is_block && bytes[at..].starts_with(b"\"\"\"") => return at + 3,
            b'"' if !is_block => return at + 1,
            b'\n' if !is_block => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests;
