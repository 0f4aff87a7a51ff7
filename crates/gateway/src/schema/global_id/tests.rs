use super::*;

fn check_round_trip(id: GlobalId) {
    assert_eq!(GlobalId::decode(&id.encode()), Some(id));
}

#[test]
fn an_entity_is_found_again_by_its_id() {
    check_round_trip(GlobalId::Entity("component:shop/web".parse().unwrap()));
}

#[test]
fn a_location_is_found_again_by_its_id() {
    check_round_trip(GlobalId::Location(callboard_foundation::new_id()));
}

#[test]
fn a_webhook_is_found_again_by_its_id() {
    check_round_trip(GlobalId::Webhook(callboard_foundation::new_id()));
}

#[test]
fn anything_else_is_no_id() {
    for text in ["", "entity:component:default/web", "%%%", "Zm9v", "ZW50aXR5Og"] {
        assert_eq!(GlobalId::decode(&ID(text.to_owned())), None, "{text}");
    }
}
