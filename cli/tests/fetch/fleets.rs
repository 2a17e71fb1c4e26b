//! `[fleet]` from a repository or an archive: what `slo fetch` brings of it, and what a service is held to.

use std::fs;
use std::sync::atomic::Ordering;

use slo_compiler::pinned::sha256;

use super::archives::{FILE, packed, serves};
use super::{commit, files, forget, git, has_git, here, said, wide};
use crate::support::{Folder, Run};

const JOBS: &str = "counter, unit=\"{job}\"";
const TASKS: &str = "counter, unit=\"{task}\"";

fn contract(name: &str, metric: &str) -> [String; 2] {
    let manifest =
        format!("name = \"{name}\"\nversion = \"1.0.0\"\nowner = \"team-{name}\"\nslo = \"0.1\"\n");
    let text = format!(
        "package {name}\n\nscope Work {{}}\n\nevent Job in Work {{\n    metric acme.jobs: {metric}\n}}\n"
    );
    [manifest, text]
}

/// A service `mail` that counts jobs, and is held to this fleet; `HERE` is the folder.
fn held(folder: &Folder, fleet: &str) {
    let fleet = fleet.replace("HERE", here(folder).to_str().unwrap());
    let [manifest, text] = contract("mail", JOBS);
    folder.write("mail/slo.toml", format!("{manifest}\n[fleet]\n{fleet}\n"));
    folder.write("mail/mail.slo", text);
}

/// The index of a service that records the metric in this way.
fn index(name: &str, metric: &str) -> String {
    let folder = Folder::new();
    let [manifest, text] = contract(name, metric);
    folder.write("one/slo.toml", manifest);
    folder.write("one/one.slo", text);
    let run = folder.slo(&["build", "one", "--target", "index"]);
    assert_eq!(run.code, 0, "{}", run.error);
    run.out
}

/// A repository of indexes at `v1`, with much that is none; `print` counts what `mail` counts.
fn repository() -> Option<Folder> {
    if !has_git() {
        return None;
    }
    let folder = Folder::new();
    let files = [
        ("slo.toml", "[workspace]\nmembers = [\"indexes/*.json\"]\n"),
        ("package.json", "{}\n"),
        ("indexes/print.json", &index("print", JOBS)),
        ("indexes/README.md", "One file a service.\n"),
        ("indexes/old/sort.json", "not needed\n"),
        ("indexes/.hidden.json", "{}\n"),
    ];
    commit(&folder, "fleet", &files, Some("v1"));
    Some(folder)
}

/// What a dry run brings is in a folder that goes with it.
fn without_folder(said: &str) -> String {
    let lines = said.lines().map(|line| {
        match line.split_once("slo-fetch-").and_then(|(_, rest)| rest.split_once('/')) {
            Some((_, rest)) => format!("  TEMPORARY/{rest}\n"),
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}

fn short(folder: &Folder, arguments: &[&str]) -> Run {
    folder.slo(&[arguments, &["--format", "short"]].concat())
}

#[test]
fn a_fleet_in_a_repository_is_brought_and_held_to_without_it() {
    let Some(folder) = repository() else { return };
    held(&folder, "git = \"HERE/fleet\"\ntag = \"v1\"\npath = \"indexes\"");
    let run = wide(&folder, &["check", "mail"]);
    insta::assert_snapshot!("fleet_not_fetched", said(&run));
    insta::assert_snapshot!("fleet_fetched", said(&folder.slo(&["fetch", "mail"])));
    let lock = folder.read("mail/slo.lock").replace(here(&folder).to_str().unwrap(), "FOLDER");
    insta::assert_snapshot!("fleet_lock", lock);
    // What is kept are the indexes.
    let kept = files(&folder, "cache");
    assert!(kept.len() == 1 && kept[0].ends_with("/indexes/print.json"), "{kept:?}");
    fs::rename(folder.path().join("fleet"), folder.path().join("gone")).unwrap();
    let sound = folder.slo(&["check", "mail"]);
    assert_eq!(sound.code, 0, "{}{}", sound.out, sound.error);
    folder.write("mail/mail.slo", &contract("mail", TASKS)[1]);
    let contradicts = short(&folder, &["check", "mail"]);
    assert_eq!(contradicts.code, 1);
    insta::assert_snapshot!("fleet_contradicts", said(&contradicts));
    // Nothing of it changes what is built, and building needs none of it.
    let build = ["build", "mail", "--target", "index"];
    let built = folder.slo(&build);
    assert_eq!(built.code, 0, "{}", built.error);
    forget(&folder);
    fs::remove_file(folder.path().join("mail/slo.lock")).unwrap();
    assert_eq!(folder.slo(&build).out, built.out);
    assert_eq!(folder.slo(&["fetch", "mail"]).code, 2, "the repository is gone");
    assert!(!folder.path().join("mail/slo.lock").exists());
}

#[test]
fn a_fleet_at_a_revision_is_vendored() {
    let Some(folder) = repository() else { return };
    let revision = git(&folder, "fleet", &["rev-parse", "HEAD"]);
    held(&folder, &format!("git = \"HERE/fleet\"\nrev = \"{revision}\"\npath = \"indexes/print.json\""));
    let run = folder.slo(&["fetch", "mail", "--vendor"]);
    assert_eq!(run.code, 0, "{}", run.error);
    assert_eq!(files(&folder, "mail/slo-vendor"), [".gitattributes", "fleet/indexes/print.json"]);
    fs::remove_dir_all(folder.path().join("fleet")).unwrap();
    assert_eq!(folder.slo(&["check", "mail"]).code, 0);
    folder.write("mail/slo-vendor/fleet/indexes/print.json", index("print", TASKS));
    insta::assert_snapshot!("fleet_edited", said(&wide(&folder, &["check", "mail"])));
    assert_eq!(folder.slo(&["build", "mail", "--target", "index"]).code, 0);
    // The folder that is named is part of what is locked.
    held(&folder, &format!("git = \"HERE/fleet\"\nrev = \"{revision}\"\npath = \"indexes\""));
    let run = short(&folder, &["check", "mail"]);
    assert!(run.out.contains("error[SLO0210]"), "{}", run.out);
}

#[test]
fn an_update_tells_what_the_fleet_contradicts_newly() {
    let Some(folder) = repository() else { return };
    held(&folder, "git = \"HERE/fleet\"\ntag = \"v1\"\npath = \"indexes\"");
    assert_eq!(folder.slo(&["fetch", "mail"]).code, 0);
    let lock = folder.read("mail/slo.lock");
    // Two teams change what they count, and one of them has said so before.
    commit(
        &folder,
        "fleet",
        &[
            ("indexes/print.json", &index("print", TASKS)),
            ("indexes/sort.json", &index("sort", "updowncounter, unit=\"{job}\"")),
        ],
        Some("v1"),
    );
    assert_eq!(folder.slo(&["check", "mail"]).code, 0, "what is locked stays");
    let dry_run = said(&folder.slo(&["fetch", "mail", "--update", "--dry-run"]));
    insta::assert_snapshot!("fleet_dry_run", without_folder(&dry_run));
    assert_eq!(folder.read("mail/slo.lock"), lock);
    insta::assert_snapshot!("fleet_update", said(&folder.slo(&["fetch", "mail", "--update", "fleet"])));
    assert_eq!(short(&folder, &["check", "mail"]).code, 1);
    insta::assert_snapshot!("fleet_update_again", said(&folder.slo(&["fetch", "mail", "--update"])));
    // Where what was locked is gone, nothing is compared, and that is said.
    commit(&folder, "fleet", &[("indexes/sort.json", &index("sort", JOBS))], Some("v1"));
    forget(&folder);
    let run = folder.slo(&["fetch", "mail", "--update"]);
    insta::assert_snapshot!("fleet_not_compared", said(&run));
}

#[test]
fn an_archive_by_its_url_is_asked_for_once() {
    let folder = Folder::new();
    let (print, sort) = (index("print", TASKS), index("sort", JOBS));
    let bytes = packed(&[
        ("fleet-1/indexes/print.json", FILE, print.as_bytes()),
        ("fleet-1/indexes/eu/sort.json", FILE, sort.as_bytes()),
        ("fleet-1/README.md", FILE, b"not needed"),
    ]);
    let hash = sha256(&bytes);
    let (port, asked) = serves(bytes);
    held(&folder, &format!("archive = \"http://127.0.0.1:{port}/fleet-1.tar.gz\"\nsha256 = \"{hash}\""));
    let unknown = short(&folder, &["check", "mail"]);
    assert!(unknown.out.contains("error[SLO0203]"), "{}", unknown.out);
    let no_proxy = [("no_proxy", "127.0.0.1"), ("NO_PROXY", "127.0.0.1")];
    let run = folder.slo_with(&["fetch", "mail", "--vendor"], "", &no_proxy);
    assert_eq!(run.code, 0, "{}", run.error);
    let kept = ["fleet-1/fleet-1/indexes/eu/sort.json", "fleet-1/fleet-1/indexes/print.json"];
    assert_eq!(files(&folder, "mail/slo-vendor")[1..], kept);
    let run = short(&folder, &["check", "mail"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("is not what it is in"), "{}", run.out);
    // A folder of it is enough.
    held(
        &folder,
        &format!(
            "archive = \"http://127.0.0.1:{port}/fleet-1.tar.gz\"\nsha256 = \"{hash}\"\npath = \"fleet-1/indexes/eu\""
        ),
    );
    assert_eq!(folder.slo_with(&["fetch", "mail"], "", &no_proxy).code, 0);
    assert_eq!(files(&folder, "mail/slo-vendor")[1..], kept[..1]);
    assert_eq!(folder.slo(&["check", "mail"]).code, 0);
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[test]
fn another_archive_is_told_of_as_an_update() {
    let folder = Folder::new();
    let named = |name: &str, metric: &str| {
        let index = index("print", metric);
        let bytes = packed(&[("print.json", FILE, index.as_bytes())]);
        folder.write(&format!("mail/{name}"), &bytes);
        held(&folder, &format!("archive = \"{name}\"\nsha256 = \"{}\"", sha256(&bytes)));
        folder.slo(&["fetch", "mail"])
    };
    let run = named("fleet-1.tar.gz", JOBS);
    assert_eq!(run.code, 0, "{}", run.error);
    let run = named("fleet-2.tar.gz", TASKS);
    insta::assert_snapshot!("fleet_other_archive", said(&run));
    assert!(!folder.read("mail/slo.lock").contains("fleet-1"));
}

#[test]
fn house_and_fleet_of_one_repository_are_one_source() {
    if !has_git() {
        return;
    }
    let folder = Folder::new();
    let print = index("print", JOBS);
    let files_of = [
        ("house/slo.toml", super::HOUSE),
        ("house/keys.slo", super::KEYS),
        ("indexes/print.json", print.as_str()),
    ];
    commit(&folder, "all", &files_of, Some("v1"));
    held(
        &folder,
        "git = \"HERE/all\"\ntag = \"v1\"\npath = \"indexes\"\n\n[vocabularies]\nhouse = { git = \"HERE/all\", tag = \"v1\", path = \"house\" }",
    );
    let run = folder.slo(&["fetch", "mail"]);
    assert_eq!(run.code, 0, "{}", run.error);
    assert_eq!(folder.read("mail/slo.lock").matches("[[source]]").count(), 1);
    let run = folder.slo(&["check", "mail"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.error);
    // The house's own is asked by nobody, and taken away with the fleet.
    held(
        &folder,
        "path = \"../indexes\"\n\n[vocabularies]\nhouse = { git = \"HERE/all\", tag = \"v1\", path = \"house\" }",
    );
    assert_eq!(folder.slo(&["fetch", "mail"]).code, 0);
    assert!(!folder.read("mail/slo.lock").contains("indexes"));
}

#[test]
fn what_is_wrong_with_a_fleet_is_said_and_nothing_is_written() {
    let Some(folder) = repository() else { return };
    let mut shown = String::new();
    for (what, fleet) in [
        ("another folder", "git = \"HERE/fleet\"\ntag = \"v1\"\npath = \"services\""),
        ("no tag of it", "git = \"HERE/fleet\"\ntag = \"v9\"\npath = \"indexes\""),
    ] {
        held(&folder, fleet);
        shown.push_str(&format!("──── {what}\n{}", said(&folder.slo(&["fetch", "mail"]))));
        assert!(!folder.path().join("mail/slo.lock").exists());
        assert!(files(&folder, "cache").is_empty());
    }
    insta::assert_snapshot!("fleet_not_there", shown);
    // A repository's own workspace has a `package.json` at its top, which is no index.
    held(&folder, "git = \"HERE/fleet\"\ntag = \"v1\"");
    assert_eq!(folder.slo(&["fetch", "mail"]).code, 0);
    let run = short(&folder, &["check", "mail"]);
    assert!(run.out.contains("error[SLO1506]"), "{}", run.out);
}

#[test]
fn each_way_to_name_a_fleet_wrongly_is_said() {
    let folder = Folder::new();
    let mut shown = String::new();
    let hash = "0".repeat(64);
    let short_rev = "git = \"https://host/fleet\"\nrev = \"0d9c1a7\"".to_owned();
    for fleet in [
        String::new(),
        "path = \"\"".to_owned(),
        "git = \"https://host/fleet\"".to_owned(),
        "git = \"https://host/fleet\"\nbranch = \"main\"".to_owned(),
        short_rev,
        format!("git = \"https://host/fleet\"\ntag = \"v1\"\nsha256 = \"{hash}\""),
        "git = \"../fleet\"\ntag = \"v1\"".to_owned(),
        "git = \"https://me:secret@host/fleet\"\ntag = \"v1\"".to_owned(),
        "git = \"https://host/fleet\"\ntag = \"v1\"\npath = \"../x\"".to_owned(),
        "archive = \"https://host/fleet.tar.gz\"".to_owned(),
        "archive = \"https://host/fleet.tar.gz\"\nsha256 = \"abc\"".to_owned(),
        format!("archive = \"https://me:secret@host/fleet.tar.gz\"\nsha256 = \"{hash}\""),
        format!("archive = \"https://host/fleet.tar.gz\"\nsha256 = \"{hash}\"\ntag = \"v1\""),
        "path = \"../fleet\"\nrev = \"1\"".to_owned(),
    ] {
        held(&folder, &fleet);
        let run = wide(&folder, &["check", "mail"]);
        let lines = run.out.lines().filter(|line| line.contains(['×', '☞']) || line.contains("help:"));
        shown.push_str(&format!("──── {}\n", fleet.replace('\n', ", ")));
        lines.for_each(|line| shown.push_str(&format!("{}\n", line.trim())));
        assert_eq!(run.code, 1);
    }
    insta::assert_snapshot!("fleet_named_wrongly", shown);
}
