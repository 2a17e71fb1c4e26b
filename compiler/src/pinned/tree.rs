//! The files of what was fetched: which of them a contract root needs, and the hash that tells one content from another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use slo_grammar::{FileId, TokenKind, parse};

use super::{BASELINE_NAME, Elsewhere, MANIFEST_NAME, Source};

/// How many bytes all files together may have that are fetched of one source.
pub const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// How deep folders may nest.
const MOST_FOLDERS: usize = 32;

/// The longest path, in bytes.
const PATH_BYTES: usize = 1024;

/// Files by their paths from the top of what was fetched, with `/` on every system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<String, Arc<[u8]>>,
}

impl Tree {
    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Arc<[u8]>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Arc<[u8]>> {
        self.files.get(path)
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> + Clone {
        self.files.keys().map(String::as_str)
    }

    /// All files, sorted by their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), &**bytes))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Two paths that a system without capitals takes for one.
    #[must_use]
    pub fn alike(&self) -> Option<(&str, &str)> {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        self.files.keys().find_map(|path| Some((seen.insert(path.to_lowercase(), path)?, path.as_str())))
    }

    /// The hash of the content: that of a list with a line for each file, sorted by path, as `sha256sum` prints it.
    #[must_use]
    pub fn sha256(&self) -> String {
        let lines = self.files.iter().map(|(path, bytes)| format!("{}  {path}\n", sha256(bytes)));
        sha256(lines.collect::<String>().as_bytes())
    }
}

/// The SHA-256 of bytes, in hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hmac_sha256::Hash::hash(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why a path from elsewhere may not be used; none where it may. It stays below the folder that it is written into, on
/// every system.
#[must_use]
pub fn unsafe_path(path: &str) -> Option<&'static str> {
    let mut parts = path.split('/');
    if path.is_empty() {
        Some("is an empty path")
    } else if path.len() > PATH_BYTES {
        Some("is longer than a path may be")
    } else if path.starts_with('/') {
        Some("is an absolute path")
    } else if path.contains(['\\', ':']) {
        Some("holds `\\` or `:`, which mean another folder or a drive on some systems")
    } else if path.chars().any(char::is_control) {
        Some("holds a control character")
    } else if parts.clone().any(|part| part == "..") {
        Some("leads out of its folder by `..`")
    } else if parts.any(|part| part.is_empty() || part == "." || part.ends_with([' ', '.'])) {
        Some("has a part that is empty, is `.`, or ends in a blank or a dot")
    } else {
        None
    }
}

/// The path `to`, as a root at `from` names it, from the top; none where it leads out.
#[must_use]
pub fn relative(from: &str, to: &str) -> Option<String> {
    if to.starts_with('/') || to.contains(['\\', ':']) {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for part in to.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn below<'p>(root: &str, path: &'p str) -> Option<&'p str> {
    match root {
        "" => Some(path),
        root => path.strip_prefix(root)?.strip_prefix('/'),
    }
}

fn joined(root: &str, path: &str) -> String {
    if root.is_empty() { path.to_owned() } else { format!("{root}/{path}") }
}

/// The contract files of the root at `root` among all files, as paths from there, sorted: no hidden ones, and none of roots
/// within it.
#[must_use]
pub fn root_files<'p>(paths: impl Iterator<Item = &'p str> + Clone, root: &str) -> Vec<&'p str> {
    let inner =
        paths.clone().filter_map(|path| below(root, path)?.strip_suffix(MANIFEST_NAME)?.strip_suffix('/'));
    let inner: BTreeSet<&str> = inner.collect();
    let is_contract = |path: &&str| {
        let parts = path.split('/').count();
        let folders = path.match_indices('/').map(|(end, _)| path.get(..end).unwrap_or_default());
        path.ends_with(".slo")
            && parts <= MOST_FOLDERS + 1
            && !path.split('/').any(|part| part.starts_with('.'))
            && !folders.into_iter().any(|folder| inner.contains(folder))
    };
    let mut files: Vec<&str> = paths.filter_map(|path| below(root, path)).filter(is_contract).collect();
    files.sort_unstable();
    files
}

/// The indexes of contracts at a path of a source, sorted: the one of that name, or those in the folder. Without a path they are
/// those at the top, and of an archive all that it holds.
#[must_use]
pub fn index_files<'p>(
    paths: impl Iterator<Item = &'p str>,
    Elsewhere { source, path: wanted }: &Elsewhere,
) -> Vec<&'p str> {
    let is_whole = wanted.is_empty() && matches!(source, Source::Archive { .. });
    let is_wanted = |path: &&str| {
        let below = below(wanted, path);
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_here = *path == wanted || below.is_some_and(|below| is_whole || !below.contains('/'));
        is_here && !name.starts_with('.') && name.ends_with(".json")
    };
    let mut files: Vec<&str> = paths.filter(is_wanted).collect();
    files.sort_unstable();
    files
}

/// What a root needs beside its contract files, as paths from the top: its manifest, its baseline, and the lists of `values=` in these
/// texts.
#[must_use]
pub fn lists_of<'t>(root: &str, texts: impl Iterator<Item = &'t str>) -> BTreeSet<String> {
    let mut needed = BTreeSet::from([joined(root, MANIFEST_NAME), joined(root, BASELINE_NAME)]);
    for text in texts.filter(|text| text.contains("values")) {
        let tree = parse(FileId(0), text.into());
        let token = |number: usize| tree.text.get(tree.tokens.place(number)).unwrap_or_default();
        for number in 2..tree.tokens.len() {
            if tree.tokens.kind(number) == TokenKind::Text
                && token(number - 1) == "="
                && token(number - 2) == "values"
            {
                let path = token(number).trim_matches('"');
                let path = path.strip_prefix("./").unwrap_or(path);
                if unsafe_path(path).is_none() {
                    needed.insert(joined(root, path));
                }
            }
        }
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_has_its_own_contract_files_alone() {
        let paths = [
            "README.md",
            "other.slo",
            "slo/.hidden/a.slo",
            "slo/base/slo.toml",
            "slo/base/units.slo",
            "slo/keys.slo",
            "slo/slo.toml",
            "slo/sub/more.slo",
            "slower/x.slo",
        ];
        assert_eq!(root_files(paths.into_iter(), "slo"), ["keys.slo", "sub/more.slo"]);
        assert_eq!(root_files(paths.into_iter(), "slo/base"), ["units.slo"]);
        assert_eq!(root_files(paths.into_iter(), ""), ["other.slo", "slower/x.slo"]);
    }

    #[test]
    fn indexes_are_those_of_a_folder_or_of_a_whole_archive() {
        let paths = ["a.json", ".b.json", "in/c.json", "in/deep/d.json", "in/notes.md"];
        let of = |source: &Source, path: &str| {
            let elsewhere = Elsewhere { source: source.clone(), path: path.to_owned() };
            index_files(paths.into_iter(), &elsewhere).join(" ")
        };
        let git = Source::Git { url: "/x".to_owned(), at: super::super::Reference::Tag("v1".to_owned()) };
        let archive = Source::Archive { from: "x.tar".to_owned(), sha256: "0".repeat(64) };
        assert_eq!(of(&git, ""), "a.json");
        assert_eq!(of(&archive, ""), "a.json in/c.json in/deep/d.json");
        for source in [&git, &archive] {
            assert_eq!(of(source, "in"), "in/c.json");
            assert_eq!(of(source, "in/deep/d.json"), "in/deep/d.json");
            assert_eq!(of(source, "i"), "");
        }
    }

    #[test]
    fn lists_are_found_where_the_language_has_them() {
        let text = "package a\nattribute a.b: string, values=\"lists/b.txt\"\n// values=\"no.txt\"\nattribute a.c: string, values = \"../c.txt\"\n";
        let needed: Vec<String> = lists_of("slo", std::iter::once(text)).into_iter().collect();
        assert_eq!(needed, ["slo/lists/b.txt", "slo/slo-baseline.toml", "slo/slo.toml"]);
    }

    #[test]
    fn paths_stay_below() {
        for path in ["a.slo", "slo/a b/c.slo", ".github/x"] {
            assert_eq!(unsafe_path(path), None, "{path}");
        }
        for path in
            ["", "/a", "../a", "a/../../b", "C:/a", "c:a", "a\\b", "a\0b", "a//b", "a/", "./a", "a. /b"]
        {
            assert!(unsafe_path(path).is_some(), "{path}");
        }
        assert_eq!(relative("houses/eu", "../base").as_deref(), Some("houses/base"));
        assert_eq!(relative("", "./base/").as_deref(), Some("base"));
        assert_eq!(relative("slo", "..").as_deref(), Some(""));
        assert_eq!(relative("slo", "../../out"), None);
        assert_eq!(relative("slo", "/etc"), None);
    }

    #[test]
    fn the_hash_is_that_of_sha256sums_list() {
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        let mut tree = Tree::default();
        assert_eq!(tree.sha256(), sha256(b""));
        tree.insert("b/a.slo", b"package b\n".as_slice());
        tree.insert("a.slo", b"".as_slice());
        let list = format!("{}  a.slo\n{}  b/a.slo\n", sha256(b""), sha256(b"package b\n"));
        assert_eq!(tree.sha256(), sha256(list.as_bytes()));
        assert_eq!(tree.alike(), None);
        tree.insert("A.slo", b"".as_slice());
        assert_eq!(tree.alike(), Some(("A.slo", "a.slo")));
    }
}
