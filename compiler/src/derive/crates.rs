//! Reads the sources of crates for structs with the derive: what a derive can't see is how it agrees with others.
#![allow(clippy::disallowed_methods, reason = "this is where Rust sources are read")]

use crate::hash::HashMap;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use slo_grammar::{FileId, Place};
use slo_model::Targets;
use slo_model::names::prometheus_label;

use super::{Structure, StructureKind, hold, hold_event};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::ir::{ContainerKind, Contract, Domain};
use crate::load::{self, LoadError};
use crate::plan::{Arena, Planner};
use crate::source::{SourceFile, SourceMap};
use crate::{CheckedContract, Compilation, Input, Manifest, Written, compile as compile_contract};

/// How many Rust files of a crate are read, and how long each may be.
const MOST_FILES: usize = 20_000;
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Compiles the contract at `root` and reads the crates that its `slo.toml` names.
///
/// # Errors
/// Says why there is nothing to compile.
pub fn compile(root: &Path) -> Result<Compilation, LoadError> {
    Ok(compile_with(root, &load::load(root)?, Findings::All, &[]))
}

/// Which findings about structs are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Findings {
    /// All of them.
    All,
    /// Those about two structs. The derive reports the others at the user's own tokens, if nothing stops rustc before.
    AcrossStructs,
}

/// The same of a root that was read, with more crates.
#[must_use]
pub fn compile_with(root: &Path, input: &Input<'_>, findings: Findings, crates: &[PathBuf]) -> Compilation {
    let mut compilation = compile_contract(input);
    let Compilation { sources, diagnostics, manifest, checked, .. } = &mut compilation;
    let contract = Of { root: 0, manifest_file: FileId(0), folder: root, manifest: manifest.as_ref() };
    read(&contract, checked.as_ref(), findings, crates, sources, diagnostics);
    diagnostic::arrange(&mut compilation.diagnostics, &compilation.sources, FileId(0));
    compilation
}

/// Reads the crates that the members of a fleet name whose findings are asked for.
#[cfg(feature = "fleet")]
pub fn read_all(fleet: &mut crate::fleet::Fleet) {
    let crate::fleet::Fleet { sources, members, .. } = fleet;
    for member in members.iter_mut().filter(|member| member.is_said) {
        let (Some(folder), Some(root)) = (&member.folder, member.root) else { continue };
        let manifest = member.manifest.as_ref().filter(|manifest| !manifest.crates.is_empty());
        if manifest.is_none() {
            continue;
        }
        let contract = Of { root, manifest_file: member.file, folder, manifest };
        let checked = member.checked.as_ref();
        read(&contract, checked, Findings::All, &[], sources, &mut member.diagnostics);
        diagnostic::arrange(&mut member.diagnostics, sources, member.file);
    }
}

/// Whose crates are read.
struct Of<'o> {
    /// The number of the contract's root, and of its manifest's file.
    root: usize,
    manifest_file: FileId,
    folder: &'o Path,
    manifest: Option<&'o Manifest>,
}

/// Reads the crates of a contract, and others beside them.
fn read(
    of: &Of<'_>,
    contract: Option<&CheckedContract>,
    findings: Findings,
    crates: &[PathBuf],
    sources: &mut SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut folders: Vec<(PathBuf, Option<Place>)> = Vec::new();
    for (path, place) in of.manifest.iter().flat_map(|manifest| &manifest.crates) {
        folders.push((of.folder.join(path), Some(*place)));
    }
    for path in crates {
        let same = |other: &Path| fs::canonicalize(other).ok() == fs::canonicalize(path).ok();
        if !folders.iter().any(|(other, _)| same(other)) {
            folders.push((path.clone(), None));
        }
    }
    for (folder, place) in folders {
        if !folder.join("Cargo.toml").is_file() {
            diagnostics.extend(place.map(|place| {
                Diagnostic::new(
                    Code::Manifest,
                    place,
                    format!("`{}` is no crate: it holds no `Cargo.toml`", shown(&folder)),
                )
                .help("name the folder of a crate, as a path from the contract root")
            }));
            continue;
        }
        // A struct is held to a contract that is sound, or its findings would be the contract's own.
        let contract = contract.map(CheckedContract::contract);
        // The crate belongs to whoever keeps the contract.
        let owner = sources.file(of.manifest_file).and_then(|manifest| manifest.owner.clone());
        let mut scan =
            Scan { contract, root: of.root, owner, sources, diagnostics, findings, keys: BTreeMap::new() };
        scan.folder(&folder);
        scan.agree();
    }
}

/// A key that a struct declares by itself.
struct Key {
    domain: Domain,
    kind: ContainerKind,
    place: Place,
    structure: String,
}

struct Scan<'s> {
    contract: Option<&'s Contract>,
    /// The number of the contract's root.
    root: usize,
    owner: Option<String>,
    sources: &'s mut SourceMap,
    diagnostics: &'s mut Vec<Diagnostic>,
    findings: Findings,
    keys: BTreeMap<String, Vec<Key>>,
}

impl Scan<'_> {
    fn folder(&mut self, folder: &Path) {
        let mut files = Vec::new();
        // Each test, example and bench is a crate of its own to Rust.
        rust_files(&folder.join("src"), 0, &mut files);
        files.sort();
        for path in files {
            let Some((text, file)) = parsed(&path) else { continue };
            let name = shown(&path);
            let (path, text, owner) = (name.clone(), text.into(), self.owner.clone());
            let id = self.sources.add(SourceFile { path, name, root: self.root, text, owner });
            self.items(&file.items, id);
        }
    }

    fn items(&mut self, items: &[syn::Item], file: FileId) {
        structs(items, &mut |input| self.structure(input, file));
    }

    fn structure(&mut self, input: &syn::DeriveInput, file: FileId) {
        // The tags' text has a number that no file has, until its places are moved into the Rust file.
        let tags_file = FileId(u32::MAX);
        let Ok(structure) = Structure::read(input, tags_file) else { return };
        // Without a sound contract, what is held to it can't be judged.
        if structure.held_to.is_some() && self.contract.is_none() {
            return;
        }
        let held = hold(&structure, self.contract);
        let of_event = match self.contract.filter(|_| structure.kind == StructureKind::Event) {
            Some(contract) => {
                let arena = Arena::default();
                hold_event(&structure, &Planner::new(&arena, contract)).diagnostics
            }
            None => Vec::new(),
        };
        let move_place = |place: Place| {
            if place.file != tags_file {
                return place;
            }
            let range = structure.tags.source_range(place).unwrap_or(0..0);
            Place::new(file, range.start as u32, range.end as u32)
        };
        let found = structure.diagnostics.iter().cloned().chain(held.diagnostics.iter().cloned());
        let found = found.chain(of_event);
        let mut found: Vec<Diagnostic> = found.collect();
        for diagnostic in &mut found {
            for label in &mut diagnostic.labels {
                label.place = move_place(label.place);
            }
            // A fix in a tag would have to be spelled as Rust spells it.
            diagnostic.fixes.clear();
        }
        if self.findings == Findings::All {
            self.diagnostics.extend(found);
        }
        // What is wrong by itself would be wrong with the others too.
        let sound = held.is_sound() && structure.diagnostics.is_empty();
        let container = matches!(structure.kind, StructureKind::Container(_));
        if container && structure.held_to.is_none() && sound {
            for writer in &held.container.writers {
                self.keys.entry(writer.key.clone()).or_default().push(Key {
                    domain: Domain::clone(&writer.domain),
                    kind: held.container.kind,
                    place: move_place(held.places.place(writer.node)),
                    structure: held.container.name.clone(),
                });
            }
        }
    }

    /// Structs that no contract binds must agree with each other, and with the contract.
    fn agree(&mut self) {
        for (key, uses) in &self.keys {
            let contract = self.contract.into_iter().flat_map(|contract| {
                let declared = contract.attributes.iter().filter(|attribute| attribute.key == *key);
                declared.filter_map(|attribute| {
                    let place = contract.places.place(attribute.node?);
                    Some((attribute.domain.value.clone(), place, attribute.package.to_string()))
                })
            });
            let first =
                uses.first().map(|first| (first.domain.value.clone(), first.place, first.structure.clone()));
            let Some((value, place, name)) = contract.into_iter().next().or(first) else { continue };
            for other in uses {
                let any =
                    [&other.domain.value, &value].into_iter().any(|value| *value == crate::ir::Type::Any);
                if other.domain.value != value && !any {
                    let message = format!(
                        "`{key}` is {} in `{}` and {value} in `{name}`",
                        other.domain.value, other.structure
                    );
                    self.diagnostics.push(
                        Diagnostic::new(Code::StructsCollide, other.place, message)
                            .about(key)
                            .and(place, value.to_string())
                            .help(
                                "one key has one type: change one of them, or declare the key in a contract",
                            ),
                    );
                }
            }
        }
        let mut labels: HashMap<(ContainerKind, String), (&String, &Key)> = HashMap::default();
        let targets = self.contract.map_or(Targets::ALL, Contract::model_targets);
        let Some(strategy) = targets.prometheus else { return };
        for (key, uses) in &self.keys {
            for other in uses {
                let label = match other.kind {
                    ContainerKind::Resource => prometheus_label(key, strategy),
                    ContainerKind::Scope => prometheus_label(&format!("otel_scope_{key}"), strategy),
                };
                let Some(label) = label else { continue };
                match labels.get(&(other.kind, label.clone())) {
                    None => {
                        labels.insert((other.kind, label), (key, other));
                    }
                    // Two keys of one struct were reported with the struct.
                    Some((first, at)) if *first != key && at.structure != other.structure => {
                        let message = format!(
                            "`{first}` of `{}` and `{key}` of `{}` are one label `{label}`",
                            at.structure, other.structure
                        );
                        self.diagnostics.push(
                            Diagnostic::new(Code::StructsCollide, other.place, message)
                                .about(key)
                                .about(*first)
                                .and(at.place, "the other key")
                                .help("give both the same key, or different ones"),
                        );
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

/// The structs with the derive in the crates that the `slo.toml` of a root names, whether or not they are sound.
#[must_use]
pub fn written(root: &Path, manifest: &Manifest) -> Vec<Written> {
    let mut written = Vec::new();
    for (path, _) in &manifest.crates {
        let mut files = Vec::new();
        rust_files(&root.join(path).join("src"), 0, &mut files);
        files.sort();
        for path in files {
            let Some((text, file)) = parsed(&path) else { continue };
            structs(&file.items, &mut |input| {
                let Ok(structure) = Structure::read(input, FileId(u32::MAX)) else { return };
                let line = |place| {
                    let start = structure.tags.source_range(place).map_or(0, |range| range.start);
                    text.as_bytes().iter().take(start).filter(|byte| **byte == b'\n').count() + 1
                };
                let tags = structure.fields.iter().filter_map(|field| field.tag.as_ref());
                written.push(Written {
                    name: structure.ident.to_string(),
                    file: shown(&path),
                    line: line(structure.place),
                    kind: structure.kind.name(),
                    held_to: structure.held_to.as_ref().map(|(name, _)| name.clone()),
                    keys: tags.map(|tag| (tag.key.value.to_string(), line(tag.key.place))).collect(),
                });
            });
        }
    }
    written
}

/// A Rust file that has the derive. What can't be read or parsed is for the Rust compiler to report.
fn parsed(path: &Path) -> Option<(String, syn::File)> {
    let small = fs::metadata(path).is_ok_and(|metadata| metadata.len() <= MOST_BYTES);
    let text = small.then(|| fs::read_to_string(path).ok()).flatten()?;
    if !text.contains("SloAttributes") {
        return None;
    }
    // The parser leaves it out, and counts from behind it.
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    let file = syn::parse_file(&text).ok()?;
    Some((text, file))
}

/// Hands on the structs with the derive, those of modules and functions too.
fn structs(items: &[syn::Item], hand_on: &mut dyn FnMut(&syn::DeriveInput)) {
    for item in items {
        match item {
            syn::Item::Struct(item) if derives(&item.attrs) => {
                hand_on(&syn::DeriveInput::from(item.clone()));
            }
            syn::Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    structs(items, hand_on);
                }
            }
            syn::Item::Fn(function) => {
                for statement in &function.block.stmts {
                    if let syn::Stmt::Item(item) = statement {
                        structs(std::slice::from_ref(item), hand_on);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether a struct derives `SloAttributes`, by whatever path.
fn derives(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let paths = attribute
            .parse_args_with(syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated);
        paths.is_ok_and(|paths| {
            paths
                .iter()
                .any(|path| path.segments.last().is_some_and(|segment| segment.ident == "SloAttributes"))
        })
    })
}

/// A path as people write it: without the way into a folder and out again that leads from a contract to its crate.
fn shown(path: &Path) -> String {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let path: PathBuf = parts.iter().collect();
    if parts.is_empty() { ".".to_owned() } else { path.display().to_string() }
}

/// The Rust files of a folder and those in it; links are not followed.
fn rust_files(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth < 32 {
            rust_files(&path, depth + 1, files);
        } else if kind.is_file()
            && files.len() < MOST_FILES
            && path.extension().is_some_and(|extension| extension == "rs")
        {
            files.push(path);
        }
    }
}
