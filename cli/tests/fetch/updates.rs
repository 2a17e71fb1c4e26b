//! Tags that move, and what another revision brings.

use super::{HOUSE, KEYS, commit, forget, git, has_git, manifest, said, shop};

/// A house whose second revision takes a value away, and has a rule that the shop breaks.
fn moved() -> Option<crate::support::Folder> {
    if !has_git() {
        return None;
    }
    let folder =
        shop("house = { git = \"HERE/house\", tag = \"v1\" }\nplatform = { path = \"../platform\" }");
    folder.write(
        "slo/shop.slo",
        "package shop\n\nuse house.keys\n\nresource Shop {\n    house.region: static=us\n}\n",
    );
    // Another team's root stands on the same.
    let here = super::here(&folder);
    let platform = format!(
        "name = \"platform\"\nversion = \"1.0.0\"\nowner = \"team-platform\"\nslo = \"0.1\"\n\n[vocabularies]\nhouse = {{ git = \"{}/house\", tag = \"v1\" }}\n",
        here.display()
    );
    folder.write("platform/slo.toml", platform);
    folder.write(
        "platform/cell.slo",
        "package platform\n\nuse house.keys\n\nresource Cell {\n    house.region: static=us\n}\n",
    );
    commit(&folder, "house", &[("slo.toml", HOUSE), ("keys.slo", KEYS)], Some("v1"));
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0);
    assert_eq!(folder.slo(&["check", "slo"]).code, 0);
    commit(
        &folder,
        "house",
        &[("keys.slo", "package house.keys\n\nattribute house.region: enum { eu, asia }\n")],
        Some("v1"),
    );
    Some(folder)
}

#[test]
fn a_tag_that_moved_is_an_error_until_it_is_taken() {
    let Some(folder) = moved() else { return };
    let lock = folder.read("slo/slo.lock");
    // What is locked and there stays, whatever the tag names.
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0);
    assert_eq!(folder.slo(&["check", "slo"]).code, 0);
    forget(&folder);
    insta::assert_snapshot!("moved", said(&folder.slo(&["fetch", "slo"])));
    assert_eq!(folder.read("slo/slo.lock"), lock);
}

#[test]
fn an_update_tells_what_it_brings_by_owner() {
    let Some(folder) = moved() else { return };
    let lock = folder.read("slo/slo.lock");
    insta::assert_snapshot!("dry_run", said(&folder.slo(&["fetch", "slo", "--update", "--dry-run"])));
    assert_eq!(folder.read("slo/slo.lock"), lock, "nothing is written");
    insta::assert_snapshot!("update", said(&folder.slo(&["fetch", "slo", "--update", "house"])));
    assert_ne!(folder.read("slo/slo.lock"), lock);
    assert_eq!(folder.slo(&["check", "slo"]).code, 1);
    // Once more: there is nothing new.
    insta::assert_snapshot!("update_again", said(&folder.slo(&["fetch", "slo", "--update"])));
    insta::assert_snapshot!("update_of_nothing", said(&folder.slo(&["fetch", "slo", "--update", "hause"])));
}

#[test]
fn another_tag_is_fetched_and_told_of_as_an_update() {
    let Some(folder) = moved() else { return };
    git(&folder, "house", &["tag", "v2"]);
    manifest(&folder, "house = { git = \"HERE/house\", tag = \"v2\" }");
    insta::assert_snapshot!("other_tag", said(&folder.slo(&["fetch", "slo", "--dry-run"])));
}

#[test]
fn a_deleted_tag_is_told_with_what_is_locked() {
    let Some(folder) = moved() else { return };
    git(&folder, "house", &["tag", "--delete", "v1"]);
    forget(&folder);
    insta::assert_snapshot!("deleted_tag", said(&folder.slo(&["fetch", "slo"])));
}
