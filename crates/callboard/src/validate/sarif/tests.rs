use super::uri;

fn check_uri(name: &str, expected: &str) {
    assert_eq!(uri(name), expected);
}

#[test]
fn a_relative_path_stays_relative() {
    check_uri("catalog/my team.yaml", "catalog/my%20team.yaml");
}

#[test]
fn an_absolute_path_gets_its_scheme() {
    check_uri("/srv/ä#.yaml", "file:///srv/%C3%A4%23.yaml");
}

#[test]
fn standard_input_is_encoded() {
    check_uri("<stdin>", "%3Cstdin%3E");
}
