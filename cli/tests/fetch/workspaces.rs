//! One lock for a workspace, and `slo fetch` of several roots.

use std::fs;

use slo_compiler::derive::{ContractRoot, Contracts};

use super::{HOUSE, KEYS, SHOP, commit, files, forget, git, has_git, here, manifest, said, shop, wide};
use crate::support::Folder;

/// A member that stands on the house at this tag.
fn member(folder: &Folder, path: &str, tag: &str) {
    let name = path.trim_end_matches("/slo").rsplit('/').next().unwrap();
    let at = here(folder);
    folder.write(
        &format!("{path}/slo.toml"),
        format!(
            "name = \"{name}\"\nversion = \"1.0.0\"\nowner = \"team-{name}\"\nslo = \"0.1\"\n\n[vocabularies]\nhouse = {{ git = \"{}/house\", tag = \"{tag}\" }}\n",
            at.display()
        ),
    );
    folder.write(&format!("{path}/{name}.slo"), SHOP.replace("package shop", &format!("package {name}")));
}

/// Two services, of which one is a crate, on the house at `v1`.
fn workspace() -> Option<Folder> {
    if !has_git() {
        return None;
    }
    let folder = Folder::new();
    commit(&folder, "house", &[("slo.toml", HOUSE), ("keys.slo", KEYS)], Some("v1"));
    folder.write("all/slo.toml", "[workspace]\nmembers = [\"services/*\"]\n");
    member(&folder, "all/services/mail", "v1");
    member(&folder, "all/services/print/slo", "v1");
    Some(folder)
}

fn without_here(folder: &Folder, text: &str) -> String {
    text.replace(here(folder).to_str().unwrap(), "FOLDER")
}

#[test]
fn a_workspace_has_one_lock_which_its_members_find() {
    let Some(folder) = workspace() else { return };
    let run = folder.slo(&["check", "all", "--format", "short"]);
    assert!(run.out.contains("error[SLO0203]"), "{}", run.out);
    insta::assert_snapshot!("workspace_fetched", said(&folder.slo(&["fetch", "all"])));
    insta::assert_snapshot!("workspace_lock", without_here(&folder, &folder.read("all/slo.lock")));
    for member in ["all/services/mail", "all/services/print"] {
        assert!(!folder.path().join(member).join("slo.lock").exists());
        let run = folder.slo(&["check", member]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.error);
        assert_eq!(folder.slo(&["build", member, "--target", "index"]).code, 0);
        let run = folder.slo_in(member, &["check"]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.error);
    }
    assert_eq!(folder.slo(&["check", "all"]).code, 0);
    // One that comes and stands on what is locked needs no fetching.
    member(&folder, "all/services/sort", "v1");
    let run = folder.slo(&["check", "all/services/sort"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.error);
    // From within a member, the workspace is fetched for.
    let lock = folder.read("all/slo.lock");
    fs::remove_file(folder.path().join("all/slo.lock")).unwrap();
    let run = folder.slo_in("all/services/mail", &["fetch"]);
    assert_eq!(run.code, 0, "{}", run.error);
    assert_eq!(folder.read("all/slo.lock"), lock);
    assert!(!folder.path().join("all/services/mail/slo.lock").exists());
}

#[test]
fn what_is_vendored_for_a_workspace_stands_beside_its_lock() {
    let Some(folder) = workspace() else { return };
    folder.write("all/slo.toml", "[workspace]\nmembers = [\"**/mail\", \"*/print\", \"*\"]\n");
    fs::create_dir_all(folder.path().join("all/slo-vendor")).unwrap();
    folder.write("all/slo.toml", "[workspace]\nmembers = [\"services/*\", \"slo-v*\"]\n");
    let run = folder.slo(&["fetch", "all", "--vendor"]);
    assert!(run.out.contains("names nothing in the workspace"), "{}{}", run.out, run.error);
    folder.write("all/slo.toml", "[workspace]\nmembers = [\"**/mail\", \"*/print\"]\n");
    insta::assert_snapshot!("workspace_vendored", said(&folder.slo(&["fetch", "all", "--vendor"])));
    assert_eq!(files(&folder, "all/slo-vendor"), [".gitattributes", "house/keys.slo", "house/slo.toml"]);
    assert!(files(&folder, "cache").is_empty());
    fs::remove_dir_all(folder.path().join("house")).unwrap();
    for checked in ["all", "all/services/mail", "all/services/print"] {
        let run = folder.slo(&["check", checked]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.error);
    }
    // The derive of a crate that is a member reads the same.
    let root = ContractRoot::of_crate(&folder.path().join("all/services/print")).unwrap();
    assert!(Contracts::from_root(root).is_ok());
    folder.write("all/slo-vendor/house/keys.slo", "package house.keys\n");
    let run = folder.slo(&["check", "all", "--format", "short"]);
    assert!(run.out.contains("error[SLO0210]"), "{}", run.out);
}

#[test]
fn two_members_may_stand_on_two_revisions_and_a_contract_on_one() {
    let Some(folder) = workspace() else { return };
    commit(
        &folder,
        "house",
        &[("more.slo", "package house.keys\n\nattribute house.zone: string\n")],
        Some("v2"),
    );
    member(&folder, "all/services/mail", "v2");
    let run = folder.slo(&["fetch", "all", "--vendor"]);
    assert_eq!(run.code, 0, "{}", run.error);
    insta::assert_snapshot!("two_revisions_locked", without_here(&folder, &folder.read("all/slo.lock")));
    let run = folder.slo(&["check", "all"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.error);
    // What both stand on keeps `v1`: the one that is at `v2` stands on two.
    member(&folder, "all/base", "v1");
    for name in ["mail", "print/slo"] {
        let path = format!("all/services/{name}/slo.toml");
        let to_base = if name == "mail" { "../../base" } else { "../../../base" };
        folder.write(&path, format!("{}base = {{ path = \"{to_base}\" }}\n", folder.read(&path)));
    }
    let alone = wide(&folder, &["check", "all/services/mail"]);
    insta::assert_snapshot!("two_revisions_of_a_member", without_here(&folder, &said(&alone)));
    let print = folder.slo(&["check", "all/services/print"]);
    assert_eq!(print.code, 0, "{}{}", print.out, print.error);
    for members in ["\"services/*\"", "\"services/print\", \"services/mail\""] {
        folder.write("all/slo.toml", format!("[workspace]\nmembers = [{members}]\n"));
        let run = folder.slo(&["check", "all", "--format", "short"]);
        assert_eq!(run.out.matches("error[SLO0211]").count(), 1, "{}", run.out);
        assert!(run.out.starts_with("all/services/mail/slo.toml:"), "{}", run.out);
    }
}

#[test]
fn a_lock_of_a_member_beside_that_of_its_workspace_is_told() {
    let Some(folder) = workspace() else { return };
    folder.write("all/slo.toml", "[workspace]\nmembers = [\"services/print\"]\n");
    // One that is no member has a lock of its own.
    assert_eq!(folder.slo(&["fetch", "all/services/mail", "--vendor"]).code, 0);
    assert_eq!(folder.slo(&["check", "all/services/mail"]).code, 0);
    assert!(!folder.path().join("all/slo.lock").exists());
    // It becomes one.
    folder.write("all/slo.toml", "[workspace]\nmembers = [\"services/*\"]\n");
    insta::assert_snapshot!("member_lock", said(&wide(&folder, &["check", "all/services/mail"])));
    insta::assert_snapshot!("member_lock_fetched", said(&folder.slo(&["fetch", "all"])));
    assert_eq!(folder.slo(&["check", "all"]).code, 1);
    fs::remove_file(folder.path().join("all/services/mail/slo.lock")).unwrap();
    fs::remove_dir_all(folder.path().join("all/services/mail/slo-vendor")).unwrap();
    assert_eq!(folder.slo(&["check", "all"]).code, 0);
    // A lock that can't be read is told once, not by each member.
    folder.write("all/slo.lock", "format = 7\n");
    let run = folder.slo(&["check", "all", "--format", "short"]);
    assert_eq!((run.code, run.out.matches("error[SLO0210]").count()), (1, 1), "{}", run.out);
}

#[test]
fn an_update_tells_what_it_brings_to_each_member() {
    let Some(folder) = workspace() else { return };
    assert_eq!(folder.slo(&["fetch", "all"]).code, 0);
    commit(
        &folder,
        "house",
        &[("keys.slo", "package house.keys\n\nattribute house.zone: string\n")],
        Some("v1"),
    );
    insta::assert_snapshot!("workspace_update", said(&folder.slo(&["fetch", "all", "--update"])));
}

#[test]
fn several_roots_are_fetched_each_with_its_lock() {
    let Some(folder) = workspace() else { return };
    member(&folder, "one", "v1");
    member(&folder, "two/slo", "v1");
    let run = folder.slo(&["fetch", "one", "two", "all/services/mail", "all/services/print"]);
    insta::assert_snapshot!("several", said(&run));
    for lock in ["one/slo.lock", "two/slo/slo.lock", "all/slo.lock"] {
        assert!(folder.path().join(lock).exists(), "{lock}");
    }
    // What one of them can't get leaves the others' locks as they are.
    forget(&folder);
    git(&folder, "house", &["tag", "--delete", "v1"]);
    assert_eq!(folder.slo(&["fetch", "one", "two"]).code, 2);
}

#[test]
fn a_mistake_in_a_manifest_is_shown_as_a_check_shows_it() {
    let folder = shop("house = { git = \"https://host/house\", branch = \"main\" }");
    insta::assert_snapshot!("fetch_with_a_mistake", said(&folder.slo(&["fetch", "slo"])));
    manifest(&folder, "house = \"1.0.0");
    insta::assert_snapshot!("fetch_with_bad_toml", said(&folder.slo(&["fetch", "slo"])));
    folder.write("slo.toml", "[workspace]\nmembers = [\"services/*\"]\n");
    insta::assert_snapshot!("fetch_of_no_members", said(&folder.slo(&["fetch", "."])));
    folder.write("slo.toml", "[workspace]\nmembers = [\"slo\"]\n");
    let run = folder.slo(&["fetch", "."]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("slo/slo.toml:7"), "{}", run.out);
}
