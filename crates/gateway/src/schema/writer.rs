//! Writing parts of an answer as text, at once, instead of one future and one value per field.
//!
//! Owns the decision when that can be done, and the way back: whatever can't be written here (an error, a field asked for
//! twice in a way that has to be merged above, a resolver that waits) is left to async-graphql, which resolves the same
//! fields one by one. So nothing that is answered is decided here. What an object's fields are stands with the object.

use std::sync::{Arc, PoisonError};

use async_graphql::{
    ContainerType, ContextSelectionSet, Positioned, QueryPathNode, QueryPathSegment, Value, parser::types::Field,
};
use futures::FutureExt;

use super::{json_text::JsonText, selection::is_alone};
use crate::GatewaySettings;

/// In the data of a request: nothing of it is written as text.
#[cfg(test)]
pub(crate) struct FieldByField;

/// Says that something has to be resolved field by field.
#[derive(Debug)]
pub(crate) struct Unwritable;

/// A place in the answer.
pub(crate) type Path<'p> = QueryPathNode<'p>;

/// Returns the place of a member or of an item.
pub(crate) fn below<'p>(path: &'p Path<'p>, segment: QueryPathSegment<'p>) -> Path<'p> {
    QueryPathNode { parent: Some(path), segment }
}

/// Writes one part of an answer.
pub(crate) struct Writer<'c, 'q> {
    /// Where the part begins.
    pub(crate) ctx: &'c ContextSelectionSet<'q>,
    /// What is written.
    pub(crate) out: JsonText,
    /// The settings, looked up once.
    pub(crate) settings: &'q GatewaySettings,
}

/// Writes what stands at this place of the answer; nothing when it has to be resolved field by field.
pub(crate) fn write<'c, 'q>(
    ctx: &'c ContextSelectionSet<'q>,
    write: impl FnOnce(&mut Writer<'c, 'q>, &Path<'_>) -> Result<(), Unwritable>,
) -> Option<Value> {
    #[cfg(test)]
    if ctx.data_opt::<FieldByField>().is_some() {
        return None;
    }
    let path = ctx.path_node.filter(|_| is_alone(ctx))?;
    let settings = ctx.data_opt::<Arc<GatewaySettings>>()?;
    let mut writer = Writer { ctx, out: JsonText::with_capacity(512), settings };
    write(&mut writer, &path).ok()?;
    Some(writer.out.into_value())
}

impl<'q> Writer<'_, 'q> {
    /// Writes an object, one step after the other.
    pub(crate) fn object<T>(
        &mut self,
        steps: &[T],
        mut write: impl FnMut(&mut Self, &T) -> Result<(), Unwritable>,
    ) -> Result<(), Unwritable> {
        self.out.begin_object();
        for step in steps {
            write(self, step)?;
        }
        self.out.end_object();
        Ok(())
    }

    /// Writes a list, one item after the other; each is told its place.
    pub(crate) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        path: &Path<'_>,
        mut write: impl FnMut(&mut Self, T, &Path<'_>) -> Result<(), Unwritable>,
    ) -> Result<(), Unwritable> {
        self.out.begin_list();
        for (place, item) in items.into_iter().enumerate() {
            self.out.item();
            write(self, item, &below(path, QueryPathSegment::Index(place)))?;
        }
        self.out.end_list();
        Ok(())
    }

    /// Writes a field as its resolver answers it.
    pub(crate) fn resolved(
        &mut self,
        object: &impl ContainerType,
        field: &'q Positioned<Field>,
        path: &Path<'_>,
    ) -> Result<(), Unwritable> {
        let mut ctx: ContextSelectionSet<'_> = self.ctx.clone();
        ctx.path_node = Some(*path);
        let errors_before = self.errors_after(None);
        // Resolvers read what is in memory, so they are done at once. Should one wait some day, it is asked again later.
        let resolved = object.resolve_field(&ctx.with_field(field)).now_or_never();
        match resolved {
            Some(Ok(value)) if self.errors_after(None) == errors_before => {
                self.out.value(&value.unwrap_or_default());
                Ok(())
            }
            _ => {
                // They come again when the field is resolved the other way.
                self.errors_after(Some(errors_before));
                Err(Unwritable)
            }
        }
    }

    /// Returns how many errors the answer has, after dropping all beyond so many.
    fn errors_after(&self, keep: Option<usize>) -> usize {
        let mut errors = self.ctx.query_env.errors.lock().unwrap_or_else(PoisonError::into_inner);
        errors.truncate(keep.unwrap_or(usize::MAX));
        errors.len()
    }
}

#[cfg(test)]
mod tests;
