use std::sync::Arc;

use callboard_entity_model::Revision;
use callboard_foundation::new_id;
use callboard_view::{CatalogIndex, EntityRecord};
use chrono::DateTime;

use super::ViewKeeper;
use crate::{Actor, CatalogSnapshot, Cause, Change, Operation, SourcesView};

fn change(revision: u64) -> Arc<Change> {
    let entity_ref: callboard_entity_model::EntityRef = format!("component:default/c{revision}").parse().unwrap();
    let record = EntityRecord {
        entity_ref: entity_ref.clone(),
        document: r#"{"apiVersion":"backstage.io/v1alpha1","kind":"Component","metadata":{"name":"c"}}"#.into(),
        hash: [0; 32],
        revision: Revision(revision),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        source: new_id(),
        location: "file:/a".into(),
    };
    Arc::new(Change {
        revision: Revision(revision),
        operation: Operation::Created,
        entity_ref,
        before: None,
        source: record.source,
        after: Some(Arc::new(record)),
        actor: Actor::system(),
        cause: Cause::Watch,
        committed_at: DateTime::UNIX_EPOCH,
    })
}

/// Applies revisions 1 to `newest` in batches of two, remembering `limit`.
async fn keeper(limit: usize, newest: u64) -> ViewKeeper {
    let snapshot = CatalogSnapshot::new(CatalogIndex::empty().into(), SourcesView::default().into());
    let keeper = ViewKeeper::new(snapshot, limit);
    let revisions: Vec<u64> = (1..=newest).collect();
    for batch in revisions.chunks(2) {
        let changes = batch.iter().map(|revision| change(*revision)).collect();
        keeper.turn().await.apply(changes, None).await.unwrap();
    }
    keeper
}

async fn check_recent(after: u64, expected: Option<&[u64]>) {
    let keeper = keeper(3, 6).await;
    let recent = keeper.recent_after(Revision(after), 2);
    let revisions: Option<Vec<u64>> = recent.map(|changes| changes.iter().map(|change| change.revision.0).collect());
    assert_eq!(revisions.as_deref(), expected);
}

#[tokio::test]
async fn recent_changes_start_right_after_the_revision() {
    check_recent(3, Some(&[4, 5])).await;
    check_recent(5, Some(&[6])).await;
}

#[tokio::test]
async fn nobody_is_told_that_forgotten_changes_did_not_happen() {
    check_recent(2, None).await;
}

#[tokio::test]
async fn after_the_newest_there_is_nothing_yet() {
    check_recent(6, Some(&[])).await;
    check_recent(9, Some(&[])).await;
}

#[tokio::test]
async fn a_snapshot_that_was_handed_out_never_changes() {
    let keeper = keeper(3, 2).await;
    let before = keeper.snapshot();
    keeper.turn().await.apply(vec![change(3)], None).await.unwrap();
    assert_eq!((before.index.len(), before.revision()), (2, Revision(2)));
    assert_eq!((keeper.snapshot().index.len(), keeper.snapshot().revision()), (3, Revision(3)));
}

#[tokio::test]
async fn waiting_for_a_revision_ends_when_it_is_shown() {
    let keeper = keeper(3, 2).await;
    let mut watch = keeper.watch();
    let (waited, applied) = tokio::join!(watch.wait_for(|revision| *revision >= Revision(3)), async {
        keeper.turn().await.apply(vec![change(3)], None).await
    });
    applied.unwrap();
    assert_eq!(*waited.unwrap(), Revision(3));
}

#[tokio::test]
async fn every_swap_has_a_larger_stamp_even_when_only_the_sources_changed() {
    let keeper = keeper(3, 2).await;
    let first = keeper.snapshot();
    keeper.turn().await.replace_sources(SourcesView::default());
    let second = keeper.snapshot();
    keeper.turn().await.apply(vec![change(3)], None).await.unwrap();
    let third = keeper.snapshot();
    assert_eq!((first.revision(), second.revision()), (Revision(2), Revision(2)));
    assert!(first.stamp < second.stamp && second.stamp < third.stamp);
}
