//! Broken and hostile files: each a problem in the right place, nothing lost.

use std::fs;

use callboard_entity_model::FileOutcome;
use callboard_foundation::Clock;

use super::harness::{Fixture, check_reading, component, location, permissive};
use crate::{ReadLimits, Reader, ReaderSettings};

/// Reads one file with these bytes.
#[track_caller]
fn check_file(bytes: impl AsRef<[u8]>, expected: &str) -> impl Future<Output = ()> {
    let mut fixture = Fixture::new("a.yaml");
    fixture.write("a.yaml", bytes);
    let expected = expected.to_owned();
    async move { fixture.check_reads(&expected).await }
}

#[tokio::test]
async fn a_broken_document_leaves_its_siblings_alone() {
    let text = format!("{}---\nkind: [\n---\n{}", component("a"), component("b"));
    check_file(text, "read a.yaml a b unknown\n! SYNTAX a.yaml:").await;
}

#[tokio::test]
async fn an_invalid_entity_is_kept_by_name_and_shown_at_its_field() {
    let broken = component("bad").replace("  lifecycle: production\n", "  lifecycle: 7\n");
    check_file(
        format!("{}---\n{broken}", component("good")),
        "read a.yaml good keep:bad\n! INVALID_ENTITY a.yaml:16 spec.lifecycle",
    )
    .await;
}

#[tokio::test]
async fn an_entity_without_a_readable_name_keeps_the_whole_file() {
    check_file(
        component("x").replace("  name: x", "  name: [x]"),
        "read a.yaml unknown\n! INVALID_ENTITY a.yaml:4 metadata.name",
    )
    .await;
}

#[tokio::test]
async fn an_unknown_kind_is_its_own_problem() {
    check_file(
        "apiVersion: example.com/v1\nkind: Robot\nmetadata: {name: r}\nspec: {}",
        "read a.yaml keep:r\n! UNKNOWN_KIND a.yaml:2 kind",
    )
    .await;
}

#[tokio::test]
async fn of_an_entity_declared_twice_in_a_file_the_last_counts() {
    let mut fixture = Fixture::new("a.yaml");
    let later = component("WEB").replace("service", "library");
    fixture.write("a.yaml", format!("{}---\n{}---\n{later}", component("web"), component("other")));
    let expected = "read a.yaml web other\n! DUPLICATE a.yaml:19 ~ the one in line 1 does not";
    let reading = fixture.read().await;
    check_reading(&reading, &fixture.path(""), expected, std::panic::Location::caller());
    let FileOutcome::Read { entities, .. } = &reading.files[0].outcome else { panic!("{reading:?}") };
    assert!(entities[0].document.contains("library"), "{}", entities[0].document);
}

#[tokio::test]
async fn of_a_location_declared_twice_in_a_file_the_last_is_followed() {
    let mut fixture = Fixture::new("all.yaml");
    let all = [location("all", "{target: ./a.yaml}"), location("all", "{target: ./b.yaml}")];
    fixture.write("all.yaml", all.join("---\n"));
    fixture.write("b.yaml", component("b"));
    fixture.check_reads("read all.yaml all\n! DUPLICATE all.yaml:6\nread b.yaml b").await;
}

#[tokio::test]
async fn a_duplicate_key_is_refused() {
    check_file("kind: Component\nkind: API\n", "read a.yaml unknown\n! SYNTAX a.yaml:2").await;
}

#[tokio::test]
async fn a_link_that_a_browser_would_run_is_dropped_with_a_warning() {
    for url in
        ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "\"java\\tscript:alert(1)\"", "vbscript:x", "data:text/html,x"]
    {
        let text = component("web").replace("  name: web\n", &format!("  name: web\n  links:\n    - url: {url}\n"));
        check_file(text, "read a.yaml web\n! UNSAFE_URL a.yaml:6 metadata.links[0].url").await;
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused() {
    let mut bytes = component("web").into_bytes();
    bytes.extend([b'#', 0xff, 0xfe, b'\n']);
    check_file(bytes, "read a.yaml unknown\n! SYNTAX a.yaml:9 ~ UTF-8").await;
}

#[tokio::test]
async fn an_alias_bomb_is_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    check_file(format!("{bomb}---\n{}", component("web")), "read a.yaml web unknown\n! LIMIT a.yaml:").await;
}

#[tokio::test]
async fn ten_thousand_levels_are_refused() {
    check_file(format!("a: {}{}", "[".repeat(10_000), "]".repeat(10_000)), "read a.yaml unknown\n! LIMIT a.yaml:")
        .await;
    check_file("- ".repeat(100_000), "read a.yaml unknown\n! LIMIT a.yaml:").await;
}

#[tokio::test]
async fn a_hundred_megabytes_are_refused_by_size() {
    let mut fixture = Fixture::new("a.yaml");
    fs::File::create(fixture.path("a.yaml")).unwrap().set_len(100 << 20).unwrap();
    fixture
        .check_reads("failed a.yaml\n! LIMIT a.yaml ~ has 104857600 bytes, more than the 8388608 that a file may have")
        .await;
}

#[tokio::test]
async fn a_file_that_grows_too_large_keeps_its_entities_and_its_children() {
    let limits = ReadLimits { max_file_bytes: 1_000, ..ReadLimits::default() };
    let mut fixture = Fixture::with("all.yaml", ReaderSettings { limits, ..permissive() });
    let all = location("all", "{target: ./a.yaml}");
    fixture.write("all.yaml", &all);
    fixture.write("a.yaml", component("web"));
    fixture.check_reads("read all.yaml all\nread a.yaml web").await;
    fixture.write("all.yaml", format!("{all}{}", "#".repeat(1_000)));
    fixture.check_reads("failed all.yaml\n! LIMIT all.yaml ~ more than the 1000\nunchanged a.yaml").await;
}

#[tokio::test]
async fn more_documents_than_allowed_are_refused_with_the_number() {
    let limits = ReadLimits { max_documents: 2, ..ReadLimits::default() };
    let mut fixture = Fixture::with("a.yaml", ReaderSettings { limits, ..permissive() });
    fixture.write("a.yaml", ["a", "b", "c"].map(component).join("---\n"));
    fixture.check_reads("read a.yaml a b unknown\n! LIMIT a.yaml:19 more than 2 documents").await;
}

#[tokio::test]
async fn a_named_folder_inside_a_location_is_a_folder_and_a_pipe_is_refused() {
    let mut fixture = Fixture::new("all.yaml");
    fixture.write("all.yaml", location("all", "{targets: [./services, /dev/null]}"));
    fixture.write("services/catalog-info.yaml", component("web"));
    fixture
        .check_reads(
            "read all.yaml all
             read services/catalog-info.yaml web
             failed file:/dev/null
             ! UNREADABLE file:/dev/null ~ not a regular file",
        )
        .await;
}

#[tokio::test]
#[cfg(unix)]
async fn an_unreadable_file_keeps_its_entities() {
    use std::os::unix::fs::symlink;
    // A link to itself can't be opened by anybody, root included.
    let mut fixture = Fixture::new("a.yaml");
    symlink("a.yaml", fixture.path("a.yaml")).unwrap();
    fixture.check_reads("failed a.yaml\n! UNREADABLE a.yaml ~ can't be read").await;
}

#[tokio::test]
async fn a_broken_location_document_keeps_what_it_led_to() {
    let mut fixture = Fixture::new("all.yaml");
    fixture.write("all.yaml", location("all", "{target: ./a.yaml}"));
    fixture.write("a.yaml", component("web"));
    fixture.check_reads("read all.yaml all\nread a.yaml web").await;
    fixture.write("all.yaml", location("all", "{target: ./a.yaml, presence: sometimes}"));
    fixture.check_reads("read all.yaml keep:all\n! INVALID_ENTITY all.yaml:4 spec.presence\nunchanged a.yaml").await;
    fixture.check_reads("unchanged all.yaml\nunchanged a.yaml").await;
    fixture.write("all.yaml", "kind: [");
    fixture.check_reads("read all.yaml unknown\n! SYNTAX all.yaml\nunchanged a.yaml").await;
    fixture.write("all.yaml", location("all", "{targets: []}"));
    fixture.check_reads("read all.yaml all").await;
}

#[tokio::test]
async fn problems_of_one_file_are_bounded() {
    let limits = ReadLimits { max_problems_per_file: 3, ..ReadLimits::default() };
    let mut fixture = Fixture::with("a.yaml", ReaderSettings { limits, ..permissive() });
    fixture.write("a.yaml", ["- 1"; 10].join("\n---\n"));
    let reading = fixture.read().await;
    assert_eq!(reading.files[0].problems.len(), 4);
    assert!(reading.files[0].problems[3].message.starts_with("7 more problems"));
}

#[test]
fn a_text_is_checked_without_reading_anything() {
    let reader = Reader::new(ReaderSettings::default(), Clock::system()).unwrap();
    let user = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: eve}\nspec: {memberOf: []}\n";
    let api = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}\nspec: {type: openapi, lifecycle: x, owner: y, definition: {$text: ./nothing.yaml}}\n";
    let template = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: t}\nspec: {type: x, steps: [{$yaml: ./step.yaml}]}\n";
    let broken = component("b").replace("service", "[]");
    let parsed = reader.parse_text([user, api, template, &broken].join("---\n").as_bytes(), "stdin");
    let names: Vec<_> = parsed.entities.iter().map(|entity| entity.entity_ref.as_str()).collect();
    assert_eq!(names, ["user:default/eve", "api:default/a"]);
    let problems: Vec<_> = parsed.problems.iter().map(|problem| (problem.line, problem.field.as_deref())).collect();
    assert_eq!(problems, [(Some(21), Some("spec.type"))]);
    assert_eq!(parsed.problems[0].location, "stdin");
}

#[tokio::test]
async fn a_byte_order_mark_and_carriage_returns_are_fine() {
    let text = format!("\u{feff}{}---\n{}", component("a"), component("b")).replace('\n', "\r\n");
    let mut fixture = Fixture::new("a.yaml");
    fixture.write("a.yaml", text);
    let reading = fixture.read().await;
    let FileOutcome::Read { entities, .. } = &reading.files[0].outcome else { panic!("{reading:?}") };
    assert_eq!(entities.iter().map(|entity| entity.line).collect::<Vec<_>>(), [1, 10]);
}
