//! `slo fetch`, with repositories that the test makes on this disk.

mod archives;
mod fleets;
mod git;
mod locks;
mod updates;
mod workspaces;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::support::{Folder, Run};

/// A house that others stand on.
pub(super) const HOUSE: &str =
    "name = \"house\"\nversion = \"1.0.0\"\nowner = \"team-house\"\nslo = \"0.1\"\n";
pub(super) const KEYS: &str = "package house.keys\n\nattribute house.region: enum { eu, us }\n";

/// A contract that stands on it.
pub(super) const SHOP: &str =
    "package shop\n\nuse house.keys\n\nresource Shop {\n    house.region: required\n}\n";

/// A folder with a contract `slo` that stands on these vocabularies; `HERE` in them is the folder.
pub(super) fn shop(vocabularies: &str) -> Folder {
    let folder = Folder::new();
    manifest(&folder, vocabularies);
    folder.write("slo/shop.slo", SHOP);
    folder
}

/// Writes the contract's manifest.
pub(super) fn manifest(folder: &Folder, vocabularies: &str) {
    let vocabularies = vocabularies.replace("HERE", here(folder).to_str().unwrap());
    let text = format!(
        "name = \"shop\"\nversion = \"1.0.0\"\nowner = \"team-shop\"\nslo = \"0.1\"\n\n[vocabularies]\n{vocabularies}\n"
    );
    folder.write("slo/slo.toml", text);
}

pub(super) fn here(folder: &Folder) -> PathBuf {
    fs::canonicalize(folder.path()).unwrap()
}

/// Runs git in a folder, with nothing of this machine's own settings; its hashes are the same each time.
pub(super) fn git(folder: &Folder, within: &str, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"])
        .args(["-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false"])
        .args(arguments)
        .current_dir(folder.path().join(within))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z")
        .env("GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Whether there is a git to try this with.
#[allow(clippy::print_stdout, reason = "who runs the tests is told what is not tried")]
pub(super) fn has_git() -> bool {
    let there = Command::new("git").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !there {
        println!("there is no git: nothing is tried");
    }
    there
}

/// Makes a repository of these files, or another commit of it, and gives the commit's hash.
pub(super) fn commit(folder: &Folder, repository: &str, files: &[(&str, &str)], tag: Option<&str>) -> String {
    for (path, text) in files {
        folder.write(&format!("{repository}/{path}"), text);
    }
    if !folder.path().join(repository).join(".git").exists() {
        git(folder, repository, &["init", "--quiet"]);
    }
    git(folder, repository, &["add", "--all"]);
    git(folder, repository, &["commit", "--quiet", "--allow-empty", "--message", "A change"]);
    if let Some(tag) = tag {
        git(folder, repository, &["tag", "--force", tag]);
    }
    git(folder, repository, &["rev-parse", "HEAD"])
}

/// The program in a wide terminal: where a line ends hangs on no folder's name.
pub(super) fn wide(folder: &Folder, arguments: &[&str]) -> Run {
    folder.slo_with(arguments, "", &[("COLUMNS", "500")])
}

/// All that a run said.
pub(super) fn said(run: &Run) -> String {
    format!("{}{}exit status {}\n", run.out, run.error, run.code)
}

/// Takes the cache away, as on another machine.
pub(super) fn forget(folder: &Folder) {
    let _ = fs::remove_dir_all(folder.path().join("cache"));
}

/// The files below a folder, by their paths.
pub(super) fn files(folder: &Folder, within: &str) -> Vec<String> {
    let mut found = Vec::new();
    let top = folder.path().join(within);
    let mut open = vec![top.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type().unwrap().is_dir() {
                true => open.push(entry.path()),
                false => found.push(entry.path().strip_prefix(&top).unwrap().display().to_string()),
            }
        }
    }
    found.sort();
    found
}
