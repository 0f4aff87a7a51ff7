//! The catalog that is fed to the server: where it lies, how large it is, what is in it.
//!
//! Owns finding a catalog folder or having one made, and reading its manifest. A catalog folder holds
//! `entities-*.yaml`, `manifest.json` and request lists under `load/`. Making the entities is `crate::generator`'s work, or that of a script with the same output.
//! Start reading at [`CatalogInput::obtain`].

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::generator;

/// The seed of every generated catalog: the same size is always the same catalog.
const SEED: u64 = 42;

/// Where catalogs come from.
#[derive(Debug, Clone)]
pub(crate) enum CatalogOrigin {
    /// The generator that is part of this program.
    BuiltIn,
    /// A Python script called with `--n N --seed S --out DIR`.
    Script(PathBuf),
    /// A folder that is there already.
    Folder(PathBuf),
}

/// What `manifest.json` says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Entities, Locations not counted.
    pub(crate) n: u64,
    /// Number of entity files.
    pub(crate) files: u64,
    /// Bytes of all entity files together.
    #[serde(rename = "yamlBytes")]
    pub(crate) yaml_bytes: u64,
    /// Entities by kind, as the kind is written.
    pub(crate) kinds: BTreeMap<String, u64>,
}

/// A catalog on disk, ready to be named in a configuration.
#[derive(Debug, Clone)]
pub(crate) struct CatalogInput {
    pub(crate) directory: PathBuf,
    pub(crate) manifest: Manifest,
    /// References picked at random over all kinds, for load.
    pub(crate) refs: Vec<String>,
    /// One component's reference, to ask whether relations are there.
    pub(crate) component_ref: String,
    /// Who made it, for the report.
    pub(crate) made_by: String,
}

impl CatalogInput {
    /// Returns a catalog of `entities` entities, made below `cache` unless it is there from an earlier run.
    ///
    /// # Errors
    /// When the generator fails, or when a ready-made folder is incomplete or of another size.
    pub(crate) fn obtain(origin: &CatalogOrigin, entities: u64, cache: &Path) -> Result<Self> {
        match origin {
            CatalogOrigin::Folder(directory) => {
                let catalog = Self::open(directory, format!("folder {}", directory.display()))?;
                ensure!(
                    catalog.manifest.n == entities,
                    "{} holds {} entities, but {entities} are asked for; give the size that it has, or another folder",
                    directory.display(),
                    catalog.manifest.n
                );
                Ok(catalog)
            }
            CatalogOrigin::BuiltIn => {
                let directory = cache.join(format!("built-in-{entities}"));
                if !directory.join("manifest.json").exists() {
                    eprintln!("making a catalog of {entities} entities in {}", directory.display());
                    generator::write_catalog(&directory, entities, SEED)?;
                }
                Self::open(&directory, "the benchmark's own generator".to_owned())
            }
            CatalogOrigin::Script(script) => {
                let name = script.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                let directory = cache.join(format!("{name}-{entities}"));
                if !directory.join("manifest.json").exists() {
                    eprintln!("making a catalog of {entities} entities in {}", directory.display());
                    run_script(script, entities, &directory)?;
                }
                Self::open(&directory, format!("`{name}`, seed {SEED}"))
            }
        }
    }

    fn open(directory: &Path, made_by: String) -> Result<Self> {
        let directory = fs::canonicalize(directory)
            .with_context(|| format!("there is no catalog folder {}", directory.display()))?;
        let manifest = read(&directory.join("manifest.json"))?;
        let manifest: Manifest = serde_json::from_str(&manifest)
            .with_context(|| format!("failed to understand {}", directory.join("manifest.json").display()))?;
        let refs = lines(&read(&directory.join("load/refs.txt"))?);
        ensure!(!refs.is_empty(), "load/refs.txt in {} is empty", directory.display());
        let component_ref = lines(&read(&directory.join("load/component-refs.txt"))?).into_iter().next();
        let Some(component_ref) = component_ref else {
            bail!("load/component-refs.txt in {} is empty", directory.display());
        };
        Ok(Self { directory, manifest, refs, component_ref, made_by })
    }

    /// Returns the files that hold the entities, in order.
    pub(crate) fn entity_files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in
            fs::read_dir(&self.directory).with_context(|| format!("failed to list {}", self.directory.display()))?
        {
            let path = entry.with_context(|| format!("failed to list {}", self.directory.display()))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with("entities-") && name.ends_with(".yaml") {
                files.push(path);
            }
        }
        files.sort();
        ensure!(!files.is_empty(), "{} holds no entities-*.yaml", self.directory.display());
        Ok(files)
    }

    /// Returns how many entities have the kind `Component`.
    pub(crate) fn components(&self) -> u64 {
        self.manifest.kinds.get("Component").copied().unwrap_or(0)
    }
}

fn run_script(script: &Path, entities: u64, directory: &Path) -> Result<()> {
    let output = Command::new("python3")
        .arg(script)
        .args(["--n", &entities.to_string(), "--seed", &SEED.to_string(), "--out"])
        .arg(directory)
        .output()
        .context("failed to start python3, which the generator script needs")?;
    ensure!(
        output.status.success(),
        "{} failed: {}",
        script.display(),
        String::from_utf8_lossy(&output.stderr).trim_end()
    );
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))
}

fn lines(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
