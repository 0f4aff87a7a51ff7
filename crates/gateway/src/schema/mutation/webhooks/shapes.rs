//! Inputs and payloads of the mutations of webhooks.
//!
//! Owns their shapes and nothing else.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use crate::schema::{
    change::ChangeType,
    filter::EntityFilter,
    scalars::{RevisionScalar, UrlScalar},
    user_error::UserError,
    webhook::{WebhookDelivery, WebhookSubscription},
};

/// What webhook to make.
#[derive(Debug, InputObject)]
pub(crate) struct CreateWebhookInput {
    /// What people call it; at most 200 characters.
    pub(super) name: Option<String>,
    /// The address that events are sent to: http or https, and not a private address unless the configuration allows it.
    pub(super) target: UrlScalar,
    /// Which entities, before or after the change; all when left out.
    pub(super) filter: Option<EntityFilter>,
    /// Which changes; all when left out.
    pub(super) change_types: Option<Vec<ChangeType>>,
    /// The secret that deliveries are signed with, `whsec_` and the base64 of 24 to 64 bytes; one is made when left out.
    pub(super) secret: Option<String>,
    /// The first revision to deliver; only what comes from now on when left out.
    pub(super) from_revision: Option<RevisionScalar>,
}

/// What making a webhook did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct CreateWebhookPayload {
    /// The new webhook; null when it was not made.
    pub(super) webhook: Option<WebhookSubscription>,
    /// The secret that its deliveries are signed with; it is never shown again.
    pub(super) secret: Option<String>,
    /// Why it was not done.
    pub(super) user_errors: Vec<UserError>,
}

/// What to change about a webhook.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateWebhookInput {
    /// The id of the webhook.
    pub(super) id: ID,
    /// What people call it; null takes the name away.
    pub(super) name: MaybeUndefined<String>,
    /// The address that events are sent to.
    pub(super) target: Option<UrlScalar>,
    /// Which entities, before or after the change; null means all.
    pub(super) filter: MaybeUndefined<EntityFilter>,
    /// Which changes; null means all.
    pub(super) change_types: MaybeUndefined<Vec<ChangeType>>,
    /// Make a new secret. Deliveries are signed with the old one as well for a day.
    #[graphql(default)]
    pub(super) rotate_secret: bool,
    /// The new secret, in place of one that is made.
    pub(super) secret: Option<String>,
}

/// What changing a webhook did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct UpdateWebhookPayload {
    /// The webhook as it is now; null when it was not changed.
    pub(super) webhook: Option<WebhookSubscription>,
    /// The new secret, which is never shown again; null when it was not changed.
    pub(super) secret: Option<String>,
    /// Why it was not done.
    pub(super) user_errors: Vec<UserError>,
}

/// Which webhook to delete.
#[derive(Debug, InputObject)]
pub(crate) struct DeleteWebhookInput {
    /// The id of the webhook.
    pub(super) id: ID,
}

/// What deleting a webhook did.
#[derive(Debug, SimpleObject)]
pub(crate) struct DeleteWebhookPayload {
    /// The id of the webhook that is gone; null when none is.
    pub(super) deleted_id: Option<ID>,
    /// Why it was not done.
    pub(super) user_errors: Vec<UserError>,
}

/// Which webhook to pause.
#[derive(Debug, InputObject)]
pub(crate) struct PauseWebhookInput {
    /// The id of the webhook.
    pub(super) id: ID,
}

/// What pausing a webhook did.
#[derive(Debug, SimpleObject)]
pub(crate) struct PauseWebhookPayload {
    /// The webhook as it is now; null when it was not paused.
    pub(super) webhook: Option<WebhookSubscription>,
    /// Why it was not done.
    pub(super) user_errors: Vec<UserError>,
}

/// Which webhook to resume.
#[derive(Debug, InputObject)]
pub(crate) struct ResumeWebhookInput {
    /// The id of the webhook.
    pub(super) id: ID,
}

/// What resuming a webhook did.
#[derive(Debug, SimpleObject)]
pub(crate) struct ResumeWebhookPayload {
    /// The webhook as it is now; null when it was not resumed.
    pub(super) webhook: Option<WebhookSubscription>,
    /// Why it was not done.
    pub(super) user_errors: Vec<UserError>,
}

/// Which webhook to replay, and from where.
#[derive(Debug, InputObject)]
pub(crate) struct ReplayWebhookInput {
    /// The id of the webhook.
    pub(super) id: ID,
    /// The first revision to deliver again. Where the log does not reach back so far, a reset event is sent instead.
    pub(super) from_revision: RevisionScalar,
}

/// What replaying a webhook did.
#[derive(Debug, SimpleObject)]
pub(crate) struct ReplayWebhookPayload {
    /// The webhook as it is now; null when it is not replayed.
    pub(super) webhook: Option<WebhookSubscription>,
    /// Why it was not done.
    pub(super) user_errors: Vec<UserError>,
}

/// Which webhook to test.
#[derive(Debug, InputObject)]
pub(crate) struct TestWebhookInput {
    /// The id of the webhook.
    pub(super) id: ID,
}

/// What testing a webhook brought.
#[derive(Debug, SimpleObject)]
pub(crate) struct TestWebhookPayload {
    /// What became of the attempt; null when none was made.
    pub(super) delivery: Option<WebhookDelivery>,
    /// Why it was not done.
    pub(super) user_errors: Vec<UserError>,
}
