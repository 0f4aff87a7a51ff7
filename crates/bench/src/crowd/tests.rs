use super::{contains, soft_limit};

#[test]
fn a_marker_is_found_whole() {
    assert!(contains(b"{\"description\":\"change 12\"}", b"\"change 12\""));
    assert!(!contains(b"{\"description\":\"change 123\"}", b"\"change 12\""));
    assert!(!contains(b"anything", b""));
}

#[test]
fn the_limit_of_open_files_is_the_soft_one() {
    let limits = "Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 524288               files\n";
    assert_eq!(soft_limit(limits), Some(1024));
    assert_eq!(soft_limit("Max open files   unlimited   unlimited   files"), Some(usize::MAX));
    assert_eq!(soft_limit(""), None);
}
