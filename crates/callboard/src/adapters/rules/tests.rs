use callboard_config::KindRule;
use callboard_discovery::AllowedKind;
use serde_json::json;

use super::{from_stored, to_stored};

#[test]
fn own_rules_survive_being_stored() {
    let rules = [
        KindRule { kind: "Group".to_owned(), spec_type: None },
        KindRule { kind: "Template".to_owned(), spec_type: Some("website".to_owned()) },
    ];
    let stored = to_stored(rules.iter());
    assert_eq!(stored, json!([{"kind": "Group"}, {"kind": "Template", "specType": "website"}]));
    let template = AllowedKind { kind: Some("Template".to_owned()), spec_type: Some("website".to_owned()) };
    assert_eq!(from_stored(&stored)[0].allow, [AllowedKind::named("Group"), template]);
}

#[test]
fn rules_that_cannot_be_read_allow_nothing() {
    assert!(from_stored(&json!("all"))[0].allow.is_empty());
}
