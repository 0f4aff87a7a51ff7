use super::{Substituted, substitute};
use crate::load::Environment;

fn check_substituted(text: &str, expected: &str) {
    let environment: Environment = [("HOST", "db.example.com"), ("PORT", "5432"), ("EMPTY", "")]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(substitute(text, &environment), Substituted::Text(expected.to_owned()), "{text}");
}

#[test]
fn variables_are_filled_in_wherever_they_stand() {
    check_substituted("${HOST}", "db.example.com");
    check_substituted("pg://${HOST}:${ PORT }/x", "pg://db.example.com:5432/x");
}

#[test]
fn a_default_stands_in_for_what_is_unset_or_empty() {
    check_substituted("${NOWHERE:-localhost}", "localhost");
    check_substituted("${EMPTY:-localhost}", "localhost");
    check_substituted("${HOST:-localhost}", "db.example.com");
    check_substituted("${NOWHERE:-}", "");
}

#[test]
fn a_doubled_dollar_keeps_the_text() {
    check_substituted("$${HOST}", "${HOST}");
    check_substituted("$HOST costs $5", "$HOST costs $5");
    check_substituted("$${HOST} ${HOST}", "${HOST} db.example.com");
}

#[test]
fn an_empty_variable_is_set() {
    check_substituted("a${EMPTY}b", "ab");
}

#[test]
fn an_unset_variable_unsets_the_whole_value() {
    let unset = substitute("a ${NOWHERE} b", &Environment::new());
    assert_eq!(unset, Substituted::Unset { variable: "NOWHERE".to_owned() });
}

#[test]
fn an_open_substitution_is_noticed() {
    assert_eq!(substitute("a ${HOST", &Environment::new()), Substituted::Open);
}
