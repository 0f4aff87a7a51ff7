//! Which configuration holds: the files named, those found, or the one that comes with the binary.
//!
//! Owns reading the environment, which no other module does, and saying once what was not used. The files themselves
//! are `callboard_config`'s work.

use std::path::{Path, PathBuf};

use callboard_config::{ConfigSource, Environment, Loaded, Settings, load};

use crate::failure::Failure;

/// What is read when nothing else is configured.
const WITHOUT_CONFIGURATION: &str = include_str!("configuration/without-configuration.yaml");

/// The settings, and how they came about.
pub(crate) struct Configuration {
    pub(crate) settings: Settings,
    /// Whether nobody configured anything, so that the example organisation is served.
    pub(crate) is_example: bool,
}

/// Loads the files named, or else those in the working directory, or else what comes with the binary.
pub(crate) fn load_configuration(named: &[PathBuf]) -> Result<Configuration, Failure> {
    let files = if named.is_empty() { found(Path::new(".")) } else { named.to_vec() };
    let is_example = files.is_empty();
    let sources: Vec<_> = if is_example {
        let text = WITHOUT_CONFIGURATION.to_owned();
        vec![ConfigSource::Text { name: "built-in configuration", text }]
    } else {
        files.into_iter().map(ConfigSource::File).collect()
    };
    let loaded = load(&sources, &environment()).map_err(Failure::usage)?;
    report(&loaded);
    Ok(Configuration { settings: loaded.settings, is_example })
}

/// Returns the names that Backstage gives its files, of those that are there.
fn found(folder: &Path) -> Vec<PathBuf> {
    let files = ["app-config.yaml", "app-config.local.yaml"].map(|name| folder.join(name));
    // A local file without the main one belongs to something else.
    if files[0].exists() { files.into_iter().filter(|file| file.exists()).collect() } else { Vec::new() }
}

fn environment() -> Environment {
    // A variable that is not UTF-8 cannot be named in a configuration, so it is as good as unset.
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn report(loaded: &Loaded) {
    if !loaded.unused_keys.is_empty() {
        let keys: Vec<_> = loaded.unused_keys.iter().map(|unused| unused.key.as_str()).collect();
        tracing::info!(keys = keys.join(", "), "keys of the configuration that Callboard does not use");
    }
    for unset in &loaded.unset_variables {
        tracing::warn!(
            key = unset.key,
            variable = unset.variable,
            "not configured, as the environment variable is not set"
        );
    }
}

#[cfg(test)]
mod tests;
