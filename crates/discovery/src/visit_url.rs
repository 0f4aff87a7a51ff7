//! Visiting one address.
//!
//! Owns the order of things: ask whether it changed, fetch, parse, fetch what placeholders name, validate. Parsing is
//! done on blocking threads.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use callboard_entity_model::{KnownFile, LocationSpec, Problem, ProblemCode};
use url::Url;

use crate::{
    ReadMode,
    children::Base,
    documents,
    fetch::{Fetched, Scope},
    fingerprint::{Cheap, Fingerprint, sha256_of},
    parse::{FileContents, FileParser},
    placeholder::{self, PlaceholderFault},
    visit::{Job, Visited},
};

/// Visits an address, given what is known of it.
pub(crate) async fn visit_url(job: Arc<Job>, spec: LocationSpec, known: Option<KnownFile>) -> Visited {
    let location: Arc<str> = spec.reference().into();
    let url = match Url::parse(spec.target.trim()) {
        Ok(url) => url,
        Err(error) => {
            let message = format!("`{}` is not an address: {error}", spec.target);
            let problem = Problem::error(ProblemCode::NotAllowed, &*location, message);
            return Visited::failed(location, problem, known);
        }
    };
    let mut fingerprint = known.as_ref().and_then(|known| Fingerprint::from_text(&known.fingerprint));
    fingerprint = fingerprint.filter(|fingerprint| fingerprint.context == job.context);
    if let (Some(known), Some(_)) = (&known, &fingerprint)
        && !job.are_still(&url, &known.included).await
    {
        fingerprint = None;
    }
    let validators = match job.mode {
        ReadMode::Conditional => fingerprint.as_ref().map(|fingerprint| &fingerprint.cheap),
        ReadMode::Full => None,
    };
    match job.fetcher.fetch(&url, validators, &Scope::Any).await {
        Fetched::NotModified => Visited::unchanged(location, known),
        Fetched::Missing => Visited::missing(location, spec.presence, known),
        Fetched::Failed(fault) => {
            let problem = Problem::error(fault.code, &*location, fault.message);
            Visited::failed(location, problem, known)
        }
        Fetched::Body { bytes, validators } => {
            let sha256 = sha256_of(&bytes);
            if fingerprint.is_some_and(|known| known.sha256 == sha256) {
                return Visited::unchanged(location, known);
            }
            let fingerprint = Fingerprint { context: job.context.clone(), sha256, cheap: validators };
            let (contents, included) = parse(&job, &url, &location, bytes).await;
            Visited::read(location, contents, &fingerprint, included, known)
        }
    }
}

type Fetches = HashMap<String, Result<Arc<[u8]>, PlaceholderFault>>;

async fn parse(
    job: &Arc<Job>,
    url: &Url,
    location: &Arc<str>,
    bytes: Vec<u8>,
) -> (FileContents, Vec<(String, String)>) {
    let split = {
        let job = Arc::clone(job);
        tokio::task::spawn_blocking(move || {
            let stream = documents::split(&bytes, &job.settings.limits);
            let mut targets = Vec::new();
            for value in stream.documents.iter().filter_map(|document| document.result.as_ref().ok()) {
                let (found, count) = placeholder::targets(value);
                // Too many are refused when the entity is checked; they are not fetched before that.
                if count <= job.settings.limits.max_placeholders {
                    targets.extend(found);
                }
            }
            (bytes, stream, targets)
        })
        .await
    };
    let Ok((bytes, stream, targets)) = split else { return (FileContents::interrupted(location), Vec::new()) };
    let mut fetches = Fetches::new();
    let mut included = Vec::new();
    for target in targets {
        if let Entry::Vacant(vacant) = fetches.entry(target) {
            let fetched = job.include(url, vacant.key(), &mut included).await;
            vacant.insert(fetched);
        }
    }
    let finished = {
        let (job, url, location) = (Arc::clone(job), url.clone(), Arc::clone(location));
        tokio::task::spawn_blocking(move || {
            let base = Base::Url(url);
            let parser = FileParser {
                settings: &job.settings,
                scm: &job.scm,
                rules: &job.rules,
                location: &location,
                origin: &job.origin,
                base: &base,
            };
            let mut include = |target: &str| match fetches.get(target) {
                Some(fetched) => fetched.clone(),
                None => Err(PlaceholderFault::lasting(format!("`{target}` was not fetched"))),
            };
            parser.finish(&bytes, stream, Some(&mut include))
        })
        .await
    };
    (finished.unwrap_or_else(|_| FileContents::interrupted(location)), included)
}

impl Job {
    /// Fetches what a placeholder beside `url` names, from the same repository or folder only.
    async fn include(
        &self,
        url: &Url,
        target: &str,
        included: &mut Vec<(String, String)>,
    ) -> Result<Arc<[u8]>, PlaceholderFault> {
        let resolved = self.scm.resolve(target, url).map_err(PlaceholderFault::lasting)?;
        let resolved = Url::parse(&resolved)
            .map_err(|error| PlaceholderFault::lasting(format!("`{target}` is not an address: {error}")))?;
        match self.fetcher.fetch(&resolved, None, &self.scope_of(url)).await {
            Fetched::Body { bytes, validators } => {
                let sha256 = sha256_of(&bytes);
                let fingerprint = Fingerprint { context: self.context.clone(), sha256, cheap: validators };
                included.push((format!("url:{resolved}"), fingerprint.to_text()));
                Ok(bytes.into())
            }
            Fetched::Missing | Fetched::NotModified => {
                Err(PlaceholderFault::passing(format!("`{resolved}` does not exist")))
            }
            Fetched::Failed(fault) if fault.is_passing() => Err(PlaceholderFault::passing(fault.message)),
            Fetched::Failed(fault) => Err(PlaceholderFault::lasting(fault.message)),
        }
    }

    /// Says whether all that was taken in is still the same.
    async fn are_still(&self, url: &Url, included: &[(String, String)]) -> bool {
        for (location, seen) in included {
            let target = location.strip_prefix("url:").and_then(|target| Url::parse(target).ok());
            let (Some(target), Some(seen)) = (target, Fingerprint::from_text(seen)) else { return false };
            let validators: Option<&Cheap> = Some(&seen.cheap);
            let is_same = match self.fetcher.fetch(&target, validators, &self.scope_of(url)).await {
                Fetched::NotModified => true,
                Fetched::Body { bytes, .. } => sha256_of(&bytes) == seen.sha256,
                // Whatever is wrong with it, parsing the entity again reports it in the right place.
                Fetched::Missing | Fetched::Failed(_) => false,
            };
            if !is_same {
                return false;
            }
        }
        true
    }

    fn scope_of(&self, url: &Url) -> Scope {
        match self.scm.repository_of(url) {
            Some(repository) => Scope::Repository(repository),
            None => Scope::Beside(url.clone()),
        }
    }
}
