use std::fs;

use super::unpack;

#[test]
fn unpacking_gives_the_root_file_and_leaves_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let root = unpack(&folder.path().join("example")).unwrap();
    assert!(fs::read_to_string(root).unwrap().contains("kind: Location"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_somebody_edited_stays() {
    let folder = tempfile::tempdir().unwrap();
    let root = unpack(&folder.path().join("example")).unwrap();
    fs::write(&root, "mine").unwrap();
    assert_eq!(fs::read_to_string(unpack(&folder.path().join("example")).unwrap()).unwrap(), "mine");
}
