//! Follows what a contract root stands on, and fetches what of it is elsewhere.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use slo_compiler::load::{MOST_ROOTS, Pins, without_detours};
use slo_compiler::pinned::{
    Elsewhere, LOCK_NAME, Locked, MANIFEST_NAME, MOST_BYTES, Reference, Source, Tree, relative,
};
use slo_compiler::{FleetSource, Manifest, VocabularySource};
use slo_grammar::limits::FILE_BYTES;

use crate::content::Content;
use crate::download;
use crate::error::FetchError;
use crate::git::Repository;
use crate::unpack::unpack;
use crate::{Request, Update};

/// What was found on the way.
pub(crate) struct Walked {
    /// All that is needed from elsewhere, sorted by name, each with its files.
    pub(crate) sources: Vec<(Locked, Tree)>,
    /// The roots on this disk, the one that is fetched for first.
    pub(crate) folders: Vec<PathBuf>,
}

/// Follows what a contract root stands on.
pub(crate) fn walk(request: &Request, pins: &Pins) -> Result<Walked, FetchError> {
    let (sources, updated, names) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let mut walk = Walk { request, pins, sources, updated, names };
    let folders = walk.all()?;
    walk.has_each_name()?;
    Ok(Walked { sources: walk.locked()?, folders })
}

/// Where a root is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Folder(PathBuf),
    Source(usize, String),
}

/// A source that something needs.
struct Needed {
    source: Source,
    revision: String,
    locked: Option<Locked>,
    content: Content,
    /// Whether the content is what was there already: the roots that were locked, and no other.
    is_kept: bool,
    /// The folder of the root that names it, where that is on this disk.
    folder: Option<PathBuf>,
    roots: BTreeSet<String>,
    indexes: BTreeSet<String>,
    tree: Tree,
}

impl Needed {
    /// Adds files to what is needed.
    fn take(&mut self, files: Vec<(String, Arc<[u8]>)>) -> Result<(), FetchError> {
        files.into_iter().for_each(|(path, bytes)| self.tree.insert(path, bytes));
        let size: u64 = self.tree.files().map(|(_, bytes)| bytes.len() as u64).sum();
        if size > MOST_BYTES {
            return Err(FetchError::new(
                format!("what is needed of `{}` has more than {MOST_BYTES} bytes", self.source),
                "are these the folders that were meant?",
            ));
        }
        match self.tree.alike() {
            None => Ok(()),
            Some((one, other)) => Err(FetchError::new(
                format!("`{one}` and `{other}` of `{}` are one file where capitals don't count", self.source),
                "tell those who keep it, and name a revision in which one of the two is renamed",
            )),
        }
    }
}

struct Walk<'r> {
    request: &'r Request,
    pins: &'r Pins,
    sources: Vec<Needed>,
    /// The names of an update that something has.
    updated: BTreeSet<String>,
    /// All names of sources.
    names: BTreeSet<String>,
}

impl Walk<'_> {
    fn all(&mut self) -> Result<Vec<PathBuf>, FetchError> {
        let mut folders = Vec::new();
        let mut seen = BTreeSet::new();
        let mut open = VecDeque::new();
        for own in &self.request.roots {
            if seen.insert(Place::Folder(canonical(own))) {
                open.push_back((Place::Folder(own.clone()), true));
            }
        }
        // Each contract has a bound of its own, which a check asks.
        let most = MOST_ROOTS * open.len().clamp(1, 16) + open.len();
        // What a vocabulary, or a member of a workspace, is held to is asked by nobody.
        let alone = self.request.roots.first().filter(|root| **root == self.request.home).cloned();
        while let Some((place, is_own)) = open.pop_front() {
            let text = self.manifest(&place, is_own)?;
            let manifest = text.as_deref().and_then(Manifest::of);
            if let (Place::Folder(folder), true, None) = (&place, is_own, &manifest) {
                return Err(FetchError::new(
                    format!("too little of `{}` can be read", folder.join(MANIFEST_NAME).display()),
                    format!("`slo check {}` shows what is wrong", folder.display()),
                ));
            }
            if let (Place::Folder(folder), Some(_)) = (&place, &manifest) {
                folders.push(folder.clone());
            }
            let fleet = manifest.as_ref().filter(|_| is_own).and_then(|manifest| manifest.fleet.as_ref());
            if let (Some(own), Some(FleetSource::Elsewhere(elsewhere))) =
                (&alone, fleet.map(|fleet| &fleet.source))
            {
                self.fleet(elsewhere, own)?;
            }
            for (name, source, _) in manifest.into_iter().flat_map(|manifest| manifest.vocabularies) {
                let Some(next) = self.place(&place, &name, source)? else { continue };
                let key = match &next {
                    Place::Folder(folder) => Place::Folder(canonical(folder)),
                    other => other.clone(),
                };
                if seen.insert(key) {
                    open.push_back((next, false));
                }
                if seen.len() > most {
                    return Err(FetchError::new(
                        format!("`{}` stands on more than {MOST_ROOTS} roots", self.request.home.display()),
                        "see what its vocabularies stand on",
                    ));
                }
            }
        }
        Ok(folders)
    }

    /// The text of a manifest. What is not there in another root is for `slo check` to tell.
    fn manifest(&self, place: &Place, is_own: bool) -> Result<Option<String>, FetchError> {
        match place {
            Place::Folder(folder) => {
                let path = folder.join(MANIFEST_NAME);
                let metadata = fs::metadata(&path);
                let fits = metadata
                    .as_ref()
                    .is_ok_and(|metadata| metadata.is_file() && metadata.len() <= FILE_BYTES as u64);
                match fits.then(|| fs::read_to_string(&path)) {
                    Some(Ok(text)) => Ok(Some(text)),
                    Some(Err(error)) if is_own => Err(FetchError::new(
                        format!("`{}` can't be read: {error}", path.display()),
                        "see to the file",
                    )),
                    None if is_own => Err(FetchError::new(
                        format!("`{}` is no contract root: it holds no `{MANIFEST_NAME}`", folder.display()),
                        "name the folder that does",
                    )),
                    _ => Ok(None),
                }
            }
            Place::Source(number, root) => {
                let path = if root.is_empty() {
                    MANIFEST_NAME.to_owned()
                } else {
                    format!("{root}/{MANIFEST_NAME}")
                };
                let bytes = self.sources.get(*number).and_then(|needed| needed.tree.get(&path));
                Ok(bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()))
            }
        }
    }

    /// Where a vocabulary is, fetched if it has to be; none where it is built in.
    fn place(
        &mut self,
        namer: &Place,
        name: &str,
        source: VocabularySource,
    ) -> Result<Option<Place>, FetchError> {
        match (source, namer) {
            (VocabularySource::BuiltIn(_), _) => Ok(None),
            (VocabularySource::Path(path), Place::Folder(folder)) => {
                Ok(Some(Place::Folder(without_detours(&folder.join(path)))))
            }
            (VocabularySource::Path(path), Place::Source(number, root)) => {
                let number = *number;
                match relative(root, &path) {
                    Some(path) => {
                        self.root(number, &path)?;
                        Ok(Some(Place::Source(number, path)))
                    }
                    // Told by `slo check`, at the line.
                    None => Ok(None),
                }
            }
            (VocabularySource::Elsewhere(Elsewhere { source, path }), _) => {
                let folder = match namer {
                    Place::Folder(folder) => Some(folder.clone()),
                    Place::Source(..) => None,
                };
                let number = self.source(name, source, folder)?;
                self.root(number, &path)?;
                Ok(Some(Place::Source(number, path)))
            }
        }
    }

    /// The number of a source, which is opened when it is first needed.
    fn source(&mut self, name: &str, source: Source, folder: Option<PathBuf>) -> Result<usize, FetchError> {
        let locked = self.pins.lock.as_ref().and_then(|lock| lock.of(&source)).cloned();
        let is_by_tag = matches!(source, Source::Git { at: Reference::Tag(_), .. });
        let is_updated = self.is_updated(name, locked.as_ref()) && is_by_tag;
        if let Some(number) = self.sources.iter().position(|needed| needed.source == source) {
            return Ok(number);
        }
        let there = locked.as_ref().filter(|_| !is_updated).and_then(|locked| self.there(locked));
        let (revision, content, is_kept) = match (there, &locked) {
            (Some(tree), Some(locked)) => (locked.revision.clone(), Content::Files(tree), true),
            _ => self.open(&source, locked.as_ref(), is_updated, folder.as_deref())?,
        };
        let (roots, indexes, tree) = (BTreeSet::new(), BTreeSet::new(), Tree::default());
        self.sources.push(Needed {
            source,
            revision,
            locked,
            content,
            is_kept,
            folder,
            roots,
            indexes,
            tree,
        });
        Ok(self.sources.len() - 1)
    }

    fn is_updated(&mut self, name: &str, locked: Option<&Locked>) -> bool {
        let own = locked.map(|locked| locked.name.as_str());
        match &self.request.update {
            Update::Nothing => false,
            Update::All => true,
            Update::Named(names) => {
                let wanted = names.iter().filter(|wanted| *wanted == name || Some(wanted.as_str()) == own);
                let wanted: Vec<String> = wanted.cloned().collect();
                let is_updated = !wanted.is_empty();
                self.updated.extend(wanted);
                self.names.extend([name.to_owned()].into_iter().chain(own.map(str::to_owned)));
                is_updated
            }
        }
    }

    /// The files of what is locked, where they are there already.
    fn there(&self, locked: &Locked) -> Option<Tree> {
        let tree = self.pins.tree_of(locked);
        tree.or_else(|| {
            let mut cached = self.pins.clone();
            cached.vendor = None;
            cached.tree_of(locked)
        })
    }

    /// Reads a source from where it is, at the revision that is locked, or at the one that it has today.
    fn open(
        &self,
        source: &Source,
        locked: Option<&Locked>,
        is_updated: bool,
        folder: Option<&Path>,
    ) -> Result<(String, Content, bool), FetchError> {
        let timeout = self.request.timeout;
        (self.request.progress)(source);
        match source {
            Source::Archive { from, sha256 } => {
                let bytes = download::archive(from, sha256, folder, timeout)?;
                let files = unpack(&bytes).map_err(|error| {
                    FetchError::new(
                        format!("the archive `{from}` can't be taken: {error}"),
                        "ask those who keep it for one with plain files alone, as `git archive` makes it, and write its new `sha256` into `slo.toml`; where a page came instead, the URL asks for a login or is another",
                    )
                })?;
                let mut tree = Tree::default();
                files.into_iter().for_each(|(path, bytes)| tree.insert(path, bytes));
                Ok((sha256.clone(), Content::Files(tree), false))
            }
            Source::Git { url, at } => {
                let repository = Repository::new(url, timeout)?;
                let (commit, tag) = match at {
                    Reference::Rev(rev) => (rev.clone(), None),
                    Reference::Tag(tag) => {
                        let now = repository.commit_of_tag(tag)?.ok_or_else(|| no_tag(url, tag, locked))?;
                        match locked.filter(|locked| !is_updated && locked.revision != now) {
                            Some(locked) => return Err(moved(url, tag, locked, &now)),
                            None => (now, Some(tag.as_str())),
                        }
                    }
                };
                if !repository.fetch(&commit, tag)? {
                    return Err(FetchError::new(
                        format!("`{url}` has no commit {commit} any more, or never had it"),
                        "ask those who keep it for a tag that stays, name it in `slo.toml`, and run `slo fetch`",
                    ));
                }
                let blobs = repository.list(&commit)?;
                Ok((commit, Content::Commit(repository, blobs), false))
            }
        }
    }

    /// Takes what a root of a source needs.
    fn root(&mut self, number: usize, root: &str) -> Result<(), FetchError> {
        let Some(needed) = self.sources.get(number) else { return Ok(()) };
        if needed.roots.contains(root) {
            return Ok(());
        }
        if needed.locked.as_ref().is_some_and(|locked| !locked.roots.contains(root)) {
            self.open_again(number)?;
        }
        let Some(needed) = self.sources.get_mut(number) else { return Ok(()) };
        let Some(files) = needed.content.root(&needed.source, root)? else {
            let folder =
                if root.is_empty() { "at its top".to_owned() } else { format!("in its folder `{root}`") };
            return Err(FetchError::new(
                format!("`{}` holds no `{MANIFEST_NAME}` {folder}", needed.source),
                "name the folder that does by `path = \"…\"`, from the top of the repository or archive",
            ));
        };
        needed.roots.insert(root.to_owned());
        needed.take(files)
    }

    /// Takes the indexes that a contract is held to.
    fn fleet(&mut self, elsewhere: &Elsewhere, folder: &Path) -> Result<(), FetchError> {
        let number = self.source("fleet", elsewhere.source.clone(), Some(folder.to_owned()))?;
        let locked = self.sources.get(number).and_then(|needed| needed.locked.as_ref());
        if locked.is_some_and(|locked| !locked.indexes.contains(&elsewhere.path)) {
            self.open_again(number)?;
        }
        let Some(needed) = self.sources.get_mut(number) else { return Ok(()) };
        let Some(files) = needed.content.indexes(elsewhere)? else {
            let place = match elsewhere.path.as_str() {
                "" => "at its top".to_owned(),
                path => format!("in `{path}`"),
            };
            return Err(FetchError::new(
                format!("`{}` holds no index {place}", needed.source),
                "an index is a file `*.json`, which `slo build --target index` makes; name their folder by `path = \"…\"` below `[fleet]`, from the top of the repository or archive",
            ));
        };
        needed.indexes.insert(elsewhere.path.clone());
        needed.take(files)
    }

    /// Reads a source from where it is, where only what was locked of it is there.
    fn open_again(&mut self, number: usize) -> Result<(), FetchError> {
        let Some(needed) = self.sources.get(number).filter(|needed| needed.is_kept) else { return Ok(()) };
        let (source, locked, folder) = (needed.source.clone(), needed.locked.clone(), needed.folder.clone());
        let (_, content, is_kept) = self.open(&source, locked.as_ref(), false, folder.as_deref())?;
        if let Some(needed) = self.sources.get_mut(number) {
            (needed.content, needed.is_kept) = (content, is_kept);
        }
        Ok(())
    }

    /// An update that finds nothing was meant for something else.
    fn has_each_name(&self) -> Result<(), FetchError> {
        let Update::Named(names) = &self.request.update else { return Ok(()) };
        let Some(name) = names.iter().find(|name| !self.updated.contains(*name)) else { return Ok(()) };
        let known: Vec<String> = self.names.iter().map(|name| format!("`{name}`")).collect();
        Err(FetchError::new(
            format!("no vocabulary from a repository or an archive is named `{name}`, and no fleet"),
            if known.is_empty() {
                "there is none".to_owned()
            } else {
                format!("there are {}", known.join(", "))
            },
        ))
    }

    /// What is locked now.
    fn locked(self) -> Result<Vec<(Locked, Tree)>, FetchError> {
        // A name that something has keeps it, so that the folders of what is vendored stay where they are.
        let kept = self.sources.iter().filter_map(|needed| needed.locked.as_ref());
        let mut taken: BTreeSet<String> = kept.map(|locked| locked.name.to_ascii_lowercase()).collect();
        let mut named: BTreeMap<String, (Locked, Tree)> = BTreeMap::new();
        let mut sources = self.sources;
        // Two sources of one name have their numbers whatever the order in which they are found.
        sources.sort_by(|left, right| left.source.cmp(&right.source));
        for Needed { source, revision, locked, roots, indexes, tree, .. } in sources {
            let sha256 = tree.sha256();
            let same = locked.as_ref().filter(|locked| {
                locked.revision == revision && locked.roots == roots && locked.indexes == indexes
            });
            if let Some(other) = same.filter(|locked| locked.sha256 != sha256) {
                return Err(FetchError::new(
                    format!(
                        "the files of `{source}` at {revision} are not those of `{LOCK_NAME}`: their hash is {sha256}, and {} is locked",
                        other.sha256
                    ),
                    format!(
                        "`{LOCK_NAME}` was edited by hand: take the committed one again, or delete it and run `slo fetch`"
                    ),
                ));
            }
            let name = locked.map(|locked| locked.name).unwrap_or_else(|| {
                let short = source.short_name();
                let numbered = (2..).map(|number| format!("{short}-{number}"));
                let mut names = std::iter::once(short.clone()).chain(numbered);
                names.find(|name| taken.insert(name.to_ascii_lowercase())).unwrap_or(short.clone())
            });
            named.insert(name.clone(), (Locked { name, source, revision, roots, indexes, sha256 }, tree));
        }
        Ok(named.into_values().collect())
    }
}

fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn no_tag(url: &str, tag: &str, locked: Option<&Locked>) -> FetchError {
    match locked {
        None => FetchError::new(
            format!("`{url}` has no tag `{tag}`"),
            format!("`git ls-remote --tags {url}` lists those that it has"),
        ),
        Some(locked) => FetchError::new(
            format!("`{url}` has no tag `{tag}` any more; `{LOCK_NAME}` has it at {}", locked.revision),
            "ask those who keep it why, and name another tag in `slo.toml`, or that commit by `rev`",
        ),
    }
}

fn moved(url: &str, tag: &str, locked: &Locked, now: &str) -> FetchError {
    FetchError::new(
        format!(
            "the tag `{tag}` of `{url}` has moved: `{LOCK_NAME}` has it at {}, and it names {now} today",
            locked.revision
        ),
        "ask those who keep it why; `slo fetch --update` takes what it names today, and tells what that brings",
    )
}
