//! What comes from elsewhere: `slo fetch` brings the vocabularies and the indexes of others that an `slo.toml` names in repositories of git and in archives, at the
//! revisions of `slo.lock`, into a cache or into the repository. Checks and builds read what it brought, and fetch nothing.
//!
//! [`fetch()`] does it all; [`unpack()`] reads an archive that anybody may have made.

mod compare;
mod content;
mod download;
mod error;
mod git;
mod process;
mod store;
mod unpack;
mod walk;

pub use compare::{Finding, Findings};
pub use error::FetchError;
pub use unpack::{ARCHIVE_BYTES, UnpackError, unpack};

use std::path::{Path, PathBuf};
use std::time::Duration;

use slo_compiler::load::Pins;
use slo_compiler::pinned::{LOCK_NAME, Lock, Locked, Source, VENDOR_NAME};

use store::Store;

/// What is to be fetched, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// The folder that the lock stands in: the contract root's own, or its workspace's.
    pub home: PathBuf,
    /// The contract roots that are fetched for.
    pub roots: Vec<PathBuf>,
    /// Which sources move to what their tags name today.
    pub update: Update,
    /// Whether what is needed is put into the repository. Where it is there already, it stays there.
    pub vendor: bool,
    /// Whether nothing is written.
    pub dry_run: bool,
    /// How long one request to a repository or an archive may take.
    pub timeout: Duration,
    /// The folder of the cache.
    pub cache: Option<PathBuf>,
    /// Told of each source before it is asked for: that may take a while.
    pub progress: fn(&Source),
}

/// Which sources move to what their tags name today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// None: what is locked stays.
    Nothing,
    /// All that are named by a tag.
    All,
    /// These, by their names in `slo.toml` or in `slo.lock`.
    Named(Vec<String>),
}

/// What was fetched.
#[derive(Debug)]
pub struct Fetched {
    /// What is locked now, with what was before.
    pub sources: Vec<Change>,
    /// What was locked and is not needed any more.
    pub gone: Vec<Locked>,
    /// What the changes bring; none where nothing is known to compare with.
    pub findings: Option<Findings>,
    /// Where the files stand, where they were put into the repository.
    pub vendored: Option<PathBuf>,
    /// The lock's file, where it was written.
    pub written: Option<PathBuf>,
}

/// A source, and what of it was locked before.
#[derive(Clone, Debug)]
pub struct Change {
    /// As it is locked now.
    pub now: Locked,
    /// As it was locked, or another revision of the same place.
    pub was: Option<Locked>,
}

impl Change {
    /// Whether it is what it was.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.was.as_ref() == Some(&self.now)
    }
}

/// Brings what contract roots and all that they stand on need from elsewhere, and writes their one `slo.lock`. Nothing of it is written
/// where something can't be fetched.
///
/// # Errors
/// Says what can't be fetched, or written.
pub fn fetch(request: &Request) -> Result<Fetched, FetchError> {
    let home = &request.home;
    let mut pins = Pins::of(home);
    if let Some(problem) = pins.problem() {
        return Err(FetchError::new(&problem.message, &problem.help));
    }
    pins.caches = request.cache.iter().cloned().collect();
    let old = pins.lock.clone();
    let walk::Walked { sources, folders } = walk::walk(request, &pins)?;
    let lock = Lock { sources: sources.iter().map(|(locked, _)| locked.clone()).collect() };
    let vendor = home.join(VENDOR_NAME);
    let is_vendored = request.vendor || vendor.is_dir();
    // What is not to stay is put where it goes with the run.
    let mut store = match (request.dry_run || is_vendored, &request.cache) {
        (false, Some(cache)) => Store::cache(cache)?,
        (false, None) => {
            return Err(FetchError::new(
                "there is no folder of caches: neither `SLO_CACHE` nor the user's own folder is known",
                "set `SLO_CACHE`, or use `slo fetch --vendor`",
            ));
        }
        (true, _) => Store::temporary()?,
    };
    if is_vendored && !request.dry_run {
        store::vendorable(&vendor)?;
    }
    for (locked, tree) in &sources {
        store.put(&locked.sha256, tree)?;
    }
    let changes = changes(&lock, old.as_ref());
    let findings =
        match old.as_ref().filter(|_| changes.iter().any(|change| !change.is_none() && change.was.is_some()))
        {
            Some(_) => compare::compare(&folders, home, &pins, &lock, store.folder())?,
            None => None,
        };
    let gone = old.iter().flat_map(|old| &old.sources);
    let is_gone = |old: &&Locked| {
        !lock.sources.contains(old) && !changes.iter().any(|change| change.was.as_ref() == Some(*old))
    };
    let gone: Vec<Locked> = gone.filter(is_gone).cloned().collect();
    let mut fetched = Fetched { sources: changes, gone, findings, vendored: None, written: None };
    if request.dry_run {
        return Ok(fetched);
    }
    if is_vendored && (vendor.is_dir() || !lock.sources.is_empty()) {
        store::vendor(&vendor, &sources, old.as_ref())?;
        fetched.vendored = Some(vendor);
    }
    fetched.written = write_lock(home, &lock, old.as_ref())?;
    Ok(fetched)
}

/// What is locked, each with what was locked of the same source, or else of the same place.
fn changes(lock: &Lock, old: Option<&Lock>) -> Vec<Change> {
    let was = |now: &Locked| {
        let old = old?;
        // Indexes are those of the one fleet, wherever they are.
        let is_fleet = |locked: &Locked| !locked.indexes.is_empty();
        let of_place = |other: &&Locked| {
            other.source.location() == now.source.location() || (is_fleet(now) && is_fleet(other))
        };
        let taken = |other: &Locked| lock.of(&other.source).is_some();
        old.of(&now.source).or_else(|| old.sources.iter().filter(|other| !taken(other)).find(of_place))
    };
    let with_old = |now: &Locked| Change { now: now.clone(), was: was(now).cloned() };
    lock.sources.iter().map(with_old).collect()
}

fn write_lock(home: &Path, lock: &Lock, old: Option<&Lock>) -> Result<Option<PathBuf>, FetchError> {
    if old == Some(lock) || (old.is_none() && lock.sources.is_empty()) {
        return Ok(None);
    }
    let file = slo_compiler::target::File { path: LOCK_NAME.to_owned(), text: lock.write() };
    slo_compiler::save::save(home, &[&file], &[], slo_compiler::save::Over::Anything)
        .map_err(|error| FetchError::new(error.to_string(), "see to the folder's permissions"))?;
    Ok(Some(home.join(LOCK_NAME)))
}
