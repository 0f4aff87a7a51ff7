//! What a snapshot answers about entities, to be compared with what another one does.

use callboard_catalog::CatalogSnapshot;
use callboard_view::{Direction, FieldPath, Filter, Order, OrderBy, PageRequest, TextTest};

/// Everything that one can ask a snapshot about entities, as text.
pub(crate) fn answers(snapshot: &CatalogSnapshot) -> String {
    use std::fmt::Write;
    let index = &snapshot.index;
    let mut text = format!("{} {:?} {:?}\n", index.revision(), index.kind_counts(), index.relation_counts());
    let orders =
        [(OrderBy::UpdatedAt, Direction::Descending), (OrderBy::Path(path("spec.owner")), Direction::Ascending)]
            .map(|(by, direction)| Order { by, direction });
    let filters = [
        None,
        Some(Filter::Field { path: path("spec.owner"), test: TextTest::Equals("team-b".to_owned()) }),
        Some(Filter::Field { path: path("metadata.tags"), test: TextTest::Exists(true) }),
    ];
    for filter in &filters {
        let selection = index.select(filter.as_ref()).unwrap();
        writeln!(text, "{}", selection.len()).unwrap();
        for field in ["kind", "owner", "tags", "spec.lifecycle", "relations.dependsOn"] {
            writeln!(text, "{:?}", index.facet(&selection, field, 3).unwrap()).unwrap();
        }
        let page = PageRequest::Forward { first: 1_000, after: None };
        for edge in index.page(&selection, &orders, &page).unwrap().edges {
            writeln!(text, "{} {:?}", edge.cursor(), edge.entity.record()).unwrap();
            for relation in edge.entity.relations() {
                writeln!(text, "  {:?} {:?} {}", relation.kind, relation.direction, relation.target).unwrap();
            }
        }
    }
    text
}

fn path(text: &str) -> FieldPath {
    FieldPath::parse(text).unwrap()
}
