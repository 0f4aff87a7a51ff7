//! From the bytes of one file to its entities, its further locations, and its problems.
//!
//! Owns what is done with each document: placeholders, validation, rules, annotations. It reads nothing itself; what
//! placeholders take in is handed to it. Start reading at [`FileParser::parse`].

use std::collections::HashMap;

use callboard_entity_model::{
    Entity, EntityRef, LocationSpec, Problem, ProblemCode, ReadEntity, Severity, Violation, ViolationCode,
};
use callboard_yaml::{ParsedStream, locate};
use serde_json::Value;

use crate::{
    ReaderSettings,
    children::{Base, children_of},
    documents,
    placeholder::{self, Include},
    rules::RuleSet,
    scm::ScmHosts,
};

/// What a text declares.
#[derive(Debug, Clone, Default)]
pub struct ParsedFile {
    /// The valid entities, in the order written.
    pub entities: Vec<ReadEntity>,
    /// Everything wrong, in the order of the documents.
    pub problems: Vec<Problem>,
}

/// Everything about a file besides its bytes.
pub(crate) struct FileParser<'a> {
    pub(crate) settings: &'a ReaderSettings,
    pub(crate) scm: &'a ScmHosts,
    pub(crate) rules: &'a RuleSet,
    /// The file's location, `file:/path` or `url:https://…`.
    pub(crate) location: &'a str,
    /// The location of the source.
    pub(crate) origin: &'a str,
    /// What the targets of its Location entities are relative to.
    pub(crate) base: &'a Base,
}

/// What a file turned out to hold.
#[derive(Debug, Default)]
pub(crate) struct FileContents {
    pub(crate) entities: Vec<ReadEntity>,
    pub(crate) children: Vec<LocationSpec>,
    pub(crate) keep: Vec<EntityRef>,
    pub(crate) has_unknown: bool,
    pub(crate) problems: Vec<Problem>,
    /// Whether reading the same bytes again may bring more, because a placeholder failed for now.
    pub(crate) is_passing: bool,
    /// Where each entity stands in `entities`.
    seen: HashMap<EntityRef, usize>,
    /// The further locations, with the place in `entities` of the Location that names them.
    named: Vec<(usize, LocationSpec)>,
    suppressed: usize,
    located: usize,
}

/// How many problems of a file are shown at their exact place. Finding a place means going through the file again, and
/// a file in which everything is wrong must not cost more than a file may.
const MAX_LOCATED: usize = 100;

impl FileContents {
    /// Returns what stands for a file whose parsing ended early: nothing of it is known, everything stays.
    pub(crate) fn interrupted(location: &str) -> Self {
        let problem = Problem::error(ProblemCode::Unreadable, location, "reading it was interrupted");
        Self { has_unknown: true, is_passing: true, problems: vec![problem], ..Self::default() }
    }
}

/// A document on its way.
struct Place<'a> {
    bytes: &'a [u8],
    index: u32,
    line: u32,
}

impl FileParser<'_> {
    /// Parses a file. Without `include`, placeholders are not filled in and what they stand for is not checked.
    pub(crate) fn parse(&self, bytes: &[u8], include: Option<&mut Include<'_>>) -> FileContents {
        self.finish(bytes, documents::split(bytes, &self.settings.limits), include)
    }

    /// Goes on where a file's documents are parsed already.
    pub(crate) fn finish(
        &self,
        bytes: &[u8],
        stream: ParsedStream,
        mut include: Option<&mut Include<'_>>,
    ) -> FileContents {
        let mut contents = FileContents::default();
        for document in stream.documents {
            let place = Place { bytes, index: document.index, line: document.line };
            match document.result {
                Ok(value) => match &mut include {
                    Some(include) => self.take(&mut contents, &place, value, Some(&mut **include)),
                    None => self.take(&mut contents, &place, value, None),
                },
                Err(error) => {
                    contents.has_unknown = true;
                    let mut problem = self.problem(documents::code_of(&error), &place, error.message.clone());
                    problem.line = error.line.or(problem.line);
                    problem.column = error.column;
                    self.report(&mut contents, problem);
                }
            }
        }
        self.count_suppressed(&mut contents);
        contents.children = std::mem::take(&mut contents.named).into_iter().map(|(_, child)| child).collect();
        contents
    }

    fn take(
        &self,
        contents: &mut FileContents,
        place: &Place<'_>,
        mut value: Value,
        include: Option<&mut Include<'_>>,
    ) {
        if !value.is_object() {
            contents.has_unknown = true;
            let message = "an entity must be an object with `apiVersion`, `kind`, `metadata` and `spec`";
            self.report(contents, self.problem(ProblemCode::InvalidEntity, place, message.to_owned()));
            return;
        }
        let entity_ref = Entity::readable_ref(&value);
        let mut unchecked = Vec::new();
        match include {
            Some(include) => {
                if !self.fill(contents, place, &mut value, entity_ref.as_ref(), include) {
                    keep(contents, entity_ref);
                    return;
                }
            }
            None => unchecked = placeholder::blank_out(&mut value),
        }
        let is_checked = |violation: &Violation| {
            !unchecked.iter().any(|path| violation.path.starts_with(path) || path.starts_with(&violation.path))
        };
        match Entity::validate(value, self.settings.policy) {
            Ok((entity, warnings)) => {
                self.report_violations(contents, place, Some(entity.entity_ref()), warnings);
                self.accept(contents, place, entity);
            }
            Err(mut violations) => {
                if !unchecked.is_empty() {
                    violations.retain(is_checked);
                }
                self.report_violations(contents, place, entity_ref.as_ref(), violations);
                keep(contents, entity_ref);
            }
        }
    }

    /// Fills in the placeholders and says whether all of them could be.
    fn fill(
        &self,
        contents: &mut FileContents,
        place: &Place<'_>,
        value: &mut Value,
        entity_ref: Option<&EntityRef>,
        include: &mut Include<'_>,
    ) -> bool {
        let (_, count) = placeholder::targets(value);
        if count == 0 {
            return true;
        }
        let max = self.settings.limits.max_placeholders;
        if count > max {
            let message = format!("the entity has {count} placeholders, more than the {max} that one may have");
            let mut problem = self.problem(ProblemCode::Limit, place, message);
            problem.entity_ref = entity_ref.cloned();
            self.report(contents, problem);
            return false;
        }
        let unfilled = placeholder::fill(value, include);
        let is_filled = unfilled.is_empty();
        for unfilled in unfilled {
            contents.is_passing |= unfilled.fault.is_passing;
            let mut problem = self.problem(ProblemCode::Placeholder, place, unfilled.fault.message);
            self.point_at(contents, &mut problem, place, &unfilled.path);
            problem.entity_ref = entity_ref.cloned();
            self.report(contents, problem);
        }
        is_filled
    }

    fn accept(&self, contents: &mut FileContents, place: &Place<'_>, mut entity: Entity) {
        let entity_ref = entity.entity_ref().clone();
        if !self.rules.allows(entity.value()) {
            let kind = entity.value()["kind"].as_str().unwrap_or_default();
            let message = format!("no rule of `catalog.rules` allows kind `{kind}` from `{}`", self.origin);
            self.report(contents, self.problem(ProblemCode::KindNotAllowed, place, message).about(entity_ref));
            return;
        }
        // As in Backstage, the last declaration of a file counts.
        let position = contents.seen.get(&entity_ref).copied().unwrap_or(contents.entities.len());
        if let Some(earlier) = contents.entities.get(position) {
            let message = format!(
                "`{entity_ref}` is declared twice in this file; this declaration counts, the one in line {} does not",
                earlier.line
            );
            self.report(contents, self.problem(ProblemCode::Duplicate, place, message).about(entity_ref.clone()));
            contents.named.retain(|(namer, _)| *namer != position);
        }
        let (children, refused) = children_of(entity.value(), self.base, self.scm);
        contents.named.extend(children.into_iter().map(|child| (position, child)));
        for refused in refused {
            let mut problem = self.problem(refused.code, place, refused.message).about(entity_ref.clone());
            self.point_at(contents, &mut problem, place, &refused.path);
            self.report(contents, problem);
        }
        self.annotate(&mut entity);
        let (document, hash) = entity.into_document();
        let read = ReadEntity { entity_ref: entity_ref.clone(), document, hash, line: place.line };
        match contents.entities.get_mut(position) {
            Some(earlier) => *earlier = read,
            None => contents.entities.push(read),
        }
        contents.seen.insert(entity_ref, position);
    }

    fn annotate(&self, entity: &mut Entity) {
        entity.annotate("backstage.io/managed-by-location", self.location);
        entity.annotate("backstage.io/managed-by-origin-location", self.origin);
        let Base::Url(url) = self.base else { return };
        let target = self.location.strip_prefix("url:").unwrap_or(self.location);
        let derived = [
            ("backstage.io/view-url", Some(target.to_owned())),
            ("backstage.io/edit-url", self.scm.edit_url(url)),
            ("backstage.io/source-location", self.scm.source_url(url).map(|url| format!("url:{url}"))),
        ];
        for (key, value) in derived {
            let is_written = !entity.value()["metadata"]["annotations"][key].is_null();
            if let Some(value) = value.filter(|_| !is_written) {
                entity.annotate(key, &value);
            }
        }
    }

    fn report_violations(
        &self,
        contents: &mut FileContents,
        place: &Place<'_>,
        entity_ref: Option<&EntityRef>,
        violations: Vec<Violation>,
    ) {
        for violation in violations {
            if contents.problems.len() >= self.settings.limits.max_problems_per_file {
                contents.suppressed += 1;
                continue;
            }
            let code = match violation.code {
                ViolationCode::Field => ProblemCode::InvalidEntity,
                ViolationCode::UnknownKind => ProblemCode::UnknownKind,
                ViolationCode::UnsafeUrl => ProblemCode::UnsafeUrl,
            };
            let mut problem = self.problem(code, place, violation.message.clone());
            if !violation.is_fatal {
                problem.severity = Severity::Warning;
            }
            self.point_at(contents, &mut problem, place, &violation.path);
            problem.entity_ref = entity_ref.cloned();
            contents.problems.push(problem);
        }
    }

    /// Adds the field and its line and column. This parses the document again, which is why it is done for problems
    /// only.
    fn point_at(&self, contents: &mut FileContents, problem: &mut Problem, place: &Place<'_>, path: &[String]) {
        if !path.is_empty() {
            let violation =
                Violation { code: ViolationCode::Field, path: path.to_vec(), message: String::new(), is_fatal: true };
            problem.field = Some(violation.field());
        }
        contents.located += 1;
        if contents.located > MAX_LOCATED {
            return;
        }
        if let Some((line, column)) = locate(place.bytes, place.index, path) {
            problem.line = Some(line);
            problem.column = Some(column);
        }
    }

    fn problem(&self, code: ProblemCode, place: &Place<'_>, message: String) -> Problem {
        let mut problem = Problem::error(code, self.location, message);
        problem.document = Some(place.index);
        problem.line = Some(place.line);
        problem
    }

    fn report(&self, contents: &mut FileContents, problem: Problem) {
        if contents.problems.len() < self.settings.limits.max_problems_per_file {
            contents.problems.push(problem);
        } else {
            contents.suppressed += 1;
        }
    }

    fn count_suppressed(&self, contents: &mut FileContents) {
        if contents.suppressed > 0 {
            let message = format!(
                "{} more problems of this file are not shown; {} are the most for one file",
                contents.suppressed, self.settings.limits.max_problems_per_file
            );
            contents.problems.push(Problem::error(ProblemCode::Limit, self.location, message).as_warning());
        }
    }
}

fn keep(contents: &mut FileContents, entity_ref: Option<EntityRef>) {
    match entity_ref {
        Some(entity_ref) => contents.keep.push(entity_ref),
        None => contents.has_unknown = true,
    }
}
