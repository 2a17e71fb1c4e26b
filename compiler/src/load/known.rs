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

impl Place {
    fn source(&self) -> Option<usize> {
        match self {
            Place::Folder(_) => None,
            Place::Source(source, _) => Some(*source),
        }
    }
}

/// What tells one root from another.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// The folder.
    Folder(PathBuf),
    /// The revision and the folder in there, wherever it was fetched from.
    Source(String, String),
}

/// A root's number, the source that it is from, and its packages.
type Named = (usize, Option<usize>, Vec<String>);

/// The roots that were read for all contracts of a run.
pub(super) struct Numbers(HashMap<Key, usize>);

impl Numbers {
    /// The contracts' own roots, in their folders, are known first.
    pub(super) fn of(starts: &[PathBuf]) -> Numbers {
        let keys = starts.iter().map(|folder| Key::Folder(canonical(folder)));
        Numbers(keys.enumerate().map(|(number, key)| (key, number)).collect())
    }
}

/// The roots that were read for one contract.
pub(super) struct Known<'p> {
    pins: &'p Pins,
    numbers: HashMap<Key, usize>,
    /// The roots from elsewhere by their places, whatever the revision.
    places: BTreeMap<(String, String), (usize, usize)>,
    /// The roots by their manifests' names.
    names: BTreeMap<String, Vec<Named>>,
    /// The sources' files, by their numbers in the lock.
    trees: BTreeMap<usize, Result<(PathBuf, Arc<Tree>), NotThere>>,
    /// The roots from elsewhere.
    from: BTreeMap<usize, (usize, String)>,
}

impl<'p> Known<'p> {
    /// Those of the contract whose own root has this number.
    pub(super) fn new(pins: &'p Pins, numbers: Numbers, number: usize, own: &Root) -> Known<'p> {
        let mut known = Known {
            pins,
            numbers: numbers.0,
            places: BTreeMap::new(),
            names: BTreeMap::new(),
            trees: BTreeMap::new(),
            from: BTreeMap::new(),
        };
        known.name(number, None, own);
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

    /// The number of the root at a place, if it was read; an error where another revision of it was.
    pub(super) fn at(&self, place: &Place) -> Result<Option<usize>, NotThere> {
        if let Some(number) = self.numbers.get(&self.key(place)) {
            return Ok(Some(*number));
        }
        let Place::Source(source, path) = place else { return Ok(None) };
        let Some(locked) = self.locked(*source) else { return Ok(None) };
        match self.places.get(&(locked.source.location(), path.clone())) {
            Some((number, other)) => Err(self.two(*number, Some(*other), Some(*source))),
            None => Ok(None),
        }
    }

    fn two(&self, number: usize, first: Option<usize>, second: Option<usize>) -> NotThere {
        let revision = |source: Option<usize>| {
            let locked = source.and_then(|source| self.locked(source));
            locked.map(|locked| Revision { source: locked.source.clone(), revision: locked.revision.clone() })
        };
        NotThere::OtherRevision { root: number, first: revision(first), second: revision(second) }
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

    /// Notes a root that was read; an error where another revision of it is there under another place.
    pub(super) fn add(&mut self, number: usize, place: Place, root: &Root) -> Result<(), NotThere> {
        let source = place.source();
        let (name, packages) = named(root);
        for (other, other_source, theirs) in self.names.get(&name).into_iter().flatten() {
            // Two folders of one name are for the packages' own check.
            let is_elsewhere = source.is_some() || other_source.is_some();
            if is_elsewhere && !name.is_empty() && packages.iter().any(|package| theirs.contains(package)) {
                return Err(self.two(*other, *other_source, source));
            }
        }
        self.note(number, place, root);
        Ok(())
    }

    fn note(&mut self, number: usize, place: Place, root: &Root) {
        self.numbers.insert(self.key(&place), number);
        self.name(number, place.source(), root);
        if let Place::Source(source, path) = place {
            if let Some(locked) = self.locked(source) {
                self.places.insert((locked.source.location(), path.clone()), (number, source));
            }
            self.from.insert(number, (source, path));
        }
    }

    fn name(&mut self, number: usize, source: Option<usize>, root: &Root) {
        let (name, packages) = named(root);
        self.names.entry(name).or_default().push((number, source, packages));
    }

    /// The roots that were read, and the files of each from elsewhere, with its folder in them.
    pub(super) fn into_parts(self) -> (Numbers, BTreeMap<usize, (Arc<Tree>, String)>) {
        let Known { numbers, trees, from, .. } = self;
        let tree = |source: &usize| Some(Arc::clone(&trees.get(source)?.as_ref().ok()?.1));
        let trees =
            from.into_iter().filter_map(|(root, (source, path))| Some((root, (tree(&source)?, path))));
        (Numbers(numbers), trees.collect())
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
