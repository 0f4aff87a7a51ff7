//! What an answer may cost, said before anything is executed.
//!
//! Owns the price: the most nodes that an answer to an operation can have, and how deep it is. A node is an object of the
//! answer; the answer as a whole is one. Objects in a list that no argument bounds and that leads nowhere (labels, links,
//! steps of a template, …) belong to the object that they are written in and are not counted. How many objects each list
//! can have is decided in `sizes`; an operation is read once into a [`CostPlan`], and priced with the variables of each
//! request. Start reading at [`CostModel::plan`].

mod amount;
mod introspection;
mod plan;
mod reader;
mod rules;
mod selected;
pub mod sizes;
mod types;

use apollo_compiler::{ExecutableDocument, Schema, executable::Operation, response::JsonMap, validation::Valid};

pub use plan::CostPlan;

use crate::LimitError;

/// What an operation may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostLimits {
    /// The most nodes that the answer may have, each errand counted as [`sizes::ERRAND_PRICE`] of them.
    pub max_nodes: u64,
    /// The most levels of fields.
    pub max_depth: usize,
    /// The size of a page when the request names none.
    pub default_page_size: u64,
}

impl Default for CostLimits {
    fn default() -> Self {
        Self { max_nodes: 500_000, max_depth: 15, default_page_size: 50 }
    }
}

/// What an operation costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// The most nodes that the answer can have.
    pub nodes: u64,
    /// How many errands it takes: walks along relations, and readings of the database.
    pub errands: u64,
    /// The levels of fields, fragments put in place, those counted too that `@skip` and `@include` leave out.
    pub depth: usize,
}

/// Prices the operations of one schema.
#[derive(Debug)]
pub struct CostModel {
    rules: rules::Rules,
    types: types::Types,
}

impl CostModel {
    /// Reads from a schema how many objects each of its fields can have.
    #[must_use]
    pub fn new(schema: &Valid<Schema>) -> Self {
        let types = types::Types::new(schema);
        Self { rules: rules::Rules::new(schema, &types), types }
    }

    /// Reads an operation of a valid document, whatever its variables will be.
    ///
    /// # Errors
    /// When its fragments are too entangled to be put in place.
    pub fn plan(&self, document: &ExecutableDocument, operation: &Operation) -> Result<CostPlan, LimitError> {
        reader::read(self, document, operation)
    }

    /// Prices an operation with its coerced variables.
    ///
    /// # Errors
    /// When it is over one of the limits, with the numbers.
    pub fn price(
        &self,
        document: &ExecutableDocument,
        operation: &Operation,
        variables: &JsonMap,
        limits: &CostLimits,
    ) -> Result<Cost, LimitError> {
        self.plan(document, operation)?.price(variables, limits)
    }

    /// Counts the nodes that an answer has, by the definition that the price has.
    #[must_use]
    pub fn count(&self, document: &ExecutableDocument, operation: &Operation, data: &serde_json::Value) -> u64 {
        self.plan(document, operation).map_or(0, |plan| plan.count(data))
    }

    /// Returns the fields that answer with a list of objects of which nothing says how long it can be. They are priced as
    /// endless, so that they can't be asked for: each wants a row in `sizes`.
    #[must_use]
    pub fn unsized_fields(&self) -> Vec<String> {
        self.rules.unsized_fields()
    }
}

#[cfg(test)]
mod tests;
