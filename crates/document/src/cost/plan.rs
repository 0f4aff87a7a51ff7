//! An operation as far as its price is concerned.
//!
//! Owns the tree of its fields that answer with objects, fragments put in place and repetitions merged, and the sums over
//! it: the price for given variables, and the nodes of a given answer.

use std::cell::Cell;

use apollo_compiler::{
    Name,
    response::{JsonMap, JsonValue},
};

use super::{
    Cost, CostLimits,
    amount::Amount,
    introspection::SchemaList,
    selected::Condition,
    sizes::{ERRAND_PRICE, SLOT_COUNT, Slot},
};
use crate::LimitError;

/// An operation, read once, that can be priced with many sets of variables.
#[derive(Debug)]
pub struct CostPlan {
    pub(super) root: Below,
    pub(super) depth: usize,
}

/// The fields of an object that answer with objects.
#[derive(Debug, Default)]
pub(super) struct Below {
    /// Those that it has whatever its type is.
    pub(super) common: Vec<Step>,
    /// Those that it has besides, for each group of types that have the same.
    pub(super) alternatives: Vec<Vec<Step>>,
}

/// A field that answers with objects.
#[derive(Debug)]
pub(super) struct Step {
    /// The name that it has in the answer.
    pub(super) key: Name,
    pub(super) count: Count,
    /// Whether it is `__schema`.
    pub(super) is_whole_schema: bool,
    /// Whether its answer takes an errand.
    pub(super) is_errand: bool,
    /// The numbers that it says about lists below it.
    pub(super) slots: Vec<(Slot, Amount)>,
    /// When it is asked for: all conditions of one of these hold.
    pub(super) when: Vec<Vec<Condition>>,
    pub(super) below: Below,
}

/// How many objects a field answers with, for each object that has it.
#[derive(Debug)]
pub(super) enum Count {
    One,
    Slot(Slot),
    Amount(Amount),
    Schema(SchemaList),
    /// Not counted, nor anything below.
    Values,
}

/// The request that a plan is priced for.
struct Request<'a> {
    variables: &'a JsonMap,
    default_page_size: u64,
    /// Counts the errands that the answer takes.
    errands: &'a Cell<u64>,
}

/// What fields further up say.
#[derive(Clone, Copy)]
struct Above {
    slots: [u64; SLOT_COUNT],
    /// How often the whole schema is told, where what is told now is a part of that.
    tellings: Option<u64>,
}

impl CostPlan {
    /// Prices the operation with its coerced variables.
    ///
    /// # Errors
    /// When it is over one of the limits, with the numbers.
    pub fn price(&self, variables: &JsonMap, limits: &CostLimits) -> Result<Cost, LimitError> {
        if self.depth > limits.max_depth {
            return Err(LimitError::Depth { found: self.depth as u64, max: limits.max_depth as u64 });
        }
        let errands = Cell::new(0);
        let request = Request { variables, default_page_size: limits.default_page_size, errands: &errands };
        let above = Above { slots: [u64::MAX; SLOT_COUNT], tellings: None };
        let nodes = self.root.price(1, above, &request).saturating_add(1);
        let errands = errands.get();
        let found = nodes.saturating_add(ERRAND_PRICE.saturating_mul(errands));
        if found > limits.max_nodes {
            return Err(LimitError::Nodes { found, max: limits.max_nodes });
        }
        Ok(Cost { nodes, errands, depth: self.depth })
    }

    /// Returns the levels of fields.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Counts the nodes that an answer has, given its `data`.
    #[must_use]
    pub fn count(&self, data: &serde_json::Value) -> u64 {
        match data {
            serde_json::Value::Object(root) => 1 + self.root.count(root),
            _ => 0,
        }
    }
}

impl Below {
    /// Returns the most nodes below so many objects.
    fn price(&self, objects: u64, above: Above, request: &Request<'_>) -> u64 {
        let sum =
            |steps: &[Step]| steps.iter().map(|step| step.price(objects, above, request)).fold(0, u64::saturating_add);
        let most = self.alternatives.iter().map(|steps| sum(steps)).max();
        sum(&self.common).saturating_add(most.unwrap_or(0))
    }

    fn count(&self, object: &serde_json::Map<String, serde_json::Value>) -> u64 {
        let sum = |steps: &[Step]| -> u64 {
            let present = steps.iter().filter_map(|step| Some((step, object.get(step.key.as_str())?)));
            present.map(|(step, value)| step.count(value)).sum()
        };
        // An answer need not tell its type, but no type has more than the alternative with the most.
        sum(&self.common) + self.alternatives.iter().map(|steps| sum(steps)).max().unwrap_or(0)
    }
}

impl Step {
    fn price(&self, objects: u64, mut above: Above, request: &Request<'_>) -> u64 {
        if !self.when.iter().any(|all| all.iter().all(|condition| condition.holds(request.variables))) {
            return 0;
        }
        let tellings = above.tellings.take();
        let count = match &self.count {
            Count::Values => return 0,
            Count::One => objects,
            Count::Slot(slot) => objects.saturating_mul(above.slots[*slot as usize]),
            Count::Amount(amount) => objects.saturating_mul(amount.value(request.variables, request.default_page_size)),
            Count::Schema(list) => {
                above.tellings = tellings.filter(|_| list.is_part);
                let most = objects.saturating_mul(list.most);
                tellings.map_or(most, |times| most.min(times.saturating_mul(list.total)))
            }
        };
        for (slot, amount) in &self.slots {
            above.slots[*slot as usize] = amount.value(request.variables, request.default_page_size);
        }
        if self.is_whole_schema {
            above.tellings = Some(count);
        }
        if self.is_errand {
            request.errands.set(request.errands.get().saturating_add(objects));
        }
        count.saturating_add(self.below.price(count, above, request))
    }

    fn count(&self, value: &serde_json::Value) -> u64 {
        match value {
            _ if matches!(self.count, Count::Values) => 0,
            serde_json::Value::Array(items) => items.iter().map(|item| self.count(item)).sum(),
            serde_json::Value::Object(object) => 1 + self.below.count(object),
            _ => 0,
        }
    }
}

impl Condition {
    fn holds(&self, variables: &JsonMap) -> bool {
        match self {
            Self::Never => false,
            // A variable that is not there is an error before anything is executed.
            Self::Variable(name, wanted) => {
                variables.get(name.as_str()).and_then(JsonValue::as_bool).is_none_or(|value| value == *wanted)
            }
        }
    }
}
