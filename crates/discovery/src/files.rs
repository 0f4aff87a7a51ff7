//! Reading one file of this machine: conditionally, and never more than the limit.
//!
//! Owns the system calls and what their failures mean. Which files are read is `crate::expand`'s and the walk's work;
//! what the bytes mean is `crate::parse`'s. Everything here blocks.

use std::{
    fs::{File, Metadata},
    io::{ErrorKind, Read as _},
    path::Path,
    time::UNIX_EPOCH,
};

use callboard_entity_model::{Problem, ProblemCode};
use chrono::{DateTime, Utc};

use crate::{
    ReadMode,
    fingerprint::{Cheap, Fingerprint, sha256_of},
    path::location_of,
};

/// A file whose time is younger than this when it is read may change again without its time changing, because the
/// clocks of file systems are coarse; its time proves nothing then.
const RACY_NANOSECONDS: i128 = 2_000_000_000;

/// What reading a file brought.
#[derive(Debug)]
pub(crate) enum FileContent {
    /// It is the one known.
    Unchanged,
    /// Its bytes.
    Bytes { bytes: Vec<u8>, fingerprint: Fingerprint },
    /// It is proven not to be there.
    Missing,
    /// It could not or may not be read.
    Failed(Box<Problem>),
}

/// How a file is to be read.
#[derive(Debug, Clone)]
pub(crate) struct FileRequest<'a> {
    pub(crate) context: &'a str,
    pub(crate) known: Option<Fingerprint>,
    pub(crate) mode: ReadMode,
    pub(crate) max_bytes: u64,
    pub(crate) now: DateTime<Utc>,
}

/// Reads a file, unless it is the one known.
pub(crate) fn read_file(path: &Path, request: &FileRequest<'_>) -> FileContent {
    match try_read(path, request) {
        Ok(content) => content,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => FileContent::Missing,
        Err(error) => failed(path, ProblemCode::Unreadable, format!("`{}` can't be read: {error}", path.display())),
    }
}

fn try_read(path: &Path, request: &FileRequest<'_>) -> std::io::Result<FileContent> {
    // The type is looked at before opening: opening a named pipe would wait for its writer.
    if let Some(refused) = refuse(path, &std::fs::metadata(path)?, request.max_bytes) {
        return Ok(refused);
    }
    let known = request.known.as_ref().filter(|known| known.context == request.context);
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if let Some(refused) = refuse(path, &metadata, request.max_bytes) {
        return Ok(refused);
    }
    let cheap = cheap_of(&metadata, request.now);
    if request.mode == ReadMode::Conditional
        && cheap != Cheap::Nothing
        && known.is_some_and(|known| known.cheap == cheap)
    {
        return Ok(FileContent::Unchanged);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    file.take(request.max_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > request.max_bytes {
        return Ok(too_large(path, bytes.len() as u64, request.max_bytes));
    }
    let sha256 = sha256_of(&bytes);
    if known.is_some_and(|known| known.sha256 == sha256) {
        return Ok(FileContent::Unchanged);
    }
    let fingerprint = Fingerprint { context: request.context.to_owned(), sha256, cheap };
    Ok(FileContent::Bytes { bytes, fingerprint })
}

fn refuse(path: &Path, metadata: &Metadata, max_bytes: u64) -> Option<FileContent> {
    if metadata.is_dir() {
        return Some(failed(path, ProblemCode::Unreadable, format!("`{}` is a folder, not a file", path.display())));
    }
    if !metadata.is_file() {
        return Some(failed(path, ProblemCode::Unreadable, format!("`{}` is not a regular file", path.display())));
    }
    (metadata.len() > max_bytes).then(|| too_large(path, metadata.len(), max_bytes))
}

fn too_large(path: &Path, size: u64, max_bytes: u64) -> FileContent {
    let message = format!("`{}` has {size} bytes, more than the {max_bytes} that a file may have", path.display());
    failed(path, ProblemCode::Limit, message)
}

fn failed(path: &Path, code: ProblemCode, message: String) -> FileContent {
    FileContent::Failed(Box::new(Problem::error(code, location_of(path), message)))
}

fn cheap_of(metadata: &Metadata, now: DateTime<Utc>) -> Cheap {
    let Ok(modified) = metadata.modified() else { return Cheap::Nothing };
    let modified = match modified.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => i128::try_from(before.duration().as_nanos()).map_or(i128::MIN, |nanos| -nanos),
    };
    let now = i128::from(now.timestamp_micros()) * 1_000;
    if modified.saturating_add(RACY_NANOSECONDS) > now {
        return Cheap::Nothing;
    }
    Cheap::File { size: metadata.len(), modified }
}

#[cfg(test)]
mod tests;
