//! What hostile documents cost before they are refused.
//!
//! `cargo run --release --example hostile -p callboard-document` prints, for each, who refused it and how many
//! microseconds of CPU that took, the fastest and the slowest of many runs. With `unguarded` as an argument it also
//! prints what parsing and validating would take without the check of the text.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example for the terminal")]

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use apollo_compiler::{ExecutableDocument, Schema, parser::Parser, response::JsonMap, validation::Valid};
use callboard_document::{CostLimits, CostModel, TextLimits, check_text};

fn main() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema.graphql"));
    let text = match text.contains("directive @oneOf") {
        true => text.to_owned(),
        false => format!("directive @oneOf on INPUT_OBJECT\n{text}"),
    };
    let schema = Schema::parse_and_validate(text, "schema.graphql").unwrap();
    let model = CostModel::new(&schema);
    let is_unguarded = std::env::args().any(|argument| argument == "unguarded");
    println!("{:<44} {:>9} {:>9} {:>9}  outcome", "document", "bytes", "best µs", "worst µs");
    for (name, text) in documents() {
        let (outcome, best, worst) = measure(|| guarded(&schema, &model, &text));
        println!("{name:<44} {:>9} {:>9.1} {:>9.1}  {outcome}", text.len(), micros(best), micros(worst));
        if is_unguarded {
            let (outcome, best, worst) = measure(|| checked(&schema, &model, &text));
            println!("{:<54} {:>9.1} {:>9.1}  without: {outcome}", "", micros(best), micros(worst));
        }
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn measure(mut run: impl FnMut() -> String) -> (String, Duration, Duration) {
    let start = Instant::now();
    let (mut outcome, mut best, mut worst) = (String::new(), Duration::MAX, Duration::ZERO);
    for _ in 0..50 {
        let begin = Instant::now();
        outcome = run();
        best = best.min(begin.elapsed());
        worst = worst.max(begin.elapsed());
        if start.elapsed() > Duration::from_millis(500) {
            break;
        }
    }
    (outcome, best, worst)
}

fn guarded(schema: &Valid<Schema>, model: &CostModel, text: &str) -> String {
    match check_text(text, &TextLimits::default()) {
        Err(error) => format!("text: {error}"),
        Ok(()) => checked(schema, model, text),
    }
}

fn checked(schema: &Valid<Schema>, model: &CostModel, text: &str) -> String {
    let document: Valid<ExecutableDocument> = match Parser::new().recursion_limit(250).parse_ast(text, "q.graphql") {
        Err(error) => return format!("parser: {} faults", error.errors.len()),
        Ok(parsed) => match parsed.to_executable_validate(schema) {
            Err(error) => {
                let told: Vec<_> = error.errors.iter().take(50).map(|it| it.to_json()).collect();
                return format!("validation: {} faults", told.len());
            }
            Ok(document) => document,
        },
    };
    let Some(operation) = document.operations.iter().next() else { return "no operation".to_owned() };
    match model.price(&document, operation, &JsonMap::new(), &CostLimits::default()) {
        Err(error) => format!("price: {error}"),
        Ok(cost) => format!("LET IN: {} nodes, {} deep", cost.nodes, cost.depth),
    }
}

fn repeat(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let _ = write!(text, "{} ", item(number));
        text
    })
}

const REF: &str = "ref: \"component:default/a\"";

fn documents() -> Vec<(&'static str, String)> {
    let nested = |open: &str, close: &str, count: usize| format!("{}{}", open.repeat(count), close.repeat(count));
    let bomb = |levels: usize, spreads: usize| {
        let fragments = repeat(levels, |n| {
            let below = repeat(spreads, |key| format!("a{key}: owner {{ ...F{} }}", n + 1));
            format!("fragment F{n} on Entity {{ {below} }}")
        });
        format!("{{ entity({REF}) {{ ...F0 }} }} {fragments} fragment F{levels} on Entity {{ ref }}")
    };
    // States of an automaton: which of them are merged below a field depends on every field on the way there.
    let automaton = |levels: usize| {
        let mut text = format!("{{ entity({REF}) {{ ...S0 }} }}");
        for level in 0..levels {
            let next = level + 1;
            let _ = write!(
                text,
                "fragment S{level} on Entity {{ a: owner {{ ...S{next} ...T{next}x0 }} b: owner {{ ...S{next} }} }}"
            );
            for state in 0..level {
                let below = format!("owner {{ ...T{next}x{} }}", state + 1);
                let _ = write!(text, "fragment T{level}x{state} on Entity {{ a: {below} b: {below} }}");
            }
        }
        let _ = write!(text, "fragment S{levels} on Entity {{ ref }}");
        for state in 0..levels {
            let _ = write!(text, "fragment T{levels}x{state} on Entity {{ x{state}: ref }}");
        }
        text
    };
    let deep_pages = |size: usize| {
        let page = format!("relations(first: {size}) {{ nodes {{ target {{ ");
        format!("{{ entities(first: {size}) {{ nodes {{ {}ref{} }} }} }}", page.repeat(3), " } } }".repeat(3))
    };
    let by_type = |levels: usize| {
        let kinds = ["API", "Component", "Domain", "Group", "Location", "Resource", "System", "Template", "User"];
        let types: String = kinds.iter().map(|kind| format!("... on {kind} {{ owner {{ t{kind}: ref }} }}")).collect();
        let set = (0..levels).fold("{ ref }".to_owned(), |below, _| format!("{{ owner {below} {types} }}"));
        format!("{{ entity({REF}) {set} }}")
    };
    vec![
        (
            "a usual question",
            format!(
                "query($n: Int) {{ entity({REF}) {{ ref kind owner {{ ... on Group {{ ref }} }} relations(first: $n) {{ nodes {{ type targetRef }} }} }} }}"
            ),
        ),
        ("list bomb", deep_pages(100)),
        ("list bomb, largest pages", deep_pages(500)),
        ("10,000 aliases", format!("{{ {} }}", repeat(10_000, |n| format!("a{n}: __typename")))),
        (
            "10,000 aliases of an entity",
            format!("{{ {} }}", repeat(10_000, |n| format!("a{n}: entity({REF}) {{ ref }}"))),
        ),
        ("10,000 repetitions", format!("{{ {} }}", repeat(10_000, |_| "__typename".to_owned()))),
        ("10,000 directives", format!("{{ __typename {} }}", "@aa".repeat(10_000))),
        ("2,000 directives on a field", format!("{{ __typename {} }}", "@aa".repeat(2_000))),
        ("10,000 variables", format!("query({}) {{ __typename }}", repeat(10_000, |n| format!("$v{n}: Int")))),
        ("1,200 variables", format!("query({}) {{ __typename }}", repeat(1_200, |n| format!("$v{n}: Int")))),
        (
            "600 variables, 400 used",
            format!(
                "query({}) {{ entities {{ {} }} }}",
                repeat(600, |n| format!("$v{n}: Int")),
                repeat(400, |n| format!("a: f(l: $v{n})"))
            ),
        ),
        ("depth 300", format!("{{ {}ref{} }}", "owner { ".repeat(300), " }".repeat(300))),
        ("depth 100", format!("{{ {}ref{} }}", "owner { ".repeat(100), " }".repeat(100))),
        ("depth 300 by fragments", {
            let chain = repeat(300, |n| format!("fragment F{n} on Entity {{ owner {{ ...F{} }} }}", n + 1));
            format!("{{ entity({REF}) {{ ...F0 }} }} {chain} fragment F300 on Entity {{ ref }}")
        }),
        ("1 MB document", format!("{{ {} }}", repeat(75_000, |n| format!("a{n}: __typename")))),
        ("128 KiB of spaces", format!("{{ __typename {} }}", " ".repeat(131_000))),
        ("128 KiB of commas", format!("{{ __typename {} }}", ",".repeat(131_000))),
        ("5,000 commas", format!("{{ nothing {} }}", " ,".repeat(5_000))),
        ("128 KiB of comments", format!("{{ __typename {} }}", "#\n".repeat(65_000))),
        ("128 KiB string", format!("{{ entity(ref: \"{}\") {{ nothing }} }}", "a".repeat(130_000))),
        ("128 KiB block string", format!("{{ entity(ref: \"\"\"{}\"\"\") {{ nothing }} }}", "\n a".repeat(43_000))),
        (
            "128 KiB block string, 4,900 lines",
            format!("{{ entity(ref: \"\"\"{}\"\"\") {{ nothing }} }}", "\n  aaaaaaaaaaaaaaaaaaaaaaa".repeat(4_900)),
        ),
        ("128 KiB of brackets", "{".repeat(131_000)),
        ("200 open brackets", "{a".repeat(200)),
        ("fragment bomb, 12 levels of 2", bomb(12, 2)),
        ("fragment bomb, 5 levels of 50", bomb(5, 50)),
        ("fragment bomb, 30 levels of 10", bomb(30, 10)),
        (
            "fragments that lead back, doubled",
            "{ entity(ref: \"a\") { ...A } } fragment A on Entity { a: owner { ...A } b: owner { ...A } }".to_owned(),
        ),
        ("fragments as an automaton", automaton(12)),
        ("types asked separately, 5 levels", by_type(5)),
        ("types asked separately, 12 levels", by_type(12)),
        ("400 fragments in a row", {
            let chain = repeat(400, |n| format!("fragment F{n} on Entity {{ ...F{} ref }}", n + 1));
            format!("{{ entity({REF}) {{ ...F0 }} }} {chain} fragment F400 on Entity {{ ref }}")
        }),
        ("300 fragments, each leads to the next two", {
            let chain = repeat(300, |n| format!("fragment F{n} on Entity {{ ...F{} ...F{} }}", n + 1, n + 2));
            format!(
                "{{ entity({REF}) {{ ...F0 }} }} {chain} fragment F300 on Entity {{ ref }} fragment F301 on Entity {{ ref }}"
            )
        }),
        (
            "400 operations with one large fragment",
            format!(
                "{} fragment F on Query {{ {} }}",
                repeat(400, |n| format!("query Q{n} {{ ...F }}")),
                repeat(90, |n| format!("a{n}: revision"))
            ),
        ),
        (
            "circular introspection",
            format!("{{ __schema {{ types {{ {}name{} }} }} }}", "fields { type { ".repeat(4), "} } ".repeat(4)),
        ),
        (
            "circular introspection, 100 times",
            format!("{{ __schema {{ types {{ {}name{} }} }} }}", "fields { type { ".repeat(95), "} } ".repeat(95)),
        ),
        ("1,240 conflicting aliases", format!("{{ entities {{ {} }} }}", repeat(1_240, |n| format!("a: f{n}")))),
        (
            "overlapping aliases of deep objects",
            format!(
                "{{ {} }}",
                repeat(99, |n| format!(
                    "a: entity(ref: \"{n}\") {{ owner {{ ... on Group {{ parent {{ parent {{ parent {{ a: ref b: ref c: ref d: name }} }} }} }} }} }}"
                ))
            ),
        ),
        (
            "overlapping deep objects that agree",
            format!(
                "{{ {} }}",
                repeat(99, |_| format!(
                    "a: entity({REF}) {{ owner {{ ... on Group {{ parent {{ parent {{ parent {{ a: ref b: ref c: ref d: name }} }} }} }} }} }}"
                ))
            ),
        ),
        (
            "list of 4,900 values",
            format!("{{ entitiesByRefs(refs: [{}]) {{ nothing }} }}", repeat(4_900, |_| "1".to_owned())),
        ),
        (
            "object of 1,600 entries",
            format!("{{ entities(filter: {{ {} }}) {{ nothing }} }}", repeat(1_600, |n| format!("k{n}: 1"))),
        ),
        ("lists 300 deep", format!("{{ entity(ref: {}) {{ ref }} }}", nested("[", "]", 300))),
        ("lists 190 deep", format!("{{ entity(ref: {}) {{ ref }} }}", nested("[", "]", 190))),
        (
            "filters 190 deep",
            format!("{{ entities(filter: {}) {{ nothing }} }}", nested("{not: ", "}", 190).replace(": }", ": {}}")),
        ),
        ("4,900 tokens of nonsense", format!("{{ {} }}", "! ) ".repeat(2_450))),
    ]
}
