//! A workspace: what its `slo.toml` may get wrong, and what is said of which members.

use super::Folder;
use slo_compiler::fleet::{self, Said};
use slo_compiler::load;

const MEMBER: &str = "package one\nscope S {}\n";

/// A workspace with two members, and what its manifest says.
fn workspace(manifest: &str) -> Folder {
    let folder = Folder::new();
    folder.write("slo.toml", manifest);
    folder.member("services/mail", MEMBER);
    folder.member("services/print", MEMBER);
    folder
}

#[test]
fn each_way_to_be_wrong_is_said_in_plain_words() {
    let mut told = String::new();
    for (what, manifest) in [
        ("no members", "[workspace]\n"),
        ("an empty list", "[workspace]\nmembers = []\n"),
        ("a text for a list", "[workspace]\nmembers = \"services/*\"\n"),
        ("an unknown key", "[workspace]\nmember = [\"services/*\"]\n"),
        (
            "a contract too",
            "name = \"all\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n\n[workspace]\nmembers = [\"services/*\"]\n",
        ),
        ("a pattern that names nothing", "[workspace]\nmembers = [\"services/*\", \"jobs/*\"]\n"),
        ("a folder that isn't there", "[workspace]\nmembers = [\"services/mial\"]\n"),
        ("a pattern that is none", "[workspace]\nmembers = [\"services/**x\"]\n"),
        ("one member twice", "[workspace]\nmembers = [\"services/*\", \"services/mail\"]\n"),
        ("out of the workspace", "[workspace]\nmembers = [\"../services/mail\"]\n"),
        ("an absolute path", "[workspace]\nmembers = [\"/services/mail\"]\n"),
        ("the workspace itself", "[workspace]\nmembers = [\".\", \"services/*\"]\n"),
        ("a folder without `slo.toml`", "[workspace]\nmembers = [\"services\"]\n"),
        ("a file that is no index", "[workspace]\nmembers = [\"services/mail/contract.slo\"]\n"),
        (
            "a server without a kind",
            "[workspace]\nmembers = [\"services/*\"]\n[servers.main]\nmembers = [\"services/*\"]\n",
        ),
        (
            "an unknown kind",
            "[workspace]\nmembers = [\"services/*\"]\n[servers.main]\nkind = \"prometeus\"\n",
        ),
        (
            "a key of another kind",
            "[workspace]\nmembers = [\"services/*\"]\n[servers.main]\nkind = \"logs\"\nnests = true\n",
        ),
        (
            "an unknown key of a server",
            "[workspace]\nmembers = [\"services/*\"]\n[servers.main]\nkind = \"logs\"\nurl = \"x\"\n",
        ),
        (
            "members that are none",
            "[workspace]\nmembers = [\"services/*\"]\n[servers.main]\nkind = \"logs\"\nmembers = [\"jobs/*\"]\n",
        ),
        (
            "an unknown strategy",
            "[workspace]\nmembers = [\"services/*\"]\n[servers.main]\nkind = \"prometheus\"\ntranslation_strategy = \"None\"\n",
        ),
        ("no TOML", "[workspace\nmembers = [\"services/*\"]\n"),
    ] {
        let folder = workspace(manifest);
        told.push_str(&format!("──────── {what}\n{}\n", folder.short()));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_workspace_is_no_member_of_another_nor_a_link_that_leads_out() {
    let folder = workspace("[workspace]\nmembers = [\"services/*\"]\n");
    folder.write("services/inner/slo.toml", "[workspace]\nmembers = [\"a\"]\n");
    #[cfg(unix)]
    {
        let other = Folder::new();
        other.member("elsewhere", MEMBER);
        std::os::unix::fs::symlink(other.path().join("elsewhere"), folder.path().join("services/link"))
            .unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("services/circle")).unwrap();
        std::os::unix::fs::symlink("mail", folder.path().join("services/again")).unwrap();
        insta::assert_snapshot!(folder.short());
    }
}

#[test]
fn a_workspace_alone_is_no_contract() {
    let folder = workspace("[workspace]\nmembers = [\"services/*\"]\n");
    let compilation = slo_compiler::derive::crates::compile(folder.path()).unwrap();
    assert!(compilation.checked.is_none());
    let message = &compilation.diagnostics[0].message;
    assert_eq!(message, "this is a workspace, and no contract root by itself");
}

#[test]
fn ten_thousand_members_are_refused_before_they_are_read() {
    let folder = Folder::new();
    folder.write("slo.toml", "[workspace]\nmembers = [\"services/*\"]\n");
    for number in 0..10_000 {
        // What none of these holds can be read.
        std::fs::create_dir_all(folder.path().join(format!("services/s{number}/slo.toml"))).unwrap();
    }
    let told = folder.short();
    assert!(
        told.starts_with("slo.toml:2:12: error[SLO0201]: the workspace has more than 2000 members\n"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 1);
}

#[test]
fn a_member_finds_its_workspace_and_is_told_what_it_is_part_of() {
    let folder = Folder::new();
    folder.write("slo.toml", "[workspace]\nmembers = [\"services/*\"]\n");
    let metric = |unit: &str| {
        format!(
            "package one\nscope S {{}}\nevent Job in S {{\n    metric acme.jobs: counter, unit=\"{unit}\"\n}}\n"
        )
    };
    folder.member("services/mail", &metric("{job}"));
    folder.member("services/print", &metric("{job}"));
    folder.member("services/sort", &metric("{task}"));
    folder.member("services/broken", "package one\nscope S {\n");
    folder.member("services/other", MEMBER);
    let of = |name: &str| -> Vec<String> {
        let root = folder.path().join("services").join(name);
        let workspace = load::find_workspace(&root).unwrap();
        let input = load::workspace(&workspace, std::slice::from_ref(&root), None).unwrap();
        let member = load::member_at(&input, &root).unwrap();
        let fleet = fleet::check(&input, &Said::Of(vec![member]));
        let names = fleet.all().map(|finding| finding.names.join(" "));
        names.collect()
    };
    assert_eq!(of("sort"), ["acme.jobs {task} {job} sort mail"]);
    assert_eq!(of("mail"), ["acme.jobs {task} {job} sort mail"]);
    assert_eq!(of("print"), ["acme.jobs {task} {job} sort print"]);
    assert_eq!(of("other"), Vec::<String>::new());
    assert!(load::find_workspace(folder.path()).is_none());
}

#[test]
fn a_house_that_is_not_sound_is_told_once_and_named_by_each_that_stands_on_it() {
    let folder = Folder::of(
        r#"=== slo.toml ===
[workspace]
members = ["house", "services/*"]
=== house/slo.toml ===
name = "house"
version = "1.0.0"
slo = "0.1"
=== house/keys.slo ===
package house
attribute house.shard: int, range=64..=1
=== services/a/slo.toml ===
name = "a"
version = "1.0.0"
slo = "0.1"
[vocabularies]
house = { path = "../../house" }
=== services/a/a.slo ===
package a
use house
event A in S {
    shard: house.shard
    log a: info
}
scope S {}
=== services/b/slo.toml ===
name = "b"
version = "1.0.0"
slo = "0.1"
[vocabularies]
house = { path = "../../house" }
=== services/b/b.slo ===
package a
use house
event B in S {
    shard: house.shard
    log b: info
}
scope S {}
"#,
    );
    insta::assert_snapshot!(folder.short());
}

/// One key with two types and one metric with two kinds, in contracts that are each sound.
#[test]
fn two_teams_that_mean_two_things_are_told_of_each_other() {
    let folder = Folder::of(
        r#"=== slo.toml ===
[workspace]
members = ["a", "b"]
=== a/slo.toml ===
name = "a"
version = "1.0.0"
owner = "team-a"
slo = "0.1"
=== a/c.slo ===
package a

attribute acme.tenant: int, range=1..=3

scope A {}

event Job in A {
    tenant: acme.tenant
    metric acme.jobs: counter, unit="{job}" { tenant }
    log acme.job: info
}
=== b/slo.toml ===
name = "b"
version = "1.0.0"
owner = "team-b"
slo = "0.1"
=== b/c.slo ===
package b

attribute acme.tenant: string, only=["x", "y"]

scope B {}

event Sample in B {
    tenant: acme.tenant
    waiting: double, unit="s"
    metric acme.jobs: gauge, unit="s", value=waiting { tenant }
    log acme.sample: info
}
"#,
    );
    insta::assert_snapshot!(folder.short());
}

/// Names differ in the contracts, and are one in the server: there they are compared as well.
#[test]
fn metrics_are_one_by_a_series_that_they_share_in_the_server_in_which_they_meet() {
    let metric = |name: &str, kind: &str| {
        format!(
            "package one\nscope S {{}}\nevent Job in S {{\n    size: int\n    metric {name}: {kind}, unit=\"{{job}}\", value=size\n}}\n"
        )
    };
    let folder = Folder::new();
    folder.member("a", &metric("acme.queue", "gauge"));
    folder.member("b", &metric("acme_queue", "updowncounter"));
    let servers = |server: &str| {
        folder.write("slo.toml", &format!("[workspace]\nmembers = [\"a\", \"b\"]\n{server}"));
        folder.short()
    };
    insta::assert_snapshot!(servers(""));
    let apart = "[servers.a]\nkind = \"prometheus\"\nmembers = [\"a\"]\n[servers.b]\nkind = \"prometheus\"\nmembers = [\"b\"]\n";
    assert_eq!(servers(apart), "");
    let kept = "[servers.all]\nkind = \"prometheus\"\ntranslation_strategy = \"NoTranslation\"\n";
    assert_eq!(servers(kept), "");
}

/// What the store of a workspace keeps for itself, no member's log may have.
#[test]
fn a_store_of_logs_keeps_names_for_itself() {
    let folder = Folder::new();
    let text = "package one\nscope S {}\nevent Job in S {\n    message: string\n    log one.job: info\n}\n";
    folder.member("a", text);
    folder.member("b", text);
    let lines = "[servers.lines]\nkind = \"logs\"\nmembers = [\"a\"]\nreserved = [\"message\"]\n";
    folder.write("slo.toml", &format!("[workspace]\nmembers = [\"*\"]\n{lines}"));
    insta::assert_snapshot!(folder.short());
}
