use super::*;

#[test]
fn a_generated_secret_is_written_and_read_and_never_the_same() {
    let (one, other) = (WebhookSecret::generate().unwrap(), WebhookSecret::generate().unwrap());
    assert_ne!(one, other);
    assert_eq!(WebhookSecret::parse(&one.expose()).unwrap(), one);
    assert_eq!(one.key().len(), 32);
}

#[test]
fn what_is_no_secret_is_refused() {
    let short = format!("whsec_{}", STANDARD.encode([7; 23]));
    let long = format!("whsec_{}", STANDARD.encode([7; 65]));
    for text in ["", "whsec_", "secret", "whsec_!!!!", &short, &long, &STANDARD.encode([7; 32])] {
        assert!(matches!(WebhookSecret::parse(text), Err(WebhookError::BadSecret)), "{text}");
    }
    for length in [24, 64] {
        assert!(WebhookSecret::parse(&format!("whsec_{}", STANDARD.encode(vec![7; length]))).is_ok());
    }
}

#[test]
fn nothing_prints_it() {
    let secret = WebhookSecret::generate().unwrap();
    let shown = format!("{secret:?} {:#?} {:?}", Some(&secret), secret.to_stored());
    assert_eq!(shown, "WebhookSecret(…) Some(\n    WebhookSecret(…),\n) SecretText(…)");
}
