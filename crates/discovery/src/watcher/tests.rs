use std::{fs, path::Path, sync::Arc, time::Duration};

use callboard_entity_model::{LocationSpec, Presence};
use tokio::sync::mpsc;

use super::Watcher;

struct Watched {
    watcher: Watcher,
    location: LocationSpec,
    changes: mpsc::Receiver<Arc<str>>,
}

fn watch(target: &Path, files: &[&Path]) -> Watched {
    let (sender, changes) = mpsc::channel(8);
    let watcher = Watcher::start(sender).unwrap();
    let location =
        LocationSpec { kind: "file".into(), target: target.display().to_string(), presence: Presence::Required };
    let files: Vec<_> = files.iter().map(|file| format!("file:{}", file.display())).collect();
    watcher.watch(&location, files.iter().map(String::as_str)).unwrap();
    Watched { watcher, location, changes }
}

impl Watched {
    async fn check_told(&mut self, what: &str) {
        let told = tokio::time::timeout(Duration::from_secs(10), self.changes.recv()).await;
        assert_eq!(
            told.unwrap_or_else(|_| panic!("nothing told: {what}")).as_deref(),
            Some(&*self.location.reference())
        );
    }

    /// Checks that nothing was told so far: a change elsewhere, made last, is told first.
    async fn check_silent(&mut self, other: &Path, what: &str) {
        let mark = LocationSpec { target: other.display().to_string(), ..self.location.clone() };
        self.watcher.watch(&mark, []).unwrap();
        fs::write(other, "mark").unwrap();
        let told = tokio::time::timeout(Duration::from_secs(10), self.changes.recv()).await.unwrap();
        assert_eq!(told.as_deref(), Some(&*mark.reference()), "{what}");
        assert!(self.changes.try_recv().is_err(), "{what}");
    }
}

#[tokio::test]
async fn a_written_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    fs::write(&file, "1").unwrap();
    let mut watched = watch(&file, &[]);
    fs::write(&file, "2").unwrap();
    watched.check_told("write").await;
}

#[tokio::test]
async fn a_file_replaced_by_renaming_is_told_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    fs::write(&file, "1").unwrap();
    let mut watched = watch(&file, &[]);
    for text in ["2", "3"] {
        fs::write(folder.path().join("a.yaml.swp"), text).unwrap();
        fs::rename(folder.path().join("a.yaml.swp"), &file).unwrap();
        watched.check_told(text).await;
    }
    fs::remove_file(&file).unwrap();
    watched.check_told("removed").await;
}

#[tokio::test]
async fn a_new_file_that_a_glob_matches_is_told_also_in_a_new_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut watched = watch(&folder.path().join("**/*.yaml"), &[]);
    fs::write(folder.path().join("a.yaml"), "1").unwrap();
    watched.check_told("new file").await;
    fs::create_dir_all(folder.path().join("x/y")).unwrap();
    watched.check_told("new folder").await;
    fs::write(folder.path().join("x/y/b.yaml"), "1").unwrap();
    watched.check_told("new file in new folder").await;
}

#[tokio::test]
async fn a_folder_moved_in_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir_in(folder.path().parent().unwrap()).unwrap();
    fs::create_dir(elsewhere.path().join("service")).unwrap();
    fs::write(elsewhere.path().join("service/catalog-info.yaml"), "1").unwrap();
    let mut watched = watch(folder.path(), &[]);
    fs::rename(elsewhere.path().join("service"), folder.path().join("service")).unwrap();
    watched.check_told("moved").await;
}

#[tokio::test]
async fn a_nested_file_elsewhere_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let nested = elsewhere.path().join("nested.yaml");
    fs::write(&nested, "1").unwrap();
    let mut watched = watch(&folder.path().join("all.yaml"), &[&nested]);
    fs::write(&nested, "2").unwrap();
    watched.check_told("nested").await;
}

#[tokio::test]
async fn a_file_whose_folder_comes_later_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("later/deep/a.yaml");
    let mut watched = watch(&file, &[]);
    fs::create_dir(folder.path().join("later")).unwrap();
    watched.check_told("first folder").await;
    fs::create_dir(folder.path().join("later/deep")).unwrap();
    watched.check_told("second folder").await;
    fs::write(&file, "1").unwrap();
    watched.check_told("file").await;
}

#[tokio::test]
async fn a_folder_that_is_replaced_is_still_watched() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let file = inner.join("a.yaml");
    fs::write(&file, "1").unwrap();
    let mut watched = watch(&file, &[]);
    fs::remove_dir_all(&inner).unwrap();
    watched.check_told("removed").await;
    fs::create_dir(&inner).unwrap();
    watched.check_told("back").await;
    fs::write(&file, "2").unwrap();
    watched.check_told("written").await;
}

#[tokio::test]
async fn other_files_and_reading_are_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    fs::write(&file, "1").unwrap();
    let mut watched = watch(&file, &[]);
    fs::write(folder.path().join("b.yaml"), "1").unwrap();
    fs::read(&file).unwrap();
    watched.check_silent(&other.path().join("mark.yaml"), "another file").await;
}

#[tokio::test]
async fn a_source_that_is_no_longer_watched_is_silent() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    let mut watched = watch(&file, &[]);
    watched.watcher.unwatch(&watched.location).unwrap();
    fs::write(&file, "1").unwrap();
    watched.check_silent(&other.path().join("mark.yaml"), "unwatched").await;
}
