use serde_json::json;

use super::{frame, query};

#[test]
fn a_frame_is_final_text_masked_and_as_long_as_it_says() {
    let short = frame(&json!({}));
    assert_eq!(short, [0x81, 0x82, 0, 0, 0, 0, b'{', b'}']);
    let long = frame(&json!("x".repeat(298)));
    assert_eq!((&long[..4], long.len()), (&[0x81, 0xfe, 1, 44][..], 8 + 300));
    let longest = frame(&json!("x".repeat(69_998)));
    assert_eq!((&longest[..2], longest.len()), (&[0x81, 0xff][..], 14 + 70_000));
}

#[test]
fn the_entity_is_quoted() {
    assert!(query("component:default/a").contains("ref: [\"component:default/a\"]"));
}
