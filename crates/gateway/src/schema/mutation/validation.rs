//! Checking a text without storing anything.
//!
//! Owns input and payload; the rules are those of reading itself.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use callboard_entity_model::Severity;

use crate::{
    error::GatewayError,
    schema::{
        context::ContextExt,
        problem::ProblemObject,
        scalars::{EntityRefScalar, UrlScalar},
    },
};

/// The mutations that only check.
#[derive(Default)]
pub(crate) struct ValidationMutations;

/// What to check.
#[derive(Debug, InputObject)]
pub(crate) struct ValidateEntitiesInput {
    /// One or more YAML documents, as they would stand in a catalog file.
    yaml: String,
    /// The address where the file would stand.
    base_url: Option<UrlScalar>,
}

/// What checking brought.
#[derive(Debug, SimpleObject)]
pub(crate) struct ValidateEntitiesPayload {
    /// Whether every document is a valid entity; warnings don't count.
    is_valid: bool,
    /// The valid entities, in the order of the documents.
    refs: Vec<EntityRefScalar>,
    /// What is wrong, with line and column in the text; at most 100 problems.
    problems: Vec<ProblemObject>,
}

#[Object]
impl ValidationMutations {
    /// Checks catalog YAML exactly as reading it would, without storing anything.
    async fn validate_entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to check.")] input: ValidateEntitiesInput,
    ) -> Result<ValidateEntitiesPayload, GatewayError> {
        let base = input.base_url.as_ref().map(|url| url.0.as_str());
        let validated = ctx.catalog().validate(&input.yaml, base);
        Ok(ValidateEntitiesPayload {
            is_valid: validated.problems.iter().all(|problem| problem.severity != Severity::Error),
            refs: validated.entities.iter().map(|entity| (&entity.entity_ref).into()).collect(),
            problems: ProblemObject::reported(validated.problems),
        })
    }
}
