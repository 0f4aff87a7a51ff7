use super::{field, file_hash, kibibytes};

#[test]
fn a_field_is_what_follows_the_colon() {
    assert_eq!(field("flags\t: a\nmodel name\t: Fast 3000\n", "model name").as_deref(), Some("Fast 3000"));
    assert_eq!(field("flags\t: a\n", "model name"), None);
}

#[test]
fn memory_is_a_number_of_kibibytes() {
    assert_eq!(kibibytes("MemTotal:       2048 kB\n", "MemTotal"), Some(2048));
}

#[test]
fn the_hash_of_a_file_is_its_sha_256() {
    let directory = tempfile::tempdir().expect("folder");
    let path = directory.path().join("file");
    std::fs::write(&path, "abc").expect("written");
    assert_eq!(file_hash(&path).expect("hash"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
