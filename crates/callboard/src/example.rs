//! The bundled example organisation: catalog files that come with the binary.
//!
//! Owns unpacking them where they can be edited and watched. What they say is theirs.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use include_dir::{Dir, include_dir};

static EXAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/example");

/// Unpacks the example into `folder` unless that is there already, and returns the file to start from.
///
/// It is unpacked beside the folder and then renamed, so that a crash leaves either all of it or nothing.
pub(crate) fn unpack(folder: &Path) -> io::Result<PathBuf> {
    let root = folder.join("all.yaml");
    if folder.exists() {
        return Ok(root);
    }
    let mut unfinished = folder.as_os_str().to_owned();
    unfinished.push(format!(".{}", callboard_foundation::new_id()));
    let unfinished = PathBuf::from(unfinished);
    fs::create_dir_all(&unfinished)?;
    EXAMPLE.extract(&unfinished)?;
    fs::rename(&unfinished, folder)?;
    Ok(root)
}

#[cfg(test)]
mod tests;
