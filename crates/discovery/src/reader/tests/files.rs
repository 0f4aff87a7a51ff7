//! Files, globs and folders, read again and again.

use serde_json::{Value, json};

use callboard_entity_model::FileOutcome;

use super::harness::{Fixture, component, permissive};
use crate::{ReadLimits, ReadMode, ReaderSettings, Rule};

#[tokio::test]
async fn a_file_is_read_once_and_again_when_it_changes() {
    let mut fixture = Fixture::new("a.yaml");
    fixture.write("a.yaml", component("web"));
    fixture.check_reads("read a.yaml web").await;
    fixture.check_reads("unchanged a.yaml").await;
    fixture.write("a.yaml", component("shop"));
    fixture.check_reads("read a.yaml shop").await;
}

#[tokio::test]
async fn an_entity_says_where_it_comes_from() {
    let mut fixture = Fixture::new("*.yaml");
    fixture.write("a.yaml", format!("# a comment\n\n{}", component("web")));
    let reading = fixture.read().await;
    let FileOutcome::Read { entities, .. } = &reading.files[0].outcome else { panic!("{reading:?}") };
    let document: Value = serde_json::from_str(&entities[0].document).unwrap();
    assert_eq!(
        document["metadata"],
        json!({
            "name": "web",
            "namespace": "default",
            "annotations": {
                "backstage.io/managed-by-location": format!("file:{}", fixture.path("a.yaml").display()),
                "backstage.io/managed-by-origin-location": format!("file:{}", fixture.path("*.yaml").display()),
            }
        })
    );
    assert_eq!(entities[0].line, 3);
}

#[tokio::test]
async fn a_glob_follows_files_that_come_and_go() {
    let mut fixture = Fixture::new("**/*.yaml");
    fixture.write("a.yaml", component("a"));
    fixture.write("x/b.yaml", component("b"));
    fixture.check_reads("read a.yaml a\nread x/b.yaml b").await;
    fixture.remove("a.yaml");
    fixture.write("c.yaml", component("c"));
    fixture.check_reads("read c.yaml c\nunchanged x/b.yaml").await;
}

#[tokio::test]
async fn a_folder_means_its_catalog_info_files() {
    let mut fixture = Fixture::new("");
    fixture.write("web/catalog-info.yaml", component("web"));
    fixture.write("web/mkdocs.yml", "site_name: docs");
    fixture.check_reads("read web/catalog-info.yaml web").await;
}

#[tokio::test]
async fn yaml_in_a_folder_that_is_no_entity_is_a_problem() {
    let mut fixture = Fixture::new("");
    fixture.write("a.yaml", component("web"));
    fixture.write("values.yaml", "- 1\n- 2\n");
    fixture
        .check_reads(
            "read a.yaml web
             read values.yaml unknown
             ! INVALID_ENTITY values.yaml:1 an entity must be an object",
        )
        .await;
}

#[tokio::test]
async fn a_required_file_that_goes_keeps_its_entities() {
    let mut fixture = Fixture::new("a.yaml");
    fixture.write("a.yaml", component("web"));
    fixture.check_reads("read a.yaml web").await;
    fixture.remove("a.yaml");
    fixture.check_reads("failed a.yaml\n! NOT_FOUND a.yaml ~ does not exist").await;
    fixture.write("a.yaml", component("web"));
    fixture.check_reads("unchanged a.yaml").await;
}

#[tokio::test]
async fn an_optional_file_that_goes_takes_its_entities_along() {
    let mut fixture = Fixture::new("a.yaml").optional();
    fixture.write("a.yaml", component("web"));
    fixture.check_reads("read a.yaml web").await;
    fixture.remove("a.yaml");
    fixture.check_reads("gone a.yaml").await;
}

#[tokio::test]
async fn a_glob_that_finds_nothing_is_not_proof_unless_it_is_optional() {
    Fixture::new("*.yaml").check_reads("incomplete\n! NOT_FOUND ~ no file matches").await;
    Fixture::new("*.yaml").optional().check_reads("").await;
}

#[tokio::test]
async fn other_settings_read_the_same_file_again() {
    let mut fixture = Fixture::new("a.yaml");
    fixture.write("a.yaml", component("web"));
    fixture.check_reads("read a.yaml web").await;
    fixture.restart(ReaderSettings { rules: Some(vec![Rule::allowing(["API"])]), ..ReaderSettings::default() });
    fixture
        .check_reads("read a.yaml\n! KIND_NOT_ALLOWED a.yaml:1 ~ no rule of `catalog.rules` allows kind `Component`")
        .await;
    fixture.restart(permissive());
    fixture.check_reads("read a.yaml web").await;
}

#[tokio::test]
async fn a_forbidden_kind_leaves_its_siblings_alone() {
    let rules = Some(vec![Rule::allowing(["Component"])]);
    let mut fixture = Fixture::with("a.yaml", ReaderSettings { rules, ..ReaderSettings::default() });
    let user = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: eve}\nspec: {memberOf: []}";
    fixture.write("a.yaml", format!("{}---\n{user}\n---\n{}", component("a"), component("b")));
    fixture.check_reads("read a.yaml a b\n! KIND_NOT_ALLOWED a.yaml:10 ~ kind `User`").await;
}

#[tokio::test]
async fn reading_in_full_still_finds_the_same_bytes_unchanged() {
    let mut fixture = Fixture::new("a.yaml");
    fixture.write("a.yaml", component("web"));
    fixture.read().await;
    let reading = fixture.read_as(ReadMode::Full).await;
    assert!(matches!(reading.files[0].outcome, FileOutcome::Unchanged));
}

#[tokio::test]
async fn more_files_than_allowed_make_the_reading_incomplete() {
    let limits = ReadLimits { max_files: 2, ..ReadLimits::default() };
    let mut fixture = Fixture::with("*.yaml", ReaderSettings { limits, ..permissive() });
    for name in ["a", "b", "c"] {
        fixture.write(&format!("{name}.yaml"), component(name));
    }
    fixture.check_reads("read a.yaml a\nread b.yaml b\nincomplete\n! LIMIT ~ more than 2 files").await;
}

#[tokio::test]
async fn a_thousand_files_are_read_in_their_order() {
    let mut fixture = Fixture::new("*.yaml");
    let mut expected = String::new();
    for number in 0..1_000 {
        fixture.write(&format!("{number:04}.yaml"), component(&format!("c{number}")));
        expected.push_str(&format!("read {number:04}.yaml c{number}\n"));
    }
    fixture.check_reads(&expected).await;
}
