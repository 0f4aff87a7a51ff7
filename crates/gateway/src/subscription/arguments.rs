//! What a subscription is asked for: the arguments of its one field.
//!
//! Owns reading them before the first event, so that a wrong one is an error of the request.

use std::time::Duration;

use async_graphql::{
    InputType, InputValueError, Name, Value,
    parser::types::{DocumentOperations, Field, Selection},
};
use callboard_catalog::{Change, ChangeCursor, Operation};
use callboard_foundation::ErrorCode;
use callboard_view::{CatalogIndex, Filter};

use crate::{
    AnswerCode,
    answer::Refusal,
    error::GatewayError,
    executor::Prepared,
    schema::{change::ChangeType, filter::EntityFilter},
};

/// The seconds between two checkpoints when nothing else is asked for.
const CHECKPOINT_SECONDS: i32 = 15;
/// The longest time between two checkpoints that can be asked for.
const MAX_CHECKPOINT_SECONDS: i32 = 3_600;

/// What to follow, and from where.
#[derive(Debug)]
pub(super) struct FollowArguments {
    /// Which changes.
    pub(super) wish: Wish,
    /// Where to start; now when there is none.
    pub(super) after: Option<ChangeCursor>,
    /// How long nothing may happen before a checkpoint is sent.
    pub(super) pause: Duration,
}

/// Which changes are wanted.
#[derive(Debug)]
pub(super) struct Wish {
    /// Of which entities, before or after; all when there is none.
    filter: Option<Filter>,
    /// Which operations; all when there are none.
    operations: Option<Vec<Operation>>,
}

impl FollowArguments {
    /// Reads the arguments. `last_event_id` counts as `after`, and more than it: it is where a client was when its
    /// connection broke.
    pub(super) fn read(prepared: &Prepared, last_event_id: Option<String>) -> Result<Self, Box<Refusal>> {
        let field = root_field(prepared).ok_or_else(|| refused(&bad("entityChanges", "is not asked for")))?;
        let arguments = Arguments { prepared, field };
        let filter = arguments.read::<Option<EntityFilter>>("filter")?.flatten();
        let filter = filter.map(EntityFilter::into_filter).transpose().map_err(|error| refused(&error))?;
        let types = arguments.read::<Option<Vec<ChangeType>>>("types")?.flatten();
        let after = last_event_id.or(arguments.read::<Option<String>>("after")?.flatten());
        let after = after.map(|cursor| cursor.parse().map_err(|_| GatewayError::InvalidCursor));
        let seconds = arguments.read::<i32>("checkpointSeconds")?.unwrap_or(CHECKPOINT_SECONDS);
        let pause = match u64::try_from(seconds) {
            Ok(pause @ 1..) if seconds <= MAX_CHECKPOINT_SECONDS => Duration::from_secs(pause),
            _ => return Err(refused(&bad("checkpointSeconds", "must be from 1 to 3600"))),
        };
        Ok(Self {
            wish: Wish { filter, operations: types.map(|types| types.into_iter().map(Into::into).collect()) },
            after: after.transpose().map_err(|error| refused(&error))?,
            pause,
        })
    }
}

impl Wish {
    /// Returns whether a change is wanted: an entity that leaves the filter is told of as well as one that enters it.
    pub(super) fn includes(&self, change: &Change, index: &CatalogIndex) -> Result<bool, GatewayError> {
        if self.operations.as_ref().is_some_and(|wanted| !wanted.contains(&change.operation)) {
            return Ok(false);
        }
        let Some(filter) = &self.filter else { return Ok(true) };
        // Only the one entity is looked at; the rest of the filter is evaluated within that.
        let filter = Filter::And(vec![Filter::Ref(vec![change.entity_ref.clone()]), filter.clone()]);
        for record in [&change.before, &change.after].into_iter().flatten() {
            if index.matches(&filter, record)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

struct Arguments<'a> {
    prepared: &'a Prepared,
    field: &'a Field,
}

impl Arguments<'_> {
    /// Reads an argument; nothing when it is left out.
    fn read<T: InputType>(&self, name: &'static str) -> Result<Option<T>, Box<Refusal>> {
        let Some(value) = self.field.get_argument(name) else { return Ok(None) };
        let filled = value.node.clone().into_const_with(|variable| self.variable(&variable).ok_or(()));
        let Ok(value) = filled else { return Ok(None) };
        let parsed = T::parse(Some(value));
        parsed.map(Some).map_err(|error: InputValueError<T>| {
            let reason = error.into_server_error(Default::default()).message;
            refused(&bad(name, reason))
        })
    }

    /// Returns a variable's value. One that is left out leaves its argument out; within a list or an object it is null.
    fn variable(&self, name: &Name) -> Option<Value> {
        self.prepared.variables.get(name).cloned()
    }
}

/// Finds the one field of a subscription, which may stand within fragments.
pub(super) fn root_field(prepared: &Prepared) -> Option<&Field> {
    let DocumentOperations::Single(operation) = &prepared.executable.operations else { return None };
    let mut items = &operation.node.selection_set.node.items;
    loop {
        match &items.first()?.node {
            Selection::Field(field) => return Some(&field.node),
            Selection::InlineFragment(inline) => items = &inline.node.selection_set.node.items,
            Selection::FragmentSpread(_) => return None,
        }
    }
}

fn bad(argument: &'static str, reason: impl Into<String>) -> GatewayError {
    GatewayError::bad_argument(argument, reason)
}

pub(super) fn refused(error: &GatewayError) -> Box<Refusal> {
    let code = match error.code() {
        AnswerCode::Shared(ErrorCode::Internal) => ErrorCode::BadInput.into(),
        code => code,
    };
    Box::new(Refusal::new(code, error.to_string()))
}
