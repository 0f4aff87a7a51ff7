//! The page's files, each as it is and compressed once for all.
//!
//! Owns the list of files and how they are named for caches. Headers are written in `super`.

use std::{borrow::Cow, io::Write as _, sync::LazyLock};

use axum::http::HeaderValue;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

/// A file of the page.
pub(super) struct Asset {
    /// Its address below `/explore/`.
    pub(super) path: &'static str,
    pub(super) content_type: &'static str,
    /// As it is, and as gzip.
    forms: LazyLock<[Form; 2], Box<dyn FnOnce() -> [Form; 2] + Send>>,
}

/// One way in which a file is sent.
pub(super) struct Form {
    pub(super) bytes: Cow<'static, [u8]>,
    pub(super) is_gzip: bool,
    /// Strong: another one for other bytes.
    pub(super) etag: HeaderValue,
}

impl Asset {
    fn new(path: &'static str, bytes: &'static [u8]) -> Self {
        let content_type = match path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("html") => "text/html; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("js" | "mjs") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => "text/plain; charset=utf-8",
        };
        let forms: Box<dyn FnOnce() -> [Form; 2] + Send> =
            Box::new(move || [Form::new(Cow::Borrowed(bytes), false), Form::new(Cow::Owned(gzip(bytes)), true)]);
        Self { path, content_type, forms: LazyLock::new(forms) }
    }

    /// Returns the form for a client that takes gzip, or does not.
    pub(super) fn form(&self, accepts_gzip: bool) -> &Form {
        &self.forms[usize::from(accepts_gzip)]
    }

    /// Returns for how long it may be kept. A file with its version in its name never changes; the others are asked for
    /// each time, which costs no more than an answer without a body.
    pub(super) fn cache_control(&self) -> &'static str {
        match self.path.starts_with("vendor/") {
            true => "public, max-age=31536000, immutable",
            false => "no-cache",
        }
    }
}

impl Form {
    fn new(bytes: Cow<'static, [u8]>, is_gzip: bool) -> Self {
        let hash: String = Sha256::digest(&bytes)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        let etag = HeaderValue::try_from(format!("\"{hash}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""));
        Self { bytes, is_gzip, etag }
    }
}

/// Compresses a file. Writing into memory cannot fail; if it did, the checksum at its end would be missing, and browsers
/// would say so.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

macro_rules! assets {
    ($($path:literal),* $(,)?) => {
        [$(Asset::new($path, include_bytes!(concat!("../../../assets/explore/", $path)))),*]
    };
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    assets![
        "index.html",
        "explore.css",
        "icon.svg",
        "explore.js",
        "api.js",
        "card.js",
        "changes.js",
        "dom.js",
        "drawing.js",
        "graph.js",
        "live.js",
        "outline.js",
        "place.js",
        "problems.js",
        "queries.js",
        "search.js",
        "vendor/cytoscape-3.34.4.esm.min.mjs",
        "vendor/cytoscape-LICENSE.txt",
        "vendor/cytoscape-dagre-4.0.1.esm.min.mjs",
        "vendor/cytoscape-dagre-LICENSE.txt",
    ]
    .into()
});

/// Finds a file by its address below `/explore/`.
pub(super) fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// Returns every file.
#[cfg(test)]
pub(super) fn all() -> &'static [Asset] {
    &ASSETS
}
