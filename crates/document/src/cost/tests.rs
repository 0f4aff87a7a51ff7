use apollo_compiler::{ExecutableDocument, Schema, validation::Valid};
use serde_json::json;

use super::*;

const SCHEMA: &str = r#"
    interface Node { id: ID! }
    interface Thing implements Node { id: ID! labels: [Label!]! parts(first: Int, last: Int): ThingConnection! maker: Maker }
    type Car implements Thing & Node {
        id: ID! labels: [Label!]! parts(first: Int, last: Int): ThingConnection! maker: Maker  wheels: [Wheel!]!  spare: Wheel  seats(first: Int! = 4): [Label!]!
    }
    type Wheel implements Thing & Node {
        id: ID! labels: [Label!]! parts(first: Int, last: Int): ThingConnection! maker: Maker  car: Car
    }
    type Firm implements Node { id: ID! things(first: Int! = 7): ThingConnection! }
    type Person implements Node { id: ID! boss: Person }
    union Maker = Firm | Person
    type Label { key: String! meaning: Meaning }
    type Meaning { text: String! }
    type ThingConnection { nodes: [Thing!]! edges: [ThingEdge!]! pageInfo: PageInfo! facets(fields: [String!]!, limit: Int! = 20): [Facet!]! }
    type ThingEdge { node: Thing! }
    type PageInfo { hasNextPage: Boolean! }
    type Facet { field: String! values: [FacetValue!]! }
    type FacetValue { value: String! thing: Thing }
    type EntityGraph { nodes: [GraphNode!]! edges: [GraphEdge!]! }
    type GraphNode { thing: Thing }
    type GraphEdge { type: String! }
    input GraphInput { roots: [ID!]! maxNodes: Int! = 500 maxEdges: Int! = 5000 }
    type Query { graph(input: GraphInput!): EntityGraph!  thing(id: ID!): Thing  things(first: Int, last: Int): ThingConnection!  named(ids: [ID!]!): [Thing]! node(id: ID!): Node }
"#;

fn schema() -> Valid<Schema> {
    Schema::parse_and_validate(SCHEMA, "schema.graphql").unwrap()
}

fn plan(query: &str) -> CostPlan {
    let schema = schema();
    let document = ExecutableDocument::parse_and_validate(&schema, query, "query.graphql").unwrap();
    CostModel::new(&schema).plan(&document, document.operations.get(None).unwrap()).unwrap()
}

fn price(query: &str, variables: serde_json::Value) -> Result<Cost, LimitError> {
    let variables: JsonMap = serde_json::from_value(variables).unwrap();
    plan(query).price(&variables, &CostLimits { max_nodes: 10_000, max_depth: 8, default_page_size: 50 })
}

#[track_caller]
fn check_nodes(query: &str, nodes: u64) {
    check_nodes_with(query, json!({}), nodes);
}

#[track_caller]
fn price_without_limit(query: &str, variables: serde_json::Value) -> Cost {
    let limits = CostLimits { max_nodes: u64::MAX, max_depth: 8, default_page_size: 50 };
    plan(query).price(&serde_json::from_value(variables).unwrap(), &limits).unwrap()
}

#[test]
fn an_errand_has_a_price_of_its_own() {
    let query = "{ graph(input: { roots: 1, maxNodes: 1 }) { nodes { thing { id } } } }";
    assert_eq!(price_without_limit(query, json!({})).errands, 1);
    assert_eq!(
        price(query, json!({})),
        Err(LimitError::Nodes { found: 2 + 2 + super::sizes::ERRAND_PRICE, max: 10_000 })
    );
}

fn check_nodes_with(query: &str, variables: serde_json::Value, nodes: u64) {
    assert_eq!(price(query, variables).unwrap().nodes, nodes, "{query}");
}

#[test]
fn each_object_is_a_node_and_the_answer_too() {
    check_nodes("{ __typename }", 1);
    check_nodes("{ thing(id: 1) { id } }", 2);
    check_nodes("{ thing(id: 1) { id } a: thing(id: 2) { maker { ... on Person { boss { id } } } } }", 5);
}

#[test]
fn values_belong_to_the_object_that_they_are_written_in() {
    check_nodes("{ thing(id: 1) { labels { key meaning { text } } } }", 2);
}

#[test]
fn a_page_multiplies_what_is_below_it_and_edges_and_nodes_count_each() {
    check_nodes("{ things(first: 10) { nodes { id } } }", 2 + 10);
    check_nodes("{ things(last: 10) { nodes { id } edges { node { id } } pageInfo { hasNextPage } } }", 3 + 10 + 20);
    check_nodes("{ things { nodes { id } } }", 2 + 50);
    check_nodes("{ thing(id: 1) { maker { ... on Firm { things { nodes { id } } } } } }", 4 + 7);
    check_nodes("{ things(first: 3) { nodes { parts(first: 4) { nodes { id } } } } }", 2 + 3 * (1 + 1 + 4));
    check_nodes("{ things(first: -3) { nodes { id } } }", 2);
}

#[test]
fn numbers_are_read_from_variables_and_their_defaults() {
    let query = "query($n: Int = 4) { things(first: $n) { nodes { id } } }";
    check_nodes_with(query, json!({ "n": 3 }), 2 + 3);
    check_nodes_with(query, json!({ "n": null }), 2 + 50);
    let query = "query($n: Int, $m: Int) { things(first: $n, last: $m) { nodes { id } } }";
    check_nodes_with(query, json!({}), 2 + 50);
    check_nodes_with(query, json!({ "n": null, "m": 6 }), 2 + 6);
}

#[test]
fn a_list_argument_says_how_many() {
    check_nodes("{ named(ids: [1, 2, 3]) { id } }", 1 + 3);
    check_nodes("{ named(ids: 1) { id } }", 1 + 1);
    check_nodes_with("query($ids: [ID!]!) { named(ids: $ids) { id } }", json!({ "ids": [1, 2] }), 1 + 2);
    check_nodes_with("query($id: ID!) { named(ids: [$id, 7]) { id } }", json!({ "id": 1 }), 1 + 2);
}

#[test]
fn a_list_may_have_a_page_of_its_own() {
    check_nodes("{ thing(id: 1) { ... on Car { seats { key } } } }", 2 + 4);
    check_nodes_with(
        "query($n: Int!) { thing(id: 1) { ... on Car { seats(first: $n) { key } } } }",
        json!({ "n": 2 }),
        2 + 2,
    );
}

#[test]
fn facets_have_so_many_values_each() {
    let query = "{ things(first: 0) { facets(fields: [\"a\", \"b\"], limit: 5) { values { thing { id } } } } }";
    check_nodes(query, 2 + 2 * (1 + 5 * 2));
    check_nodes("{ things { facets(fields: [\"a\"]) { values { value } } } }", 2 + (1 + 20));
}

#[test]
fn numbers_may_stand_in_an_input_object() {
    let nodes = "nodes { thing { id } } edges { type }";
    let check =
        |query: &str, variables, nodes| assert_eq!(price_without_limit(query, variables).nodes, nodes, "{query}");
    check(&format!("{{ graph(input: {{ roots: 1 }}) {{ {nodes} }} }}"), json!({}), 2 + 2 * 500 + 5_000);
    let query =
        format!("query($n: Int! = 3) {{ graph(input: {{ roots: 1, maxNodes: $n, maxEdges: 7 }}) {{ {nodes} }} }}");
    check(&query, json!({ "n": 10 }), 2 + 2 * 10 + 7);
    let query = format!("query($input: GraphInput!) {{ graph(input: $input) {{ {nodes} }} }}");
    check(&query, json!({ "input": { "roots": [1], "maxNodes": 5 } }), 2 + 2 * 5 + 5_000);
}

#[test]
fn fields_asked_twice_are_one_field() {
    let once = "{ thing(id: 1) { parts(first: 2) { nodes { id } } maker { ... on Firm { id } } } }";
    let twice = "
        { thing(id: 1) { parts(first: 2) { nodes { id } } ...F maker { ... on Firm { id } } } ...G }
        fragment F on Thing { parts(first: 2) { nodes { maker { __typename } } } }
        fragment G on Query { thing(id: 1) { ...F maker { __typename } } }";
    check_nodes(once, 1 + 1 + (1 + 2) + 1);
    check_nodes(twice, 1 + 1 + (1 + 2 * 2) + 1);
}

#[test]
fn of_types_that_exclude_each_other_the_dearest_counts() {
    let query =
        "{ thing(id: 1) { id ... on Car { spare { car { id } } maker { __typename } } ... on Wheel { car { id } } } }";
    check_nodes(query, 2 + 3);
    let shared = "{ thing(id: 1) { ... on Car { maker { __typename } } ... on Wheel { maker { __typename } car { id } } maker { __typename } } }";
    check_nodes(shared, 2 + 2);
    check_nodes(
        "{ node(id: 1) { ... on Thing { maker { ... on Firm { id } } } ... on Person { boss { boss { id } } } } }",
        2 + 2,
    );
}

#[test]
fn what_is_left_out_costs_nothing() {
    let query = "query($a: Boolean!, $b: Boolean = true) {
        thing(id: 1) { maker @include(if: $a) { __typename } ... @skip(if: $b) { parts(first: 3) { nodes { id } } } ...F @skip(if: true) }
    } fragment F on Thing { more: parts(first: 9) { nodes { id } } }";
    check_nodes_with(query, json!({ "a": false, "b": true }), 2);
    check_nodes_with(query, json!({ "a": true, "b": true }), 2 + 1);
    check_nodes_with(query, json!({ "a": false, "b": false }), 2 + 4);
    let both = "query($a: Boolean!) { thing(id: 1) @include(if: $a) { maker { __typename } } thing(id: 1) { id } }";
    check_nodes_with(both, json!({ "a": false }), 2);
    check_nodes_with(both, json!({ "a": true }), 3);
}

#[test]
fn a_cost_beyond_all_numbers_is_refused_without_overflow() {
    let page = "parts(first: 2000000000) { nodes { ";
    let query = format!("{{ thing(id: 1) {{ {}id{} }} }}", page.repeat(3), "} } ".repeat(3));
    assert_eq!(price(&query, json!({})), Err(LimitError::Nodes { found: u64::MAX, max: 10_000 }));
    let query = "{ things(first: 500) { nodes { parts(first: 500) { nodes { id } } } } }";
    assert_eq!(price(query, json!({})), Err(LimitError::Nodes { found: 2 + 500 * 502, max: 10_000 }));
}

#[test]
fn depth_counts_fields_and_what_is_left_out() {
    assert_eq!(price("{ __typename }", json!({})).unwrap().depth, 1);
    let query = "{ thing(id: 1) { ... on Car { ...F @skip(if: true) } } } fragment F on Car { spare { car { id } } }";
    assert_eq!(price(query, json!({})).unwrap().depth, 4);
    let deep = format!(
        "{{ thing(id: 1) {{ ... on Wheel {{ car {{ {}id{} }} }} }} }}",
        "spare { car { ".repeat(3),
        "} } ".repeat(3)
    );
    assert_eq!(price(&deep, json!({})), Err(LimitError::Depth { found: 9, max: 8 }));
}

#[test]
fn nodes_of_an_answer_are_counted_like_their_price() {
    let plan = plan(
        "{ things(first: 2) { nodes { labels { key } ... on Car { spare { id } } ... on Wheel { car { id } maker { __typename } } } edges { node { id } } } }",
    );
    let data = json!({ "things": {
        "nodes": [{ "labels": [{ "key": "a" }, { "key": "b" }], "spare": null }, { "labels": [], "car": { "id": 1 }, "maker": {} }],
        "edges": [{ "node": { "id": 1 } }],
    } });
    assert_eq!(plan.count(&data), 1 + 1 + 2 + 2 + 2);
    assert_eq!(plan.count(&serde_json::Value::Null), 0);
}

#[test]
fn introspection_is_priced_by_what_the_schema_has() {
    let types = schema().types.len() as u64;
    let all = |query: &str| {
        let limits = CostLimits { max_nodes: u64::MAX, ..CostLimits::default() };
        plan(query).price(&JsonMap::new(), &limits).unwrap().nodes
    };
    assert!((types..types + 16).contains(&all("{ __schema { types { name } } }")));
    // A type each, and a field each: far less than the largest type times the number of types.
    let once = all("{ __schema { types { fields { name } } } }");
    assert!(once < 10 * types, "{once} for {types} types");
    let circles = all("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }");
    assert!(circles > 50 * once, "{circles} and {once}");
}

#[test]
fn lists_without_a_bound_are_named_and_endless() {
    let sdl = "interface Node { id: ID! } type A implements Node { id: ID! all: [A!]! } type Query { a: A }";
    let schema = Schema::parse_and_validate(sdl, "schema.graphql").unwrap();
    let model = CostModel::new(&schema);
    assert_eq!(model.unsized_fields(), ["A.all"]);
    let document = ExecutableDocument::parse_and_validate(&schema, "{ a { all { id } } }", "query.graphql").unwrap();
    let operation = document.operations.get(None).unwrap();
    let result = model.price(&document, operation, &JsonMap::new(), &CostLimits::default());
    assert_eq!(result, Err(LimitError::Nodes { found: u64::MAX, max: 500_000 }));
}
