//! The changes of one entity.

use callboard_catalog::HistoryPage;
use callboard_entity_model::Revision;
use callboard_testkit::on_each_database;

use crate::world::{World, reference};

/// One entity whose changes are 1, 3, 4 and 5, at last a deletion.
async fn world_with_history(database: &callboard_testkit::TestDatabase) -> World {
    let world = World::new(database).await;
    let source = world.source("/catalog", "a: component:default/web=1 component:default/app=1").await;
    world.change(source, "a: component:default/web=2 component:default/app=1").await;
    world.change(source, "a: component:default/web=3 component:default/app=1").await;
    world.change(source, "a: component:default/app=1").await;
    world
}

/// Checks a page, as revisions, and whether there are newer and older ones.
async fn check_page(world: &World, until: u64, page: HistoryPage, expected: (&[u64], bool, bool)) {
    let web = reference("component:default/web");
    let history = world.catalog.history(&web, Revision(until), page).await.unwrap();
    let revisions: Vec<u64> = history.changes.iter().map(|change| change.revision.0).collect();
    assert_eq!((&revisions[..], history.has_newer, history.has_older), expected, "until {until}: {page:?}");
}

#[tokio::test]
async fn history_is_read_in_pages_from_either_end() {
    on_each_database(async |database| {
        let world = world_with_history(database).await;
        let newest =
            |limit, older_than: Option<u64>| HistoryPage::Newest { limit, older_than: older_than.map(Revision) };
        let oldest =
            |limit, newer_than: Option<u64>| HistoryPage::Oldest { limit, newer_than: newer_than.map(Revision) };
        check_page(&world, 5, newest(10, None), (&[5, 4, 3, 1], false, false)).await;
        check_page(&world, 5, newest(2, None), (&[5, 4], false, true)).await;
        check_page(&world, 5, newest(2, Some(4)), (&[3, 1], true, false)).await;
        check_page(&world, 5, newest(2, Some(1)), (&[], true, false)).await;
        check_page(&world, 5, oldest(3, None), (&[4, 3, 1], true, false)).await;
        check_page(&world, 5, oldest(2, Some(3)), (&[5, 4], false, true)).await;
        check_page(&world, 3, newest(10, None), (&[3, 1], false, false)).await;
        check_page(&world, 3, newest(10, Some(9)), (&[3, 1], false, false)).await;
        check_page(&world, 5, newest(0, None), (&[], false, true)).await;
    })
    .await;
}

#[tokio::test]
async fn each_change_knows_the_state_before_and_after() {
    on_each_database(async |database| {
        let world = world_with_history(database).await;
        let web = reference("component:default/web");
        let page = HistoryPage::Newest { limit: 10, older_than: None };
        let history = world.catalog.history(&web, Revision(5), page).await.unwrap();
        for pair in history.changes.windows(2) {
            assert_eq!(pair[0].before, pair[1].after);
        }
        assert!(history.changes[0].after.is_none() && history.changes[3].before.is_none());
        assert_eq!(world.catalog.history_count(&web, Revision(5)).await.unwrap(), 4);
        assert_eq!(world.catalog.history_count(&web, Revision(3)).await.unwrap(), 2);
        assert_eq!(world.catalog.history_count(&reference("component:default/none"), Revision(5)).await.unwrap(), 0);
    })
    .await;
}
