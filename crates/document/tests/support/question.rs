//! Questions made of random choices: fragments, aliases, variables and directives over a schema, and always valid.

use std::{collections::HashMap, fmt::Write as _};

use apollo_compiler::{
    Node, Schema,
    ast::{FieldDefinition, InputValueDefinition, Type},
    schema::ExtendedType,
};
use serde_json::{Map, Value, json};

/// What kind of question.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Wanted {
    /// Anything that is valid.
    Anything,
    /// Nothing whose size depends on the data: on the type of an entity, or on how long an unbounded list is.
    Exact,
}

/// A document of one operation, and its variables.
pub(crate) struct Question {
    pub(crate) text: String,
    pub(crate) variables: Map<String, Value>,
}

struct Generator<'a> {
    schema: &'a Schema,
    choices: &'a [u16],
    /// What a text, an id or a reference may be.
    texts: &'a [&'a str],
    wanted: Wanted,
    /// How many more fields may be made.
    room: usize,
    variables: Vec<(String, String, Value)>,
    /// Name, type and text. Only finished ones are here, so that none leads back to itself.
    fragments: Vec<(String, String, String)>,
    /// The same name in the answer always stands for the same field with the same arguments.
    aliases: HashMap<String, HashMap<String, usize>>,
}

impl Question {
    /// Makes a question. Fewer and smaller choices make a smaller one.
    pub(crate) fn generate(schema: &Schema, choices: &[u16], texts: &[&str], wanted: Wanted) -> Self {
        let (variables, fragments) = (Vec::new(), Vec::new());
        let mut generator =
            Generator { schema, choices, texts, wanted, room: 60, variables, fragments, aliases: HashMap::new() };
        let (keyword, root) = if generator.choose(5) == 4 { ("mutation", "Mutation") } else { ("query", "Query") };
        let set = generator.set(root, 0);
        let mut text = keyword.to_owned();
        if !generator.variables.is_empty() {
            let definitions = generator.variables.iter().map(|(name, ty, _)| format!("${name}: {ty}"));
            let _ = write!(text, "({})", definitions.collect::<Vec<_>>().join(" "));
        }
        let _ = writeln!(text, " {set}");
        for (name, ty, set) in &generator.fragments {
            let _ = writeln!(text, "fragment {name} on {ty} {set}");
        }
        let variables = generator.variables.into_iter().map(|(name, _, value)| (name, value));
        // A null may as well be left out.
        Self { text, variables: variables.filter(|(_, value)| !value.is_null()).collect() }
    }
}

impl Generator<'_> {
    fn choose(&mut self, count: usize) -> usize {
        match self.choices.split_first() {
            Some((first, rest)) => {
                self.choices = rest;
                usize::from(*first) % count
            }
            None => 0,
        }
    }

    fn set(&mut self, ty: &str, depth: usize) -> String {
        let mut items = Vec::new();
        for _ in 0..1 + self.choose(4) {
            let item = match self.choose(8) {
                6 => self.inline(ty, depth),
                7 => self.spread(ty, depth),
                _ => self.field(ty, depth),
            };
            items.extend(item);
        }
        if items.is_empty() {
            items.push("__typename".to_owned());
        }
        format!("{{ {} }}", items.join(" "))
    }

    fn directives(&mut self) -> String {
        match self.choose(8) {
            5 => " @skip(if: false)".to_owned(),
            6 => format!(" @include(if: {})", self.variable("Boolean!")),
            7 => format!(" @skip(if: {}) @include(if: {})", self.variable("Boolean!"), self.choose(2) == 0),
            _ => String::new(),
        }
    }

    fn inline(&mut self, ty: &str, depth: usize) -> Option<String> {
        let directives = self.directives();
        if self.choose(4) == 3 {
            return Some(format!("...{directives} {}", self.set(ty, depth)));
        }
        let on = self.narrower(ty);
        Some(format!("... on {on}{directives} {}", self.set(&on, depth)))
    }

    fn spread(&mut self, ty: &str, depth: usize) -> Option<String> {
        let directives = self.directives();
        let known: Vec<_> = self.fragments.iter().filter(|(_, on, _)| self.overlaps(ty, on)).cloned().collect();
        if !known.is_empty() && self.choose(2) == 0 {
            let (name, ..) = &known[self.choose(known.len())];
            return Some(format!("...{name}{directives}"));
        }
        let on = self.narrower(ty);
        let set = self.set(&on, depth);
        let name = format!("F{}", self.fragments.len());
        self.fragments.push((name.clone(), on, set));
        Some(format!("...{name}{directives}"))
    }

    fn possible(&self, ty: &str) -> Vec<String> {
        let objects = self.schema.types.values().filter_map(ExtendedType::as_object);
        let fits = objects.filter(|object| object.name == ty || self.schema.is_subtype(ty, &object.name));
        fits.map(|object| object.name.to_string()).collect()
    }

    fn overlaps(&self, left: &str, right: &str) -> bool {
        let of_right = self.possible(right);
        match self.wanted {
            Wanted::Exact => self.possible(left).iter().all(|name| of_right.contains(name)),
            Wanted::Anything => self.possible(left).iter().any(|name| of_right.contains(name)),
        }
    }

    /// A type that a fragment in a set of this type may be on.
    fn narrower(&mut self, ty: &str) -> String {
        if self.wanted == Wanted::Exact {
            return ty.to_owned();
        }
        let mut names = vec![ty.to_owned()];
        names.extend(self.possible(ty));
        let abstract_types = self.schema.types.values().filter(|it| it.is_interface() || it.is_union());
        names.extend(abstract_types.map(|it| it.name().to_string()).filter(|name| self.overlaps(ty, name)));
        let place = self.choose(names.len());
        names.swap_remove(place)
    }

    fn field(&mut self, ty: &str, depth: usize) -> Option<String> {
        self.room = self.room.checked_sub(1)?;
        let fields: Vec<FieldDefinition> = match &self.schema.types[ty] {
            ExtendedType::Object(object) => object.fields.values().map(|it| it.node.as_ref().clone()).collect(),
            ExtendedType::Interface(it) => it.fields.values().map(|it| it.node.as_ref().clone()).collect(),
            _ => return None,
        };
        let (leaves, objects): (Vec<_>, Vec<_>) = fields.into_iter().partition(|field| {
            let inner = &self.schema.types[field.ty.inner_named_type()];
            inner.is_scalar() || inner.is_enum()
        });
        let objects: Vec<_> = objects.into_iter().filter(|field| self.is_wanted(field)).collect();
        // A value of the scalar `JSON` may hold objects, which are none of the answer.
        let is_plain = |field: &FieldDefinition| field.ty.inner_named_type() != "JSON";
        let leaves = leaves.into_iter().filter(|field| self.wanted == Wanted::Anything || is_plain(field)).collect();
        let from = if depth < 5 && !objects.is_empty() && self.choose(4) != 3 { objects } else { leaves };
        if from.is_empty() {
            return None;
        }
        let field = from[self.choose(from.len())].clone();
        let arguments = self.arguments(&field.arguments);
        let known = self.aliases.entry(field.name.to_string()).or_default();
        let next = known.len();
        let number = *known.entry(format!("{arguments}: {}", field.ty)).or_insert(next);
        let alias = if number == 0 { String::new() } else { format!("a{number}_{}: ", field.name) };
        let directives = self.directives();
        let inner = field.ty.inner_named_type();
        let is_leaf = self.schema.types[inner].is_scalar() || self.schema.types[inner].is_enum();
        let below = if is_leaf { String::new() } else { format!(" {}", self.set(inner, depth + 1)) };
        Some(format!("{alias}{}{arguments}{directives}{below}", field.name))
    }

    fn is_wanted(&self, field: &FieldDefinition) -> bool {
        let is_bounded = !field.ty.is_list()
            || matches!(field.name.as_str(), "edges" | "nodes" | "values" | "paths" | "byDistance")
            || field.ty.inner_named_type() == "PathStep"
            || field.argument_by_name("first").is_some()
            || field.arguments.iter().any(|argument| argument.ty.is_list());
        self.wanted == Wanted::Anything || is_bounded
    }

    fn arguments(&mut self, definitions: &[Node<InputValueDefinition>]) -> String {
        let mut given = Vec::new();
        for definition in definitions {
            let is_number = definition.ty.inner_named_type() == "Int";
            let chance = if is_number { 3 } else { 8 };
            if !definition.is_required() && self.choose(chance) != 1 {
                continue;
            }
            // A variable that may be null does not fit where null is not allowed.
            let value = match self.choose(3) {
                2 => self.variable(&definition.ty.to_string()),
                _ => {
                    let value = self.value(&definition.ty);
                    literal(self.schema, &definition.ty, &value)
                }
            };
            given.push(format!("{}: {value}", definition.name));
        }
        if given.is_empty() { String::new() } else { format!("({})", given.join(" ")) }
    }

    fn variable(&mut self, ty: &str) -> String {
        let known: Vec<_> =
            self.variables.iter().filter(|(_, of, _)| of == ty).map(|(name, ..)| name.clone()).collect();
        if !known.is_empty() && self.choose(3) != 0 {
            return format!("${}", known[self.choose(known.len())]);
        }
        let parsed = Type::parse(ty, "type.graphql").unwrap();
        let value = self.value(&parsed);
        let name = format!("v{}", self.variables.len());
        self.variables.push((name.clone(), ty.to_owned(), value));
        format!("${name}")
    }

    fn value(&mut self, ty: &Type) -> Value {
        if !ty.is_non_null() && self.choose(4) == 3 {
            return Value::Null;
        }
        if ty.is_list() {
            return (0..self.choose(4)).map(|_| self.value(ty.item_type())).collect();
        }
        match &self.schema.types[ty.inner_named_type()] {
            ExtendedType::Enum(definition) => {
                let place = self.choose(definition.values.len());
                json!(definition.values.keys().nth(place).unwrap().as_str())
            }
            ExtendedType::InputObject(object) => {
                let fields: Vec<_> = object.fields.values().map(|field| field.node.clone()).collect();
                let is_one_of = object.directives.has("oneOf");
                let mut given = Map::new();
                for field in fields {
                    let is_number = field.ty.inner_named_type() == "Int";
                    // Graphs are large when their input does not say otherwise.
                    let is_size = is_number && field.name.starts_with("max");
                    let wanted = field.is_required() || is_size || (is_number && !is_one_of && self.choose(2) == 0);
                    if wanted || (is_one_of && given.is_empty()) {
                        let ty = if is_one_of { field.ty.as_ref().clone().non_null() } else { (*field.ty).clone() };
                        given.insert(field.name.to_string(), self.value(&ty));
                    }
                }
                Value::Object(given)
            }
            _ => match ty.inner_named_type().as_str() {
                "Int" | "Revision" => json!(self.choose(4)),
                "Float" => json!(0.5),
                "Boolean" => json!(self.choose(2) == 0),
                "DateTime" => json!("2026-01-01T00:00:00Z"),
                _ => json!(self.texts[self.choose(self.texts.len())]),
            },
        }
    }
}

/// Writes a value as GraphQL.
fn literal(schema: &Schema, ty: &Type, value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| literal(schema, ty.item_type(), item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let ExtendedType::InputObject(object) = &schema.types[ty.inner_named_type()] else { unreachable!() };
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{key}: {}", literal(schema, &object.fields[key.as_str()].ty, value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) if schema.types[ty.inner_named_type()].is_enum() => text.clone(),
        other => other.to_string(),
    }
}
