//! The README tells the truth: each query in it, sent to the example organisation, gets the answer that stands below it.

use std::fs;

use serde_json::{Value, json};

use crate::server::Server;

#[tokio::test]
async fn every_query_of_the_readme_has_the_answer_that_it_shows() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = fs::read_to_string(readme).expect("the README is there");
    let queries: Vec<_> = blocks(&readme, "graphql").collect();
    let answers: Vec<_> = blocks(&readme, "json").collect();
    assert!(queries.len() >= 10, "only {} queries", queries.len());
    assert_eq!(queries.len(), answers.len());

    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start_with_example(home.path()).await;
    server.wait_until_read().await;
    for (query, answer) in queries.into_iter().zip(answers) {
        let expected: Value = serde_json::from_str(answer).unwrap_or_else(|error| panic!("{error}: {answer}"));
        assert_eq!(server.data(query, json!({})).await, expected, "{query}");
    }
}

/// Returns the contents of the fenced blocks in a language.
fn blocks<'t>(text: &'t str, language: &'t str) -> impl Iterator<Item = &'t str> {
    text.split("\n```").filter_map(move |part| part.strip_prefix(language)?.strip_prefix('\n'))
}
