//! Making, changing, pausing, replaying, testing and deleting webhooks.
//!
//! Owns the fields; inputs and payloads stand in [`shapes`]. The rules are those of `callboard-webhooks`.

mod shapes;

use async_graphql::{Context, Object};
use callboard_webhooks::{NewSubscription, SubscriptionEdit, WebhookError, WebhookSecret};
use uuid::Uuid;

use self::shapes::{
    CreateWebhookInput, CreateWebhookPayload, DeleteWebhookInput, DeleteWebhookPayload, PauseWebhookInput,
    PauseWebhookPayload, ReplayWebhookInput, ReplayWebhookPayload, ResumeWebhookInput, ResumeWebhookPayload,
    TestWebhookInput, TestWebhookPayload, UpdateWebhookInput, UpdateWebhookPayload,
};
use super::actor;
use crate::{
    error::GatewayError,
    schema::{
        context::ContextExt,
        global_id::GlobalId,
        user_error::{UserError, UserErrorCode},
        webhook::{WebhookDelivery, WebhookSubscription, write_filter},
    },
};

/// The mutations of webhooks.
#[derive(Default)]
pub(crate) struct WebhookMutations;

#[Object]
impl WebhookMutations {
    /// Makes a webhook: from now on, or from a revision on, each wanted change is sent to its target. The answer shows
    /// the secret that deliveries are signed with, this once.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: CreateWebhookInput,
    ) -> Result<CreateWebhookPayload, GatewayError> {
        let created = async {
            let new = NewSubscription {
                name: input.name,
                target: input.target.0,
                filter: input.filter.as_ref().map(write_filter),
                operations: input.change_types.map(|types| types.into_iter().map(Into::into).collect()),
                secret: input.secret.as_deref().map(WebhookSecret::parse).transpose()?,
                from_revision: input.from_revision.map(|revision| revision.0),
            };
            ctx.webhooks().create(new, &actor()).await
        };
        Ok(match outcome(created.await)? {
            Ok((webhook, secret)) => CreateWebhookPayload {
                webhook: Some(WebhookSubscription::new(webhook)),
                secret: Some(secret.expose()),
                user_errors: Vec::new(),
            },
            Err(error) => CreateWebhookPayload { user_errors: vec![error], ..Default::default() },
        })
    }

    /// Changes a webhook. What is left out stays as it is; what is null is taken away. An event that waits to be tried
    /// again is tried at once.
    async fn update_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateWebhookInput,
    ) -> Result<UpdateWebhookPayload, GatewayError> {
        let failed = |error| UpdateWebhookPayload { user_errors: vec![error], ..Default::default() };
        let id = match webhook_id(&input.id) {
            Ok(id) => id,
            Err(error) => return Ok(failed(error)),
        };
        let updated = async {
            let secret = match (input.secret.as_deref(), input.rotate_secret) {
                (Some(text), _) => Some(WebhookSecret::parse(text)?),
                (None, true) => Some(WebhookSecret::generate()?),
                (None, false) => None,
            };
            let edit = SubscriptionEdit {
                name: input.name.into(),
                target: input.target.map(|target| target.0),
                filter: input.filter.map_value(|filter| write_filter(&filter)).into(),
                operations: input.change_types.map_value(|types| types.into_iter().map(Into::into).collect()).into(),
                secret: secret.clone(),
            };
            Ok((ctx.webhooks().update(id, edit).await?, secret))
        };
        Ok(match outcome(updated.await)? {
            Ok((webhook, secret)) => UpdateWebhookPayload {
                webhook: Some(WebhookSubscription::new(webhook)),
                secret: secret.map(|secret| secret.expose()),
                user_errors: Vec::new(),
            },
            Err(error) => failed(error),
        })
    }

    /// Deletes a webhook and what is remembered of its deliveries.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to delete.")] input: DeleteWebhookInput,
    ) -> Result<DeleteWebhookPayload, GatewayError> {
        let deleted = match webhook_id(&input.id) {
            Ok(id) => outcome(ctx.webhooks().delete(id).await)?,
            Err(error) => Err(error),
        };
        Ok(match deleted {
            Ok(()) => DeleteWebhookPayload { deleted_id: Some(input.id), user_errors: Vec::new() },
            Err(error) => DeleteWebhookPayload { deleted_id: None, user_errors: vec![error] },
        })
    }

    /// Stops delivering until the webhook is resumed; nothing is lost meanwhile, as long as the log reaches back. An
    /// attempt that is being made may still arrive.
    async fn pause_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to pause.")] input: PauseWebhookInput,
    ) -> Result<PauseWebhookPayload, GatewayError> {
        let paused = match webhook_id(&input.id) {
            Ok(id) => outcome(ctx.webhooks().pause(id).await)?,
            Err(error) => Err(error),
        };
        let (webhook, user_errors) = halves(paused.map(WebhookSubscription::new));
        Ok(PauseWebhookPayload { webhook, user_errors })
    }

    /// Goes on delivering where it stopped, at once.
    async fn resume_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to resume.")] input: ResumeWebhookInput,
    ) -> Result<ResumeWebhookPayload, GatewayError> {
        let resumed = match webhook_id(&input.id) {
            Ok(id) => outcome(ctx.webhooks().resume(id).await)?,
            Err(error) => Err(error),
        };
        let (webhook, user_errors) = halves(resumed.map(WebhookSubscription::new));
        Ok(ResumeWebhookPayload { webhook, user_errors })
    }

    /// Delivers everything from a revision on again, under the same event ids.
    async fn replay_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to replay, and from where.")] input: ReplayWebhookInput,
    ) -> Result<ReplayWebhookPayload, GatewayError> {
        let replayed = match webhook_id(&input.id) {
            Ok(id) => outcome(ctx.webhooks().replay(id, input.from_revision.0).await)?,
            Err(error) => Err(error),
        };
        let (webhook, user_errors) = halves(replayed.map(WebhookSubscription::new));
        Ok(ReplayWebhookPayload { webhook, user_errors })
    }

    /// Sends an event of type `dev.callboard.test` once and says what became of it. The webhook's state and position
    /// stay as they are.
    async fn test_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to test.")] input: TestWebhookInput,
    ) -> Result<TestWebhookPayload, GatewayError> {
        let tested = match webhook_id(&input.id) {
            Ok(id) => outcome(ctx.webhooks().test(id).await)?,
            Err(error) => Err(error),
        };
        let (delivery, user_errors) = halves(tested.map(WebhookDelivery));
        Ok(TestWebhookPayload { delivery, user_errors })
    }
}

fn webhook_id(id: &async_graphql::ID) -> Result<Uuid, UserError> {
    match GlobalId::decode(id) {
        Some(GlobalId::Webhook(id)) => Ok(id),
        _ => Err(UserError::input(UserErrorCode::NotFound, "id", format!("there is no webhook with id `{}`", id.0))),
    }
}

/// Tells outcomes that the caller can do something about from failures of the whole request.
fn outcome<T>(result: Result<T, WebhookError>) -> Result<Result<T, UserError>, GatewayError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error) => UserError::from_webhook(error).map(Err),
    }
}

/// Splits an outcome into the two halves of a payload.
fn halves<T>(outcome: Result<T, UserError>) -> (Option<T>, Vec<UserError>) {
    match outcome {
        Ok(value) => (Some(value), Vec::new()),
        Err(error) => (None, vec![error]),
    }
}
