//! Selecting: from a filter to the set of entities that it wants.
//!
//! Owns the meaning of each [`Filter`]. It is set work over the indexes; no document is read, save when a field is
//! asked for the first time. Start reading at [`CatalogIndex::select`].

use std::{collections::HashSet, sync::Arc};

use callboard_entity_model::{EntityRef, RelationType};
use roaring::RoaringBitmap;

use crate::{
    CatalogIndex, Filter, QueryError, RelationDirection, Selection, TextTest, extract::instant, field::Field,
    words::split_words,
};

/// Filters may be nested this deeply, each level of and, or, not, and target filter counted.
const MAX_DEPTH: usize = 32;

type Ids = Arc<RoaringBitmap>;

impl CatalogIndex {
    /// Returns the entities that a filter wants; all of them when there is none.
    ///
    /// # Errors
    /// When the filter is nested more than 32 levels deep.
    pub fn select(&self, filter: Option<&Filter>) -> Result<Selection, QueryError> {
        let ids = filter.map_or_else(|| Ok(Arc::clone(&self.live)), |filter| self.evaluate(filter, MAX_DEPTH))?;
        Ok(Selection::new(ids))
    }

    fn evaluate(&self, filter: &Filter, depth: usize) -> Result<Ids, QueryError> {
        let Some(below) = depth.checked_sub(1) else {
            return Err(QueryError::FilterTooDeep { max: MAX_DEPTH });
        };
        Ok(match filter {
            Filter::All => Arc::clone(&self.live),
            Filter::And(parts) => {
                let mut ids = Arc::clone(&self.live);
                for part in parts {
                    let wanted = self.evaluate(part, below)?;
                    // What is wanted is always part of what there is, so the first part needs no work.
                    ids = if Arc::ptr_eq(&ids, &self.live) { wanted } else { Arc::new(&*ids & &*wanted) };
                }
                ids
            }
            Filter::Or(parts) => {
                let mut ids = RoaringBitmap::new();
                for part in parts {
                    ids |= &*self.evaluate(part, below)?;
                }
                Arc::new(ids)
            }
            Filter::Not(part) => Arc::new(&*self.live - &*self.evaluate(part, below)?),
            Filter::Ref(refs) => Arc::new(self.known(refs).filter(|id| self.live.contains(*id)).collect()),
            Filter::Field { path, test } => self.by_field(&path.0, test),
            Filter::Label { key, test } => self.by_key("labels", key, test),
            Filter::Annotation { key, test } => self.by_key("annotations", key, test),
            Filter::Tag(test) => self.by_field(&Field::path("metadata.tags"), test),
            Filter::Owner { refs, transitive } => self.by_refs(&Field::Owner, refs, *transitive),
            Filter::System(refs) => self.by_refs(&Field::System, refs, false),
            Filter::HasRelation { kind, direction, targets, target_filter, exists } => {
                let targets = match (targets, target_filter) {
                    (None, None) => None,
                    (Some(refs), None) => Some(Arc::new(self.known(refs).collect())),
                    (None, Some(filter)) => Some(self.evaluate(filter, below)?),
                    (Some(refs), Some(filter)) => {
                        let passing = self.evaluate(filter, below)?;
                        Some(Arc::new(self.known(refs).filter(|id| passing.contains(*id)).collect()))
                    }
                };
                let having = self.having(*kind, *direction, targets.as_deref());
                Arc::new(if *exists { &*self.live & &having } else { &*self.live - &having })
            }
            Filter::RelatedTo { source, kind } => {
                let mut ids = RoaringBitmap::new();
                if let Some(source) = self.refs.get(source) {
                    self.add_related(*source, *kind, &mut ids);
                }
                Arc::new(ids & &*self.live)
            }
            Filter::UpdatedAfter(at) => {
                let at = instant(*at);
                let index = self.field_index(&Field::UpdatedAt);
                let mut ids = RoaringBitmap::new();
                // The instants are indexed in lower case, as every value.
                let lower = at.to_lowercase();
                let later = index.values_from(&lower).filter(|(key, _)| key.lower() != lower);
                later.for_each(|(_, postings)| postings.add_to(&mut ids));
                Arc::new(ids)
            }
            Filter::Text(text) => self.by_text(text),
            Filter::Source(sources) => {
                let sources = sources.iter().map(ToString::to_string).collect();
                self.by_field(&Field::Source, &TextTest::In(sources))
            }
        })
    }

    /// Returns the numbers of the references that the catalog knows, entities or not.
    fn known<'r>(&'r self, refs: &'r [EntityRef]) -> impl Iterator<Item = u32> + 'r {
        refs.iter().filter_map(|entity_ref| self.refs.get(entity_ref).copied())
    }

    fn by_field(&self, field: &Field, test: &TextTest) -> Ids {
        match field {
            Field::Relation(kind) => Arc::new(self.by_relation_text(*kind, test) & &*self.live),
            field => self.field_index(field).matching(test, &self.live),
        }
    }

    fn by_key(&self, group: &str, key: &str, test: &TextTest) -> Ids {
        self.by_field(&Field::Path(format!("metadata.{group}.{}", key.to_lowercase()).into()), test)
    }

    fn by_refs(&self, field: &Field, refs: &[EntityRef], and_below: bool) -> Ids {
        let mut wanted: HashSet<EntityRef> = refs.iter().cloned().collect();
        if and_below {
            let mut open: Vec<u32> = self.known(refs).collect();
            while let Some(group) = open.pop() {
                let mut children = RoaringBitmap::new();
                self.add_related(group, RelationType::ParentOf, &mut children);
                for child in children {
                    if self.node(child).is_some_and(|child| wanted.insert(child.entity_ref.clone())) {
                        open.push(child);
                    }
                }
            }
        }
        let texts = wanted.iter().map(ToString::to_string).collect();
        self.field_index(field).matching(&TextTest::In(texts), &self.live)
    }

    /// Adds the nodes that `source` has a relation of this type to, whoever declared it.
    pub(crate) fn add_related(&self, source: u32, kind: RelationType, ids: &mut RoaringBitmap) {
        if let Some(node) = self.node(source) {
            ids.extend(node.targets(kind));
            if let Some(sources) = node.sources(kind.inverse()) {
                sources.add_to(ids);
            }
        }
    }

    /// Returns the nodes that have a relation of this type, seen from them, to one of the targets (to anything when
    /// there are none given).
    fn having(
        &self,
        kind: RelationType,
        direction: Option<RelationDirection>,
        targets: Option<&RoaringBitmap>,
    ) -> RoaringBitmap {
        let inverse = kind.inverse();
        let mut ids = RoaringBitmap::new();
        let Some(targets) = targets else {
            if direction != Some(RelationDirection::Incoming) {
                ids |= &*self.declaring[kind as usize];
            }
            if direction != Some(RelationDirection::Outgoing) {
                let declared_to = &*self.targeted[inverse as usize];
                match direction {
                    None => ids |= declared_to,
                    // What both declare counts as outgoing only.
                    Some(_) => ids.extend(declared_to.iter().filter(|id| self.has_only_incoming(*id, kind))),
                }
            }
            return ids;
        };
        for target in targets {
            let Some(node) = self.node(target) else { continue };
            if direction != Some(RelationDirection::Incoming)
                && let Some(sources) = node.sources(kind)
            {
                sources.add_to(&mut ids);
            }
            if direction != Some(RelationDirection::Outgoing) {
                let declares_it = |id: &u32| self.node(*id).is_some_and(|node| node.declares(kind, target));
                ids.extend(node.targets(inverse).filter(|id| direction.is_none() || !declares_it(id)));
            }
        }
        ids
    }

    /// Returns whether a node has a relation of this type that it does not declare itself.
    fn has_only_incoming(&self, id: u32, kind: RelationType) -> bool {
        self.node(id).is_some_and(|node| {
            node.sources(kind.inverse())
                .is_some_and(|sources| sources.iter().any(|source| !node.declares(kind, source)))
        })
    }

    fn by_relation_text(&self, kind: RelationType, test: &TextTest) -> RoaringBitmap {
        let passes: Box<dyn Fn(&str) -> bool> = match test {
            TextTest::Exists(exists) => {
                let having = self.having(kind, None, None);
                return if *exists { having } else { &*self.live - &having };
            }
            TextTest::Equals(text) => return self.having(kind, None, Some(&self.nodes_named([text]))),
            TextTest::In(texts) => return self.having(kind, None, Some(&self.nodes_named(texts))),
            TextTest::StartsWith(text) => {
                let lower = text.to_lowercase();
                Box::new(move |entity_ref| entity_ref.starts_with(&lower))
            }
            TextTest::Contains(text) => {
                let lower = text.to_lowercase();
                Box::new(move |entity_ref| entity_ref.contains(&lower))
            }
        };
        let targets = &*self.targeted[kind as usize] | &*self.declaring[kind.inverse() as usize];
        let named = |id: &u32| self.node(*id).is_some_and(|node| passes(node.entity_ref.as_str()));
        self.having(kind, None, Some(&targets.iter().filter(named).collect()))
    }

    fn nodes_named<'t>(&self, texts: impl IntoIterator<Item = &'t String>) -> RoaringBitmap {
        texts.into_iter().filter_map(|text| self.refs.get(text.to_lowercase().as_str()).copied()).collect()
    }

    fn by_text(&self, text: &str) -> Ids {
        let mut words = Vec::new();
        split_words(text, &mut |word| words.push(word.to_owned()));
        let mut ids = Arc::clone(&self.live);
        if !words.is_empty() {
            let index = self.field_index(&Field::Words);
            for word in words {
                ids = Arc::new(&*ids & &*index.matching(&TextTest::StartsWith(word), &self.live));
            }
        }
        ids
    }
}
