use super::*;

#[test]
fn the_same_text_is_parsed_once() {
    let cache = DocumentCache::default();
    let first = cache.parse("{ revision }").unwrap();
    assert!(Arc::ptr_eq(&first, &cache.parse("{ revision }").unwrap()));
}

#[test]
fn what_is_no_document_is_not_kept() {
    let cache = DocumentCache::default();
    assert!(cache.parse("{").is_err());
    assert!(cache.documents.read().unwrap().is_empty());
}

#[test]
fn the_store_is_bounded_in_number_and_size() {
    let cache = DocumentCache::default();
    for number in 0..=MAX_DOCUMENTS {
        cache.parse(&format!("{{ a{number}: revision }}")).unwrap();
    }
    assert_eq!(cache.documents.read().unwrap().len(), 1);
    cache.parse(&format!("{{ revision }} #{}", "x".repeat(MAX_TEXT_BYTES))).unwrap();
    assert_eq!(cache.documents.read().unwrap().len(), 1);
}
