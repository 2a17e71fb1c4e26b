//! A registry from its folder, with those that it depends on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::definition::{Dependency, definitions};
use crate::fields::Found;
use crate::files;
use crate::limits;
use crate::place::{Place, shown};
use crate::problem::{Kind, Problem};
use crate::registry::Registry;
use crate::resolve::{Resolved, resolve};

/// Where the registries are that a registry depends on, by name: what is given here holds over what a manifest says.
pub type Dependencies = BTreeMap<String, PathBuf>;

/// Reads the registry in a folder, and resolves it.
///
/// # Errors
/// Gives what is wrong with it, in the order of its places.
pub fn read(folder: &Path, dependencies: &Dependencies) -> Result<Registry, Vec<Problem>> {
    let mut reader = Reader {
        given: dependencies,
        used: Vec::new(),
        done: BTreeMap::new(),
        open: Vec::new(),
        bytes: limits::TOTAL_BYTES,
    };
    let mut found = Found::default();
    let resolved = reader.registry(folder, "", &mut found);
    for name in dependencies.keys().filter(|name| !reader.used.contains(name)) {
        let place = Place::start(&Arc::from("."));
        let message = format!("no registry that is read depends on `{}`", shown(name));
        found.problem(Problem::new(
            Kind::Dependency,
            place,
            message,
            "the manifest's `dependencies` has the names",
        ));
    }
    let Found { mut problems, mut left, more } = found;
    problems.sort_by(|one, other| (&one.place, &one.message).cmp(&(&other.place, &other.message)));
    if more > 0
        && let Some(last) = problems.last_mut()
    {
        last.help.push_str(&format!("; {more} more problems are not shown"));
    }
    match resolved.filter(|_| problems.is_empty()) {
        Some(resolved) => {
            let mut registry =
                Arc::try_unwrap(resolved).map_or_else(|shared| shared.registry.clone(), |own| own.registry);
            left.sort();
            registry.left = left;
            Ok(registry)
        }
        None => Err(problems),
    }
}

struct Reader<'a> {
    given: &'a Dependencies,
    used: Vec<&'a String>,
    /// Registries by their folders.
    done: BTreeMap<PathBuf, Arc<Resolved>>,
    open: Vec<PathBuf>,
    bytes: u64,
}

impl<'a> Reader<'a> {
    fn registry(&mut self, folder: &Path, before: &str, found: &mut Found) -> Option<Arc<Resolved>> {
        let at = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        if let Some(done) = self.done.get(&at) {
            return Some(Arc::clone(done));
        }
        let read = files::read(folder, before, &mut self.bytes, found);
        if before.is_empty() && read.texts.is_empty() && read.manifest.is_none() && found.problems.is_empty()
        {
            let place = Place::start(&Arc::from("."));
            let message = "the folder holds no file of a registry";
            found.problem(Problem::new(
                Kind::File,
                place,
                message,
                "name the folder that holds `*.yaml` files",
            ));
        }
        let start = read.manifest.as_ref().or(read.texts.first()).map(|text| Place::start(&text.file));
        let definitions = definitions(read, found);
        self.open.push(at.clone());
        let mut others = Vec::new();
        let mut names: BTreeMap<&str, &Place> = BTreeMap::new();
        for dependency in definitions.manifest.iter().flat_map(|manifest| &manifest.dependencies) {
            if let Some(first) = names.insert(&dependency.name, &dependency.place) {
                let message = format!("the registry `{}` is depended on twice", shown(&dependency.name));
                let problem =
                    Problem::new(Kind::Duplicate, dependency.place.clone(), message, "take one of them out");
                found.problem(problem.with(first.clone(), "it is named here already"));
                continue;
            }
            others.extend(self.dependency(dependency, (&at, before), start.as_ref(), found));
        }
        self.open.pop();
        let resolved = Arc::new(if before.is_empty() {
            resolve(definitions, &others, found)
        } else {
            // What another registry says and the format doesn't have is for those who keep that one.
            let left = found.left.len();
            let resolved = resolve(definitions, &others, found);
            found.left.truncate(left);
            resolved
        });
        self.done.insert(at, Arc::clone(&resolved));
        Some(resolved)
    }

    fn dependency(
        &mut self,
        dependency: &Dependency,
        (from, before): (&Path, &str),
        start: Option<&Place>,
        found: &mut Found,
    ) -> Option<Arc<Resolved>> {
        let name = shown(&dependency.name);
        let place = dependency.path.as_ref().map_or(&dependency.place, |path| &path.place);
        let bring = format!("bring it into a folder, and name that: `--dependency '{name}=FOLDER'`");
        let given = self.given.iter().find(|(given, _)| is_named(given, &dependency.name));
        // Files are named by the way to them from the folder that was asked for.
        let named;
        let folder = match (given, &dependency.path) {
            (Some((given, folder)), _) => {
                self.used.push(given);
                named = folder.to_string_lossy().into_owned();
                folder.clone()
            }
            (None, Some(path)) if is_elsewhere(&path.value) => {
                let message =
                    format!("the registry `{name}` is at `{}`, and nothing is fetched", shown(&path.value));
                found.problem(Problem::new(Kind::Dependency, place.clone(), message, bring));
                return None;
            }
            (None, Some(path)) => {
                named = format!("{before}{}", path.value);
                from.join(&path.value)
            }
            (None, None) => {
                let message = format!("where the registry `{name}` is isn't said");
                found.problem(Problem::new(Kind::Dependency, place.clone(), message, bring));
                return None;
            }
        };
        let at = std::fs::canonicalize(&folder).ok().filter(|at| at.is_dir());
        let Some(at) = at else {
            let message = format!("the registry `{name}` isn't in `{}`", shown(&folder.to_string_lossy()));
            found.problem(Problem::new(Kind::Dependency, place.clone(), message, bring));
            return None;
        };
        if self.open.contains(&at) {
            let message = format!("the registry `{name}` depends on what depends on it");
            let problem =
                Problem::new(Kind::Circle, place.clone(), message, "take one of the dependencies out");
            found.problem(match start {
                Some(start) => problem.with(start.clone(), "the registry that depends on it"),
                None => problem,
            });
            return None;
        }
        if self.done.len() + self.open.len() >= limits::REGISTRIES {
            let message = format!("the registry stands on more than {} registries", limits::REGISTRIES);
            found.problem(Problem::new(Kind::Limit, place.clone(), message, "depend on fewer"));
            return None;
        }
        let registry = self.registry(&at, &format!("{}/", named.trim_end_matches('/')), found)?;
        self.same_version(&registry, place, found);
        Some(registry)
    }

    /// All that is read stands on one version of each registry.
    fn same_version(&self, registry: &Resolved, place: &Place, found: &mut Found) {
        let Some(manifest) = &registry.registry.manifest else {
            return;
        };
        let others = self.done.values().filter_map(|other| other.registry.manifest.as_ref());
        let other =
            others.into_iter().find(|other| other.name == manifest.name && other.version != manifest.version);
        let Some(other) = other else {
            return;
        };
        let name = shown(&manifest.name);
        let version = |version: &Option<String>| shown(version.as_deref().unwrap_or("without a version"));
        let message = format!(
            "two versions of the registry `{name}`: {} and {}",
            version(&manifest.version),
            version(&other.version)
        );
        let help = format!("say which holds for all: `--dependency '{name}=FOLDER'`");
        let problem = Problem::new(Kind::Conflict, place.clone(), message, help);
        found.problem(
            problem.with(manifest.place.clone(), "one of them").with(other.place.clone(), "the other one"),
        );
    }
}

/// Whether a name that is given means a registry: its whole name, or the last part of it.
fn is_named(given: &str, name: &str) -> bool {
    given == name || name.rsplit('/').next() == Some(given)
}

/// Whether a path is no folder of this machine: a URL, or an archive.
fn is_elsewhere(path: &str) -> bool {
    path.contains("://") || path.ends_with(".zip") || path.ends_with(".tar.gz") || path.starts_with("git@")
}
