//! From an operation to its plan.
//!
//! Owns merging what is asked for twice, and telling apart what is asked of every type from what is asked of some
//! (<https://spec.graphql.org/September2025/#CollectFields()>).

use std::collections::{HashMap, HashSet};

use apollo_compiler::{ExecutableDocument, Name, executable::Operation};

use super::{
    CostModel,
    amount::{Amount, Otherwise},
    plan::{Below, CostPlan, Count, Step},
    rules::Size,
    selected::{Collector, Part, Placed},
    sizes::{ERRANDS, Slot},
};
use crate::LimitError;

struct Reader<'m, 'd> {
    model: &'m CostModel,
    collector: Collector<'m, 'd>,
}

/// Reads an operation.
pub(super) fn read(
    model: &CostModel,
    document: &ExecutableDocument,
    operation: &Operation,
) -> Result<CostPlan, LimitError> {
    let mut reader = Reader { model, collector: Collector { types: &model.types, document, steps: 0 } };
    let root = Part { set: &operation.selection_set, when: Vec::new() };
    let (root, depth) = reader.below(&[root], operation.object_type())?;
    Ok(CostPlan { root, depth })
}

impl<'d> Reader<'_, 'd> {
    /// Reads what is asked of an object, and how many levels of fields that is.
    fn below(&mut self, parts: &[Part<'d>], ty: &Name) -> Result<(Below, usize), LimitError> {
        let possible = self.model.types.possible(ty);
        let placed = self.collector.collect(parts, possible)?;
        let mut depth = usize::from(!placed.is_empty());
        let (mut groups, mut places) = (Vec::<Vec<Placed<'d>>>::new(), HashMap::new());
        for placed in placed.into_iter().filter(|placed| !placed.field.selection_set.is_empty()) {
            let place = *places.entry(placed.field.response_key()).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[place].push(placed);
        }
        let mut read = Below::default();
        let mut particular = Vec::new();
        for group in groups {
            if group.iter().all(|placed| placed.types == *possible) {
                let (step, levels) = self.step(&group.iter().collect::<Vec<_>>())?;
                depth = depth.max(levels + 1);
                read.common.push(step);
            } else {
                particular.push(group);
            }
        }
        // Types that are asked for the same share an alternative.
        let mut seen = HashSet::new();
        for index in possible.iter().filter(|_| !particular.is_empty()) {
            let own: Vec<Vec<usize>> = particular
                .iter()
                .map(|group| (0..group.len()).filter(|place| group[*place].types.contains(index)).collect())
                .collect();
            self.collector.step(particular.iter().map(|group| group.len() as u64).sum())?;
            if !seen.insert(own.clone()) {
                continue;
            }
            let mut steps = Vec::new();
            for (group, places) in particular.iter().zip(own).filter(|(_, places)| !places.is_empty()) {
                let (step, levels) = self.step(&places.iter().map(|place| &group[*place]).collect::<Vec<_>>())?;
                depth = depth.max(levels + 1);
                steps.push(step);
            }
            read.alternatives.push(steps);
        }
        Ok((read, depth))
    }

    /// Reads fields of one name, which are one field of the answer.
    fn step(&mut self, group: &[&Placed<'d>]) -> Result<(Step, usize), LimitError> {
        let first = group[0];
        let field = first.field;
        let rule = self.model.rules.find(first.owner, &field.name);
        let otherwise = |slot| if slot == Slot::Page { Otherwise::DefaultPage } else { Otherwise::Endless };
        let count = match rule.map(|rule| &rule.size) {
            // Fields that every type has, such as `__schema`, have no rule.
            None | Some(Size::One) => Count::One,
            Some(Size::Values) => Count::Values,
            Some(Size::Slot(slot)) => Count::Slot(*slot),
            Some(Size::Arguments(sources)) => Count::Amount(Amount::find(field, sources, Otherwise::Endless)),
            Some(Size::AtMost(most)) => Count::Amount(Amount::find(field, &[], Otherwise::Fixed(*most))),
            Some(Size::Schema(list)) => Count::Schema(*list),
            Some(Size::Unknown) => Count::Amount(Amount::find(field, &[], Otherwise::Endless)),
        };
        let slots = rule.map_or(&[][..], |rule| &rule.slots).iter();
        let slots = slots.map(|(slot, sources)| (*slot, Amount::find(field, sources, otherwise(*slot)))).collect();
        let unconditional = group.iter().any(|placed| placed.when.is_empty());
        let when = if unconditional { vec![Vec::new()] } else { group.iter().map(|it| it.when.clone()).collect() };
        let parts: Vec<_> =
            group.iter().map(|it| Part { set: &it.field.selection_set, when: it.when.clone() }).collect();
        let (below, levels) = self.below(&parts, field.ty().inner_named_type())?;
        let is_whole_schema = field.name == "__schema";
        let is_errand = ERRANDS.contains(&field.ty().inner_named_type().as_str());
        Ok((Step { key: field.response_key().clone(), count, is_whole_schema, is_errand, slots, when, below }, levels))
    }
}
