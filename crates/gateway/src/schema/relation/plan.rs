//! Writing whole pages of relations as text.
//!
//! Owns the plan of it: what a question asks of a page, of its edges, of the relations, and through them of entities. Any
//! field that leads elsewhere is asked of its resolver.

use async_graphql::{
    ContextSelectionSet, InputType, OutputType, Positioned, QueryPathSegment, Value, parser::types::Field,
};
use callboard_view::EntityRelation;

use super::{Relation, RelationConnection, RelationDirection, RelationEdge, RelationFields};
use crate::schema::{
    entity::{Entities, EntityNode},
    selection::{Selected, Selections, collect},
    writer::{Path, Unwritable, Writer, below, write},
};

/// Writes a page, with what is asked of it at this place; nothing when it has to be resolved field by field.
pub(super) fn write_connection(ctx: &ContextSelectionSet<'_>, connection: &RelationConnection) -> Option<Value> {
    let plan = plan_page(ctx, vec![&ctx.item.node])?;
    write(ctx, |writer, path| write_page(&plan, writer, connection, path))
}

/// What to write, in the order of the answer, each with its name there.
type Steps<'q, What> = Vec<(&'q str, What)>;

enum OfPage<'q> {
    TypeName,
    Nodes(Steps<'q, OfRelation<'q>>),
    Edges(Steps<'q, OfEdge<'q>>),
    /// Any other field.
    Resolved(&'q Positioned<Field>),
}

enum OfEdge<'q> {
    TypeName,
    Cursor,
    Node(Steps<'q, OfRelation<'q>>),
}

enum OfRelation<'q> {
    TypeName,
    Type,
    Direction,
    TargetRef,
    Target(Entities<'q>),
}

fn plan_page<'q>(ctx: &ContextSelectionSet<'q>, asked: Selections<'q>) -> Option<Steps<'q, OfPage<'q>>> {
    plan(ctx, asked, &RelationConnection::type_name(), |it| match it.name() {
        "__typename" => Some(OfPage::TypeName),
        "nodes" => plan_relation(ctx, it.selections()).map(OfPage::Nodes),
        "edges" => plan_edge(ctx, it.selections()).map(OfPage::Edges),
        _ => it.is_simple().then_some(OfPage::Resolved(it.field)),
    })
}

fn plan_edge<'q>(ctx: &ContextSelectionSet<'q>, asked: Selections<'q>) -> Option<Steps<'q, OfEdge<'q>>> {
    plan(ctx, asked, &RelationEdge::type_name(), |it| match it.name() {
        "__typename" => Some(OfEdge::TypeName),
        "cursor" => Some(OfEdge::Cursor),
        "node" => plan_relation(ctx, it.selections()).map(OfEdge::Node),
        _ => None,
    })
}

fn plan_relation<'q>(ctx: &ContextSelectionSet<'q>, asked: Selections<'q>) -> Option<Steps<'q, OfRelation<'q>>> {
    plan(ctx, asked, &Relation::type_name(), |it| match it.name() {
        "__typename" => Some(OfRelation::TypeName),
        "type" => Some(OfRelation::Type),
        "direction" => Some(OfRelation::Direction),
        "targetRef" => Some(OfRelation::TargetRef),
        "target" => Some(OfRelation::Target(Entities::new(it.selections()))),
        _ => None,
    })
}

fn plan<'q, What>(
    ctx: &ContextSelectionSet<'q>,
    asked: Selections<'q>,
    type_name: &str,
    what: impl Fn(&Selected<'q>) -> Option<What>,
) -> Option<Steps<'q, What>> {
    collect(ctx, &asked, type_name)?.iter().map(|it| Some((it.key, what(it)?))).collect()
}

fn write_page<'q>(
    steps: &Steps<'q, OfPage<'q>>,
    writer: &mut Writer<'_, 'q>,
    page: &RelationConnection,
    path: &Path<'_>,
) -> Result<(), Unwritable> {
    writer.object(steps, |writer, (key, what)| {
        writer.out.key(key);
        let place = below(path, QueryPathSegment::Name(key));
        match what {
            OfPage::TypeName => writer.out.text(&RelationConnection::type_name()),
            OfPage::Resolved(field) => writer.resolved(&RelationFields(page), field, path)?,
            OfPage::Nodes(steps) => writer.list(&page.items, &place, |writer, (_, relation), path| {
                write_relation(steps, writer, page, relation, path)
            })?,
            OfPage::Edges(steps) => writer.list(&page.items, &place, |writer, (cursor, relation), path| {
                write_edge(steps, writer, page, (cursor, relation), path)
            })?,
        }
        Ok(())
    })
}

fn write_edge<'q>(
    steps: &Steps<'q, OfEdge<'q>>,
    writer: &mut Writer<'_, 'q>,
    page: &RelationConnection,
    (cursor, relation): (&str, &EntityRelation),
    path: &Path<'_>,
) -> Result<(), Unwritable> {
    writer.object(steps, |writer, (key, what)| {
        writer.out.key(key);
        match what {
            OfEdge::TypeName => writer.out.text(&RelationEdge::type_name()),
            OfEdge::Cursor => writer.out.text(cursor),
            OfEdge::Node(steps) => {
                write_relation(steps, writer, page, relation, &below(path, QueryPathSegment::Name(key)))?;
            }
        }
        Ok(())
    })
}

fn write_relation<'q>(
    steps: &Steps<'q, OfRelation<'q>>,
    writer: &mut Writer<'_, 'q>,
    page: &RelationConnection,
    relation: &EntityRelation,
    path: &Path<'_>,
) -> Result<(), Unwritable> {
    writer.object(steps, |writer, (key, what)| {
        writer.out.key(key);
        match what {
            OfRelation::TypeName => writer.out.text(&Relation::type_name()),
            OfRelation::Type => writer.out.text(relation.kind.as_str()),
            OfRelation::Direction => writer.out.value(&RelationDirection::from(relation.direction).to_value()),
            OfRelation::TargetRef => writer.out.text(relation.target.as_str()),
            OfRelation::Target(entities) => match &relation.entity {
                Some(target) => {
                    let target = EntityNode::new(target.clone(), page.snapshot.clone());
                    entities.write(writer, &target, &below(path, QueryPathSegment::Name(key)))?;
                }
                None => writer.out.raw("null"),
            },
        }
        Ok(())
    })
}
