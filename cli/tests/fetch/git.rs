//! Repositories: tags, revisions, folders within, and what git may say.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use super::{HOUSE, KEYS, SHOP, commit, files, forget, git, has_git, here, manifest, said, shop, wide};
use crate::support::Folder;

const BY_TAG: &str = "house = { git = \"HERE/house\", tag = \"v1.0.0\" }";

#[test]
fn a_tag_is_fetched_and_locked_and_checked_without_the_repository() {
    if !has_git() {
        return;
    }
    let folder = shop(BY_TAG);
    commit(
        &folder,
        "house",
        &[("slo.toml", HOUSE), ("keys.slo", KEYS), ("README.md", "not needed")],
        Some("v1.0.0"),
    );
    commit(&folder, "house", &[("keys.slo", "package house.keys\n")], None);
    insta::assert_snapshot!("not_fetched", said(&wide(&folder, &["check", "slo"])));
    insta::assert_snapshot!("fetched", said(&folder.slo(&["fetch", "slo"])));
    insta::assert_snapshot!(
        "lock",
        folder.read("slo/slo.lock").replace(here(&folder).to_str().unwrap(), "FOLDER")
    );
    assert_eq!(folder.slo(&["check", "slo"]).code, 0);
    assert_eq!(folder.slo(&["build", "slo", "--target", "rust", "--out", "out"]).code, 0);
    // What is locked and there needs no repository.
    fs::rename(folder.path().join("house"), folder.path().join("gone")).unwrap();
    insta::assert_snapshot!("again", said(&folder.slo(&["fetch", "slo"])));
    assert_eq!(folder.slo(&["check", "slo"]).code, 0);
    forget(&folder);
    insta::assert_snapshot!("no_cache", said(&wide(&folder, &["check", "slo"])));
    insta::assert_snapshot!("no_repository", said(&folder.slo(&["fetch", "slo"])));
    fs::rename(folder.path().join("gone"), folder.path().join("house")).unwrap();
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0);
    assert_eq!(folder.slo(&["check", "slo"]).code, 0);
}

#[test]
fn an_annotated_tag_and_a_url_of_a_file_name_the_same_commit() {
    if !has_git() {
        return;
    }
    let folder = shop("house = { git = \"file://HERE/house\", tag = \"house/v1\" }");
    let first = commit(&folder, "house", &[("slo.toml", HOUSE), ("keys.slo", KEYS)], None);
    git(&folder, "house", &["tag", "--annotate", "house/v1", "--message", "The first"]);
    let run = folder.slo(&["fetch", "slo"]);
    assert_eq!(run.code, 0, "{}", run.error);
    assert!(folder.read("slo/slo.lock").contains(&format!("rev = \"{first}\"")));
}

#[test]
fn a_revision_is_fetched_wherever_it_stands_in_the_history() {
    if !has_git() {
        return;
    }
    let folder = Folder::new();
    let first = commit(&folder, "house", &[("slo.toml", HOUSE), ("keys.slo", KEYS)], None);
    commit(&folder, "house", &[("keys.slo", "package house.keys\n")], None);
    manifest(&folder, &format!("house = {{ git = \"HERE/house\", rev = \"{first}\" }}"));
    folder.write("slo/shop.slo", SHOP);
    let run = folder.slo(&["fetch", "slo"]);
    assert_eq!(run.code, 0, "{}", run.error);
    assert_eq!(folder.slo(&["check", "slo"]).code, 0);
    // It goes there: what is locked can't be had any more.
    git(&folder, "house", &["checkout", "--quiet", "--orphan", "other"]);
    git(&folder, "house", &["commit", "--quiet", "--message", "Begun again"]);
    git(&folder, "house", &["branch", "--delete", "--force", "main"]);
    git(&folder, "house", &["reflog", "expire", "--expire=now", "--all"]);
    git(&folder, "house", &["gc", "--quiet", "--prune=now"]);
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0, "it is in the cache");
    forget(&folder);
    let lock = folder.read("slo/slo.lock");
    insta::assert_snapshot!("deleted_revision", said(&folder.slo(&["fetch", "slo"])));
    assert_eq!(folder.read("slo/slo.lock"), lock);
    assert!(files(&folder, "cache").is_empty());
}

#[test]
fn a_root_in_a_folder_brings_what_it_stands_on_in_the_same_repository() {
    if !has_git() {
        return;
    }
    let folder = shop("house = { git = \"HERE/mono\", tag = \"v1\", path = \"houses/eu\" }");
    let base = "name = \"base\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n";
    let house = format!("{HOUSE}\n[vocabularies]\nbase = {{ path = \"../base\" }}\n");
    let keys = "package house.keys\n\nuse base.keys\n\nattribute house.region: string, values=\"lists/regions.txt\"\nattribute house.zone: base.zone\n";
    commit(
        &folder,
        "mono",
        &[
            ("houses/eu/slo.toml", &house),
            ("houses/eu/keys.slo", keys),
            ("houses/eu/lists/regions.txt", "eu\nus\n"),
            ("houses/eu/lists/unused.txt", "no\n"),
            ("houses/eu/slo-baseline.toml", "format = 1\nfindings = [\n]\n"),
            ("houses/base/slo.toml", base),
            ("houses/base/zone.slo", "package base.keys\n\nattribute base.zone: string\n"),
            ("other/slo.toml", base),
            ("other/other.slo", "package other\n"),
            ("main.rs", "fn main() {}\n"),
        ],
        Some("v1"),
    );
    let run = folder.slo(&["fetch", "slo", "--vendor"]);
    assert_eq!(run.code, 0, "{}", run.error);
    insta::assert_snapshot!("folder_within", files(&folder, "slo/slo-vendor").join("\n"));
    assert!(folder.read("slo/slo.lock").contains("roots = [\"houses/base\", \"houses/eu\"]"));
    let run = folder.slo(&["check", "slo"]);
    assert_eq!(run.code, 0, "{}", run.out);
}

#[test]
fn what_leads_out_of_a_repository_is_not_followed() {
    if !has_git() {
        return;
    }
    let folder = shop(BY_TAG);
    let house = format!("{HOUSE}\n[vocabularies]\nbase = {{ path = \"../../../slo\" }}\n");
    commit(&folder, "house", &[("slo.toml", &house), ("keys.slo", KEYS)], Some("v1.0.0"));
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0);
    let run = folder.slo(&["check", "slo", "--format", "short"]);
    insta::assert_snapshot!("leads_out", said(&run));
}

#[cfg(unix)]
#[test]
fn a_link_in_a_root_is_refused() {
    if !has_git() {
        return;
    }
    let folder = shop(BY_TAG);
    folder.write("house/slo.toml", HOUSE);
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("house/keys.slo")).unwrap();
    commit(&folder, "house", &[], Some("v1.0.0"));
    insta::assert_snapshot!("link", said(&folder.slo(&["fetch", "slo"])));
    assert!(!folder.path().join("slo/slo.lock").exists());
}

#[test]
fn what_is_not_in_a_repository_is_said() {
    if !has_git() {
        return;
    }
    let folder = shop(BY_TAG);
    commit(&folder, "house", &[("other/slo.toml", HOUSE), ("other/keys.slo", KEYS)], Some("v2"));
    insta::assert_snapshot!("no_tag", said(&folder.slo(&["fetch", "slo"])));
    manifest(&folder, "house = { git = \"HERE/house\", tag = \"v2\" }");
    insta::assert_snapshot!("no_manifest", said(&folder.slo(&["fetch", "slo"])));
    let nothing = "1".repeat(40);
    manifest(&folder, &format!("house = {{ git = \"HERE/house\", rev = \"{nothing}\", path = \"other\" }}"));
    insta::assert_snapshot!("no_revision", said(&folder.slo(&["fetch", "slo"])));
    assert!(!folder.path().join("slo/slo.lock").exists());
}

#[test]
fn two_revisions_of_one_house_are_shown_with_both_ways() {
    if !has_git() {
        return;
    }
    let folder =
        shop("house = { git = \"HERE/house\", tag = \"v2\" }\nplatform = { path = \"../platform\" }");
    commit(&folder, "house", &[("slo.toml", HOUSE), ("keys.slo", KEYS)], Some("v1"));
    commit(
        &folder,
        "house",
        &[("more.slo", "package house.keys\n\nattribute house.zone: string\n")],
        Some("v2"),
    );
    let of_platform = |tag: &str| {
        format!(
            "name = \"platform\"\nversion = \"1.0.0\"\nowner = \"team-platform\"\nslo = \"0.1\"\n\n[vocabularies]\nhouse = {{ git = \"file://{}/house.git\", tag = \"{tag}\" }}\n",
            here(&folder).display()
        )
    };
    git(&folder, ".", &["clone", "--quiet", "--bare", "house", "house.git"]);
    folder.write("platform/slo.toml", of_platform("v1"));
    folder.write("platform/keys.slo", "package platform.keys\n\nattribute platform.cell: string\n");
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0);
    insta::assert_snapshot!("two_revisions", said(&wide(&folder, &["check", "slo"])));
    // Two spellings of one place and of one revision are one root.
    folder.write("platform/slo.toml", of_platform("v2"));
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0);
    let run = folder.slo(&["check", "slo"]);
    assert_eq!(run.code, 0, "{}", run.out);
    // A folder beside it that holds the same packages is another revision, too.
    manifest(&folder, "house = { path = \"../house\" }\nplatform = { path = \"../platform\" }");
    assert_eq!(folder.slo(&["fetch", "slo"]).code, 0);
    insta::assert_snapshot!("a_folder_and_a_revision", said(&wide(&folder, &["check", "slo"])));
}

#[test]
fn a_house_that_comes_back_by_another_is_told() {
    if !has_git() {
        return;
    }
    let folder = Folder::new();
    commit(&folder, "house", &[("slo.toml", HOUSE), ("keys.slo", KEYS)], Some("v1"));
    let fleet = format!(
        "name = \"fleet\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n\n[vocabularies]\nhouse = {{ git = \"{}/house\", tag = \"v1\" }}\n",
        here(&folder).display()
    );
    folder.write("fleet/slo.toml", fleet);
    folder.write("fleet/keys.slo", "package fleet.keys\n\nattribute fleet.cell: string\n");
    folder.write("house/slo.toml", format!("{HOUSE}\n[vocabularies]\nfleet = {{ path = \"../fleet\" }}\n"));
    assert_eq!(folder.slo(&["fetch", "house"]).code, 0);
    insta::assert_snapshot!("comes_back", said(&wide(&folder, &["check", "house"])));
}

#[test]
fn where_there_is_no_git_that_is_said() {
    let folder = shop(BY_TAG);
    let nowhere = folder.path().join("nowhere");
    let run = folder.slo_with(&["fetch", "slo"], "", &[("PATH", nowhere.to_str().unwrap())]);
    insta::assert_snapshot!("no_git", said(&run));
}

/// A server that wants a password, whatever is asked for; its port.
fn asks_for_a_password() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut asked = Vec::new();
            let mut byte = [0];
            while !asked.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                asked.push(byte[0]);
            }
            let _ = stream.write_all(
                b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    });
    port
}

#[test]
fn nobody_is_asked_for_a_password() {
    if !has_git() {
        return;
    }
    let port = asks_for_a_password();
    let folder = shop(&format!("house = {{ git = \"http://127.0.0.1:{port}/house.git\", tag = \"v1\" }}"));
    let own = [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_ASKPASS", "/bin/false"), ("no_proxy", "127.0.0.1")];
    let run = folder.slo_with(&["fetch", "slo"], "name\npassword\n", &own);
    insta::assert_snapshot!("password", said(&run).replace(&port.to_string(), "PORT"));
    let archive = format!(
        "house = {{ archive = \"http://127.0.0.1:{port}/house.tar.gz\", sha256 = \"{}\" }}",
        "0".repeat(64)
    );
    manifest(&folder, &archive);
    let run = folder.slo_with(&["fetch", "slo"], "", &own);
    insta::assert_snapshot!("password_for_an_archive", said(&run).replace(&port.to_string(), "PORT"));
}

/// A program that stands for git.
#[cfg(unix)]
fn stand_in(folder: &Folder, script: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    folder.write("bin/git", format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(folder.path().join("bin/git"), fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:/usr/bin:/bin", here(folder).join("bin").display())
}

#[cfg(unix)]
#[test]
fn a_git_that_waits_or_says_odd_things_ends() {
    let folder = shop(BY_TAG);
    let path = stand_in(&folder, "case \"$*\" in *ls-remote*) exec sleep 600;; esac");
    let run = folder.slo_with(&["fetch", "slo", "--timeout", "1"], "", &[("PATH", &path)]);
    insta::assert_snapshot!("too_long", said(&run));
    // What a server says goes to no terminal as it is.
    let path = stand_in(
        &folder,
        "printf 'remote: \\033[31mhello\\n' >&2; printf 'fatal: \\033[31mno\\n' >&2; exit 128",
    );
    let run = folder.slo_with(&["fetch", "slo"], "", &[("PATH", &path)]);
    insta::assert_snapshot!("odd", said(&run));
    // What stands for a commit and is none.
    let path = stand_in(
        &folder,
        "case \"$*\" in *ls-remote*) printf -- '--upload-pack=x\\trefs/tags/v1.0.0\\n';; esac",
    );
    let run = folder.slo_with(&["fetch", "slo"], "", &[("PATH", &path)]);
    assert!(run.error.contains("has no tag `v1.0.0`"), "{}", run.error);
    assert!(!folder.path().join("slo/slo.lock").exists());
}

#[cfg(unix)]
#[test]
fn git_is_told_to_ask_nobody_and_to_run_nothing() {
    let folder = shop(BY_TAG);
    let path = stand_in(
        &folder,
        "{ echo \"$@\"; env | grep -E '^(GIT_(TERMINAL_PROMPT|ASKPASS|ALLOW_PROTOCOL|SSH_COMMAND)|SSH_ASKPASS_REQUIRE)=' | sort; } >> \"$LOG\"; exit 1",
    );
    let log = folder.path().join("log");
    let variables = [
        ("PATH", path.as_str()),
        ("LOG", log.to_str().unwrap()),
        ("GIT_DIR", "/elsewhere"),
        ("GIT_SSH_COMMAND", "ssh -i key"),
    ];
    assert_eq!(folder.slo_with(&["fetch", "slo"], "", &variables).code, 2);
    let shown = folder.read("log").replace(here(&folder).to_str().unwrap(), "FOLDER");
    insta::assert_snapshot!("git_as_it_is_run", shown);
}
