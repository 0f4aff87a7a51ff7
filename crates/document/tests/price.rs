//! Generated questions against generated answers: no answer has more nodes than its price.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/answer.rs"]
mod answer;
#[path = "support/question.rs"]
mod question;

use apollo_compiler::{ExecutableDocument, Schema, response::JsonMap, validation::Valid};
use callboard_document::{CostLimits, CostModel, LimitError, TextLimits, check_text};
use proptest::prelude::*;

use answer::Answerer;
use question::{Question, Wanted};

/// Small pages, so that answers stay small.
const PAGE: u64 = 4;

fn schema() -> Valid<Schema> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema.graphql"));
    let text = match text.contains("directive @oneOf") {
        true => text.to_owned(),
        false => format!("directive @oneOf on INPUT_OBJECT\n{text}"),
    };
    Schema::parse_and_validate(text, "schema.graphql").unwrap()
}

struct Outcome {
    /// What the answer has, as the model that made it counts.
    made: u64,
    /// What the answer has, as the price counts.
    counted: u64,
    /// What it may have.
    priced: u64,
}

fn ask(schema: &Valid<Schema>, model: &CostModel, wanted: Wanted, choices: &[u16], seed: u64) -> Outcome {
    let question = &Question::generate(schema, choices, &["component:default/a"], wanted);
    let document = ExecutableDocument::parse_and_validate(schema, &question.text, "question.graphql");
    let document = document.unwrap_or_else(|error| panic!("{}\n{}", error.errors, question.text));
    let operation = document.operations.get(None).unwrap();
    let variables: JsonMap = serde_json::from_value(question.variables.clone().into()).unwrap();
    let limits = CostLimits { max_nodes: u64::MAX, max_depth: 100, default_page_size: PAGE };
    let plan = model.plan(&document, operation).unwrap();
    let (data, made) = Answerer::new(schema, &document, &question.variables, PAGE, seed).answer(operation);

    // The text is checked without the schema, so it counts what is asked of types that can't occur, too.
    let depth = plan.depth();
    if depth == 0 {
        // Everything is asked of types that can't occur.
        assert_eq!((made, plan.count(&data)), (1, 1), "{}", question.text);
        return Outcome { made, counted: 1, priced: plan.price(&variables, &limits).unwrap().nodes };
    }
    let shallow = TextLimits { max_depth: depth - 1, max_directives: 100, ..TextLimits::default() };
    let Err(LimitError::Depth { found, .. }) = check_text(&question.text, &shallow) else {
        panic!("{depth} levels are not noticed\n{}", question.text);
    };
    assert!(found >= depth as u64 && (found == depth as u64 || wanted == Wanted::Anything), "{}", question.text);

    Outcome { made, counted: plan.count(&data), priced: plan.price(&variables, &limits).unwrap().nodes }
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn choices() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), 0..400)
}

#[test]
fn no_answer_has_more_nodes_than_its_price() {
    let schema = schema();
    let model = CostModel::new(&schema);
    let largest = std::cell::Cell::new(0);
    proptest!(cases(2_000), |(choices in choices(), seed in any::<u64>())| {
        let Outcome { made, counted, priced } = ask(&schema, &model, Wanted::Anything, &choices, seed);
        prop_assert!(made <= counted && counted <= priced, "{made} {counted} {priced}");
        largest.set(largest.get().max(made));
    });
    assert!(largest.get() > 100, "the answers are too small to prove anything: {}", largest.get());
}

#[test]
fn the_price_of_what_does_not_depend_on_the_data_is_exact() {
    let schema = schema();
    let model = CostModel::new(&schema);
    proptest!(cases(1_000), |(choices in choices(), seed in any::<u64>())| {
        let Outcome { made, counted, priced } = ask(&schema, &model, Wanted::Exact, &choices, seed);
        prop_assert_eq!((made, counted), (priced, priced));
    });
}
