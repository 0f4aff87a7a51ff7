use std::sync::Arc;

use callboard_catalog::CatalogSnapshot;
use callboard_view::CatalogIndex;

use super::*;
use crate::answer::AnswerText;

fn snapshot() -> CatalogSnapshot {
    CatalogSnapshot::new(Arc::new(CatalogIndex::empty()), Arc::default())
}

fn key(snapshot: &CatalogSnapshot, asked: &str) -> AnswerKey {
    AnswerKey::new(snapshot, false, &Bytes::from(asked.to_owned()))
}

#[test]
fn an_answer_is_found_for_the_same_question_of_the_same_snapshot_only() {
    let (cache, snapshot) = (AnswerCache::new(1_000_000), snapshot());
    let text = Arc::new(AnswerText::of_data("{}"));
    cache.keep(key(&snapshot, "a"), &text);
    assert!(Arc::ptr_eq(&cache.find(&key(&snapshot, "a")).unwrap(), &text));
    assert!(cache.find(&key(&snapshot, "b")).is_none());
    assert!(cache.find(&key(&self::snapshot(), "a")).is_none());
    assert!(cache.find(&AnswerKey::new(&snapshot, true, &Bytes::from_static(b"a"))).is_none());
    assert_eq!(cache.counts(), (1, 3));
}

#[test]
fn what_is_kept_never_takes_more_than_the_room() {
    let (cache, snapshot) = (AnswerCache::new(100_000), snapshot());
    let text = Arc::new(AnswerText::of_data(&"x".repeat(1_000)));
    for number in 0..1_000 {
        cache.keep(key(&snapshot, &number.to_string()), &text);
        assert!(cache.bytes() <= 100_000);
    }
    let large = Arc::new(AnswerText::of_data(&"x".repeat(10_000)));
    cache.keep(key(&snapshot, "large"), &large);
    assert!(cache.find(&key(&snapshot, "large")).is_none());
}

#[test]
fn a_cache_without_room_keeps_nothing() {
    let (cache, snapshot) = (AnswerCache::new(0), snapshot());
    cache.keep(key(&snapshot, "a"), &Arc::new(AnswerText::of_data("{}")));
    assert!(cache.find(&key(&snapshot, "a")).is_none());
}
