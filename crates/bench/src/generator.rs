//! Makes a catalog of exactly N entities, the same bytes for the same size and seed.
//!
//! Owns the shape of the made-up organisation: how many of each kind, who owns what, what depends on what. The text of
//! one entity is in [`crate::generator::entities`]. Start reading at [`write_catalog`].

mod entities;
mod random;
mod words;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use self::{entities::Organisation, random::Random};

/// Entities in one file.
const ENTITIES_PER_FILE: usize = 500;

/// References in each request list.
const REQUESTS: usize = 1000;

/// How many entities of each kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sizes {
    groups: usize,
    users: usize,
    domains: usize,
    systems: usize,
    resources: usize,
    apis: usize,
    templates: usize,
    components: usize,
}

impl Sizes {
    /// Splits `entities` as a company's catalog might: about half components, a fifth people.
    fn of(entities: usize) -> Self {
        let per_mille = |share: usize, least: usize| (entities * share / 1000).max(least);
        let (groups, users, domains) = (per_mille(30, 4), per_mille(180, 4), per_mille(2, 1));
        let (systems, resources, apis, templates) = (per_mille(20, 2), per_mille(100, 2), per_mille(130, 2), 1);
        let others = groups + users + domains + systems + resources + apis + templates;
        let components = entities.saturating_sub(others);
        Self { groups, users, domains, systems, resources, apis, templates, components }
    }
}

/// Writes a catalog folder: `entities-*.yaml`, `all.yaml`, `manifest.json` and the request lists under `load/`.
///
/// The manifest is written last, so that a folder with a manifest is complete.
///
/// # Errors
/// When fewer than 100 entities are asked for, or a file cannot be written.
pub(crate) fn write_catalog(directory: &Path, entities: u64, seed: u64) -> Result<()> {
    let total = usize::try_from(entities).context("more entities than this machine can count")?;
    ensure!(total >= 100, "a catalog needs at least 100 entities, not {total}");
    fs::create_dir_all(directory.join("load"))
        .with_context(|| format!("failed to make the folder {}", directory.display()))?;

    let mut organisation = Organisation::new(Sizes::of(total), Random::new(seed));
    let mut kinds: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut refs = Vec::with_capacity(total);
    let mut component_refs = Vec::new();
    let mut files = Vec::new();
    let mut yaml_bytes = 0;
    let mut text = String::new();
    for index in 0..total {
        let made = organisation.write_entity(index, &mut text);
        *kinds.entry(made.kind).or_default() += 1;
        if made.kind == "Component" {
            component_refs.push(made.entity_ref.clone());
        }
        refs.push(made.entity_ref);
        if (index + 1) % ENTITIES_PER_FILE == 0 || index + 1 == total {
            let name = format!("entities-{:05}.yaml", files.len());
            write(&directory.join(&name), text.as_bytes())?;
            yaml_bytes += text.len();
            files.push(name);
            text.clear();
        }
    }

    let mut random = Random::new(!seed);
    write_requests(&directory.join("load/refs.txt"), &refs, &mut random)?;
    write_requests(&directory.join("load/component-refs.txt"), &component_refs, &mut random)?;
    write(&directory.join("all.yaml"), location(&files).as_bytes())?;
    let manifest = json!({
        "n": total, "seed": seed, "files": files.len(), "perFile": ENTITIES_PER_FILE,
        "yamlBytes": yaml_bytes, "kinds": kinds,
    });
    write(&directory.join("manifest.json"), manifest.to_string().as_bytes())
}

fn location(files: &[String]) -> String {
    let mut text = String::from(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: everything\nspec:\n  type: file\n  targets:\n",
    );
    for file in files {
        text.push_str("    - ./");
        text.push_str(file);
        text.push('\n');
    }
    text
}

fn write_requests(path: &Path, refs: &[String], random: &mut Random) -> Result<()> {
    let mut file = BufWriter::new(File::create(path).with_context(|| format!("failed to write {}", path.display()))?);
    for _ in 0..REQUESTS {
        writeln!(file, "{}", random.pick(refs)).with_context(|| format!("failed to write {}", path.display()))?;
    }
    file.flush().with_context(|| format!("failed to write {}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("failed to write {}", path.display()))
}

#[cfg(test)]
mod tests;
