//! How many objects each field of a schema answers with.
//!
//! Owns deriving it from the shape of the schema and the table in [`super::sizes`].

use std::collections::{HashMap, HashSet};

use apollo_compiler::{Name, Schema, ast::FieldDefinition, schema::ExtendedType};

use super::{
    amount::{Measure, Source},
    introspection::{SchemaList, lists},
    sizes::{LISTS, ListSize, SLOTS, Slot},
    types::Types,
};

/// How many objects a field answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Size {
    /// At most one.
    One,
    /// A list of values that belong to the object that they are written in; neither they nor what is below count.
    Values,
    /// As a field above says.
    Slot(Slot),
    /// As its own arguments say.
    Arguments(Vec<Source>),
    /// At most so many.
    AtMost(u64),
    /// A list that the schema tells of itself.
    Schema(SchemaList),
    /// Nothing says how many.
    Unknown,
}

/// What pricing knows of a field that answers with objects.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) size: Size,
    /// The numbers that the field's arguments say about lists below it.
    pub(super) slots: Vec<(Slot, Vec<Source>)>,
}

/// The rules of all fields of a schema that answer with objects.
#[derive(Debug)]
pub(super) struct Rules(HashMap<Name, HashMap<Name, Rule>>);

impl Rules {
    /// Derives the rules of a schema.
    pub(super) fn new(schema: &Schema, types: &Types) -> Self {
        let leading = leading_types(schema, types);
        let told: HashMap<_, _> =
            lists(schema).into_iter().map(|(owner, field, list)| ((owner, field), list)).collect();
        let rules = schema.types.iter().filter_map(|(owner, definition)| {
            let fields = fields(definition)?.filter(|field| is_composite(schema, field.ty.inner_named_type()));
            let rule = |field: &FieldDefinition| Rule {
                size: match told.get(&(owner.as_str(), field.name.as_str())) {
                    Some(list) => Size::Schema(*list),
                    None => size(owner, field, &leading),
                },
                slots: slots(schema, field),
            };
            Some((owner.clone(), fields.map(|field| (field.name.clone(), rule(field))).collect()))
        });
        Self(rules.collect())
    }

    /// Returns the rule of a field that answers with objects.
    pub(super) fn find(&self, owner: &Name, field: &Name) -> Option<&Rule> {
        self.0.get(owner)?.get(field)
    }

    /// Returns the fields of which nothing says how many objects they answer with.
    pub(super) fn unsized_fields(&self) -> Vec<String> {
        let mut unknown: Vec<_> = self
            .0
            .iter()
            .flat_map(|(owner, fields)| fields.iter().map(move |(field, rule)| (owner, field, rule)))
            .filter(|(_, _, rule)| rule.size == Size::Unknown)
            .map(|(owner, field, _)| format!("{owner}.{field}"))
            .collect();
        unknown.sort();
        unknown
    }
}

fn size(owner: &Name, field: &FieldDefinition, leading: &HashSet<Name>) -> Size {
    if !field.ty.is_list() {
        return Size::One;
    }
    let (name, item) = (field.name.as_str(), field.ty.inner_named_type());
    let row = LISTS
        .iter()
        .find(|(of, list, items, _)| (*of == "*" || *of == owner.as_str()) && *list == name && *items == item.as_str());
    if let Some((.., size)) = row {
        return match size {
            ListSize::Slot(slot) => Size::Slot(*slot),
            ListSize::AtMost(count) => Size::AtMost(*count as u64),
        };
    }
    if matches!(name, "edges" | "nodes") && owner.ends_with("Connection") {
        return Size::Slot(Slot::Page);
    }
    let pages = pages(field);
    if !pages.is_empty() {
        return Size::Arguments(pages);
    }
    let mut lists = field.arguments.iter().filter(|argument| argument.ty.is_list());
    match (lists.next(), lists.next()) {
        (Some(only), None) => Size::Arguments(vec![Source::of_argument(field, &only.name, Measure::Items)]),
        _ if !leading.contains(item) => Size::Values,
        _ => Size::Unknown,
    }
}

/// Returns the arguments that say how large a page is.
fn pages(field: &FieldDefinition) -> Vec<Source> {
    let given = ["first", "last"].into_iter().filter(|argument| field.argument_by_name(argument).is_some());
    given.map(|argument| Source::of_argument(field, argument, Measure::Number)).collect()
}

fn slots(schema: &Schema, field: &FieldDefinition) -> Vec<(Slot, Vec<Source>)> {
    let answer = field.ty.inner_named_type().as_str();
    let mut slots = Vec::new();
    if answer.ends_with("Connection") {
        slots.push((Slot::Page, pages(field)));
    }
    for (_, slot, path) in SLOTS.iter().filter(|(of, ..)| *of == answer) {
        slots.extend(source(schema, field, path).map(|source| (*slot, vec![source])));
    }
    slots
}

/// Returns the source at a path into the arguments; nothing when there is none there.
fn source(schema: &Schema, field: &FieldDefinition, path: &str) -> Option<Source> {
    let mut parts = path.split('.');
    let argument = parts.next()?;
    let mut definition = field.argument_by_name(argument)?;
    let mut source = Source::of_argument(field, argument, Measure::Number);
    for part in parts {
        let ExtendedType::InputObject(object) = schema.types.get(definition.ty.inner_named_type())? else {
            return None;
        };
        definition = &object.fields.get(part)?.node;
        source.path.push(part.to_owned());
        source.default = definition.default_value.as_ref().and_then(|value| Measure::Number.of_value(value));
    }
    Some(source)
}

/// Returns the types from which one can go on to an object with an identity, or in circles. Lists of other types are
/// values.
fn leading_types(schema: &Schema, types: &Types) -> HashSet<Name> {
    let starts = |name: &Name, definition: &ExtendedType| {
        name.starts_with("__")
            || name == "Node"
            || matches!(definition, ExtendedType::Object(object) if object.implements_interfaces.contains("Node"))
    };
    let mut leading: HashSet<Name> = schema
        .types
        .iter()
        .filter(|(name, definition)| starts(name, definition))
        .map(|(name, _)| name.clone())
        .collect();
    loop {
        let more = schema.types.iter().filter(|(name, definition)| {
            let leads = |name: &Name| leading.contains(name);
            let of_fields =
                fields(definition).is_some_and(|mut all| all.any(|field| leads(field.ty.inner_named_type())));
            let possible = types.possible(name);
            let of_members = matches!(definition, ExtendedType::Interface(_) | ExtendedType::Union(_))
                && leading.iter().any(|other| !possible.and(types.possible(other)).is_empty());
            !leads(name) && (of_fields || of_members)
        });
        let more: Vec<_> = more.map(|(name, _)| name.clone()).collect();
        if more.is_empty() {
            return leading;
        }
        leading.extend(more);
    }
}

fn fields(definition: &ExtendedType) -> Option<impl Iterator<Item = &FieldDefinition>> {
    let fields = match definition {
        ExtendedType::Object(object) => &object.fields,
        ExtendedType::Interface(interface) => &interface.fields,
        _ => return None,
    };
    Some(fields.values().map(|field| field.node.as_ref()))
}

fn is_composite(schema: &Schema, name: &str) -> bool {
    matches!(
        schema.types.get(name),
        Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_))
    )
}
