//! The operator's own YAML, both ways.

use serde_json::json;

use super::*;

#[test]
fn a_configuration_is_read() {
    assert_eq!(parse_config("\u{feff}a: 1\nb: [x]\n", "app.yaml"), Ok(json!({"a": 1, "b": ["x"]})));
    assert_eq!(parse_config("# nothing\n", "app.yaml"), Ok(Value::Null));
}

#[test]
fn a_fault_names_file_line_and_column() {
    let error = parse_config("a: 1\nb: [x\n", "app.yaml").unwrap_err();
    assert!(error.message.starts_with("app.yaml: "), "{error}");
    assert_eq!(error.kind, YamlErrorKind::Syntax);
    assert!(error.line.is_some() && error.column.is_some(), "{error:?}");
}

#[test]
fn a_key_that_stands_twice_is_a_fault() {
    let error = parse_config("a: 1\na: 2\n", "app.yaml").unwrap_err();
    assert_eq!(error.kind, YamlErrorKind::DuplicateKey, "{error}");
}

#[test]
fn what_is_written_can_be_read_again() {
    let value = json!({"no": "no", "n": 1, "list": [null, true, "012", "a\nb\n"], "empty": {}});
    assert_eq!(parse_config(&to_yaml(&value), "written"), Ok(value));
}
