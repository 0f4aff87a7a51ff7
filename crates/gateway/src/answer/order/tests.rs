use async_graphql::{
    parser::{parse_query, types::DocumentOperations},
    value,
};

use super::*;

#[test]
fn fields_stand_in_the_order_in_which_they_were_asked_for_at_every_level() {
    let document = parse_query("{ a b { x ... on T { y } z } ... on Query { c } }").unwrap();
    let DocumentOperations::Single(operation) = document.operations else { panic!("one operation") };
    let mut data = value!({"c": 1, "b": [{"z": 1, "x": 2}, {"y": 3, "x": 4}], "a": {"free": 1, "form": 2}});
    restore(&mut data, &operation.node.selection_set.node);
    let text = serde_json::to_string(&data).unwrap();
    assert_eq!(text, r#"{"a":{"free":1,"form":2},"b":[{"x":2,"z":1},{"x":4,"y":3}],"c":1}"#);
}
