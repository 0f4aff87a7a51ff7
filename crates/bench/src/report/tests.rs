use super::{
    BEGIN, END, kept_results, missed, render, replace_between, with_separators, write_into, written, written_short,
};
use crate::{
    load::LoadRun,
    machine::Machine,
    promises::Unit,
    results::{LoadResult, Part, PartResult, Row},
};

fn result(part: Part, rows: Vec<Row>) -> PartResult {
    let run = LoadRun { requests_per_second: 12_345.6, p50_ms: 0.5, p99_ms: 2.0, cpu_ms_per_request: 0.05 };
    PartResult {
        part,
        measured_at: "2026-01-01T00:00:00Z".to_owned(),
        binary_sha256: "abcdef0123456789".to_owned(),
        machine: Machine {
            processor: "Fast 3000".to_owned(),
            cores: 2,
            memory_bytes: 1 << 34,
            kernel: "6.1".to_owned(),
        },
        entities: 50_000,
        yaml_bytes: 34_000_000,
        made_by: "a test".to_owned(),
        rows,
        loads: vec![LoadResult {
            id: "entity".to_owned(),
            what: "entity by ref".to_owned(),
            clients: 16,
            answer_bytes: 1500,
            runs: vec![run],
            floor: vec![run],
        }],
    }
}

fn line<'a>(text: &'a str, containing: &str) -> &'a str {
    text.lines().find(|line| line.contains(containing)).unwrap_or_else(|| panic!("no line has `{containing}`:\n{text}"))
}

#[test]
fn a_row_shows_the_median_the_spread_and_that_the_goal_is_met() {
    let text = render(&[result(Part::Sqlite, vec![Row::new("cold_start", vec![3.0, 2.0, 4.0])])]);
    let line = line(&text, "| cold start, SQLite");
    assert!(line.contains("**3.00 s**") && line.contains("3: 2.00 s–4.00 s") && line.ends_with("| met |"), "{line}");
}

#[test]
fn a_missed_goal_is_shown_and_named() {
    let results = [result(Part::Sqlite, vec![Row::new("cold_start", vec![6.0])])];
    assert!(line(&render(&results), "| cold start, SQLite").ends_with("| **missed** |"));
    assert_eq!(missed(&results).len(), 1);
    assert!(missed(&results)[0].contains("6.00 s"));
}

#[test]
fn too_few_requests_miss_a_goal_that_is_a_least_number() {
    assert_eq!(missed(&[result(Part::Sqlite, vec![Row::new("entity_16_rps", vec![9_999.0])])]).len(), 1);
    assert!(missed(&[result(Part::Sqlite, vec![Row::new("entity_16_rps", vec![10_000.0])])]).is_empty());
}

#[test]
fn what_was_not_measured_says_so_and_misses_nothing() {
    let results = [result(Part::Sqlite, Vec::new())];
    assert!(line(&render(&results), "| ten times as many: cold start").contains("not measured"));
    assert!(missed(&results).is_empty());
}

#[test]
fn the_same_row_of_another_part_is_not_mixed_up() {
    let text = render(&[result(Part::Postgres, vec![Row::new("cold_start", vec![7.0])])]);
    assert!(line(&text, "| cold start, SQLite").contains("not measured"));
    assert!(line(&text, "| cold start, PostgreSQL").contains("**7.00 s**"));
}

#[test]
fn requests_stand_beside_the_bare_handler() {
    let text = render(&[result(Part::Sqlite, Vec::new())]);
    let line = line(&text, "| entity by ref | 16 |");
    assert_eq!(line.matches("12,346/s").count(), 2, "{line}");
}

#[test]
fn changes_stand_with_their_number_and_what_was_not_changed_is_a_dash() {
    let rows = vec![Row::new("change_count", vec![200.0]), Row::new("change_p99", vec![12.5])];
    let text = render(&[result(Part::Large, rows)]);
    let line = line(&text, "| in a location of its own, refresh asked for |");
    assert!(line.contains("| 200 | – | 12 ms |") || line.contains("| 200 | – | 13 ms |"), "{line}");
}

#[test]
fn only_what_is_between_the_markers_is_replaced() {
    let document = format!("before\n{}\nold\n{}\nafter\n", super::BEGIN, super::END);
    let text = replace_between(&document, (BEGIN, END), "new").expect("markers");
    assert!(text.starts_with("before\n") && text.ends_with("\nafter\n"), "{text}");
    assert!(text.contains("\nnew\n") && !text.contains("old"), "{text}");
    assert_eq!(replace_between(&text, (BEGIN, END), "new").as_deref(), Some(text.as_str()));
}

#[test]
fn a_document_without_markers_is_left_alone() {
    let directory = tempfile::tempdir().expect("folder");
    let document = directory.path().join("document.md");
    std::fs::write(&document, "prose").expect("written");
    write_into(&document, "new").expect_err("refused");
    assert_eq!(std::fs::read_to_string(&document).expect("text"), "prose");
}

#[test]
fn results_of_an_older_binary_are_not_shown() {
    let directory = tempfile::tempdir().expect("folder");
    let mut old = result(Part::Postgres, Vec::new());
    old.binary_sha256 = "old".to_owned();
    old.measured_at = "2025-01-01T00:00:00Z".to_owned();
    old.save(directory.path()).expect("saved");
    result(Part::Sqlite, Vec::new()).save(directory.path()).expect("saved");
    let parts: Vec<Part> = kept_results(directory.path()).expect("results").iter().map(|result| result.part).collect();
    assert_eq!(parts, [Part::Sqlite]);
}

#[test]
fn numbers_are_written_with_their_unit() {
    assert_eq!(written(0.1234, Unit::Milliseconds), "0.123 ms");
    assert_eq!(written(123.4, Unit::Milliseconds), "123 ms");
    assert_eq!(written_short(0.7, Unit::Seconds), "0.7 s");
    assert_eq!(written_short(5.0, Unit::Seconds), "5 s");
    assert_eq!(written(3.96, Unit::Ratio), "4.0 : 1");
    assert_eq!(written(1234.4, Unit::RequestsPerSecond), "1,234/s");
    assert_eq!(written(0.0, Unit::Count), "0");
    assert_eq!(with_separators(1_234_567), "1,234,567");
    assert_eq!(with_separators(12), "12");
}
