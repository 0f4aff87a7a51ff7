//! Events: what is told, in the JSON form of CloudEvents 1.0.
//!
//! Owns the bodies. They are made once and sent as the same bytes at each attempt.

use std::sync::Arc;

use callboard_catalog::{Change, ChangeCursor, LogId, Operation};
use callboard_entity_model::{Revision, changed_paths};
use callboard_view::EntityRecord;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Value, value::RawValue};
use uuid::Uuid;

/// The media type of a body.
pub(crate) const CONTENT_TYPE: &str = "application/cloudevents+json";

/// An event, ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// What it is known by; the same event has the same id for every subscription.
    pub(crate) id: String,
    /// What kind of event, for example `dev.callboard.entity.updated`.
    pub(crate) kind: &'static str,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// What every event of this installation has in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventWriter<'a> {
    pub(crate) source: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
struct CloudEvent<'a, D> {
    specversion: &'static str,
    id: &'a str,
    source: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    time: String,
    datacontenttype: &'static str,
    data: D,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeData<'a> {
    revision: Revision,
    cursor: String,
    #[serde(rename = "ref")]
    entity_ref: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    actor: &'a str,
    cause: &'static str,
    before: Option<&'a RawValue>,
    after: Option<&'a RawValue>,
    changed_paths: Vec<String>,
}

#[derive(Serialize)]
struct PlaceData {
    revision: Revision,
    cursor: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TestData {
    webhook_id: Uuid,
    revision: Revision,
}

impl EventWriter<'_> {
    /// Tells of a change in a log.
    ///
    /// # Errors
    /// When a document in the log is not JSON, which is a fault of whoever wrote it.
    pub(crate) fn change(&self, change: &Change, log: LogId) -> Result<Event, serde_json::Error> {
        let (kind, name) = match change.operation {
            Operation::Created => ("dev.callboard.entity.created", "CREATED"),
            Operation::Updated => ("dev.callboard.entity.updated", "UPDATED"),
            Operation::Deleted => ("dev.callboard.entity.deleted", "DELETED"),
        };
        let changed_paths = match (&change.before, &change.after) {
            (Some(before), Some(after)) => changed_paths(&parse(before)?, &parse(after)?),
            _ => Vec::new(),
        };
        // The revision alone would come again, for another change, in a log that was taken back.
        let place = ChangeCursor { log, revision: change.revision }.to_string();
        let data = ChangeData {
            revision: change.revision,
            cursor: place.clone(),
            entity_ref: change.entity_ref.as_str(),
            kind: name,
            actor: change.actor.as_str(),
            cause: change.cause.as_str(),
            before: raw(&change.before)?,
            after: raw(&change.after)?,
            changed_paths,
        };
        self.write(place, kind, Some(change.entity_ref.as_str()), change.committed_at, data)
    }

    /// Tells that what was told before does not join on to what comes: the whole catalog has to be read at this
    /// revision, and everything after it is told again.
    ///
    /// # Errors
    /// None in practice.
    pub(crate) fn reset(&self, place: ChangeCursor, at: DateTime<Utc>) -> Result<Event, serde_json::Error> {
        let revision = place.revision;
        let data = PlaceData { revision, cursor: place.to_string() };
        self.write(format!("reset-{place}"), "dev.callboard.reset", None, at, data)
    }

    /// Tells nothing, to see whether it arrives.
    ///
    /// # Errors
    /// None in practice.
    pub(crate) fn test(
        &self,
        id: Uuid,
        subscription: Uuid,
        revision: Revision,
        at: DateTime<Utc>,
    ) -> Result<Event, serde_json::Error> {
        let data = TestData { webhook_id: subscription, revision };
        self.write(format!("test-{id}"), "dev.callboard.test", None, at, data)
    }

    fn write(
        &self,
        id: String,
        kind: &'static str,
        subject: Option<&str>,
        at: DateTime<Utc>,
        data: impl Serialize,
    ) -> Result<Event, serde_json::Error> {
        let body = serde_json::to_vec(&CloudEvent {
            specversion: "1.0",
            id: &id,
            source: self.source,
            kind,
            subject,
            time: at.to_rfc3339_opts(SecondsFormat::Micros, true),
            datacontenttype: "application/json",
            data,
        })?;
        Ok(Event { id, kind, body })
    }
}

fn parse(record: &Arc<EntityRecord>) -> Result<Value, serde_json::Error> {
    serde_json::from_str(&record.document)
}

fn raw(record: &Option<Arc<EntityRecord>>) -> Result<Option<&RawValue>, serde_json::Error> {
    record.as_ref().map(|record| serde_json::from_str(&record.document)).transpose()
}
