use super::*;

#[test]
fn references_are_found_in_any_shape_of_answer() {
    let flat = br#"{"data":{"components":[{"ref":"a","dependsOn":[{"ref":"b"}]},{"ref":"c"}]}}"#;
    let nested = br#"{"data":{"entities":{"nodes":[{"dependsOn":{"nodes":[{"ref":"b"}]},"ref":"a"},{"ref":"c"}]}}}"#;
    assert_eq!(refs_in(flat).unwrap(), ["a", "b", "c"]);
    assert_eq!(refs_in(nested).unwrap(), ["a", "b", "c"]);
    assert!(refs_in(b"no").is_err());
}

#[test]
fn only_a_question_with_a_variable_is_sent_one() {
    let directory = tempfile::tempdir().unwrap();
    let entities = Entities::write(directory.path(), 100).unwrap();
    for shape in SHAPES {
        for who in [Who::CacheOff, Who::Mercurius] {
            let body: Value = serde_json::from_str(&shape.body(who, &entities)).unwrap();
            let named = body["variables"]["ref"].as_str().is_some_and(|it| entities.components.iter().any(|c| c == it));
            assert_eq!(named, shape.id == "Q1", "{body}");
        }
    }
}
