use std::{fs, path::Path};

use callboard_entity_model::ProblemCode;
use chrono::{DateTime, TimeDelta, Utc};

use super::{FileContent, FileRequest, read_file};
use crate::{ReadMode, fingerprint::Fingerprint};

fn read_at(path: &Path, known: Option<&Fingerprint>, mode: ReadMode, now: DateTime<Utc>) -> FileContent {
    read_file(path, &FileRequest { context: "c", known: known.cloned(), mode, max_bytes: 100, now })
}

/// Long after any file of the test was written.
fn later() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(365 * 500)
}

#[track_caller]
fn fingerprint_of(content: FileContent) -> Fingerprint {
    match content {
        FileContent::Bytes { fingerprint, .. } => fingerprint,
        other => panic!("not read: {other:?}"),
    }
}

#[track_caller]
fn check_failed(content: FileContent, code: ProblemCode, words: &str) {
    match content {
        FileContent::Failed(problem) => {
            assert_eq!(problem.code, code);
            assert!(problem.message.contains(words), "{}", problem.message);
        }
        other => panic!("not failed: {other:?}"),
    }
}

#[test]
fn the_same_size_and_time_is_not_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    fs::write(&path, "one").unwrap();
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let known = fingerprint_of(read_at(&path, None, ReadMode::Conditional, later()));

    fs::write(&path, "two").unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    assert!(matches!(read_at(&path, Some(&known), ReadMode::Conditional, later()), FileContent::Unchanged));
    assert!(matches!(read_at(&path, Some(&known), ReadMode::Full, later()), FileContent::Bytes { .. }));
}

#[test]
fn the_same_bytes_are_unchanged_whatever_the_time_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    fs::write(&path, "one").unwrap();
    let known = fingerprint_of(read_at(&path, None, ReadMode::Conditional, later()));
    fs::File::options().write(true).open(&path).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    assert!(matches!(read_at(&path, Some(&known), ReadMode::Conditional, later()), FileContent::Unchanged));
    assert!(matches!(read_at(&path, Some(&known), ReadMode::Full, later()), FileContent::Unchanged));
}

#[test]
fn a_file_written_just_now_is_compared_by_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    fs::write(&path, "one").unwrap();
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let known = fingerprint_of(read_at(&path, None, ReadMode::Conditional, modified.into()));

    fs::write(&path, "two").unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    assert!(matches!(read_at(&path, Some(&known), ReadMode::Conditional, later()), FileContent::Bytes { .. }));
}

#[test]
fn a_fingerprint_of_other_settings_proves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    fs::write(&path, "one").unwrap();
    let mut known = fingerprint_of(read_at(&path, None, ReadMode::Conditional, later()));
    known.context = "other".into();
    assert!(matches!(read_at(&path, Some(&known), ReadMode::Conditional, later()), FileContent::Bytes { .. }));
}

#[test]
fn a_file_that_is_not_there_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for name in ["nothing.yaml", "no/such/folder.yaml", "file/below.yaml"] {
        let content = read_at(&folder.path().join(name), None, ReadMode::Conditional, later());
        assert!(matches!(content, FileContent::Missing), "{name}: {content:?}");
    }
}

#[test]
fn a_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    check_failed(read_at(folder.path(), None, ReadMode::Conditional, later()), ProblemCode::Unreadable, "folder");
}

#[test]
fn a_device_is_refused_without_being_opened() {
    check_failed(
        read_at(Path::new("/dev/zero"), None, ReadMode::Conditional, later()),
        ProblemCode::Unreadable,
        "not a regular file",
    );
}

#[test]
fn a_file_of_a_hundred_megabytes_is_refused_by_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.yaml");
    fs::File::create(&path).unwrap().set_len(100 << 20).unwrap();
    check_failed(
        read_at(&path, None, ReadMode::Conditional, later()),
        ProblemCode::Limit,
        "has 104857600 bytes, more than the 100",
    );
}
