//! Changes in pages, and that their cursors are those of the subscription.

use serde_json::{Value, json};

use crate::{
    following::{Subscriber, serve},
    history::{forgetful_shop, remove, set_lifecycle},
    support::{TestGateway, shop},
};

/// Asks for a page of changes.
async fn changes(gateway: &TestGateway, arguments: &str) -> Value {
    let query = format!(
        "{{ entityChanges({arguments}) {{ isReset edges {{ cursor node {{ cursor revision type ref }} }} \
         pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    gateway.data(&query).await["entityChanges"].take()
}

#[tokio::test]
async fn changes_come_in_pages_and_are_followed_after_the_last() {
    let gateway = TestGateway::of_shop().await;
    let mut revisions = Vec::new();
    let mut after = String::new();
    loop {
        let page = changes(&gateway, &format!("first: 5 {after}")).await;
        for edge in page["edges"].as_array().unwrap() {
            assert_eq!(edge["cursor"], edge["node"]["cursor"]);
            revisions.push(edge["node"]["revision"].as_u64().unwrap());
        }
        after = format!("after: {}", page["pageInfo"]["endCursor"]);
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(revisions, (1..=shop().len() as u64).collect::<Vec<_>>());
    let nothing = changes(&gateway, &format!("first: 5 {after}")).await;
    assert_eq!((&nothing["edges"], &nothing["isReset"]), (&json!([]), &json!(false)));
    assert_eq!(format!("after: {}", nothing["pageInfo"]["endCursor"]), after);
    let changed = set_lifecycle(&gateway, "deprecated").await;
    let query = format!("subscription {{ entityChanges({after}) {{ ... on EntityChange {{ revision cursor }} }} }}");
    let mut subscriber = Subscriber::start(&serve(&gateway).await, &query).await;
    subscriber.event().await;
    let event = subscriber.event().await;
    assert_eq!(event["revision"], changed);
    // And back again: the cursor of an event is good for a page.
    let page = changes(&gateway, &format!("first: 5, after: {}", event["cursor"])).await;
    assert_eq!((&page["edges"], &page["pageInfo"]["hasNextPage"]), (&json!([]), &json!(false)));
}

#[tokio::test]
async fn changes_are_filtered_by_what_was_before_or_is_after() {
    let gateway = TestGateway::of_shop().await;
    let start = gateway.catalog.cursor_at(gateway.catalog.snapshot().revision());
    set_lifecycle(&gateway, "deprecated").await;
    set_lifecycle(&gateway, "experimental").await;
    remove(&gateway, "orders").await;
    let revisions = async |arguments: &str| {
        let page = changes(&gateway, &format!("after: \"{start}\" {arguments}")).await;
        let base = start.revision.0;
        let edges = page["edges"].as_array().unwrap().clone();
        edges.iter().map(|edge| edge["node"]["revision"].as_u64().unwrap() - base).collect::<Vec<_>>()
    };
    // 1: deprecated, 2: experimental, 3: production again, 4: `orders` goes.
    assert_eq!(revisions("").await, [1, 2, 3, 4]);
    assert_eq!(revisions("filter: { lifecycle: { eq: \"deprecated\" } }").await, [1, 2]);
    assert_eq!(revisions("filter: { lifecycle: { eq: \"production\" } }").await, [1, 3, 4]);
    assert_eq!(revisions("types: [DELETED]").await, [4]);
    assert_eq!(revisions("filter: { kind: { eq: \"API\" } }").await, Vec::<u64>::new());
    assert_eq!(revisions("first: 0").await, Vec::<u64>::new());
}

#[tokio::test]
async fn a_cursor_that_is_of_no_use_is_a_reset_and_one_that_is_none_is_an_error() {
    let gateway = forgetful_shop().await;
    let early = gateway.catalog.cursor_at(callboard_entity_model::Revision(1)).to_string();
    let newest = set_lifecycle(&gateway, "deprecated").await;
    gateway.catalog.shorten_log().await.unwrap();
    let foreign = TestGateway::empty().await.catalog.cursor_at(callboard_entity_model::Revision(0)).to_string();
    // The last is what an earlier version gave out.
    for cursor in [early.as_str(), foreign.as_str(), "cmV2aXNpb246MQ"] {
        let page = changes(&gateway, &format!("after: \"{cursor}\"")).await;
        assert_eq!((&page["isReset"], &page["edges"]), (&json!(true), &json!([])), "{cursor}");
        let again = changes(&gateway, &format!("after: {}", page["pageInfo"]["endCursor"])).await;
        assert_eq!(again["isReset"], false, "{cursor}");
        let query = format!(
            "subscription {{ entityChanges(after: \"{cursor}\") {{ ... on ChangeReset {{ cursor revision oldestRevision }} }} }}"
        );
        let mut subscriber = Subscriber::start(&serve(&gateway).await, &query).await;
        let cursor = &page["pageInfo"]["endCursor"];
        let expected = json!({ "cursor": cursor, "revision": newest, "oldestRevision": newest });
        assert_eq!(subscriber.event().await, expected);
    }
    assert_eq!(
        changes(&gateway, "first: 50").await["edges"].as_array().unwrap().len(),
        1,
        "from the oldest that is kept"
    );
    for cursor in ["", "nonsense"] {
        let answer = gateway.ask(&format!("{{ entityChanges(after: \"{cursor}\") {{ isReset }} }}")).await;
        assert_eq!(answer.code(), "INVALID_CURSOR", "{cursor}");
    }
}
