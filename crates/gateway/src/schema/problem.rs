//! Problems: everything that is wrong with what the sources declare.
//!
//! Owns the GraphQL shapes and the status that problems add up to. Finding problems is done where sources are read;
//! keeping them is `catalog`'s work.

use std::{cmp::Reverse, sync::Arc};

use async_graphql::{Enum, InputObject, Object, SimpleObject};
use callboard_catalog::{CatalogSnapshot, Source, StoredProblem};
use callboard_document::sizes::MAX_PROBLEMS;
use callboard_entity_model::{Problem, ProblemCode as ModelCode, Severity};
use chrono::{DateTime, Utc};

use super::{
    entity::{AnyEntity, EntityNode, Status, StatusLevel},
    filter::StringFilter,
    location::RegisteredLocation,
    page::{Page, PageInfo, cut},
    scalars::EntityRefScalar,
};
use crate::error::GatewayError;

/// What kind of problem it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "ModelCode")]
pub(crate) enum ProblemCode {
    /// The text is not YAML.
    Syntax,
    /// A field breaks a rule of the entity model.
    InvalidEntity,
    /// The kind is not known and custom kinds are off.
    UnknownKind,
    /// No rule of the configuration allows this kind from this location.
    KindNotAllowed,
    /// A placeholder (`$text`, `$json`, `$yaml`) could not be filled in.
    Placeholder,
    /// A limit was exceeded: bytes, documents, depth, aliases, files.
    Limit,
    /// The file or address is not there.
    NotFound,
    /// It is there but could not be read.
    Unreadable,
    /// It may not be read: the host is not on the allow-list, the address is private, the type is refused.
    NotAllowed,
    /// A chain of Locations leads back to itself.
    Cycle,
    /// The same entity stands twice in one source.
    Duplicate,
    /// Another source declared this entity first.
    Conflict,
    /// A large removal waits for confirmation.
    RemovalHeld,
    /// A link or annotation had an address that browsers would run.
    UnsafeUrl,
}

/// Which problems. All fields given have to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, InputObject)]
pub(crate) struct ProblemFilter {
    /// One of these kinds of problem.
    pub(crate) code: Option<Vec<ProblemCode>>,
    /// One of these levels.
    pub(crate) level: Option<Vec<StatusLevel>>,
    /// About this entity.
    pub(crate) entity: Option<EntityRefScalar>,
    /// In a file or at an address like this, for example `file:/srv/catalog/web.yaml`.
    pub(crate) target: Option<StringFilter>,
}

/// Something that is wrong with what a source declares.
#[derive(Debug, Clone)]
pub(crate) struct ProblemObject {
    problem: Problem,
    /// Where and since when it is kept; nothing for the problems of a text that was only checked.
    kept: Option<(Arc<CatalogSnapshot>, Arc<StoredProblem>)>,
}

impl ProblemObject {
    /// Takes a problem that the catalog keeps.
    pub(crate) fn stored(snapshot: &Arc<CatalogSnapshot>, stored: &Arc<StoredProblem>) -> Self {
        Self { problem: stored.problem.clone(), kept: Some((Arc::clone(snapshot), Arc::clone(stored))) }
    }

    /// Takes the problems that an operation reports and nobody keeps, as many as an answer may have.
    pub(crate) fn reported(problems: Vec<Problem>) -> Vec<Self> {
        problems.into_iter().take(MAX_PROBLEMS).map(|problem| Self { problem, kept: None }).collect()
    }

    fn level(&self) -> StatusLevel {
        self.problem.severity.into()
    }
}

/// Something that is wrong with what a location declares, where it is, and since when.
#[Object(name = "Problem")]
impl ProblemObject {
    /// What kind of problem.
    async fn code(&self) -> ProblemCode {
        self.problem.code.into()
    }

    /// How bad it is.
    #[graphql(name = "level")]
    async fn severity(&self) -> StatusLevel {
        self.level()
    }

    /// A sentence that says what is wrong.
    async fn message(&self) -> &str {
        &self.problem.message
    }

    /// The file or address: `file:/path` or `url:https://…`.
    async fn target(&self) -> &str {
        &self.problem.location
    }

    /// Which document of a file with several, counted from 1; null when it is about the whole file.
    async fn document(&self) -> Option<u32> {
        self.problem.document
    }

    /// The line, counted from 1; null when it is not known.
    async fn line(&self) -> Option<u32> {
        self.problem.line
    }

    /// The column in characters, counted from 1; null when it is not known.
    async fn column(&self) -> Option<u32> {
        self.problem.column
    }

    /// The field, for example `spec.dependsOn[2]`; null when it is not about one field.
    async fn field(&self) -> Option<&str> {
        self.problem.field.as_deref()
    }

    /// The entity that it is about; null when it is not known.
    async fn entity_ref(&self) -> Option<EntityRefScalar> {
        self.problem.entity_ref.as_ref().map(Into::into)
    }

    /// That entity as it is in the catalog now, which may be an older version; null when it is not there.
    async fn entity(&self) -> Option<AnyEntity> {
        let (snapshot, _) = self.kept.as_ref()?;
        EntityNode::find(snapshot, self.problem.entity_ref.as_ref()?).map(AnyEntity)
    }

    /// The registered location whose reading brought it up; null for a text that was only checked.
    async fn location(&self) -> Option<RegisteredLocation> {
        let (snapshot, stored) = self.kept.as_ref()?;
        RegisteredLocation::find(snapshot, stored.source)
    }

    /// When it was seen first; null for a text that was only checked.
    async fn since(&self) -> Option<DateTime<Utc>> {
        self.kept.as_ref().map(|(_, stored)| stored.since)
    }
}

/// A problem of a page with its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct ProblemEdge {
    /// Marks the place.
    cursor: String,
    /// The problem.
    node: ProblemObject,
}

/// A page of problems, oldest first.
#[derive(Debug)]
pub(crate) struct ProblemConnection {
    items: Vec<(String, ProblemObject)>,
    info: PageInfo,
    total_count: usize,
}

impl ProblemConnection {
    /// Takes the catalog's problems that pass the filter.
    pub(crate) fn new(
        snapshot: &Arc<CatalogSnapshot>,
        filter: ProblemFilter,
        page: Page,
    ) -> Result<Self, GatewayError> {
        let codes: Option<Vec<ModelCode>> = filter.code.map(|codes| codes.into_iter().map(Into::into).collect());
        let entity = filter.entity.map(|entity| entity.parse()).transpose()?;
        let is_wanted = |stored: &&Arc<StoredProblem>| {
            let problem = &stored.problem;
            codes.as_ref().is_none_or(|codes| codes.contains(&problem.code))
                && filter.level.as_ref().is_none_or(|levels| levels.contains(&problem.severity.into()))
                && entity.as_ref().is_none_or(|entity| problem.entity_ref.as_ref() == Some(entity))
                && filter.target.as_ref().is_none_or(|target| target.matches(&problem.location))
        };
        let mut problems: Vec<_> = snapshot.sources.problems().iter().filter(is_wanted).collect();
        problems.sort_by_cached_key(|stored| sort_key(stored));
        let total_count = problems.len();
        let cut = cut(page, problems, |stored| sort_key(stored))?;
        let object = |(cursor, stored)| (cursor, ProblemObject::stored(snapshot, stored));
        Ok(Self { items: cut.items.into_iter().map(object).collect(), info: cut.info, total_count })
    }
}

fn sort_key(stored: &StoredProblem) -> String {
    let problem = &stored.problem;
    let (document, line) = (problem.document.unwrap_or(0), problem.line.unwrap_or(0));
    let since = stored.since.timestamp_micros();
    format!("{since:020} {} {document:010} {line:010} {}", problem.location, stored.id)
}

/// A page of problems, oldest first.
#[Object]
impl ProblemConnection {
    /// The problems of the page with their cursors.
    async fn edges(&self) -> Vec<ProblemEdge> {
        let edge =
            |(cursor, node): &(String, ProblemObject)| ProblemEdge { cursor: cursor.clone(), node: node.clone() };
        self.items.iter().map(edge).collect()
    }

    /// The problems of the page.
    async fn nodes(&self) -> Vec<ProblemObject> {
        self.items.iter().map(|(_, problem)| problem.clone()).collect()
    }

    /// Where the page stands in the whole.
    async fn page_info(&self) -> PageInfo {
        self.info.clone()
    }

    /// How many problems there are, this page and all others.
    async fn total_count(&self) -> usize {
        self.total_count
    }
}

/// Returns how an entity is: problems that name it and problems of the file that declares it.
pub(crate) fn status_of_entity(node: &EntityNode) -> Status {
    let snapshot = node.snapshot();
    let location: &str = &node.record().location;
    let about_file = snapshot.sources.problems_of_source(node.record().source);
    let about_file = about_file.filter(|it| it.problem.entity_ref.is_none() && it.problem.location == location);
    let problems = snapshot.sources.problems_of_entity(node.entity_ref()).chain(about_file);
    status(snapshot, problems, snapshot.sources.source(node.record().source))
}

/// Returns how a source is.
pub(crate) fn status_of_source(snapshot: &Arc<CatalogSnapshot>, source: &Arc<Source>) -> Status {
    status(snapshot, snapshot.sources.problems_of_source(source.id), Some(source))
}

fn status<'a>(
    snapshot: &Arc<CatalogSnapshot>,
    problems: impl Iterator<Item = &'a Arc<StoredProblem>>,
    source: Option<&Arc<Source>>,
) -> Status {
    let mut problems: Vec<_> = problems.map(|stored| ProblemObject::stored(snapshot, stored)).collect();
    problems.sort_by_key(|problem| Reverse(problem.level()));
    problems.truncate(MAX_PROBLEMS);
    Status {
        level: problems.first().map_or(StatusLevel::Ok, ProblemObject::level),
        problems,
        last_read_at: source.and_then(|source| source.last_read_at),
        next_read_at: source.and_then(|source| source.next_read_at),
    }
}

/// Returns the level of a source, without making its problems.
pub(crate) fn level_of_source(snapshot: &CatalogSnapshot, source: &Source) -> StatusLevel {
    let severities = snapshot.sources.problems_of_source(source.id).map(|stored| stored.problem.severity);
    severities.max().map_or(StatusLevel::Ok, Severity::into)
}
