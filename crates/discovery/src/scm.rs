//! Code hosts: what an address of GitHub or GitLab means and how its file is fetched.
//!
//! Owns the translation of page addresses (`/blob/`, `/raw/`, …) into API requests, and of relative targets. Whether a
//! host may be read is `crate::guard`'s work. API addresses are built from decoded and newly encoded path parts, never
//! by replacing text, so that no encoded `..` or `/` reaches another endpoint with our token. Pure; start reading at
//! [`ScmHosts::plan`].

use callboard_net_guard::host_and_port;
use percent_encode::{decode, encode_path, encode_segment};
use url::Url;

use crate::{DiscoveryError, GithubIntegration, GitlabIntegration, ReaderSettings, Token, guard::trim_slash};

mod percent_encode;

/// The code hosts of an installation.
#[derive(Debug, Clone)]
pub(crate) struct ScmHosts {
    hosts: Vec<ScmHost>,
}

#[derive(Debug, Clone)]
struct ScmHost {
    /// `name` or `name:port`, as in the page addresses.
    host: String,
    api: Url,
    kind: ScmKind,
    token: Option<Token>,
}

#[derive(Debug, Clone)]
enum ScmKind {
    Github { raw: Url },
    Gitlab { base_path: String },
}

/// How to fetch a file of a code host.
#[derive(Debug, Clone)]
pub(crate) struct ScmRequest {
    pub(crate) url: Url,
    /// Headers to send to this address's own host only.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// A file of a repository, taken apart; the parts are decoded.
#[derive(Debug, PartialEq, Eq)]
struct RepositoryFile {
    /// `owner/name`, or with more groups at GitLab.
    project: String,
    reference: String,
    path: String,
}

impl ScmHosts {
    pub(crate) fn new(settings: &ReaderSettings) -> Result<Self, DiscoveryError> {
        let github = settings.github.iter().map(ScmHost::github);
        let gitlab = settings.gitlab.iter().map(ScmHost::gitlab);
        Ok(Self { hosts: github.chain(gitlab).collect::<Result<_, _>>()? })
    }

    /// Returns the names of the hosts, for the allow-list and the fingerprints.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.hosts.iter().map(|host| host.host.as_str())
    }

    /// Returns how to fetch an address; `None` when it is not on a code host.
    pub(crate) fn plan(&self, url: &Url) -> Result<Option<ScmRequest>, String> {
        let Some(host) = self.host_of(url) else { return Ok(None) };
        let file = host.take_apart(url)?;
        if file.path.contains('*') {
            return Err(format!("`{url}` has a wildcard; wildcards are not supported in addresses"));
        }
        Ok(Some(host.request(&file)))
    }

    /// Returns what a target means beside the address `base`: one with a leading slash starts at the root of the
    /// repository, as in Backstage.
    pub(crate) fn resolve(&self, target: &str, base: &Url) -> Result<String, String> {
        let target = target.trim();
        if Url::parse(target).is_ok() {
            return Ok(target.to_owned());
        }
        refuse_tricks(target)?;
        let not_an_address = |_| format!("`{target}` is neither an address nor a path beside `{base}`");
        let Some(host) = self.host_of(base).filter(|_| target.starts_with('/') && !target.starts_with("//")) else {
            let mut resolved = base.join(target).map_err(not_an_address)?;
            if self.host_of(base).is_some() {
                resolved.set_query(base.query());
            }
            return Ok(resolved.into());
        };
        let root = host.root_of(base).ok_or_else(|| format!("`{base}` is not a file of a repository"))?;
        let mut resolved = base.join(&format!("{root}{target}")).map_err(not_an_address)?;
        resolved.set_query(base.query());
        Ok(resolved.into())
    }

    /// Returns what two addresses must have in common for one to take in the other: the repository.
    pub(crate) fn repository_of(&self, url: &Url) -> Option<String> {
        let host = self.host_of(url)?;
        let file = host.take_apart(url).ok()?;
        Some(format!("{}/{}", host.host, file.project).to_lowercase())
    }

    /// Returns the page that edits a file.
    pub(crate) fn edit_url(&self, url: &Url) -> Option<String> {
        self.host_of(url)?.with_page(url, "edit")
    }

    /// Returns the page of the folder that a file lies in.
    pub(crate) fn source_url(&self, url: &Url) -> Option<String> {
        let host = self.host_of(url)?;
        let folder = url.join("./").ok()?;
        match host.kind {
            ScmKind::Github { .. } => host.with_page(&folder, "tree").or(Some(folder.into())),
            ScmKind::Gitlab { .. } => Some(folder.into()),
        }
    }

    fn host_of(&self, url: &Url) -> Option<&ScmHost> {
        let name = host_and_port(url)?;
        self.hosts.iter().find(|host| host.host == name)
    }
}

impl ScmHost {
    fn github(integration: &GithubIntegration) -> Result<Self, DiscoveryError> {
        let GithubIntegration { host, api_base_url, raw_base_url, token } = integration;
        let host = host.to_lowercase();
        let (api, raw) = match host.as_str() {
            "github.com" => ("https://api.github.com".to_owned(), "https://raw.githubusercontent.com".to_owned()),
            _ => (format!("https://{host}/api/v3"), format!("https://{host}/raw")),
        };
        let api = parse_setting("integrations.github[].apiBaseUrl", api_base_url.as_deref().unwrap_or(&api))?;
        let raw = parse_setting("integrations.github[].rawBaseUrl", raw_base_url.as_deref().unwrap_or(&raw))?;
        Ok(Self { host, api, kind: ScmKind::Github { raw }, token: token.clone() })
    }

    fn gitlab(integration: &GitlabIntegration) -> Result<Self, DiscoveryError> {
        let GitlabIntegration { host, api_base_url, base_url, token } = integration;
        let host = host.to_lowercase();
        let base = base_url.clone().unwrap_or_else(|| format!("https://{host}"));
        let base = parse_setting("integrations.gitlab[].baseUrl", &base)?;
        let api = api_base_url.clone().unwrap_or_else(|| format!("{}/api/v4", trim_slash(base.as_str())));
        let api = parse_setting("integrations.gitlab[].apiBaseUrl", &api)?;
        let base_path = trim_slash(base.path()).to_owned();
        Ok(Self { host, api, kind: ScmKind::Gitlab { base_path }, token: token.clone() })
    }

    fn request(&self, file: &RepositoryFile) -> ScmRequest {
        let RepositoryFile { project, reference, path } = file;
        // A dash or HEAD stands for the default branch.
        let is_default = reference == "-" || reference == "HEAD";
        let mut headers = Vec::new();
        let mut url = match &self.kind {
            ScmKind::Github { raw } if self.token.is_none() => {
                let reference = if is_default { "HEAD" } else { reference };
                with_path(raw, &format!("{}/{}/{}", encode_path(project), encode_segment(reference), encode_path(path)))
            }
            ScmKind::Github { .. } => {
                headers.push(("accept", "application/vnd.github.raw+json".to_owned()));
                with_path(&self.api, &format!("repos/{}/contents/{}", encode_path(project), encode_path(path)))
            }
            ScmKind::Gitlab { .. } => with_path(
                &self.api,
                &format!("projects/{}/repository/files/{}/raw", encode_segment(project), encode_segment(path)),
            ),
        };
        let is_api = self.token.is_some() || matches!(self.kind, ScmKind::Gitlab { .. });
        if is_api && (!is_default || matches!(self.kind, ScmKind::Gitlab { .. })) {
            let reference = if is_default { "HEAD" } else { reference };
            url.query_pairs_mut().append_pair("ref", reference);
        }
        if let Some(token) = &self.token {
            headers.push(match self.kind {
                ScmKind::Github { .. } => ("authorization", format!("Bearer {}", token.reveal())),
                ScmKind::Gitlab { .. } => ("private-token", token.reveal().to_owned()),
            });
        }
        ScmRequest { url, headers }
    }

    fn take_apart(&self, url: &Url) -> Result<RepositoryFile, String> {
        refuse_tricks(url.path())?;
        let not_a_file = || {
            format!(
                "`{url}` is not a file of a repository; expected an address such as `https://{}/…/blob/main/catalog-info.yaml`",
                self.host
            )
        };
        let (project, page) = self.split(url.path()).ok_or_else(not_a_file)?;
        let mut page = page.splitn(3, '/').map(decode);
        match (page.next(), page.next(), page.next()) {
            (Some(Some(kind)), Some(Some(reference)), Some(Some(path)))
                if matches!(kind.as_str(), "blob" | "tree" | "raw" | "edit")
                    && !reference.is_empty()
                    && !path.is_empty() =>
            {
                let project = decode(project).ok_or_else(not_a_file)?;
                let is_odd = |part: &str| part.is_empty() || part == "." || part == "..";
                if project.split('/').chain(path.split('/')).any(is_odd) || reference == ".." {
                    return Err(not_a_file());
                }
                Ok(RepositoryFile { project, reference, path })
            }
            _ => Err(not_a_file()),
        }
    }

    /// Splits a path into the project and what stands behind it, `blob/<reference>/<path>`; both still encoded.
    fn split<'a>(&self, path: &'a str) -> Option<(&'a str, &'a str)> {
        match &self.kind {
            ScmKind::Github { .. } => {
                let path = path.strip_prefix('/')?;
                let owner_end = path.find('/')?;
                let name_end = owner_end + 1 + path[owner_end + 1..].find('/')?;
                Some((&path[..name_end], &path[name_end + 1..]))
            }
            ScmKind::Gitlab { base_path } => {
                let path = path.strip_prefix(base_path.as_str())?.strip_prefix('/')?;
                if let Some((project, page)) = path.split_once("/-/") {
                    return Some((project, page));
                }
                let pages = ["/blob/", "/raw/", "/tree/", "/edit/"];
                let end = pages.iter().filter_map(|page| path.find(page)).min()?;
                Some((&path[..end], &path[end + 1..]))
            }
        }
    }

    /// Returns the path of the repository's root on the same page kind and reference, without a slash at the end.
    fn root_of(&self, url: &Url) -> Option<String> {
        let (_, page) = self.split(url.path())?;
        let file = page.splitn(3, '/').nth(2)?;
        Some(url.path().strip_suffix(file)?.trim_end_matches('/').to_owned())
    }

    fn with_page(&self, url: &Url, page: &str) -> Option<String> {
        let (_, rest) = self.split(url.path())?;
        let (kind, file) = rest.split_once('/')?;
        if !matches!(kind, "blob" | "tree" | "edit") {
            return Some(url.as_str().to_owned());
        }
        let mut changed = url.clone();
        let prefix = url.path().strip_suffix(rest)?;
        changed.set_path(&format!("{prefix}{page}/{file}"));
        Some(changed.into())
    }
}

/// Refuses spellings that a code host may read as another path than we do.
pub(crate) fn refuse_tricks(path: &str) -> Result<(), String> {
    let lower = path.to_ascii_lowercase();
    let path_part = lower.split(['?', '#']).next().unwrap_or_default();
    if ["%2e", "%2f", "%5c", "%25", "%00", "\\"].iter().any(|trick| path_part.contains(trick)) {
        return Err(format!(
            "`{path}` has an encoded dot, slash, backslash or percent sign, which is not allowed here"
        ));
    }
    Ok(())
}

fn with_path(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", trim_slash(base.path())));
    url
}

fn parse_setting(what: &'static str, value: &str) -> Result<Url, DiscoveryError> {
    Url::parse(value)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
        .ok_or_else(|| DiscoveryError::InvalidSetting { what, value: value.to_owned() })
}

#[cfg(test)]
mod tests;
