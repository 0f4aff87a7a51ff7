use std::collections::HashSet;

use super::*;

#[test]
fn every_code_has_a_name_of_its_own() {
    let names: HashSet<_> = AnswerCode::ALL.into_iter().map(AnswerCode::as_str).collect();
    assert_eq!(names.len(), AnswerCode::ALL.len());
}

#[test]
fn names_are_upper_case_with_underscores() {
    for code in AnswerCode::ALL {
        assert!(code.as_str().chars().all(|c| c.is_ascii_uppercase() || c == '_'), "{}", code.as_str());
    }
}

#[test]
fn only_faults_of_ours_are_answered_with_500() {
    for code in AnswerCode::ALL {
        let is_ours = code == AnswerCode::Shared(ErrorCode::Internal);
        assert_eq!(code.status() == StatusCode::INTERNAL_SERVER_ERROR, is_ours, "{}", code.as_str());
    }
}

#[test]
fn the_documentation_lists_every_code_and_its_status() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors.md");
    let document = std::fs::read_to_string(path).expect("the list of codes is there");
    let rows: Vec<_> = document.lines().filter(|line| line.starts_with("| `")).collect();
    let expected = AnswerCode::ALL.map(|code| format!("| `{}` | {} |", code.as_str(), code.status().as_u16()));
    assert_eq!(rows.len(), expected.len(), "{rows:#?}");
    for (row, expected) in rows.iter().zip(&expected) {
        assert!(row.starts_with(expected), "docs/errors.md says `{row}` instead of `{expected} …`");
    }
}
