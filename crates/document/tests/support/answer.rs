//! The largest answers that a question can have: every list is full, and nothing is null.

use std::collections::HashSet;

use apollo_compiler::{
    ExecutableDocument, Name, Schema,
    ast::{DirectiveList, Value as Ast},
    executable::{Field, Operation, Selection, SelectionSet},
    schema::ExtendedType,
};
use serde_json::{Map, Value, json};

/// Makes answers, and counts the nodes that it makes.
pub(crate) struct Answerer<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    variables: &'a Map<String, Value>,
    page: u64,
    /// Chooses the types of objects.
    random: u64,
    made: u64,
}

/// What fields further up say of lists.
#[derive(Clone, Copy)]
struct Above {
    page: u64,
    facet_values: u64,
    graph_nodes: u64,
    graph_edges: u64,
    paths: u64,
    distance: u64,
    /// Whether what is made now is counted.
    counts: bool,
}

impl<'a> Answerer<'a> {
    pub(crate) fn new(
        schema: &'a Schema,
        document: &'a ExecutableDocument,
        variables: &'a Map<String, Value>,
        page: u64,
        seed: u64,
    ) -> Self {
        Self { schema, document, variables, page, random: seed | 1, made: 0 }
    }

    /// Returns an answer and how many nodes it has.
    pub(crate) fn answer(mut self, operation: &'a Operation) -> (Value, u64) {
        let above =
            Above { page: 0, facet_values: 0, graph_nodes: 0, graph_edges: 0, paths: 0, distance: 0, counts: true };
        let root = self.object(&[&operation.selection_set], operation.object_type(), above);
        (root, self.made)
    }

    fn object(&mut self, sets: &[&'a SelectionSet], ty: &Name, above: Above) -> Value {
        self.made += u64::from(above.counts);
        let objects: Vec<_> = self.schema.types.values().filter_map(ExtendedType::as_object).collect();
        let fits: Vec<_> = objects.iter().filter(|it| it.name == *ty || self.schema.is_subtype(ty, &it.name)).collect();
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let concrete = fits[(self.random >> 33) as usize % fits.len()].name.clone();
        let mut groups: Vec<(&Name, Vec<&'a Field>)> = Vec::new();
        let mut seen = HashSet::new();
        sets.iter().for_each(|set| self.collect(set, &concrete, &mut seen, &mut groups));
        let fields = groups.into_iter().map(|(key, fields)| (key.to_string(), self.field(&concrete, &fields, above)));
        Value::Object(fields.collect())
    }

    fn collect(
        &self,
        set: &'a SelectionSet,
        concrete: &Name,
        seen: &mut HashSet<&'a Name>,
        groups: &mut Vec<(&'a Name, Vec<&'a Field>)>,
    ) {
        let fits = |ty: &Name| ty == concrete || self.schema.is_subtype(ty, concrete);
        for selection in set.selections.iter().filter(|selection| self.is_made(selection.directives())) {
            match selection {
                Selection::Field(field) => match groups.iter_mut().find(|(key, _)| *key == field.response_key()) {
                    Some((_, fields)) => fields.push(field),
                    None => groups.push((field.response_key(), vec![field])),
                },
                Selection::InlineFragment(inline) => {
                    if inline.type_condition.as_ref().is_none_or(fits) {
                        self.collect(&inline.selection_set, concrete, seen, groups);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[&spread.fragment_name];
                    if seen.insert(&spread.fragment_name) && fits(fragment.type_condition()) {
                        self.collect(&fragment.selection_set, concrete, seen, groups);
                    }
                }
            }
        }
    }

    fn is_made(&self, directives: &DirectiveList) -> bool {
        directives.iter().all(|directive| {
            let value = self.constant(directive.specified_argument_by_name("if").unwrap());
            value == json!(directive.name == "include")
        })
    }

    fn field(&mut self, owner: &Name, fields: &[&'a Field], mut above: Above) -> Value {
        let field = fields[0];
        if field.selection_set.is_empty() {
            return json!("leaf");
        }
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set).collect();
        let inner = field.ty().inner_named_type();
        if inner.ends_with("Connection") {
            let pages = ["first", "last"].map(|name| self.argument(field, name).and_then(|value| value.as_u64()));
            above.page = pages.into_iter().flatten().max().unwrap_or(self.page);
        }
        if inner == "Facet" {
            above.facet_values = self.argument(field, "limit").and_then(|value| value.as_u64()).unwrap();
        }
        let number = |value: Option<Value>, key: &str, default: u64| {
            value.and_then(|value| value.get(key).and_then(Value::as_u64)).unwrap_or(default)
        };
        let input = || self.argument(field, "input");
        match inner.as_str() {
            "EntityGraph" => {
                above.graph_nodes = number(input(), "maxNodes", 500);
                above.graph_edges = number(input(), "maxEdges", 5_000);
            }
            "PathResult" => {
                above.paths = number(input(), "first", 5);
                above.distance = number(input(), "maxLength", 10);
            }
            "Impact" => {
                above.distance = self.argument(field, "maxDepth").and_then(|value| value.as_u64()).unwrap();
            }
            _ => {}
        }
        if !field.ty().is_list() {
            return self.object(&sets, inner, above);
        }
        let mut lists = field.definition.arguments.iter().filter(|argument| argument.ty.is_list());
        let length = match (field.name.as_str(), lists.next()) {
            ("edges" | "nodes", _) if owner.ends_with("Connection") => above.page,
            ("values", _) => above.facet_values,
            ("nodes", _) if inner == "GraphNode" => above.graph_nodes,
            ("edges", _) if owner == "EntityGraph" => above.graph_edges,
            ("paths", _) => above.paths,
            ("steps", _) if inner == "PathStep" => above.distance,
            ("byDistance", _) => above.distance,
            _ if field.definition.argument_by_name("first").is_some() => {
                self.argument(field, "first").and_then(|value| value.as_u64()).unwrap()
            }
            (_, Some(argument)) => match self.argument(field, &argument.name).unwrap() {
                Value::Array(items) => items.len() as u64,
                _ => 1,
            },
            ("claims" | "problems" | "userErrors" | "entities", _) => 3,
            _ => {
                above.counts = false;
                3
            }
        };
        (0..length).map(|_| self.object(&sets, inner, above)).collect()
    }

    /// The value of an argument, its default included; nothing for null.
    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let given = field.specified_argument_by_name(name).map(|value| self.constant(value));
        let default = || field.definition.argument_by_name(name)?.default_value.as_ref().map(|it| self.constant(it));
        given.filter(|value| !value.is_null()).or_else(default)
    }

    fn constant(&self, value: &Ast) -> Value {
        match value {
            Ast::Variable(name) => self.variables.get(name.as_str()).cloned().unwrap_or(Value::Null),
            Ast::Int(number) => json!(number.try_to_i32().unwrap()),
            Ast::Boolean(value) => json!(value),
            Ast::List(items) => items.iter().map(|item| self.constant(item)).collect(),
            Ast::Object(entries) => {
                entries.iter().map(|(name, value)| (name.to_string(), self.constant(value))).collect()
            }
            Ast::Null => Value::Null,
            _ => json!("other"),
        }
    }
}
