//! Where what `slo fetch` brought is read: the vendored folder beside `slo.toml`, or the cache.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use slo_grammar::limits;

use super::home::Home;
use super::{MOST_FILES, text_of};
use crate::input::{InputFile, NotThere, Root};
use crate::manifest::FILE_NAME;
use crate::pinned::{
    self, BASELINE_NAME, Elsewhere, LOCK_NAME, Lock, LockProblem, Locked, MOST_BYTES, Tree, VENDOR_NAME,
};

/// Where the sources of vocabularies are looked for.
#[derive(Clone, Debug, Default)]
pub struct Pins {
    /// What is locked; none where nothing is.
    pub lock: Option<Lock>,
    /// The folder with vendored sources, by their names.
    pub vendor: Option<PathBuf>,
    /// The folders with sources by the hashes of their contents, the first that has one counts.
    pub caches: Vec<PathBuf>,
    /// Whether a source that isn't locked is taken at another locked revision of the same place.
    pub loose: bool,
    /// Why the lock can't be used, and its file.
    problem: Option<(InputFile, LockProblem)>,
}

/// The folder that holds what `slo fetch` brought: `SLO_CACHE`, or `slo` among the user's caches.
#[must_use]
pub fn cache_folder() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = variable("SLO_CACHE") {
        return Some(folder);
    }
    let home = || std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
    let caches = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Caches"))
    } else {
        variable("XDG_CACHE_HOME")
            .filter(|folder| folder.is_absolute())
            .or_else(|| home().map(|home| home.join(".cache")))
    };
    caches.map(|folder| folder.join("slo"))
}

/// The folder of a source in a cache.
#[must_use]
pub fn cached(cache: &Path, sha256: &str) -> PathBuf {
    cache.join("sources").join(sha256)
}

impl Pins {
    /// What the root at `root` has: beside its own `slo.toml`, or beside that of its workspace.
    #[must_use]
    pub fn of(root: &Path) -> Pins {
        let home = Home::of(root);
        let pins = Pins::in_folder(&home.folder);
        if home.is_workspace && home.folder != root { pins.of_member(root, &home.folder) } else { pins }
    }

    /// What each of these members of a workspace has, which is one thing.
    #[cfg(feature = "fleet")]
    pub(super) fn of_members(workspace: &Path, members: &[PathBuf]) -> Vec<Pins> {
        let pins = Pins::in_folder(workspace);
        members.iter().map(|member| pins.clone().of_member(member, workspace)).collect()
    }

    /// The same, unless the member has a lock of its own, beside which nobody would know which of the two counts.
    fn of_member(mut self, member: &Path, workspace: &Path) -> Pins {
        let own = member.join(LOCK_NAME);
        if self.problem.is_none() && fs::symlink_metadata(&own).is_ok() {
            let (member, of_all) = (super::shown(member), super::shown(workspace));
            let of_all = if of_all.is_empty() { ".".to_owned() } else { of_all };
            let vendored = Path::new(&member).join(VENDOR_NAME);
            let vendored = match vendored.is_dir() {
                true => format!(" and `{}`", vendored.display()),
                false => String::new(),
            };
            let problem = LockProblem {
                place: 0..0,
                message: format!(
                    "`{member}` is a member of the workspace in `{of_all}`, which has one lock for all members: this one is not read"
                ),
                help: format!("delete `{}`{vendored}, and run `slo fetch` in `{of_all}`", super::shown(&own)),
            };
            self.problem =
                Some((super::read_file(&own, LOCK_NAME, &super::canonical(Path::new(&member))), problem));
        }
        self
    }

    /// What stands beside the `slo.toml` of a folder.
    fn in_folder(folder: &Path) -> Pins {
        let path = folder.join(LOCK_NAME);
        let mut pins = Pins {
            vendor: Some(folder.join(VENDOR_NAME)),
            caches: cache_folder().into_iter().collect(),
            ..Pins::default()
        };
        match fs::symlink_metadata(&path) {
            Err(_) => {}
            Ok(_) => match read_lock(&path) {
                Ok(lock) => pins.lock = Some(lock),
                Err(problem) => pins.problem = Some(problem),
            },
        }
        pins
    }

    /// Why the lock can't be used.
    #[must_use]
    pub fn problem(&self) -> Option<&LockProblem> {
        self.problem.as_ref().map(|(_, problem)| problem)
    }

    pub(super) fn problem_of_file(&self) -> Option<(InputFile, LockProblem)> {
        self.problem.clone()
    }

    /// The entry of a source.
    pub(super) fn locked(&self, name: &str, elsewhere: &Elsewhere) -> Result<&Locked, NotThere> {
        let source = &elsewhere.source;
        if self.problem.is_some() {
            return Err(NotThere::BadLock);
        }
        let Some(lock) = &self.lock else {
            return Err(NotThere::NotFetched(format!(
                "`{source}` is not fetched, and there is no `{LOCK_NAME}`"
            )));
        };
        if let Some(locked) = lock.of(source) {
            return Ok(locked);
        }
        let same = |locked: &&Locked| locked.source.location() == source.location();
        let other = lock.sources.iter().find(same);
        match other {
            Some(other) if self.loose => Ok(other),
            Some(other) => Err(NotThere::Stale(format!(
                "`{LOCK_NAME}` has `{}`, and `{name}` is `{source}`",
                other.source
            ))),
            None => Err(NotThere::Stale(format!("`{LOCK_NAME}` doesn't have `{source}`"))),
        }
    }

    /// The entry of the source of the indexes that a contract is held to.
    #[cfg(feature = "fleet")]
    pub(super) fn locked_fleet(&self, elsewhere: &Elsewhere) -> Result<&Locked, NotThere> {
        let is_there = self.lock.as_ref().is_some_and(|lock| lock.of(&elsewhere.source).is_some());
        // A contract is held to one fleet: what is locked of it may have had another place.
        if let Some(locked) = self.lock.as_ref().and_then(Lock::fleet).filter(|_| self.loose && !is_there) {
            return Ok(locked);
        }
        let locked = self.locked("fleet", elsewhere)?;
        match locked.indexes.contains(&elsewhere.path) || self.loose {
            true => Ok(locked),
            false => Err(NotThere::Stale(format!(
                "`{LOCK_NAME}` doesn't have the indexes in `{}` of `{}`",
                if elsewhere.path.is_empty() { "." } else { &elsewhere.path },
                elsewhere.source
            ))),
        }
    }

    /// The files of a source, where they are there and as they were locked.
    #[must_use]
    pub fn tree_of(&self, locked: &Locked) -> Option<Tree> {
        self.tree(locked).ok().map(|(_, tree)| tree)
    }

    /// The files of a source, and the folder that they stand in.
    pub(super) fn tree(&self, locked: &Locked) -> Result<(PathBuf, Tree), NotThere> {
        let vendored = self.vendor.as_ref().map(|vendor| vendor.join(&locked.name));
        let is_link = |path: &Path| fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        if let Some(link) = self.vendor.iter().chain(&vendored).find(|path| is_link(path)) {
            return Err(NotThere::Stale(format!("`{}` is a link", super::shown(link))));
        }
        if let Some(folder) = vendored.filter(|folder| fs::symlink_metadata(folder).is_ok()) {
            return match read_tree(&folder) {
                Ok(tree) if tree.sha256() == locked.sha256 => Ok((folder, tree)),
                Ok(_) => Err(NotThere::Stale(format!(
                    "the files in `{}` are not those of `{LOCK_NAME}`",
                    super::shown(&folder)
                ))),
                Err(why) => Err(NotThere::Stale(format!("`{}` {why}", super::shown(&folder)))),
            };
        }
        let Some(first) = self.caches.first() else {
            return Err(NotThere::NotFetched(
                "there is no folder of caches: neither `SLO_CACHE` nor the user's own folder is known"
                    .to_owned(),
            ));
        };
        let folders = self.caches.iter().map(|cache| cached(cache, &locked.sha256));
        let folder = folders.into_iter().find(|folder| folder.is_dir());
        let Some(folder) = folder else {
            let folder = cached(first, &locked.sha256);
            return Err(NotThere::NotFetched(format!(
                "`{}` is not fetched: there is no `{}`",
                locked.source,
                folder.display()
            )));
        };
        match read_tree(&folder) {
            Ok(tree) if tree.sha256() == locked.sha256 => Ok((folder, tree)),
            Ok(_) => Err(NotThere::NotFetched(format!(
                "`{}` was changed: its files are not those of `{LOCK_NAME}`",
                folder.display()
            ))),
            Err(why) => Err(NotThere::NotFetched(format!("`{}` {why}", folder.display()))),
        }
    }
}

/// The lock in a file.
fn read_lock(path: &Path) -> Result<Lock, (InputFile, LockProblem)> {
    let whole = super::canonical(
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")),
    );
    let mut file = super::read_file(path, LOCK_NAME, &whole);
    let problem = match file.problem.take() {
        None => match Lock::read(&file.text) {
            Ok(lock) => return Ok(lock),
            Err(problem) => problem,
        },
        Some(problem) => LockProblem {
            place: 0..0,
            message: format!("`{LOCK_NAME}` can't be read: {}", super::why(&problem)),
            help: "see to the file, or delete it and run `slo fetch`".to_owned(),
        },
    };
    Err((file, problem))
}

/// All files below a folder.
///
/// # Errors
/// Says what of it is no tree of files.
pub fn read_tree(folder: &Path) -> Result<Tree, String> {
    let mut tree = Tree::default();
    let mut left = MOST_BYTES;
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        let unreadable = |error: io::Error| format!("can't be read: {error}");
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            let name = name.to_str().ok_or("holds a name that is no UTF-8")?;
            let path = format!("{prefix}{name}");
            let kind = entry.file_type().map_err(unreadable)?;
            if pinned::unsafe_path(&path).is_some() {
                return Err(format!("holds `{path}`, a name that `slo fetch` doesn't write"));
            } else if kind.is_dir() {
                open.push((entry.path(), format!("{path}/")));
            } else if !kind.is_file() {
                return Err(format!("holds `{path}`, which is neither a file nor a folder"));
            } else if tree.len() >= MOST_FILES {
                return Err(format!("holds more than {MOST_FILES} files"));
            } else {
                let limit = left.min(limits::FILE_BYTES as u64);
                let mut bytes = Vec::new();
                let file = fs::File::open(entry.path()).map_err(unreadable)?;
                io::Read::read_to_end(&mut io::Read::take(file, limit + 1), &mut bytes)
                    .map_err(unreadable)?;
                if bytes.len() as u64 > limit {
                    return Err(format!("holds `{path}`, with which its files are larger than they may be"));
                }
                left -= bytes.len() as u64;
                tree.insert(path, bytes);
            }
        }
    }
    Ok(tree)
}

/// A file of the root at `prefix` in a tree; `folder` is the root's.
pub(super) fn file_of(tree: &Tree, prefix: &str, path: &str, folder: &Path) -> Option<InputFile> {
    let whole = if prefix.is_empty() { path.to_owned() } else { format!("{prefix}/{path}") };
    let bytes = tree.get(&whole)?;
    let name = super::shown(&folder.join(path));
    let mut file = InputFile { name, path: path.to_owned(), text: "".into(), problem: None };
    match text_of(&**bytes, bytes.len() as u64) {
        Ok(text) => file.text = Arc::from(text),
        Err(problem) => file.problem = Some(problem),
    }
    Some(file)
}

/// The root at `prefix` in a tree that stands in `top`; none where there is no manifest.
pub(super) fn root_of(top: &Path, tree: &Tree, prefix: &str) -> Option<Root> {
    let folder = if prefix.is_empty() { top.to_owned() } else { top.join(prefix) };
    let file = |path: &str| file_of(tree, prefix, path, &folder);
    let files = pinned::root_files(tree.paths(), prefix).into_iter().filter_map(file).collect();
    let mut root = Root::new(file(FILE_NAME)?, files);
    root.baseline = file(BASELINE_NAME);
    root.folder = folder;
    Some(root)
}
