//! `slo.lock`: the exact revision of each source, and the hash of what of it is needed.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{
    Elsewhere, Reference, Source, is_revision, is_sha256, is_tag, no_archive, no_repository, unsafe_path,
};

/// The version of the lock's format that this compiler reads and writes.
pub const LOCK_FORMAT: i64 = 1;

/// How many sources a lock may have.
const MOST_SOURCES: usize = 256;

/// The longest lock, in bytes.
const LOCK_BYTES: usize = 4 * 1024 * 1024;

/// What `slo.lock` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The sources, sorted by their names.
    pub sources: Vec<Locked>,
}

/// A source at its revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// Its name in this lock, and of its folder where it is vendored.
    pub name: String,
    /// What `slo.toml` names.
    pub source: Source,
    /// The commit's hash; of an archive, the one of its bytes.
    pub revision: String,
    /// The folders of the roots that are needed of it; the top is an empty text.
    pub roots: BTreeSet<String>,
    /// The folders, or the files, of the indexes that are needed of it; the top is an empty text.
    pub indexes: BTreeSet<String>,
    /// The hash of what is needed of it, see [`super::Tree::sha256`].
    pub sha256: String,
}

/// Why a lock can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockProblem {
    /// Where, in bytes of the text.
    pub place: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

const AGAIN: &str = "`slo fetch` writes this file, nobody else: take the committed one again, or delete it and run `slo fetch`";

fn problem(place: Range<usize>, message: impl Into<String>) -> LockProblem {
    LockProblem { place, message: message.into(), help: AGAIN.to_owned() }
}

impl Lock {
    /// The entry of a source.
    #[must_use]
    pub fn of(&self, source: &Source) -> Option<&Locked> {
        self.sources.iter().find(|locked| locked.source == *source)
    }

    /// Whether something needs this source, or a root of it.
    #[must_use]
    pub fn holds(&self, elsewhere: &Elsewhere) -> bool {
        self.of(&elsewhere.source).is_some_and(|locked| locked.roots.contains(&elsewhere.path))
    }

    /// The source of the indexes that a contract is held to: it names one.
    #[must_use]
    pub fn fleet(&self) -> Option<&Locked> {
        self.sources.iter().find(|locked| !locked.indexes.is_empty())
    }

    /// Reads the text of a lock.
    ///
    /// # Errors
    /// Says the first thing that is wrong with it.
    pub fn read(text: &str) -> Result<Lock, LockProblem> {
        if text.len() > LOCK_BYTES {
            return Err(problem(
                0..0,
                format!("`slo.lock` is longer than the {LOCK_BYTES} bytes that it may have"),
            ));
        }
        if let Some(place) = conflict(text) {
            return Err(LockProblem {
                place,
                message: "`slo.lock` holds the marks of a merge that is not resolved".to_owned(),
                help: "merge `slo.toml`, take either side of `slo.lock`, and run `slo fetch`".to_owned(),
            });
        }
        let whole = DeTable::parse(text).map_err(|error| {
            problem(error.span().unwrap_or(0..0), format!("`slo.lock` is no TOML: {}", error.message()))
        })?;
        let whole = whole.get_ref();
        let format =
            whole.get("format").ok_or_else(|| problem(0..0, "`slo.lock` doesn't say its `format`"))?;
        if !matches!(format.get_ref(), DeValue::Integer(number) if number.as_str() == LOCK_FORMAT.to_string())
        {
            let said = text.get(format.span()).unwrap_or_default();
            return Err(LockProblem {
                place: format.span(),
                message: format!(
                    "`slo.lock` has the format {said}, and this version of slo reads {LOCK_FORMAT}"
                ),
                help: "use the version of slo that wrote it, or delete it and run `slo fetch`".to_owned(),
            });
        }
        if let Some((key, _)) =
            whole.iter().find(|(key, _)| !["format", "source"].contains(&key.get_ref().as_ref()))
        {
            return Err(problem(key.span(), format!("`slo.lock` has no key `{}`", key.get_ref())));
        }
        let mut lock = Lock::default();
        let Some(sources) = whole.get("source") else { return Ok(lock) };
        let list = sources
            .get_ref()
            .as_array()
            .ok_or_else(|| problem(sources.span(), "`source` is a list of tables: `[[source]]`"))?;
        if list.len() > MOST_SOURCES {
            return Err(problem(sources.span(), format!("`slo.lock` has more than {MOST_SOURCES} sources")));
        }
        for entry in list {
            let place = entry.span();
            let table =
                entry.get_ref().as_table().ok_or_else(|| problem(place.clone(), "a source is a table"))?;
            let locked = Entry { table, place: place.clone() }.read()?;
            // Two names that differ in capitals only are one folder on some systems.
            let same = |other: &Locked| {
                other.name.eq_ignore_ascii_case(&locked.name) || other.source == locked.source
            };
            if lock.sources.iter().any(same) {
                return Err(problem(place, format!("`slo.lock` has the source `{}` twice", locked.name)));
            }
            lock.sources.push(locked);
        }
        lock.sources.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(lock)
    }

    /// The text of the lock.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = format!(
            "# `slo fetch` writes this file; it belongs into the repository.\nformat = {LOCK_FORMAT}\n"
        );
        let mut sources: Vec<&Locked> = self.sources.iter().collect();
        sources.sort_by_key(|locked| &locked.name);
        for locked in sources {
            let mut line = |key: &str, value: String| {
                let _ = writeln!(text, "{key} = {value}");
            };
            line("\n[[source]]\nname", quoted(&locked.name));
            match &locked.source {
                Source::Git { url, at } => {
                    line("git", quoted(url));
                    if let Reference::Tag(tag) = at {
                        line("tag", quoted(tag));
                    }
                    line("rev", quoted(&locked.revision));
                }
                Source::Archive { from, sha256 } => {
                    line("archive", quoted(from));
                    line("archive_sha256", quoted(sha256));
                }
            }
            let listed = |paths: &BTreeSet<String>| {
                let paths: Vec<String> = paths.iter().map(|path| quoted(path)).collect();
                format!("[{}]", paths.join(", "))
            };
            if !locked.roots.is_empty() || locked.indexes.is_empty() {
                line("roots", listed(&locked.roots));
            }
            if !locked.indexes.is_empty() {
                line("indexes", listed(&locked.indexes));
            }
            line("sha256", quoted(&locked.sha256));
        }
        text
    }
}

/// A table of the list `source`.
struct Entry<'t> {
    table: &'t DeTable<'t>,
    place: Range<usize>,
}

impl<'t> Entry<'t> {
    fn text(&self, key: &str) -> Result<Option<(&'t str, Range<usize>)>, LockProblem> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        let text = value.get_ref().as_str();
        text.map(|text| Some((text, value.span())))
            .ok_or_else(|| problem(value.span(), format!("`{key}` is a text in quotes")))
    }

    /// A text that must be there and be as it should.
    fn needed(&self, key: &str, is_right: impl Fn(&str) -> bool) -> Result<String, LockProblem> {
        match self.text(key)? {
            Some((text, _)) if is_right(text) => Ok(text.to_owned()),
            Some((text, place)) => Err(problem(place, format!("`{text}` is no `{key}`"))),
            None => Err(problem(self.place.clone(), format!("a source doesn't say its `{key}`"))),
        }
    }

    fn read(&self) -> Result<Locked, LockProblem> {
        let name = self.needed("name", is_name)?;
        let sha256 = self.needed("sha256", is_sha256)?;
        let (source, revision, known): (Source, String, &[&str]) = match self.table.get("archive") {
            Some(_) => {
                let from = self.needed("archive", |from| no_archive(from).is_none())?;
                let hash = self.needed("archive_sha256", is_sha256)?;
                (Source::Archive { from, sha256: hash.clone() }, hash, &["archive", "archive_sha256"])
            }
            None => {
                let url = self.needed("git", |url| no_repository(url).is_none())?;
                let revision = self.needed("rev", is_revision)?;
                let at = match self.table.get("tag") {
                    Some(_) => Reference::Tag(self.needed("tag", is_tag)?),
                    None => Reference::Rev(revision.clone()),
                };
                (Source::Git { url, at }, revision, &["git", "tag", "rev"])
            }
        };
        let is_known =
            |key: &str| known.contains(&key) || ["name", "roots", "indexes", "sha256"].contains(&key);
        if let Some((key, _)) = self.table.iter().find(|(key, _)| !is_known(key.get_ref())) {
            return Err(problem(key.span(), format!("a source has no key `{}`", key.get_ref())));
        }
        let (roots, indexes) = (self.paths("roots")?, self.paths("indexes")?);
        if roots.is_none() && indexes.is_none() {
            return Err(problem(self.place.clone(), "a source doesn't say its `roots`"));
        }
        let (roots, indexes) = (roots.unwrap_or_default(), indexes.unwrap_or_default());
        Ok(Locked { name, source, revision, roots, indexes, sha256 })
    }

    fn paths(&self, key: &str) -> Result<Option<BTreeSet<String>>, LockProblem> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        let wrong = |value: &Spanned<DeValue<'_>>| {
            problem(value.span(), format!("`{key}` is a list of folders in the source"))
        };
        let list = value.get_ref().as_array().ok_or_else(|| wrong(value))?;
        let root = |value: &Spanned<DeValue<'_>>| match value.get_ref().as_str() {
            Some(root) if root.is_empty() || unsafe_path(root).is_none() => Ok(root.to_owned()),
            _ => Err(wrong(value)),
        };
        list.iter().map(root).collect::<Result<_, _>>().map(Some)
    }
}

/// Whether a text is a source's name: it is one of a folder as well.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !name.is_empty()
        && name.len() <= 128
        && name.bytes().all(plain)
        && !name.starts_with('.')
        && unsafe_path(name).is_none()
}

/// The first mark of a merge.
fn conflict(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") || line.trim_end() == "=======" {
            return Some(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    None
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for one in text.chars() {
        match one {
            '"' | '\\' => quoted.extend(['\\', one]),
            one if one.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(one));
            }
            one => quoted.push(one),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock() -> Lock {
        let revision = "1".repeat(40);
        let sha256 = "a".repeat(64);
        let locked = |name: &str, source, revision: &str, roots: &[&str]| Locked {
            name: name.to_owned(),
            source,
            revision: revision.to_owned(),
            roots: roots.iter().map(|root| (*root).to_owned()).collect(),
            indexes: BTreeSet::new(),
            sha256: sha256.clone(),
        };
        let git = |url: &str, at| Source::Git { url: url.to_owned(), at };
        let archive = Source::Archive { from: "C:\\h \"x\".tar.gz".to_owned(), sha256: sha256.clone() };
        let mut fleet = locked("fleet", git("/srv/fleet", Reference::Rev(revision.clone())), &revision, &[]);
        fleet.indexes.insert("all".to_owned());
        Lock {
            sources: vec![
                locked("base", archive, &sha256, &[""]),
                fleet,
                locked(
                    "house",
                    git("https://host/house", Reference::Tag("v1".to_owned())),
                    &revision,
                    &["a", "b/c"],
                ),
                locked("other", git("git@host:other", Reference::Rev(revision.clone())), &revision, &["slo"]),
            ],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let text = lock().write();
        assert_eq!(Lock::read(&text), Ok(lock()), "{text}");
        assert_eq!(Lock::read(&Lock::default().write()), Ok(Lock::default()));
        // What is cut off is an error, or a lock with fewer sources, never another one.
        for (end, _) in text.char_indices() {
            if let Ok(read) = Lock::read(&text[..end]) {
                assert!(
                    read.sources.iter().all(|locked| lock().sources.contains(locked)),
                    "{}",
                    &text[..end]
                );
            }
        }
    }

    #[test]
    fn what_was_edited_by_hand_is_said() {
        let text = lock().write();
        let changed = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            Lock::read(&text.replacen(from, to, 1)).unwrap_err().message
        };
        assert_eq!(changed("format = 1\n", ""), "`slo.lock` doesn't say its `format`");
        assert_eq!(
            changed("format = 1", "format = 2"),
            "`slo.lock` has the format 2, and this version of slo reads 1"
        );
        assert_eq!(changed("name = \"house\"", "name = \"../x\""), "`../x` is no `name`");
        assert_eq!(changed("name = \"house\"", "name = \"Base\""), "`slo.lock` has the source `Base` twice");
        assert_eq!(changed("\"b/c\"", "\"../c\""), "`roots` is a list of folders in the source");
        assert_eq!(changed("https://host/house", "ext::sh -c x"), "`ext::sh -c x` is no `git`");
        assert_eq!(changed("1111\"", "11\""), "`11111111111111111111111111111111111111` is no `rev`");
        assert_eq!(changed("tag = \"v1\"", "branch = \"main\""), "a source has no key `branch`");
        assert_eq!(
            Lock::read("format = 1\nsource = 1\n").unwrap_err().message,
            "`source` is a list of tables: `[[source]]`"
        );
        assert_eq!(
            changed("name = \"house\"", "<<<<<<< HEAD\nname = \"house\""),
            "`slo.lock` holds the marks of a merge that is not resolved"
        );
    }
}
