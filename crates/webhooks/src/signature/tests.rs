use super::*;

#[track_caller]
fn check_sign(secret: &str, id: &str, timestamp: i64, body: &str, expected: &str) {
    let secret = WebhookSecret::parse(secret).unwrap();
    assert_eq!(sign(&secret, id, timestamp, body.as_bytes()), expected);
}

/// The vector that the reference implementations of Standard Webhooks are tested with.
#[test]
fn the_published_vector_holds() {
    check_sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        r#"{"test": 2432232314}"#,
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    );
}

/// Computed with Python's `hmac`.
#[test]
fn a_body_is_signed_byte_by_byte() {
    check_sign(
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "msg_a",
        1_700_000_000,
        r#"{"specversion":"1.0","data":"ü"}"#,
        "v1,x1KkujMGfJguzqF49nH2GO8YtXcqSeINLrnWqJmFf3I=",
    );
}
