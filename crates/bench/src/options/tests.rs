use clap::{CommandFactory as _, Parser as _};

use super::Options;
use crate::{catalog_input::CatalogOrigin, results::Part};

/// The environment must not matter here, so the two options that may come from it are always given.
fn options(arguments: &[&str]) -> Options {
    let mut all = vec!["callboard-bench", "--corpus", "/nowhere"];
    all.extend(arguments);
    Options::try_parse_from(all).expect("options")
}

#[test]
fn the_options_are_consistent() {
    Options::command().debug_assert();
}

#[test]
fn every_part_is_run_when_there_is_a_postgres_server() {
    assert_eq!(options(&["--postgres", "postgres://localhost"]).run.chosen_parts(), Part::ALL);
}

#[test]
fn a_chosen_part_is_run_alone() {
    assert_eq!(options(&["--part", "large"]).run.chosen_parts(), [Part::Large]);
}

#[test]
fn the_own_generator_is_used_when_the_corpus_has_none() {
    assert!(matches!(options(&[]).run.catalog_origin(), CatalogOrigin::BuiltIn));
}

#[test]
fn a_given_generator_is_used() {
    assert!(matches!(options(&["--generator", "g.py"]).run.catalog_origin(), CatalogOrigin::Script(_)));
}

#[test]
fn a_given_folder_is_used_and_excludes_a_generator() {
    assert!(matches!(options(&["--catalog", "c"]).run.catalog_origin(), CatalogOrigin::Folder(_)));
    Options::try_parse_from(["callboard-bench", "--catalog", "c", "--generator", "g"]).expect_err("refused");
}

#[test]
fn a_quick_run_is_small_in_every_part() {
    let quick = options(&["--quick"]).run;
    for part in Part::ALL {
        assert!(quick.entities_of(part) <= 5_000);
        assert_eq!(quick.effort_of(part).runs, 1);
    }
}

#[test]
fn the_large_part_has_one_cold_start() {
    let usual = options(&[]).run;
    assert_eq!(usual.effort_of(Part::Large).cold_starts, 1);
    assert_eq!(usual.effort_of(Part::Sqlite).cold_starts, 3);
}
