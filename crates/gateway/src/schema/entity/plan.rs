//! Writing whole entities as text.
//!
//! Owns the plan of it: what a question asks of entities, worked out once per kind and not once per entity. A plan refers to
//! the same fields as the object types do (`super::plain_field`, `super::relation_field`); any other field is asked of its
//! resolver. Start reading at [`Entities`].

use std::cell::OnceCell;

use async_graphql::{ContextSelectionSet, Positioned, QueryPathSegment, Value, parser::types::Field};
use callboard_entity_model::Kind;

use super::{
    AnyEntity, EntityNode,
    plain_field::PlainField,
    relation_field::{RelationArguments, RelationField},
    typed::{EntityKind, plain_field, relation_field},
};
use crate::schema::{
    connection::ConnectionPlan,
    selection::{Selected, Selections, collect},
    writer::{Path, Unwritable, Writer, below, write},
};

/// Writes an entity, with what is asked of it at this place; nothing when it has to be resolved field by field.
pub(super) fn write_entity(ctx: &ContextSelectionSet<'_>, node: &EntityNode) -> Option<Value> {
    let entities = Entities::new(vec![&ctx.item.node]);
    write(ctx, |writer, path| entities.write(writer, node, path))
}

/// Plain fields for which kind and name are enough, or nothing of the document at all.
const BRIEF: [&str; 7] = ["id", "ref", "kind", "name", "ownerRef", "createdAt", "updatedAt"];

/// What is asked of entities at one place of a question.
pub(crate) struct Entities<'q> {
    selections: Selections<'q>,
    /// By kind, made when the first entity of that kind is met.
    plans: Box<[OnceCell<Option<Plan<'q>>>; Kind::ALL.len() + 1]>,
}

/// What to write for entities of one kind.
struct Plan<'q> {
    /// In the order of the answer.
    steps: Box<[Step<'q>]>,
    /// Whether nothing of a document is wanted but its kind and name.
    is_brief: bool,
}

struct Step<'q> {
    /// The name in the answer.
    key: &'q str,
    what: What<'q>,
}

enum What<'q> {
    /// The name of the type.
    TypeName(&'static str),
    /// A plain field, and what its argument asks for.
    Plain(&'static PlainField, String),
    /// The owner.
    Owner(Entities<'q>),
    /// Another entity.
    One(&'static RelationField, Entities<'q>),
    /// A page of other entities.
    Many(&'static RelationField, Box<(RelationArguments, ConnectionPlan<'q>)>),
    /// Any other field.
    Resolved(&'q Positioned<Field>),
}

/// The fields of one object type, as far as they are known here.
#[derive(Clone, Copy)]
pub(super) struct FieldTable {
    type_name: &'static str,
    plain: fn(&str) -> Option<&'static PlainField>,
    relation: fn(&str) -> Option<&'static RelationField>,
}

impl FieldTable {
    /// Returns the fields of a kind.
    pub(super) fn of<K: EntityKind>() -> Self {
        Self { type_name: K::NAME, plain: plain_field::<K>, relation: relation_field::<K> }
    }
}

impl<'q> Entities<'q> {
    /// Takes what is asked.
    pub(crate) fn new(selections: Selections<'q>) -> Self {
        Self { selections, plans: Default::default() }
    }

    /// Writes an entity.
    pub(crate) fn write(
        &self,
        writer: &mut Writer<'_, 'q>,
        node: &EntityNode,
        path: &Path<'_>,
    ) -> Result<(), Unwritable> {
        let place = node.built_in_kind().map_or(Kind::ALL.len(), |kind| kind as usize);
        let plan = self.plans.get(place).ok_or(Unwritable)?;
        let plan = plan.get_or_init(|| self.plan(writer.ctx, AnyEntity::fields_of(node)));
        let plan = plan.as_ref().ok_or(Unwritable)?;
        if plan.is_brief {
            node.wants_brief_outline();
        }
        writer.object(&plan.steps, |writer, step| {
            writer.out.key(step.key);
            step.what.write(writer, node, &below(path, QueryPathSegment::Name(step.key)), path)
        })
    }

    fn plan(&self, ctx: &ContextSelectionSet<'q>, fields: FieldTable) -> Option<Plan<'q>> {
        let selected = collect(ctx, &self.selections, fields.type_name)?;
        let step = |it: &Selected<'q>| Some(Step { key: it.key, what: What::of(it, ctx, fields)? });
        let steps: Box<[Step<'q>]> = selected.iter().map(step).collect::<Option<_>>()?;
        let is_brief = steps.iter().all(|step| step.what.is_brief());
        Some(Plan { steps, is_brief })
    }
}

impl<'q> What<'q> {
    /// Returns whether this wants nothing of the entity's own document but its kind and name.
    fn is_brief(&self) -> bool {
        match self {
            Self::TypeName(_) | Self::Owner(_) | Self::One(..) | Self::Many(..) => true,
            Self::Plain(field, _) => BRIEF.contains(&field.name),
            Self::Resolved(_) => false,
        }
    }

    fn of(selected: &Selected<'q>, ctx: &ContextSelectionSet<'q>, fields: FieldTable) -> Option<Self> {
        let name = selected.name();
        if name == "__typename" {
            return Some(Self::TypeName(fields.type_name));
        }
        if let Some(field) = (fields.plain)(name) {
            return Some(Self::Plain(field, field.key(&ctx.with_field(selected.field)).ok()?));
        }
        if name == "owner" {
            return Some(Self::Owner(Entities::new(selected.selections())));
        }
        match (fields.relation)(name) {
            Some(field) if field.is_list() => {
                let arguments = field.arguments(&ctx.with_field(selected.field)).ok()?;
                let plan = ConnectionPlan::new(ctx, selected.selections())?;
                Some(Self::Many(field, Box::new((arguments, plan))))
            }
            Some(field) => Some(Self::One(field, Entities::new(selected.selections()))),
            None => selected.is_simple().then_some(Self::Resolved(selected.field)),
        }
    }

    /// Writes what stands at `path` in the entity that stands at `above`.
    fn write(
        &self,
        writer: &mut Writer<'_, 'q>,
        node: &EntityNode,
        path: &Path<'_>,
        above: &Path<'_>,
    ) -> Result<(), Unwritable> {
        match self {
            Self::TypeName(name) => writer.out.text(name),
            Self::Plain(field, key) => field.write(node, key, &mut writer.out).map_err(|_| Unwritable)?,
            Self::Owner(entities) => match node.owner() {
                Some(owner) => entities.write(writer, owner.node(), path)?,
                None => writer.out.raw("null"),
            },
            Self::One(field, entities) => match field.target_of(node) {
                Some(target) => entities.write(writer, &target, path)?,
                None => writer.out.raw("null"),
            },
            Self::Many(field, many) => {
                let (arguments, plan) = &**many;
                let page = field.page_of(node, arguments.clone(), writer.settings).map_err(|_| Unwritable)?;
                plan.write(writer, &page, path)?;
            }
            Self::Resolved(field) => AnyEntity::write_resolved(node, writer, field, above)?,
        }
        Ok(())
    }
}
