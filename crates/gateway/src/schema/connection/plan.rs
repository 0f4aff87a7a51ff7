//! Writing whole pages of entities as text.
//!
//! Owns the plan of it: what a question asks of pages, of their edges, and through them of entities. Any field that leads
//! elsewhere is asked of its resolver.

use async_graphql::{ContextSelectionSet, OutputType, Positioned, QueryPathSegment, Value, parser::types::Field};

use super::{ConnectionFields, EntityConnection, EntityEdge};
use crate::schema::{
    entity::Entities,
    selection::{Selected, Selections, collect},
    writer::{Path, Unwritable, Writer, below, write},
};

/// Writes a page, with what is asked of it at this place; nothing when it has to be resolved field by field.
pub(super) fn write_connection(ctx: &ContextSelectionSet<'_>, connection: &EntityConnection) -> Option<Value> {
    let plan = ConnectionPlan::new(ctx, vec![&ctx.item.node])?;
    write(ctx, |writer, path| plan.write(writer, connection, path))
}

/// What is asked of pages of entities at one place of a question, in the order of the answer.
pub(crate) struct ConnectionPlan<'q>(Vec<(&'q str, OfPage<'q>)>);

enum OfPage<'q> {
    TypeName,
    Nodes(Entities<'q>),
    Edges(Vec<(&'q str, OfEdge<'q>)>),
    /// Any other field.
    Resolved(&'q Positioned<Field>),
}

enum OfEdge<'q> {
    TypeName,
    Cursor,
    Node(Entities<'q>),
}

impl<'q> ConnectionPlan<'q> {
    /// Makes the plan; nothing when the page has to be resolved field by field.
    pub(crate) fn new(ctx: &ContextSelectionSet<'q>, selections: Selections<'q>) -> Option<Self> {
        let selected = collect(ctx, &selections, &EntityConnection::type_name())?;
        let step = |it: &Selected<'q>| {
            let what = match it.name() {
                "__typename" => OfPage::TypeName,
                "nodes" => OfPage::Nodes(Entities::new(it.selections())),
                "edges" => OfPage::Edges(plan_edges(ctx, it.selections())?),
                _ if it.is_simple() => OfPage::Resolved(it.field),
                _ => return None,
            };
            Some((it.key, what))
        };
        selected.iter().map(step).collect::<Option<_>>().map(Self)
    }

    /// Writes a page.
    pub(crate) fn write(
        &self,
        writer: &mut Writer<'_, 'q>,
        connection: &EntityConnection,
        path: &Path<'_>,
    ) -> Result<(), Unwritable> {
        writer.object(&self.0, |writer, (key, what)| {
            writer.out.key(key);
            let place = below(path, QueryPathSegment::Name(key));
            match what {
                OfPage::TypeName => writer.out.text(&EntityConnection::type_name()),
                OfPage::Resolved(field) => writer.resolved(&ConnectionFields(connection), field, path)?,
                OfPage::Nodes(entities) => {
                    let edges = &connection.page().map_err(|_| Unwritable)?.edges;
                    writer.list(edges, &place, |writer, edge, path| {
                        entities.write(writer, &connection.node(edge), path)
                    })?;
                }
                OfPage::Edges(plan) => {
                    let edges = &connection.page().map_err(|_| Unwritable)?.edges;
                    writer
                        .list(edges, &place, |writer, edge, path| write_edge(plan, writer, connection, edge, path))?;
                }
            }
            Ok(())
        })
    }
}

fn plan_edges<'q>(ctx: &ContextSelectionSet<'q>, selections: Selections<'q>) -> Option<Vec<(&'q str, OfEdge<'q>)>> {
    let selected = collect(ctx, &selections, &EntityEdge::type_name())?;
    let step = |it: &Selected<'q>| {
        let what = match it.name() {
            "__typename" => OfEdge::TypeName,
            "cursor" => OfEdge::Cursor,
            "node" => OfEdge::Node(Entities::new(it.selections())),
            _ => return None,
        };
        Some((it.key, what))
    };
    selected.iter().map(step).collect()
}

fn write_edge<'q>(
    plan: &[(&'q str, OfEdge<'q>)],
    writer: &mut Writer<'_, 'q>,
    connection: &EntityConnection,
    edge: &callboard_view::EntityEdge,
    path: &Path<'_>,
) -> Result<(), Unwritable> {
    writer.object(plan, |writer, (key, what)| {
        writer.out.key(key);
        match what {
            OfEdge::TypeName => writer.out.text(&EntityEdge::type_name()),
            OfEdge::Cursor => writer.out.text(&edge.cursor()),
            OfEdge::Node(entities) => {
                entities.write(writer, &connection.node(edge), &below(path, QueryPathSegment::Name(key)))?;
            }
        }
        Ok(())
    })
}
