use super::*;

#[test]
fn a_reason_fits_into_a_close_frame() {
    let goodbye = Goodbye::bad_request("é".repeat(200));
    assert!(goodbye.reason.len() <= MAX_REASON_BYTES, "{}", goodbye.reason.len());
    assert!(goodbye.reason.ends_with('é'));
    assert!(Goodbye::too_slow(Duration::from_secs(3_600)).reason.ends_with("last cursor"));
}

#[test]
fn a_long_id_does_not_push_out_what_is_said_about_it() {
    assert_eq!(Goodbye::subscriber_exists("a").reason, "Subscriber for a already exists");
    let long = Goodbye::subscriber_exists(&"ü".repeat(500)).reason;
    assert!(long.len() <= MAX_REASON_BYTES && long.ends_with(" already exists"), "{long}");
}
