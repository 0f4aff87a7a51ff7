//! Fetching one address: guarded, bounded in bytes and time, redirects checked one by one.
//!
//! Owns the HTTP client, the only one of this crate. What an address means on a code host is `crate::scm`'s work, what
//! may be read is `crate::guard`'s. Start reading at [`Fetcher::fetch`].

use std::{error::Error as StdError, sync::Arc, time::Duration};

use callboard_entity_model::ProblemCode;
use callboard_net_guard::{GuardedResolver, Lookup, RefusedAddress};
use reqwest::{Client, Response, StatusCode, header, redirect};
use url::Url;

use crate::{
    DiscoveryError, ReaderSettings,
    fingerprint::Cheap,
    guard::{Guard, with_hint},
    scm::{ScmHosts, ScmRequest},
};

/// Fetches addresses.
#[derive(Debug, Clone)]
pub(crate) struct Fetcher {
    client: Client,
    guard: Guard,
    scm: ScmHosts,
    max_bytes: u64,
    max_redirects: usize,
    timeout: Duration,
}

/// What a fetch may lead to, redirects included.
#[derive(Debug, Clone)]
pub(crate) enum Scope {
    /// Whatever the guard allows.
    Any,
    /// Only what lies in this repository of a code host.
    Repository(String),
    /// Only what lies beside or below this file.
    Beside(Url),
}

/// What fetching brought.
#[derive(Debug)]
pub(crate) enum Fetched {
    /// The server says that it is the one known.
    NotModified,
    /// The whole body.
    Body { bytes: Vec<u8>, validators: Cheap },
    /// The server says that there is nothing.
    Missing,
    /// It could not or may not be fetched.
    Failed(FetchFault),
}

/// Why an address could not be fetched.
#[derive(Debug, Clone)]
pub(crate) struct FetchFault {
    pub(crate) code: ProblemCode,
    pub(crate) message: String,
}

impl FetchFault {
    fn not_allowed(message: String) -> Self {
        Self { code: ProblemCode::NotAllowed, message }
    }

    fn unreadable(message: String) -> Self {
        Self { code: ProblemCode::Unreadable, message }
    }

    /// Whether trying again may help.
    pub(crate) fn is_passing(&self) -> bool {
        self.code == ProblemCode::Unreadable
    }
}

impl Fetcher {
    pub(crate) fn new(settings: &ReaderSettings, scm: ScmHosts, lookup: Lookup) -> Result<Self, DiscoveryError> {
        let guard = Guard::new(settings, scm.names())?;
        let names = guard.clone();
        let resolver = GuardedResolver::new(lookup, move |name| names.name_may_be_private(name));
        let client = Client::builder()
            .user_agent(concat!("callboard/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            // A proxy would resolve names for itself, behind the guard's back.
            .no_proxy()
            .referer(false)
            .connect_timeout(settings.limits.url_timeout)
            .dns_resolver(Arc::new(resolver))
            .build()
            .map_err(DiscoveryError::HttpClient)?;
        Ok(Self {
            client,
            guard,
            scm,
            max_bytes: settings.limits.max_file_bytes,
            max_redirects: settings.limits.max_redirects,
            timeout: settings.limits.url_timeout,
        })
    }

    /// Fetches an address, unless the server says that it is still the one with these validators.
    pub(crate) async fn fetch(&self, url: &Url, validators: Option<&Cheap>, scope: &Scope) -> Fetched {
        match tokio::time::timeout(self.timeout, self.try_fetch(url, validators, scope)).await {
            Ok(Ok(fetched)) => fetched,
            Ok(Err(fault)) => Fetched::Failed(fault),
            Err(_) => Fetched::Failed(FetchFault::unreadable(format!(
                "`{url}` did not answer completely within {} seconds",
                self.timeout.as_secs_f32()
            ))),
        }
    }

    async fn try_fetch(&self, url: &Url, validators: Option<&Cheap>, scope: &Scope) -> Result<Fetched, FetchFault> {
        self.guard.check(url).map_err(FetchFault::not_allowed)?;
        self.check_scope(url, scope)?;
        let first = self
            .scm
            .plan(url)
            .map_err(FetchFault::not_allowed)?
            .unwrap_or_else(|| ScmRequest { url: url.clone(), headers: Vec::new() });
        let mut hop = first.url.clone();
        for _ in 0..=self.max_redirects {
            self.guard.check_form(&hop).map_err(FetchFault::not_allowed)?;
            let response = self.request(&hop, &first, validators).await?;
            if !is_redirect(response.status()) {
                return self.read(url, response).await;
            }
            hop = self.next_hop(&hop, &response)?;
            self.check_redirect(url, &first.url, &hop, scope)?;
        }
        Err(FetchFault::unreadable(format!("`{url}` redirects more than {} times", self.max_redirects)))
    }

    async fn request(&self, hop: &Url, first: &ScmRequest, validators: Option<&Cheap>) -> Result<Response, FetchFault> {
        let mut request = self.client.get(hop.clone());
        // Credentials go to their own host and nowhere else, wherever a redirect leads.
        if hop.origin() == first.url.origin() {
            for (name, value) in &first.headers {
                request = request.header(*name, value);
            }
        }
        if let Some(Cheap::Http { etag, last_modified }) = validators {
            if let Some(etag) = etag {
                request = request.header(header::IF_NONE_MATCH, etag);
            } else if let Some(last_modified) = last_modified {
                request = request.header(header::IF_MODIFIED_SINCE, last_modified);
            }
        }
        request.send().await.map_err(|error| fault_of(hop, &error))
    }

    fn next_hop(&self, hop: &Url, response: &Response) -> Result<Url, FetchFault> {
        response
            .headers()
            .get(header::LOCATION)
            .and_then(|location| location.to_str().ok())
            .and_then(|location| hop.join(location).ok())
            .ok_or_else(|| FetchFault::unreadable(format!("`{hop}` redirects to nowhere")))
    }

    fn check_redirect(&self, url: &Url, first: &Url, hop: &Url, scope: &Scope) -> Result<(), FetchFault> {
        let refuse = |why: &str| FetchFault::not_allowed(format!("`{url}` redirects to `{hop}`, but {why}"));
        if first.scheme() == "https" && hop.scheme() != "https" {
            return Err(refuse("a redirect must not leave https"));
        }
        // The host of an API that we chose ourselves need not be on the allow-list, as long as we stay there.
        let is_own_api = first != url && hop.origin() == first.origin();
        if !is_own_api {
            self.guard.check(hop).map_err(|why| refuse(&why))?;
        }
        match scope {
            Scope::Any => Ok(()),
            Scope::Repository(_) if is_own_api => Ok(()),
            Scope::Repository(_) => Err(refuse("a placeholder must stay in the repository")),
            Scope::Beside(_) => self.check_scope(hop, scope).map_err(|fault| refuse(&fault.message)),
        }
    }

    fn check_scope(&self, url: &Url, scope: &Scope) -> Result<(), FetchFault> {
        let is_inside = match scope {
            Scope::Any => true,
            Scope::Repository(repository) => self.scm.repository_of(url).as_deref() == Some(repository),
            Scope::Beside(file) => {
                let folder = file.path().rfind('/').map_or("", |end| &file.path()[..=end]);
                url.origin() == file.origin()
                    && url.path().starts_with(folder)
                    && crate::scm::refuse_tricks(url.path()).is_ok()
            }
        };
        if is_inside {
            return Ok(());
        }
        Err(FetchFault::not_allowed(format!("`{url}` is not in the same repository or folder as the entity")))
    }

    async fn read(&self, url: &Url, mut response: Response) -> Result<Fetched, FetchFault> {
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED => return Ok(Fetched::NotModified),
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(Fetched::Missing),
            status => return Err(FetchFault::unreadable(format!("`{url}` answered {status}"))),
        }
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let validators = Cheap::Http { etag: text(header::ETAG), last_modified: text(header::LAST_MODIFIED) };
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() as u64 + chunk.len() as u64 > self.max_bytes => {
                    let message = format!("`{url}` has more than the {} bytes that a file may have", self.max_bytes);
                    return Err(FetchFault { code: ProblemCode::Limit, message });
                }
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => return Ok(Fetched::Body { bytes, validators }),
                Err(error) => return Err(fault_of(url, &error)),
            }
        }
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    )
}

fn fault_of(url: &Url, error: &reqwest::Error) -> FetchFault {
    let mut causes = Vec::new();
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<RefusedAddress>() {
            return FetchFault::not_allowed(with_hint(&refused.0));
        }
        causes.push(error.to_string());
        cause = error.source();
    }
    let why = causes.pop().unwrap_or_else(|| "the connection failed".to_owned());
    FetchFault::unreadable(format!("`{url}` can't be fetched: {why}"))
}
