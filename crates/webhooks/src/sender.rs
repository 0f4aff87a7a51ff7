//! Sending: one signed request, guarded, bounded in time and bytes, no redirect followed.
//!
//! Owns the HTTP clients. What follows from the answer is decided in `crate::courier`.

use std::{error::Error as StdError, sync::Arc, time::Duration};

use callboard_net_guard::{GuardedResolver, RefusedAddress};
use chrono::{DateTime, Utc};
use reqwest::{Client, Response, StatusCode, header, redirect};
use tokio::time::Instant;
use url::Url;
use uuid::Uuid;

use crate::{
    WebhookError, WebhookSecret, WebhookSettings,
    backoff::retry_after,
    event::{CONTENT_TYPE, Event},
    signature::sign,
    target::{check_target, is_exempt},
};

/// How much of a refusal is read …
const MAX_READ_BYTES: usize = 2_048;
/// … and how much of that is remembered.
const MAX_EXCERPT_CHARS: usize = 300;

/// Sends events.
#[derive(Debug)]
pub(crate) struct Sender {
    /// Connects to addresses of the open internet only.
    guarded: Client,
    /// Connects anywhere; for targets that the configuration names.
    exempt: Client,
    settings: Arc<WebhookSettings>,
}

/// Where an event goes and what it is signed with.
#[derive(Debug, Clone)]
pub(crate) struct Recipient {
    pub(crate) subscription: Uuid,
    pub(crate) target: String,
    pub(crate) secret: WebhookSecret,
    /// The secret before the last rotation, and until when deliveries are signed with it too.
    pub(crate) previous: Option<(WebhookSecret, DateTime<Utc>)>,
}

/// What became of an attempt.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attempted {
    pub(crate) duration: Duration,
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<String>,
    pub(crate) excerpt: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

impl Attempted {
    /// Says why no attempt could be made.
    pub(crate) fn failed(error: impl Into<String>) -> Self {
        Self { error: Some(error.into()), ..Self::default() }
    }

    /// Returns whether the receiver wants nothing any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.status == Some(StatusCode::GONE.as_u16())
    }
}

impl Sender {
    pub(crate) fn new(settings: Arc<WebhookSettings>) -> Result<Self, WebhookError> {
        let client = |is_exempt: bool| {
            let resolver = GuardedResolver::new(Arc::clone(&settings.lookup), move |_| is_exempt);
            let client = Client::builder()
                .user_agent(concat!("callboard/", env!("CARGO_PKG_VERSION")))
                .redirect(redirect::Policy::none())
                // A proxy would resolve names for itself, behind the guard's back.
                .no_proxy()
                .no_gzip()
                .referer(false)
                .timeout(settings.timeout)
                .dns_resolver(Arc::new(resolver));
            client.build().map_err(WebhookError::HttpClient)
        };
        Ok(Self { guarded: client(false)?, exempt: client(true)?, settings })
    }

    /// Makes one attempt. It never fails as such: what went wrong stands in what it returns.
    pub(crate) async fn send(&self, to: &Recipient, event: &Event, now: DateTime<Utc>) -> Attempted {
        let started = Instant::now();
        let mut attempted = self.try_send(to, event, now).await.unwrap_or_else(Attempted::failed);
        // Cut to what the database keeps.
        attempted.duration = Duration::from_micros(u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX));
        attempted
    }

    async fn try_send(&self, to: &Recipient, event: &Event, now: DateTime<Utc>) -> Result<Attempted, String> {
        let url = Url::parse(&to.target).map_err(|error| error.to_string())?;
        check_target(&url, &self.settings)?;
        let client = if is_exempt(&url, &self.settings) { &self.exempt } else { &self.guarded };
        let message_id = format!("msg_{}_{}", to.subscription.simple(), event.id);
        let timestamp = now.timestamp();
        let response = client
            .post(url)
            .header(header::CONTENT_TYPE, CONTENT_TYPE)
            .header("webhook-id", &message_id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", to.signatures(&message_id, now, &event.body))
            .body(event.body.clone())
            .send()
            .await
            .map_err(|error| describe(&error))?;
        Ok(read(response, now).await)
    }
}

impl Recipient {
    /// Returns the signature, and during a rotation that with the previous secret as well.
    fn signatures(&self, message_id: &str, now: DateTime<Utc>, body: &[u8]) -> String {
        let mut signatures = sign(&self.secret, message_id, now.timestamp(), body);
        if let Some((previous, until)) = &self.previous
            && now < *until
        {
            signatures.push(' ');
            signatures.push_str(&sign(previous, message_id, now.timestamp(), body));
        }
        signatures
    }
}

/// Looks at an answer: any 2xx accepts the event.
async fn read(mut response: Response, now: DateTime<Utc>) -> Attempted {
    let status = response.status();
    let header = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = header.and_then(|header| retry_after(header, now));
    let mut beginning = Vec::new();
    // A connection whose answer was read to its end can be used again.
    while beginning.len() < MAX_READ_BYTES
        && let Ok(Some(chunk)) = response.chunk().await
    {
        beginning.extend_from_slice(&chunk[..chunk.len().min(MAX_READ_BYTES - beginning.len())]);
    }
    let status_code = Some(status.as_u16());
    if status.is_success() {
        return Attempted { status: status_code, ..Attempted::default() };
    }
    let error = match status.is_redirection() {
        true => format!("the receiver answered {status}; redirects are not followed"),
        false => format!("the receiver answered {status}"),
    };
    Attempted {
        status: status_code,
        error: Some(error),
        excerpt: excerpt(&beginning),
        retry_after,
        ..Attempted::default()
    }
}

/// Returns the beginning of a text as one line that can be shown.
fn excerpt(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let shown = |char: char| if char.is_control() { ' ' } else { char };
    let excerpt: String = text.trim().chars().map(shown).take(MAX_EXCERPT_CHARS).collect();
    (!excerpt.is_empty()).then_some(excerpt)
}

/// Says why a request failed, without the address that it went to.
fn describe(error: &reqwest::Error) -> String {
    let mut innermost = None;
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<RefusedAddress>() {
            return refused.to_string();
        }
        innermost = Some(error.to_string());
        cause = error.source();
    }
    if error.is_timeout() {
        return "the receiver did not answer in time".to_owned();
    }
    let why = innermost.unwrap_or_else(|| "the connection failed".to_owned());
    format!("the receiver can't be reached: {why}")
}
