//! Reading a source: from its location through everything its Location entities name.
//!
//! Owns the walk, wave by wave: expand, read in parallel, follow children, each location once. What happens to one
//! location is `crate::visit_file`'s and `crate::visit_url`'s work. Start reading at [`Reader::read`].

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use callboard_entity_model::{KnownFile, KnownFiles, LocationSpec, Presence, Problem, ProblemCode, Reading};
use callboard_foundation::Clock;
use callboard_net_guard::{Lookup, system_lookup};
use futures::{StreamExt as _, stream};

use crate::{
    DiscoveryError, Origin, ParsedFile, ReadMode, ReaderSettings, SourceSpec,
    children::Base,
    expand::{Expansion, Target, expand_file_target},
    fetch::Fetcher,
    fingerprint::context_of,
    parse::FileParser,
    path::{absolute, location_of},
    rules::{RuleSet, check_patterns},
    scm::ScmHosts,
    visit::{Job, Visited},
    visit_file::visit_file,
    visit_url::visit_url,
    walk::{Visit, Walk},
};

/// Changes whenever reading the same bytes with the same settings may bring something else.
const READER_GENERATION: u32 = 1;

/// Reads sources. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reader {
    settings: Arc<ReaderSettings>,
    clock: Clock,
    scm: ScmHosts,
    fetcher: Fetcher,
}

impl Reader {
    /// Sets up a reader.
    ///
    /// # Errors
    /// When a host, address or pattern of the settings can't be read, or the HTTP client can't be built.
    pub fn new(settings: ReaderSettings, clock: Clock) -> Result<Self, DiscoveryError> {
        Self::with_lookup(settings, clock, system_lookup())
    }

    pub(crate) fn with_lookup(settings: ReaderSettings, clock: Clock, lookup: Lookup) -> Result<Self, DiscoveryError> {
        check_patterns(settings.rules.as_deref().unwrap_or_default())?;
        let scm = ScmHosts::new(&settings)?;
        let fetcher = Fetcher::new(&settings, scm.clone(), lookup)?;
        Ok(Self { settings: Arc::new(settings), clock, scm, fetcher })
    }

    /// Returns the settings.
    #[must_use]
    pub fn settings(&self) -> &ReaderSettings {
        &self.settings
    }

    /// Reads a source, given what is known of its files. Nothing about the source makes this fail: whatever is wrong
    /// is a problem in the reading.
    ///
    /// Must be called on a tokio runtime. Files are read and parsed on its blocking threads.
    pub async fn read(&self, source: &SourceSpec, known: &KnownFiles, mode: ReadMode) -> Reading {
        let mut location = source.location.clone();
        if location.kind == "file" {
            location.target = absolute(&location.target, None).to_string_lossy().into_owned();
        }
        let job = match self.job(source, &location, mode).await {
            Ok(job) => Arc::new(job),
            Err(problem) => return Reading { files: Vec::new(), is_complete: false, problems: vec![*problem] },
        };
        let mut walk = Walk::new(&self.settings.limits, known);
        let mut wave = vec![Visit::root(location)];
        while !wave.is_empty() {
            let (files, addresses): (Vec<_>, Vec<_>) = wave.into_iter().partition(|visit| visit.spec.kind == "file");
            let files = self.expand(files).await;
            let files = walk.admit_files(files);
            let addresses = walk.admit_addresses(addresses);
            let (files, addresses) = futures::join!(
                self.visit_files(&job, files, walk.known()),
                self.visit_addresses(&job, addresses, walk.known()),
            );
            wave = walk.take(files.into_iter().chain(addresses));
        }
        walk.finish()
    }

    /// Parses and validates a text without following anything: placeholders are not filled in and what they stand for
    /// is not checked, and `catalog.rules` does not count. `location` is what problems call the text.
    #[must_use]
    pub fn parse_text(&self, text: &[u8], location: &str) -> ParsedFile {
        let parser = FileParser {
            settings: &self.settings,
            scm: &self.scm,
            rules: &RuleSet::everything(),
            location,
            origin: location,
            base: &Base::Text,
        };
        let contents = parser.parse(text, None);
        ParsedFile { entities: contents.entities, problems: contents.problems }
    }

    async fn job(&self, source: &SourceSpec, location: &LocationSpec, mode: ReadMode) -> Result<Job, Box<Problem>> {
        let refuse = |message: String| Box::new(Problem::error(ProblemCode::NotAllowed, location.reference(), message));
        match (location.kind.as_str(), source.origin) {
            ("url", _) | ("file", Origin::Config) => {}
            ("file", Origin::Registered) => {
                return Err(refuse("locations of type `file` can only be named in the configuration".to_owned()));
            }
            (other, _) => return Err(refuse(format!("location type `{other}` is not supported; use `url` or `file`"))),
        }
        let rules = RuleSet::for_source(self.settings.rules.as_deref(), source.rules.as_deref(), location)
            .map_err(|error| refuse(error.to_string()))?;
        let settings = &self.settings;
        let description = format!(
            "{READER_GENERATION} {} {:?} {} {:?} {} {:?} {:?} {:?} {:?} {}",
            env!("CARGO_PKG_VERSION"),
            settings.policy,
            rules.describe(),
            settings.limits,
            settings.allows_file_placeholders,
            settings.allow,
            settings.private_hosts,
            settings.github,
            settings.gitlab,
            location.reference(),
        );
        Ok(Job {
            settings: Arc::clone(settings),
            scm: self.scm.clone(),
            fetcher: self.fetcher.clone(),
            rules,
            origin: location.reference(),
            context: context_of(&description),
            placeholder_root: self.placeholder_root(location).await,
            mode,
            now: self.clock.now(),
        })
    }

    async fn placeholder_root(&self, location: &LocationSpec) -> Option<PathBuf> {
        if !self.settings.allows_file_placeholders || location.kind != "file" {
            return None;
        }
        let target = location.target.clone();
        let target = tokio::task::spawn_blocking(move || Target::of(&target)).await.ok()?;
        match target.ok()? {
            Target::File(file) => file.parent().map(Path::to_owned),
            Target::Folder(folder) => Some(folder),
            Target::Glob(pattern) => Some(pattern.base),
        }
    }

    async fn expand(&self, visits: Vec<Visit>) -> Vec<(Visit, Expansion)> {
        let max_files = self.settings.limits.max_files;
        let targets: Vec<_> = visits.iter().map(|visit| visit.spec.target.clone()).collect();
        let expanded = tokio::task::spawn_blocking(move || {
            targets.iter().map(|target| expand_file_target(target, max_files)).collect::<Vec<_>>()
        });
        // Without an answer every expansion stays empty and incomplete, so that the reading removes nothing.
        let mut expanded = expanded.await.unwrap_or_default().into_iter();
        visits.into_iter().map(|visit| (visit, expanded.next().unwrap_or_default())).collect()
    }

    async fn visit_files(
        &self,
        job: &Arc<Job>,
        visits: Vec<(Visit, PathBuf)>,
        known: &KnownFiles,
    ) -> Vec<(Visit, Visited)> {
        let threads = match self.settings.limits.file_concurrency {
            0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            threads => threads,
        };
        // Small files go to the threads in handfuls; a handful is small enough that the threads finish together.
        let handful = (visits.len() / (threads * 8)).clamp(1, 64);
        let mut handfuls = Vec::with_capacity(visits.len() / handful + 1);
        let mut visits = visits.into_iter().peekable();
        while visits.peek().is_some() {
            let batch: Vec<_> = visits
                .by_ref()
                .take(handful)
                .map(|(visit, path)| {
                    let known = known.get(location_of(&path).as_str()).cloned();
                    (visit, path, known)
                })
                .collect();
            handfuls.push(visit_handful(Arc::clone(job), batch));
        }
        stream::iter(handfuls).buffered(threads).concat().await
    }

    async fn visit_addresses(&self, job: &Arc<Job>, visits: Vec<Visit>, known: &KnownFiles) -> Vec<(Visit, Visited)> {
        let fetches = visits.into_iter().map(|visit| {
            let known = known.get(visit.spec.reference().as_str()).cloned();
            let job = Arc::clone(job);
            async move {
                let visited = visit_url(job, visit.spec.clone(), known).await;
                (visit, visited)
            }
        });
        stream::iter(fetches).buffered(self.settings.limits.url_concurrency.max(1)).collect().await
    }
}

/// Visits files one after the other on a blocking thread.
async fn visit_handful(job: Arc<Job>, batch: Vec<(Visit, PathBuf, Option<KnownFile>)>) -> Vec<(Visit, Visited)> {
    let read = {
        let batch = batch.clone();
        tokio::task::spawn_blocking(move || {
            let visit_one = |(visit, path, known): (Visit, PathBuf, _)| {
                let visited = visit_file(&job, &path, visit.presence_of_files(), known);
                (visit, visited)
            };
            batch.into_iter().map(visit_one).collect::<Vec<_>>()
        })
    };
    read.await.unwrap_or_else(|_| {
        let interrupted = |(visit, path, known): (Visit, PathBuf, _)| {
            let location = location_of(&path);
            let problem = Problem::error(ProblemCode::Unreadable, &*location, "reading it was interrupted");
            (visit, Visited::failed(location.into(), problem, known))
        };
        batch.into_iter().map(interrupted).collect()
    })
}

impl Visit {
    /// A file that a pattern found may go away again without harm; one that was named must be there.
    fn presence_of_files(&self) -> Presence {
        if self.is_listed { Presence::Optional } else { self.spec.presence }
    }
}

#[cfg(test)]
mod tests;
