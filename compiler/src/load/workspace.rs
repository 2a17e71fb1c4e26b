//! Reads workspaces from disk: which folders and which indexes their patterns name.
#![allow(clippy::disallowed_methods, reason = "this is part of the module that touches files")]

use std::collections::hash_map::Entry;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use glob::Pattern;
use slo_grammar::limits::FILE_BYTES;
use slo_grammar::{FileId, Place};

use super::{LoadError, MOST_FOLDERS, Pins, canonical, load_all, load_pinned, read_file, without_detours};
use crate::accept::baseline;
use crate::diagnostic::{Code, Diagnostic};
use crate::fleet::{FleetInput, Member, MemberSource};
use crate::hash::HashMap;
use crate::input::{Input, InputFile, Problem};
use crate::manifest::{FILE_NAME, Membership, PATTERNS, Workspace};
use crate::pinned::{LOCK_NAME, VENDOR_NAME};

/// Unpacks an archive: gives its files by their paths, or says why it is refused.
pub type Unpack<'u> = &'u dyn Fn(&[u8]) -> Result<Vec<(String, Vec<u8>)>, String>;

/// How many bytes an archive of indexes may have.
const MOST_ARCHIVE_BYTES: u64 = 64 * 1024 * 1024;

/// How many members a workspace may have.
pub const MOST_MEMBERS: usize = 2_000;

/// The ending of an index's file.
pub(super) const INDEX: &str = "json";

/// The endings of archives of indexes.
const ARCHIVES: [&str; 4] = ["gz", "tgz", "tar", "zip"];

/// Reads a workspace: all that its members name. `shown` are folders that a person named, by whose names they are shown.
/// Archives of indexes are unpacked by `unpack`, where there is one.
///
/// # Errors
/// Says why there is nothing to check; what is wrong with a member or a pattern is a finding instead.
pub fn workspace(
    folder: &Path,
    shown: &[PathBuf],
    unpack: Option<Unpack<'_>>,
) -> Result<FleetInput, LoadError> {
    let manifest_path = folder.join(FILE_NAME);
    if !manifest_path.exists() {
        return Err(LoadError::NoManifest(folder.to_owned()));
    }
    let manifest = read_file(&manifest_path, FILE_NAME, &canonical(folder));
    let (said, problems) = Workspace::read(&manifest.text, FileId(0));
    let mut members =
        Members { folder, whole: canonical(folder), list: Vec::new(), known: HashMap::default(), problems };
    let read = members.problems.is_empty();
    for (pattern, place) in said.members.iter().filter(|_| read) {
        members.add(pattern, *place);
        if members.list.len() > MOST_MEMBERS {
            let message = format!("the workspace has more than {MOST_MEMBERS} members");
            members.problems.push(
                Diagnostic::new(Code::Manifest, *place, message)
                    .help("is this the folder that was meant? Otherwise make several workspaces of it"),
            );
            members.list.clear();
            break;
        }
    }
    let Members { list, problems, .. } = members;
    let mut input = read_members(list, shown, unpack, Some(folder))?;
    input.problems.extend(problems);
    input.manifest = Some(manifest);
    let baseline = folder.join(baseline::FILE_NAME);
    if std::fs::symlink_metadata(&baseline).is_ok() {
        input.baseline = Some(read_file(&baseline, baseline::FILE_NAME, &canonical(folder)));
    }
    input.servers = said.servers;
    Ok(input)
}

/// Reads contract roots and indexes that belong to no workspace, and meet in servers of no name.
///
/// # Errors
/// Says why there is nothing to check.
pub fn roots(paths: &[PathBuf], unpack: Option<Unpack<'_>>) -> Result<FleetInput, LoadError> {
    let mut known = HashMap::default();
    let differ = paths.iter().filter(|path| known.insert(canonical(path), ()).is_none());
    let found = differ.map(|path| Found {
        path: path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"),
        folder: path.clone(),
        is_index: path.is_file(),
        place: None,
    });
    read_members(found.collect(), paths, unpack, None)
}

/// The number of the member that a person means by a folder or a file.
#[must_use]
pub fn member_at(input: &FleetInput, path: &Path) -> Option<usize> {
    let wanted = canonical(path);
    input.members.iter().position(|member| match &member.source {
        MemberSource::Root(root) => {
            input.input.roots.get(*root).is_some_and(|root| canonical(&root.folder) == wanted)
        }
        MemberSource::Index(file) => canonical(Path::new(&file.name)) == wanted,
    })
}

/// The numbers of the members that files may change: those of their own, of what they stand on, and of the crates that they name;
/// all where the workspace's own `slo.toml` or its lock is among them.
#[must_use]
pub fn changed(input: &FleetInput, files: &[PathBuf]) -> Vec<usize> {
    let files: Vec<PathBuf> = files.iter().map(|file| real(file)).collect();
    let manifest = input.manifest.as_ref().map(|manifest| canonical(Path::new(&manifest.name)));
    let is_locked_anew = |manifest: &Path| files.contains(&manifest.with_file_name(LOCK_NAME));
    if manifest.is_some_and(|manifest| files.contains(&manifest) || is_locked_anew(&manifest)) {
        return (0..input.members.len()).collect();
    }
    let is_changed = |folder: &Path| {
        let folder = canonical(folder);
        files.iter().any(|file| file.starts_with(&folder))
    };
    let root_changed: Vec<bool> = input
        .input
        .roots
        .iter()
        .map(|root| {
            let crates = root.reading().manifest.iter().flat_map(|manifest| &manifest.crates);
            is_changed(&root.folder)
                || crates.into_iter().any(|(path, _)| is_changed(&root.folder.join(path)))
        })
        .collect();
    let reaches_changed = |start: usize| {
        let mut seen = std::collections::BTreeSet::from([start]);
        let mut open = vec![start];
        while let Some(number) = open.pop() {
            if root_changed.get(number).copied().unwrap_or_default() {
                return true;
            }
            let vocabularies = input.input.roots.get(number).map_or(&[][..], |root| &root.vocabularies);
            let named = vocabularies.iter().filter_map(|(_, number)| number.as_ref().ok().copied());
            open.extend(named.filter(|number| seen.insert(*number)));
        }
        false
    };
    let members = input.members.iter().enumerate().filter(|(_, member)| match &member.source {
        MemberSource::Root(root) => reaches_changed(*root),
        MemberSource::Index(file) => {
            // One in an archive changes with that.
            Path::new(&file.name).ancestors().take(MOST_FOLDERS).filter(|path| path.is_file()).any(is_changed)
        }
    });
    members.map(|(number, _)| number).collect()
}

/// The path without links, also of a file that is gone.
fn real(file: &Path) -> PathBuf {
    match (std::fs::canonicalize(file), file.parent(), file.file_name()) {
        (Ok(real), ..) => real,
        (Err(_), Some(folder), Some(name)) if folder != file => real(folder).join(name),
        _ => file.to_owned(),
    }
}

/// A member as a pattern found it.
struct Found {
    /// From the workspace, with `/`.
    path: String,
    folder: PathBuf,
    is_index: bool,
    place: Option<Place>,
}

struct Members<'w> {
    folder: &'w Path,
    whole: PathBuf,
    list: Vec<Found>,
    /// Where each was named first.
    known: HashMap<PathBuf, Place>,
    problems: Vec<Diagnostic>,
}

impl Members<'_> {
    fn problem(&mut self, pattern: &str, place: Place, message: String, help: &str) {
        self.problems.push(Diagnostic::new(Code::Manifest, place, message).about(pattern).help(help));
    }

    /// Adds what a pattern names, in the order of the names.
    fn add(&mut self, pattern: &str, place: Place) {
        let climbs = Path::new(pattern)
            .components()
            .any(|part| !matches!(part, Component::Normal(_) | Component::CurDir));
        if climbs {
            let message = format!("`{pattern}` leads out of the workspace");
            self.problem(pattern, place, message, "a workspace stands above its members: move its `slo.toml` up, or make an index of what stands elsewhere");
            return;
        }
        let pattern_here = pattern.trim_start_matches("./").trim_end_matches('/');
        let whole = match self.folder == Path::new(".") {
            true => pattern_here.to_owned(),
            false => format!("{}/{pattern_here}", Pattern::escape(&self.folder.to_string_lossy())),
        };
        let found = match glob::glob_with(&whole, PATTERNS) {
            Ok(found) => found,
            Err(error) => {
                let message = format!("`{pattern}` is no pattern: {}", error.msg);
                self.problem(
                    pattern,
                    place,
                    message,
                    "`*` stands for any part of a name, `**` for any folders",
                );
                return;
            }
        };
        let is_literal = !pattern.contains(['*', '?', '[']);
        let mut any = false;
        for path in found {
            match path {
                Ok(path) => any |= self.found(pattern, place, &path, is_literal),
                Err(error) => {
                    any = true;
                    let message = format!("`{}` can't be read: {}", error.path().display(), error.error());
                    self.problem(pattern, place, message, "see to its permissions");
                }
            }
            if self.list.len() > MOST_MEMBERS {
                return;
            }
        }
        if !any {
            let message = match is_literal {
                true => format!("there is no `{pattern}` in the workspace"),
                false => format!("`{pattern}` names nothing in the workspace"),
            };
            self.problem(
                pattern,
                place,
                message,
                "name folders that hold a `slo.toml`, or indexes, as paths from here",
            );
        }
    }

    /// Adds what was found; whether that is something.
    fn found(&mut self, pattern: &str, place: Place, path: &Path, is_literal: bool) -> bool {
        let shown = self.shown(path);
        // What is vendored are others' roots.
        if shown.split('/').next() == Some(VENDOR_NAME) {
            return false;
        }
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        let ending = ending.unwrap_or_default();
        let mut folder = path.to_owned();
        let is_index = path.is_file();
        if is_index {
            if ending != INDEX && !ARCHIVES.contains(&ending.as_str()) {
                if is_literal {
                    let message = format!("`{shown}` is neither a folder nor an index");
                    self.problem(
                        pattern,
                        place,
                        message,
                        "an index is a file `*.json`, which `slo build --target index` makes",
                    );
                }
                return is_literal;
            }
        } else {
            let inner = path.join("slo");
            if !path.join(FILE_NAME).exists() && inner.join(FILE_NAME).is_file() {
                folder = inner;
            }
            if !folder.join(FILE_NAME).exists() {
                let message = format!("`{shown}` holds no `{FILE_NAME}`");
                self.problem(
                    pattern,
                    place,
                    message,
                    "`slo new` makes a contract root; or name the members so that this isn't one",
                );
                return true;
            }
        }
        let real = canonical(&folder);
        if real == self.whole || self.whole.starts_with(&real) {
            let message = format!("`{shown}` is the workspace itself");
            self.problem(
                pattern,
                place,
                message,
                "take it out: a workspace is no member, of itself or of another",
            );
            return true;
        }
        if !real.starts_with(&self.whole) {
            let message = format!("`{shown}` is a link that leads out of the workspace");
            self.problem(
                pattern,
                place,
                message,
                "a workspace stands above its members: move the folder, or make an index of it",
            );
            return true;
        }
        match self.known.entry(real) {
            Entry::Occupied(first) => {
                let (first, message) = (*first.get(), format!("`{shown}` is a member twice"));
                let finding = Diagnostic::new(Code::Manifest, place, message)
                    .about(pattern)
                    .help("take one of them out, or write the pattern so that it leaves this out");
                self.problems.push(if first == place {
                    finding
                } else {
                    finding.and(first, "the first time")
                });
            }
            Entry::Vacant(entry) => {
                entry.insert(place);
                self.list.push(Found { path: self.shown(&folder), folder, is_index, place: Some(place) });
            }
        }
        true
    }

    /// A path from the workspace, with `/` on every system.
    fn shown(&self, path: &Path) -> String {
        let below = path.strip_prefix(self.folder).unwrap_or(path);
        let below = below.strip_prefix(".").unwrap_or(below);
        let below = if below.as_os_str().is_empty() { Path::new(".") } else { below };
        below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// Reads all members, those of a workspace with its one lock.
fn read_members(
    found: Vec<Found>,
    shown: &[PathBuf],
    unpack: Option<Unpack<'_>>,
    workspace: Option<&Path>,
) -> Result<FleetInput, LoadError> {
    let shown: HashMap<PathBuf, &PathBuf> = shown.iter().map(|path| (canonical(path), path)).collect();
    let mut folders = Vec::new();
    let (mut members, mut problems) = (Vec::new(), Vec::new());
    for Found { path, folder, is_index, place } in found {
        let named = shown.get(&canonical(&folder)).map_or(folder, |path| (*path).clone());
        if is_index {
            match index_texts(&path, &named, unpack) {
                Ok(texts) => members.extend(texts.into_iter().map(|(path, text)| Member {
                    path,
                    place,
                    source: MemberSource::Index(text),
                })),
                Err((message, help)) => {
                    let place = place.unwrap_or(Place::new(FileId(0), 0, 0));
                    problems.push(Diagnostic::new(Code::Manifest, place, message).about(&path).help(help));
                }
            }
        } else {
            members.push(Member { path, place, source: MemberSource::Root(folders.len()) });
            let short = without_detours(&named);
            folders.push(if short.as_os_str().is_empty() { named } else { short });
        }
    }
    let input = match workspace {
        _ if folders.is_empty() => Input::default(),
        Some(workspace) => load_pinned(&folders, &Pins::of_members(workspace, &folders))?,
        None => load_all(&folders)?,
    };
    members.retain(|member| {
        let MemberSource::Root(number) = member.source else { return true };
        let is_workspace =
            input.roots.get(number).is_some_and(|root| Membership::of(&root.manifest.text).is_some());
        if let (true, Some(place)) = (is_workspace, member.place) {
            let finding = Diagnostic::new(Code::Manifest, place, format!("`{}` is a workspace", member.path));
            let help = "a workspace is no member of another: name its members here, or take it out";
            problems.push(finding.about(&member.path).help(help));
        }
        !is_workspace || member.place.is_none()
    });
    Ok(FleetInput { input, members, problems, ..FleetInput::default() })
}

/// The texts that a member's file stands for, with the paths by which patterns name them: of an index itself, of an archive
/// those of the indexes in it. An archive that is refused says why, and what to do.
pub(super) fn index_texts(
    path: &str,
    file: &Path,
    unpack: Option<Unpack<'_>>,
) -> Result<Vec<(String, InputFile)>, (String, &'static str)> {
    let folder = file.parent().map_or_else(PathBuf::new, canonical);
    if !is_archive(file) {
        return Ok(vec![(path.to_owned(), read_file(file, path, &folder))]);
    }
    let refused = |why: &str| format!("the archive `{path}` is refused: {why}");
    let by_hand = "unpack it, and name the folder's indexes: `members = [\"indexes/*.json\"]`";
    let Some(unpack) = unpack else { return Err((refused("this program reads none"), by_hand)) };
    let bytes =
        read_bytes(file, &folder).map_err(|why| (refused(&why), "see to its permissions and its size"))?;
    let files = unpack(&bytes).map_err(|why| {
        (refused(&why), "make it of the indexes as plain files: `tar -czf indexes.tar.gz *.json`")
    })?;
    let is_index = |name: &str| {
        let last = name.rsplit('/').next().unwrap_or(name);
        !last.starts_with('.') && last.strip_suffix(".json").is_some()
    };
    let indexes: Vec<(String, Vec<u8>)> = files.into_iter().filter(|(name, _)| is_index(name)).collect();
    match indexes.len() {
        0 => {
            return Err((
                refused("it holds no index"),
                "an index is a file `*.json`, which `slo build --target index` makes",
            ));
        }
        1..=MOST_MEMBERS => {}
        _ => return Err((refused("it holds more indexes than a workspace may have members"), by_hand)),
    }
    let texts = indexes.into_iter().map(|(name, bytes)| {
        let path = format!("{path}/{name}");
        let mut read = InputFile { name: format!("{}/{name}", file.display()), ..InputFile::new(&path, "") };
        match String::from_utf8(bytes) {
            Ok(text) => read.text = text.into(),
            Err(error) => read.problem = Some(Problem::NotUtf8(error.utf8_error().valid_up_to())),
        }
        (path, read)
    });
    Ok(texts.collect())
}

/// Which of these files the patterns of a workspace's `slo.toml` name as indexes, or as archives of such, by their paths from
/// there.
pub fn named_indexes<'p>(
    manifest: &str,
    paths: impl Iterator<Item = &'p str>,
) -> impl Iterator<Item = &'p str> {
    let (said, _) = Workspace::read(manifest, FileId(0));
    let patterns = said
        .members
        .into_iter()
        .filter_map(|(pattern, _)| Pattern::new(pattern.trim_start_matches("./").trim_end_matches('/')).ok());
    let patterns: Vec<Pattern> = patterns.collect();
    paths.filter(move |path| {
        let file = Path::new(path);
        let is_index = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(INDEX));
        (is_index || is_archive(file)) && patterns.iter().any(|pattern| pattern.matches_with(path, PATTERNS))
    })
}

/// How many bytes a file may have so that it is read.
#[must_use]
pub fn most_bytes(file: &Path) -> u64 {
    if is_archive(file) { MOST_ARCHIVE_BYTES } else { FILE_BYTES as u64 }
}

/// Whether a file is an archive, by its name.
pub(super) fn is_archive(file: &Path) -> bool {
    file.extension()
        .is_some_and(|ending| ARCHIVES.contains(&ending.to_string_lossy().to_ascii_lowercase().as_str()))
}

/// The bytes of an archive that stands in the folder `whole`.
pub(super) fn read_bytes(file: &Path, whole: &Path) -> Result<Vec<u8>, String> {
    let real = std::fs::canonicalize(file).map_err(|error| error.to_string())?;
    if !real.starts_with(whole) {
        return Err("it is a link that leads out of its folder".to_owned());
    }
    if !std::fs::metadata(&real).map_err(|error| error.to_string())?.is_file() {
        return Err("it is no file".to_owned());
    }
    let mut bytes = Vec::new();
    let open = std::fs::File::open(&real).map_err(|error| error.to_string())?;
    open.take(MOST_ARCHIVE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MOST_ARCHIVE_BYTES {
        return Err("it has more than 64 MiB".to_owned());
    }
    Ok(bytes)
}
