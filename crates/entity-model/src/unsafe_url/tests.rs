//! Which addresses browsers run, however they are disguised.

use super::*;

#[test]
fn schemes_that_run_are_recognised_in_every_disguise() {
    for address in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "  javascript:alert(1)",
        "\u{1}\u{1f}javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\r\nscript\n:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html,<script>",
        "DATA:,",
    ] {
        assert!(running_scheme(address).is_some(), "{address:?}");
    }
}

#[test]
fn other_schemes_are_left_alone() {
    for address in
        ["https://a.b", "mailto:a@b.c", "javascripts:x", "java script:x", "datax:", "javascript", "", ":", "ü:"]
    {
        assert_eq!(running_scheme(address), None, "{address:?}");
    }
}

#[test]
fn annotations_that_are_links_are_looked_at_behind_their_type() {
    let check = |key, value, expected| assert_eq!(running_scheme_of_annotation(key, value), expected, "{key} {value}");
    check("backstage.io/source-location", "url:javascript:alert(1)", Some("javascript"));
    check("backstage.io/view-url", "data:text/html,x", Some("data"));
    check("backstage.io/view-url", "https://a.b/?q=javascript:x", None);
    check("example.com/note", "data: see below", None);
    check("example.com/note", " Javascript:x", Some("javascript"));
}
