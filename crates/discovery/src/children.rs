//! Location entities: which further locations they name.
//!
//! Owns resolving targets against the file that names them, and the one place that decides which types of location may
//! follow which: from an address never to a file of this machine.

use std::path::PathBuf;

use callboard_entity_model::{LocationSpec, Presence, ProblemCode};
use serde_json::Value;
use url::Url;

use crate::{path::absolute, scm::ScmHosts};

/// What targets are relative to.
#[derive(Debug, Clone)]
pub(crate) enum Base {
    /// A file of this machine, which the operator pointed at.
    File(PathBuf),
    /// An address.
    Url(Url),
    /// A text that came from nowhere: nothing is followed.
    Text,
}

/// A target that may not or can't be followed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RefusedChild {
    /// Where it stands in the entity.
    pub(crate) path: Vec<String>,
    pub(crate) code: ProblemCode,
    pub(crate) message: String,
}

/// Returns the locations that an entity names; none unless it is a Location.
pub(crate) fn children_of(entity: &Value, base: &Base, scm: &ScmHosts) -> (Vec<LocationSpec>, Vec<RefusedChild>) {
    let mut children = Vec::new();
    let mut refused = Vec::new();
    if entity["kind"] != "Location" || matches!(base, Base::Text) {
        return (children, refused);
    }
    let spec = &entity["spec"];
    let presence = if spec["presence"] == "optional" { Presence::Optional } else { Presence::Required };
    let kind = spec["type"].as_str();
    let one = spec["target"].as_str().map(|target| (vec!["spec".to_owned(), "target".to_owned()], target));
    let many = spec["targets"].as_array().into_iter().flatten().enumerate().filter_map(|(index, target)| {
        Some((vec!["spec".to_owned(), "targets".to_owned(), index.to_string()], target.as_str()?))
    });
    for (path, target) in one.into_iter().chain(many) {
        match resolve(kind, target, base, scm) {
            Ok((kind, target)) => children.push(LocationSpec { kind: kind.to_owned(), target, presence }),
            Err((code, message)) => refused.push(RefusedChild { path, code, message }),
        }
    }
    (children, refused)
}

fn resolve(
    kind: Option<&str>,
    target: &str,
    base: &Base,
    scm: &ScmHosts,
) -> Result<(&'static str, String), (ProblemCode, String)> {
    let kind = kind.unwrap_or(match base {
        Base::Url(_) => "url",
        Base::File(_) | Base::Text => "file",
    });
    match (kind, base) {
        ("file", Base::File(_)) if target.contains("://") => Err((
            ProblemCode::NotFound,
            format!("`{target}` is an address, but the type of this Location is `file`; write `type: url`"),
        )),
        ("file", Base::File(file)) => Ok(("file", absolute(target, file.parent()).to_string_lossy().into_owned())),
        ("file", _) => Err((
            ProblemCode::NotAllowed,
            format!("`{target}` is of type `file`, which only files that the configuration names may use"),
        )),
        ("url", Base::Url(url)) => match scm.resolve(target, url) {
            Ok(resolved) => Ok(("url", resolved)),
            Err(message) => Err((ProblemCode::NotAllowed, message)),
        },
        ("url", _) => Ok(("url", target.trim().to_owned())),
        (other, _) => {
            Err((ProblemCode::NotAllowed, format!("location type `{other}` is not supported; use `url` or `file`")))
        }
    }
}
