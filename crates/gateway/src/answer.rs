//! Answers as text: what was found, every error with its code and the request's id, the revision and the cost.
//!
//! Owns what stands in an answer beside its data, and that null stands where a field failed. Executing is
//! `crate::executor`'s work.

mod error;
mod order;
mod refusal;
mod text;

use async_graphql::{Name, PathSegment, Response, Value};
use callboard_document::PathStep;
use callboard_entity_model::Revision;

use self::{
    error::finish_error,
    text::{CostText, write},
};
pub(crate) use self::{refusal::Refusal, text::AnswerText};
use crate::executor::Prepared;

/// So many errors are told.
const MAX_ERRORS: usize = 100;

/// Finishes the answer of an executed operation. `is_out_of_order` says that fields had to wait: the executor has them in the
/// order in which they came.
pub(crate) fn finish(
    mut response: Response,
    prepared: &Prepared,
    request_id: &str,
    revision: Revision,
    cost: Option<u64>,
    is_out_of_order: bool,
) -> AnswerText {
    // The first ones say enough; all of them could be as many as the answer has fields.
    response.errors.truncate(MAX_ERRORS);
    if is_out_of_order && let Some(set) = prepared.selection_set() {
        order::restore(&mut response.data, set);
    }
    for error in &mut response.errors {
        finish_error(error, request_id);
        place_null(&mut response.data, prepared, &error.path);
    }
    let text = write(&response, revision, None);
    let Some(requested) = cost else { return text };
    let node_count = prepared.operation().map_or(0, |operation| operation.count_nodes(&text.data()));
    write(&response, revision, Some(CostText { requested, node_count }))
}

/// Puts null where a failed field, or the nearest thing around it that may be null, stands in the answer.
fn place_null(data: &mut Value, prepared: &Prepared, path: &[PathSegment]) {
    let Some(operation) = prepared.operation() else { return };
    let steps: Vec<PathStep<'_>> = path.iter().map(step).collect();
    let place = prepared.document.null_place(operation, &steps);
    set_null_at(data, &path[..place]);
}

fn step(segment: &PathSegment) -> PathStep<'_> {
    match segment {
        PathSegment::Field(name) => PathStep::Key(name),
        PathSegment::Index(index) => PathStep::Index(*index),
    }
}

fn set_null_at(data: &mut Value, path: &[PathSegment]) {
    let Some((last, parents)) = path.split_last() else {
        *data = Value::Null;
        return;
    };
    let mut place = data;
    for segment in parents {
        let next = match (segment, place) {
            (PathSegment::Field(name), Value::Object(object)) => object.get_mut(name.as_str()),
            (PathSegment::Index(index), Value::List(list)) => list.get_mut(*index),
            _ => None,
        };
        match next {
            Some(next) => place = next,
            None => return,
        }
    }
    match (last, place) {
        (PathSegment::Field(name), Value::Object(object)) => {
            object.insert(Name::new(name), Value::Null);
        }
        (PathSegment::Index(index), Value::List(list)) => {
            if let Some(item) = list.get_mut(*index) {
                *item = Value::Null;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
