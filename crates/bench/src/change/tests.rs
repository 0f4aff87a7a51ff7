use std::{
    fs,
    time::{Duration, SystemTime},
};

use super::{ChangingFile, since};

#[test]
fn every_change_is_another_description_and_leaves_one_file() {
    let directory = tempfile::tempdir().expect("folder");
    let mut file = ChangingFile::create(directory.path(), "changing").expect("created");
    let first = fs::read_to_string(file.path()).expect("text");
    let description = file.change().expect("changed");
    let second = fs::read_to_string(file.path()).expect("text");
    assert_ne!(first, second);
    assert!(second.contains(&format!("description: {description}\n")));
    assert_eq!(fs::read_dir(directory.path()).expect("folder").count(), 1);
}

#[test]
fn the_time_since_the_commit_is_told_in_milliseconds() {
    let seen_at = SystemTime::UNIX_EPOCH + Duration::from_millis(1750);
    assert!((since("1970-01-01T00:00:01.500Z", seen_at).expect("time") - 250.0).abs() < 1e-6);
}

#[test]
fn a_commit_without_a_readable_time_is_refused() {
    since("yesterday", SystemTime::UNIX_EPOCH).expect_err("refused");
}
