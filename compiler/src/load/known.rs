//! Which roots a run has read, so that each is read once, and in one revision.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::elsewhere::{Pins, root_of};
use super::{canonical, not_there, read_root, without_detours};
use crate::hash::HashMap;
use crate::input::{NotThere, Revision, Root};
use crate::manifest::VocabularySource;
use crate::pinned::{Locked, Tree, relative};

/// Where a root is.
pub(super) enum Place {
    /// In a folder of this disk.
    Folder(PathBuf),
    /// In a source from elsewhere: the source's number in the lock, and the folder there.
    Source(usize, String),
}

/// What tells one root from another.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// The folder.
    Folder(PathBuf),
    /// The revision and the folder in there, wherever it was fetched from.
    Source(String, String),
}

/// What tells that two roots are one vocabulary.
struct Identity {
    /// The name in its manifest.
    name: String,
    packages: Vec<String>,
    /// The source that it is from, and its folder there; none of a folder of this disk.
    from: Option<(Locked, String)>,
}

/// The roots that were read for all contracts of a run.
pub(super) struct Numbers {
    numbers: HashMap<Key, usize>,
    identities: BTreeMap<usize, Identity>,
}

impl Numbers {
    /// The contracts' own roots, in their folders, are known first.
    pub(super) fn of(starts: &[PathBuf]) -> Numbers {
        let keys = starts.iter().map(|folder| Key::Folder(canonical(folder)));
        let numbers = keys.enumerate().map(|(number, key)| (key, number)).collect();
        Numbers { numbers, identities: BTreeMap::new() }
    }
}

/// The roots that were read for one contract.
pub(super) struct Known<'p> {
    pins: &'p Pins,
    all: Numbers,
    /// The roots from elsewhere by their places, whatever the revision.
    places: BTreeMap<(String, String), usize>,
    /// The roots by their manifests' names.
    names: BTreeMap<String, Vec<usize>>,
    /// The sources' files, by their numbers in the lock.
    trees: BTreeMap<usize, Result<(PathBuf, Arc<Tree>), NotThere>>,
    /// The roots from elsewhere that were read for this contract first.
    from: BTreeMap<usize, (usize, String)>,
}

impl<'p> Known<'p> {
    /// Those of the contract whose own root has this number.
    pub(super) fn new(pins: &'p Pins, all: Numbers, number: usize, own: &Root) -> Known<'p> {
        let mut known = Known {
            pins,
            all,
            places: BTreeMap::new(),
            names: BTreeMap::new(),
            trees: BTreeMap::new(),
            from: BTreeMap::new(),
        };
        known.identify(number, own, None);
        known.meet(number);
        known
    }

    fn locked(&self, source: usize) -> Option<&'p Locked> {
        self.pins.lock.as_ref()?.sources.get(source)
    }

    /// Where a vocabulary of the root with this number is; none where it is built in.
    pub(super) fn place(
        &self,
        namer: usize,
        folder: &Path,
        name: &str,
        source: &VocabularySource,
    ) -> Result<Option<Place>, NotThere> {
        match (source, self.from.get(&namer)) {
            (VocabularySource::BuiltIn(_), _) => Ok(None),
            (VocabularySource::Path(path), None) => {
                Ok(Some(Place::Folder(without_detours(&folder.join(path)))))
            }
            (VocabularySource::Path(path), Some((source, inner))) => match relative(inner, path) {
                Some(path) => Ok(Some(Place::Source(*source, path))),
                None => Err(NotThere::Because(format!("`{path}` leads out of what was fetched"))),
            },
            (VocabularySource::Elsewhere(elsewhere), _) => {
                let locked = self.pins.locked(name, elsewhere)?;
                let sources = self.pins.lock.iter().flat_map(|lock| &lock.sources);
                let number = sources.into_iter().position(|other| other == locked).unwrap_or_default();
                Ok(Some(Place::Source(number, elsewhere.path.clone())))
            }
        }
    }

    fn key(&self, place: &Place) -> Key {
        match place {
            Place::Folder(folder) => Key::Folder(canonical(folder)),
            Place::Source(source, path) => {
                let revision = self.locked(*source).map(|locked| locked.revision.clone());
                Key::Source(revision.unwrap_or_default(), path.clone())
            }
        }
    }

    /// The number of the root at a place, if it was read.
    pub(super) fn at(&self, place: &Place) -> Option<usize> {
        self.all.numbers.get(&self.key(place)).copied()
    }

    /// Reads the root at a place.
    pub(super) fn read(&mut self, place: &Place) -> Result<Root, NotThere> {
        let (source, path) = match place {
            Place::Folder(folder) => {
                return read_root(folder).map_err(|error| NotThere::Because(not_there(folder, &error)));
            }
            Place::Source(source, path) => (*source, path),
        };
        let locked = self.locked(source).ok_or(NotThere::BadLock)?;
        let tree = match self.trees.entry(source) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => {
                let read = self.pins.tree(locked);
                vacant.insert(read.map(|(folder, tree)| (folder, Arc::new(tree))))
            }
        };
        let (folder, tree) = tree.as_ref().map_err(Clone::clone)?;
        root_of(folder, tree, path).ok_or_else(|| match locked.roots.contains(path) {
            true => NotThere::Because(format!("`{}` holds no `slo.toml` in `{path}`", locked.source)),
            false => {
                NotThere::Stale(format!("`slo.lock` doesn't have the root `{path}` of `{}`", locked.source))
            }
        })
    }

    /// Notes a root that was read.
    pub(super) fn add(&mut self, number: usize, place: Place, root: &Root) {
        self.all.numbers.insert(self.key(&place), number);
        let from = match place {
            Place::Folder(_) => None,
            Place::Source(source, path) => {
                self.from.insert(number, (source, path.clone()));
                self.locked(source).cloned().map(|locked| (locked, path))
            }
        };
        self.identify(number, root, from);
    }

    fn identify(&mut self, number: usize, root: &Root, from: Option<(Locked, String)>) {
        // Whoever comes first says where it is from.
        self.all.identities.entry(number).or_insert_with(|| {
            let (name, packages) = named(root);
            Identity { name, packages, from }
        });
    }

    /// That the contract stands on a root: gives another one that it stands on, where that is another revision of this, with what
    /// the two are of.
    pub(super) fn meet(&mut self, number: usize) -> Option<(usize, Option<Revision>, Option<Revision>)> {
        let identity = self.all.identities.get(&number)?;
        let place = identity.from.as_ref().map(|(locked, path)| (locked.source.location(), path.clone()));
        let same_place = place.as_ref().and_then(|place| self.places.get(place)).copied();
        let is_same = |other: &&usize| {
            let Some(theirs) = self.all.identities.get(other) else { return false };
            // Two folders of one name are for the packages' own check.
            let is_elsewhere = identity.from.is_some() || theirs.from.is_some();
            is_elsewhere && identity.packages.iter().any(|package| theirs.packages.contains(package))
        };
        let named = self.names.get(&identity.name).filter(|_| !identity.name.is_empty());
        let same_name = named.into_iter().flatten().filter(|other| **other != number).find(is_same).copied();
        let other = same_place.filter(|other| *other != number).or(same_name);
        if let Some(other) = other {
            return Some((other, self.revision(other), self.revision(number)));
        }
        let name = identity.name.clone();
        self.places.extend(place.map(|place| (place, number)));
        self.names.entry(name).or_default().push(number);
        None
    }

    fn revision(&self, number: usize) -> Option<Revision> {
        let (locked, _) = self.all.identities.get(&number)?.from.as_ref()?;
        Some(Revision { source: locked.source.clone(), revision: locked.revision.clone() })
    }

    /// The roots that were read, and the files of each from elsewhere, with its folder in them.
    pub(super) fn into_parts(self) -> (Numbers, BTreeMap<usize, (Arc<Tree>, String)>) {
        let Known { all, trees, from, .. } = self;
        let tree = |source: &usize| Some(Arc::clone(&trees.get(source)?.as_ref().ok()?.1));
        let trees =
            from.into_iter().filter_map(|(root, (source, path))| Some((root, (tree(&source)?, path))));
        (all, trees.collect())
    }
}

/// A root's name, and its packages.
fn named(root: &Root) -> (String, Vec<String>) {
    let name = root.reading().manifest.as_ref().map(|manifest| manifest.name.clone());
    let packages = root.files.iter().filter_map(|file| package_of(&file.text)).collect();
    (name.unwrap_or_default(), packages)
}

/// The package that a text says, as far as its lines show it.
fn package_of(text: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("package "))?;
    Some(line.trim().to_owned())
}
