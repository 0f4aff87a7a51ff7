//! Location entities: targets, presence, cycles, limits.

use super::harness::{Fixture, component, location, permissive};
use crate::{ReadLimits, ReaderSettings};

#[tokio::test]
async fn targets_are_relative_to_the_file_that_names_them() {
    let mut fixture = Fixture::new("all.yaml");
    fixture.write("all.yaml", location("all", "{targets: [./x/more.yaml, b.yaml]}"));
    fixture.write("x/more.yaml", location("more", "{type: file, target: ../c.yaml}"));
    fixture.write("b.yaml", component("b"));
    fixture.write("c.yaml", component("c"));
    fixture.check_reads("read all.yaml all\nread x/more.yaml more\nread b.yaml b\nread c.yaml c").await;
    fixture.check_reads("unchanged all.yaml\nunchanged x/more.yaml\nunchanged b.yaml\nunchanged c.yaml").await;
}

#[tokio::test]
async fn the_origin_is_the_source_at_every_depth() {
    let mut fixture = Fixture::new("all.yaml");
    fixture.write("all.yaml", location("all", "{target: ./more.yaml}"));
    fixture.write("more.yaml", location("more", "{target: ./c.yaml}"));
    fixture.write("c.yaml", component("c"));
    let reading = fixture.read().await;
    let callboard_entity_model::FileOutcome::Read { entities, .. } = &reading.files[2].outcome else {
        panic!("{reading:?}")
    };
    let at = |name: &str| format!("file:{}", fixture.path(name).display());
    let document: serde_json::Value = serde_json::from_str(&entities[0].document).unwrap();
    let annotations = &document["metadata"]["annotations"];
    assert_eq!(annotations["backstage.io/managed-by-location"], at("c.yaml"));
    assert_eq!(annotations["backstage.io/managed-by-origin-location"], at("all.yaml"));
}

#[tokio::test]
async fn a_target_can_be_a_glob_and_follows_new_files_while_its_file_is_unchanged() {
    let mut fixture = Fixture::new("all.yaml");
    fixture.write("all.yaml", location("all", "{target: './services/*.yaml'}"));
    fixture.write("services/a.yaml", component("a"));
    fixture.check_reads("read all.yaml all\nread services/a.yaml a").await;
    fixture.write("services/b.yaml", component("b"));
    fixture.remove("services/a.yaml");
    fixture.check_reads("unchanged all.yaml\nread services/b.yaml b").await;
}

#[tokio::test]
async fn presence_decides_what_a_missing_target_means() {
    let mut fixture = Fixture::new("all.yaml");
    let all = [location("needed", "{target: ./a.yaml}"), location("free", "{target: ./b.yaml, presence: optional}")];
    fixture.write("all.yaml", all.join("---\n"));
    fixture
        .check_reads("read all.yaml needed free\nfailed a.yaml\n! NOT_FOUND a.yaml ~ does not exist\ngone b.yaml")
        .await;
}

#[tokio::test]
async fn a_target_that_is_no_longer_named_is_no_longer_listed() {
    let mut fixture = Fixture::new("all.yaml");
    fixture.write("all.yaml", location("all", "{targets: [./a.yaml, ./b.yaml]}"));
    fixture.write("a.yaml", component("a"));
    fixture.write("b.yaml", component("b"));
    fixture.check_reads("read all.yaml all\nread a.yaml a\nread b.yaml b").await;
    fixture.write("all.yaml", location("all", "{targets: [./b.yaml]}"));
    fixture.check_reads("read all.yaml all\nunchanged b.yaml").await;
}

#[tokio::test]
async fn a_cycle_is_read_once_and_told_each_time() {
    let mut fixture = Fixture::new("a.yaml");
    fixture.write("a.yaml", location("a", "{targets: [./b.yaml, ./c.yaml]}"));
    fixture.write("b.yaml", location("b", "{target: ./a.yaml}"));
    fixture.write("c.yaml", location("c", "{target: ./c.yaml}"));
    let cycles = "! CYCLE b.yaml ~ a.yaml` leads back to this file\n! CYCLE c.yaml ~ c.yaml` leads back";
    fixture.check_reads(&format!("read a.yaml a\nread b.yaml b\nread c.yaml c\n{cycles}")).await;
    fixture.check_reads(&format!("unchanged a.yaml\nunchanged b.yaml\nunchanged c.yaml\n{cycles}")).await;
}

#[tokio::test]
async fn two_ways_to_a_file_are_no_cycle() {
    let mut fixture = Fixture::new("a.yaml");
    fixture.write("a.yaml", location("a", "{targets: [./b.yaml, ./c.yaml, ./x/../c.yaml]}"));
    fixture.write("b.yaml", location("b", "{target: ./c.yaml}"));
    fixture.write("c.yaml", component("c"));
    fixture.check_reads("read a.yaml a\nread b.yaml b\nread c.yaml c").await;
}

#[tokio::test]
async fn a_chain_longer_than_allowed_ends_with_the_number() {
    let limits = ReadLimits { max_location_depth: 3, ..ReadLimits::default() };
    let mut fixture = Fixture::with("0.yaml", ReaderSettings { limits, ..permissive() });
    for number in 0..10 {
        fixture.write(
            &format!("{number}.yaml"),
            location(&format!("l{number}"), &format!("{{target: ./{}.yaml}}", number + 1)),
        );
    }
    fixture
        .check_reads(
            "read 0.yaml l0
             read 1.yaml l1
             read 2.yaml l2
             read 3.yaml l3
             incomplete
             ! LIMIT 3.yaml ~ more than 3 steps",
        )
        .await;
}

#[tokio::test]
async fn a_chain_wider_than_allowed_ends_with_the_number() {
    let limits = ReadLimits { max_files: 3, ..ReadLimits::default() };
    let mut fixture = Fixture::with("a.yaml", ReaderSettings { limits, ..permissive() });
    fixture.write("a.yaml", location("a", "{targets: [./1.yaml, ./2.yaml, ./3.yaml, ./4.yaml]}"));
    for number in 1..5 {
        fixture.write(&format!("{number}.yaml"), component(&format!("c{number}")));
    }
    fixture
        .check_reads(
            "read a.yaml a\nread 1.yaml c1\nread 2.yaml c2\nincomplete\n! LIMIT 3.yaml ~ more than the 3 files",
        )
        .await;
}

#[tokio::test]
async fn other_location_types_are_refused_in_their_line() {
    let mut fixture = Fixture::new("a.yaml");
    fixture.write("a.yaml", location("a", "\n  type: s3\n  targets:\n    - x\n    - y"));
    fixture
        .check_reads(
            "read a.yaml a
             ! NOT_ALLOWED a.yaml:7 spec.targets[0] location type `s3`
             ! NOT_ALLOWED a.yaml:8 spec.targets[1] location type `s3`",
        )
        .await;
}

#[tokio::test]
async fn an_address_without_its_type_is_explained() {
    let mut fixture = Fixture::new("a.yaml");
    fixture.write("a.yaml", location("a", "{target: 'https://example.com/x.yaml'}"));
    fixture.check_reads("read a.yaml a\n! NOT_FOUND a.yaml:4 spec.target ~ write `type: url`").await;
}

#[tokio::test]
async fn a_registered_source_never_reads_a_file() {
    let mut fixture = Fixture::new("a.yaml").registered();
    fixture.write("a.yaml", component("web"));
    fixture.check_reads("incomplete\n! NOT_ALLOWED a.yaml ~ can only be named in the configuration").await;
}
