//! How much work it is to check a document.
//!
//! Owns a rehearsal of what validation does with fragments: they are put in place, selections of one name are merged,
//! and what is asked of different types is compared type by type
//! (<https://spec.graphql.org/September2025/#sec-Field-Selection-Merging>). A few fragments that spread each other can
//! make that exponential, so the rehearsal counts its steps and gives up.

use super::{
    TextLimits,
    depth::depths,
    outline::{FragmentId, Kind, Outline, SetId},
};
use crate::LimitError;

/// So many levels down validation follows fragments that lead back to themselves, before it says that they do.
const MAX_CIRCLING: usize = 128;

/// A field in place: the type that its fragment is on, where it is in one; its name in the answer; what is below it.
type Placed<'a> = (Option<&'a str>, &'a str, Option<SetId>);

struct Rehearsal<'a, 'o> {
    outline: &'o Outline<'a>,
    max: u64,
    steps: u64,
    /// How many variables the operation has.
    variables: u64,
    /// In which walk each fragment was seen last.
    seen: Vec<u64>,
    walk: u64,
}

/// Checks an outline against the limits.
pub(super) fn check(outline: &Outline<'_>, limits: &TextLimits) -> Result<(), LimitError> {
    let over = |found: u64, max: usize| (found > max as u64).then_some((found, max as u64));
    if let Some((found, max)) = over(outline.directives, limits.max_directives) {
        return Err(LimitError::Directives { found, max });
    }
    if let Some(depths) = depths(outline) {
        let deepest = outline.operations.iter().map(|operation| depths[operation.set]).max();
        if let Some((found, max)) = over(deepest.unwrap_or(0), limits.max_depth) {
            return Err(LimitError::Depth { found, max });
        }
    }
    let seen = vec![0; outline.fragments.len()];
    let mut rehearsal = Rehearsal { outline, max: limits.max_work, steps: outline.tokens, variables: 0, seen, walk: 0 };
    let mut known = vec![None; outline.fragments.len()];
    for operation in &outline.operations {
        rehearsal.variables = operation.variables;
        let root = rehearsal.expand(&[operation.set])?;
        if let Some((found, max)) = over(root.len() as u64, limits.max_root_fields) {
            return Err(LimitError::RootFields { found, max });
        }
        // Validation follows each fragment of an operation to its ends, to find those that lead back to themselves.
        for fragment in rehearsal.reach(operation.set)?.1 {
            match known[fragment] {
                Some(steps) => rehearsal.step(steps)?,
                None => known[fragment] = Some(rehearsal.reach(outline.fragments[fragment].set)?.0),
            }
        }
        rehearsal.merge(&root, 1)?;
    }
    Ok(())
}

impl<'a> Rehearsal<'a, '_> {
    fn step(&mut self, count: u64) -> Result<(), LimitError> {
        self.steps = self.steps.saturating_add(count);
        match self.steps > self.max {
            true => Err(LimitError::Work { found: self.steps, max: self.max }),
            false => Ok(()),
        }
    }

    /// Returns whether a fragment was not seen in this walk before.
    fn is_new(&mut self, fragment: FragmentId) -> bool {
        std::mem::replace(&mut self.seen[fragment], self.walk) != self.walk
    }

    /// Follows a set to all that it leads to; returns how many selections and which fragments those are.
    fn reach(&mut self, start: SetId) -> Result<(u64, Vec<FragmentId>), LimitError> {
        let (mut open, mut found, mut count) = (vec![start], Vec::new(), 0);
        self.walk += 1;
        while let Some(set) = open.pop() {
            let selections = &self.outline.sets[set];
            count += selections.len() as u64;
            self.step(selections.len() as u64)?;
            for selection in selections {
                match selection.kind {
                    Kind::Field(_, below) => open.extend(below),
                    Kind::Inline(_, set) => open.push(set),
                    Kind::Spread(Some(fragment)) if self.is_new(fragment) => {
                        found.push(fragment);
                        open.push(self.outline.fragments[fragment].set);
                    }
                    Kind::Spread(_) => {}
                }
            }
        }
        Ok((count, found))
    }

    /// Puts fragments in place, each once.
    fn expand(&mut self, sets: &[SetId]) -> Result<Vec<Placed<'a>>, LimitError> {
        let outline = self.outline;
        let mut fields = Vec::new();
        let mut open: Vec<_> = sets.iter().map(|set| (None, *set)).collect();
        self.walk += 1;
        while let Some((on, set)) = open.pop() {
            for selection in &outline.sets[set] {
                self.step(selection.weight.saturating_add(selection.variables * self.variables))?;
                match selection.kind {
                    Kind::Field(key, below) => fields.push((on, key, below)),
                    Kind::Inline(inner, set) => open.push((inner.or(on), set)),
                    Kind::Spread(Some(fragment)) if self.is_new(fragment) => {
                        let fragment = outline.fragments[fragment];
                        open.push((Some(fragment.on), fragment.set));
                    }
                    Kind::Spread(_) => {}
                }
            }
        }
        Ok(fields)
    }

    /// Merges fields of one name and goes on below them, once for each type that is asked separately.
    fn merge(&mut self, fields: &[Placed<'a>], depth: usize) -> Result<(), LimitError> {
        let mut nested: Vec<_> = fields.iter().filter(|(_, _, below)| below.is_some()).copied().collect();
        if depth >= MAX_CIRCLING || nested.is_empty() {
            return Ok(());
        }
        nested.sort_by_key(|(on, key, _)| (*key, *on));
        for same_key in nested.chunk_by(|left, right| left.1 == right.1) {
            // Those of no particular type come first, and belong to every type.
            let common = same_key.iter().take_while(|(on, ..)| on.is_none()).count();
            let (common, particular) = same_key.split_at(common);
            if particular.is_empty() {
                self.below(common, &[], depth)?;
            }
            for one_type in particular.chunk_by(|left, right| left.0 == right.0) {
                self.below(common, one_type, depth)?;
            }
        }
        Ok(())
    }

    fn below(&mut self, common: &[Placed<'a>], own: &[Placed<'a>], depth: usize) -> Result<(), LimitError> {
        let sets: Vec<_> = common.iter().chain(own).filter_map(|(.., below)| *below).collect();
        let fields = self.expand(&sets)?;
        self.merge(&fields, depth + 1)
    }
}
