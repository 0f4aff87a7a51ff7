//! How long the lists are that a schema tells of itself.
//!
//! Owns exact numbers, read from the schema: so many types it has, so many fields each at most, so many all together. The
//! usual question of tools asks for everything once, and is priced by what there is all together; who goes in circles
//! pays the largest type each time round.

use apollo_compiler::{Schema, schema::ExtendedType};

/// The executor may know a few directives and types that the text of the schema does not tell.
const UNTOLD: u64 = 8;

/// How long a list of introspection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SchemaList {
    /// Of one object at most.
    pub(super) most: u64,
    /// Of all objects of the schema together.
    pub(super) total: u64,
    /// Whether this list tells a part of the whole schema, each object in it once, when what it stands in does.
    pub(super) is_part: bool,
}

/// What is counted in one pass over the schema.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    most: u64,
    total: u64,
}

impl Tally {
    fn add(&mut self, count: usize) {
        self.most = self.most.max(count as u64);
        self.total += count as u64;
    }

    fn part(self) -> SchemaList {
        SchemaList { most: self.most, total: self.total, is_part: true }
    }

    fn lead(self) -> SchemaList {
        SchemaList { is_part: false, ..self.part() }
    }
}

/// Returns the lists of introspection: the type that has the field, the field, and how long it is.
pub(super) fn lists(schema: &Schema) -> Vec<(&'static str, &'static str, SchemaList)> {
    let [mut fields, mut arguments, mut inputs, mut values, mut interfaces, mut possible, mut directive_arguments] =
        [Tally::default(); 7];
    let implementers = schema.implementers_map();
    for (name, definition) in &schema.types {
        match definition {
            ExtendedType::Object(object) => {
                fields.add(object.fields.len());
                interfaces.add(object.implements_interfaces.len());
                object.fields.values().for_each(|field| arguments.add(field.arguments.len()));
            }
            ExtendedType::Interface(interface) => {
                fields.add(interface.fields.len());
                interfaces.add(interface.implements_interfaces.len());
                interface.fields.values().for_each(|field| arguments.add(field.arguments.len()));
                possible.add(implementers.get(name).map_or(0, |implementers| implementers.objects.len()));
            }
            ExtendedType::Union(union) => possible.add(union.members.len()),
            ExtendedType::Enum(definition) => values.add(definition.values.len()),
            ExtendedType::InputObject(input) => inputs.add(input.fields.len()),
            ExtendedType::Scalar(_) => {}
        }
    }
    schema.directive_definitions.values().for_each(|directive| directive_arguments.add(directive.arguments.len()));
    let count =
        |number: usize| SchemaList { most: number as u64 + UNTOLD, total: number as u64 + UNTOLD, is_part: true };
    directive_arguments.most += UNTOLD;
    directive_arguments.total += UNTOLD;
    vec![
        ("__Schema", "types", count(schema.types.len())),
        ("__Schema", "directives", count(schema.directive_definitions.len())),
        ("__Type", "fields", fields.part()),
        ("__Type", "inputFields", inputs.part()),
        ("__Type", "enumValues", values.part()),
        ("__Type", "interfaces", interfaces.lead()),
        ("__Type", "possibleTypes", possible.lead()),
        ("__Field", "args", arguments.part()),
        ("__Directive", "args", directive_arguments.part()),
    ]
}
