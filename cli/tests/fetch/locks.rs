//! `slo.lock` and what is vendored: what fits `slo.toml` and what doesn't.

use std::fs;

use slo_compiler::derive::{ContractRoot, Contracts};

use super::{HOUSE, KEYS, commit, files, forget, has_git, manifest, said, shop, wide};
use crate::support::Folder;

fn fetched(arguments: &[&str]) -> Option<Folder> {
    if !has_git() {
        return None;
    }
    let folder = shop("house = { git = \"HERE/house\", tag = \"v1\" }");
    commit(&folder, "house", &[("slo.toml", HOUSE), ("keys.slo", KEYS)], Some("v1"));
    let run = folder.slo(&[&["fetch", "slo"], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.error);
    Some(folder)
}

#[test]
fn what_is_vendored_needs_neither_repository_nor_cache() {
    let Some(folder) = fetched(&["--vendor"]) else { return };
    fs::remove_dir_all(folder.path().join("house")).unwrap();
    assert!(files(&folder, "cache").is_empty());
    assert_eq!(files(&folder, "slo/slo-vendor"), [".gitattributes", "house/keys.slo", "house/slo.toml"]);
    let run = folder.slo(&["check", "slo"]);
    assert_eq!(run.code, 0, "{}", run.out);
    // The derive reads the same.
    let root = ContractRoot::of_crate(folder.path()).unwrap();
    assert!(Contracts::from_root(root).is_ok());
    // Others' files are not ours to put into the style.
    let run = folder.slo(&["fmt", "--check", "slo"]);
    assert!(!run.out.contains("slo-vendor"), "{}", run.out);
    // Fetching once more keeps them where they are.
    let run = folder.slo(&["fetch", "slo"]);
    assert_eq!(run.code, 0, "{}", run.error);
    assert!(files(&folder, "cache").is_empty());
}

#[test]
fn what_is_vendored_and_edited_is_told_and_mended() {
    let Some(folder) = fetched(&["--vendor"]) else { return };
    folder.write("slo/slo-vendor/house/keys.slo", "package house.keys\n\nattribute house.region: string\n");
    insta::assert_snapshot!("edited", said(&wide(&folder, &["check", "slo"])));
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0);
    assert_eq!(folder.slo(&["check", "slo"]).code, 0);
    folder.write("slo/slo-vendor/house/more.slo", "package house.keys\n");
    assert!(folder.slo(&["check", "slo"]).out.contains("SLO0210"));
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0);
    assert!(!folder.path().join("slo/slo-vendor/house/more.slo").exists());
    // What nothing needs any more goes.
    manifest(&folder, "");
    insta::assert_snapshot!("not_needed", said(&folder.slo(&["fetch", "slo"])));
    assert_eq!(files(&folder, "slo/slo-vendor"), [".gitattributes"]);
    assert!(!folder.read("slo/slo.lock").contains("[[source]]"));
}

#[cfg(unix)]
#[test]
fn a_link_in_what_is_vendored_is_not_followed() {
    let Some(folder) = fetched(&["--vendor"]) else { return };
    let keys = folder.path().join("slo/slo-vendor/house/keys.slo");
    fs::rename(&keys, folder.path().join("keys.slo")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("keys.slo"), &keys).unwrap();
    insta::assert_snapshot!("vendored_link", said(&folder.slo(&["check", "slo", "--format", "short"])));
    fs::remove_file(&keys).unwrap();
    fs::rename(folder.path().join("keys.slo"), &keys).unwrap();
    assert_eq!(folder.slo(&["check", "slo"]).code, 0);
    let vendor = folder.path().join("slo/slo-vendor");
    fs::rename(&vendor, folder.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("elsewhere"), &vendor).unwrap();
    let run = folder.slo(&["check", "slo"]);
    assert!(run.out.contains("`slo/slo-vendor` is a link"), "{}", run.out);
    let run = folder.slo(&["fetch", "slo"]);
    assert!(run.error.contains("`slo/slo-vendor` is no folder"), "{}", run.error);
}

#[test]
fn a_cache_that_was_changed_is_told_and_mended() {
    let Some(folder) = fetched(&[]) else { return };
    let keys = files(&folder, "cache").into_iter().find(|path| path.ends_with("keys.slo")).unwrap();
    folder.write(&format!("cache/{keys}"), "package house.keys\n");
    let run = folder.slo(&["check", "slo", "--format", "short"]);
    insta::assert_snapshot!("changed_cache", said(&run));
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0);
    assert_eq!(folder.slo(&["check", "slo"]).code, 0);
}

#[test]
fn a_lock_that_does_not_fit_is_told() {
    let Some(folder) = fetched(&[]) else { return };
    let lock = folder.read("slo/slo.lock");
    let mut shown = String::new();
    let mut check = |what: &str| {
        shown.push_str(&format!("──── {what}\n{}", wide(&folder, &["check", "slo"]).out));
    };
    manifest(&folder, "house = { git = \"HERE/house\", tag = \"v2\" }");
    check("another tag");
    manifest(&folder, "house = { git = \"HERE/house\", tag = \"v1\", path = \"slo\" }");
    check("another folder");
    manifest(&folder, "house = { git = \"HERE/haus\", tag = \"v1\" }");
    check("another repository");
    manifest(&folder, "house = { git = \"HERE/house\", tag = \"v1\" }");
    folder.write("slo/slo.lock", lock.replace("format = 1", "format = 7"));
    check("another format");
    folder.write("slo/slo.lock", lock.replace("rev = ", "<<<<<<< HEAD\nrev = "));
    check("a merge that is not resolved");
    folder.write("slo/slo.lock", lock.replace("[\"\"]", "[\"../..\"]"));
    check("a folder that leads out");
    folder.write("slo/slo.lock", b"format = 1\n\xff");
    check("no text");
    insta::assert_snapshot!("locks", shown);
    // Nothing is made of a lock that can't be read, and nothing is written over it.
    folder.write("slo/slo.lock", lock.replace("format = 1", "format = 7"));
    insta::assert_snapshot!("fetch_with_a_bad_lock", said(&folder.slo(&["fetch", "slo"])));
    assert!(folder.read("slo/slo.lock").contains("format = 7"));
    // A hash that somebody wrote is found out when the files are fetched.
    let hash = lock.lines().find_map(|line| line.strip_prefix("sha256 = ")).unwrap();
    folder.write("slo/slo.lock", lock.replace(hash, &format!("\"{}\"", "0".repeat(64))));
    forget(&folder);
    insta::assert_snapshot!("fetch_with_another_hash", said(&folder.slo(&["fetch", "slo"])));
    // Where there is none at all, it is made anew, the same.
    fs::remove_file(folder.path().join("slo/slo.lock")).unwrap();
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0);
    assert_eq!(folder.read("slo/slo.lock"), lock);
}
