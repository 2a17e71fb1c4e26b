//! Contracts that belong together, as people and CI check them.

use std::process::Command;

use crate::support::Folder;

fn contract(metric: &str) -> String {
    format!("package jobs\n\nscope Work {{}}\n\nevent Job in Work {{\n    metric acme.jobs: {metric}\n}}\n")
}

fn manifest(name: &str) -> String {
    format!("name = \"{name}\"\nversion = \"1.0.0\"\nowner = \"team-{name}\"\nslo = \"0.1\"\n")
}

fn member(folder: &Folder, path: &str, metric: &str) {
    let name = path.rsplit('/').next().unwrap();
    folder.write(&format!("{path}/slo.toml"), manifest(name));
    folder.write(&format!("{path}/{name}.slo"), contract(metric));
}

const JOBS: &str = "counter, unit=\"{job}\"";
const TASKS: &str = "counter, unit=\"{task}\"";

/// Three services, of which one counts something else.
fn workspace() -> Folder {
    let folder = Folder::new();
    folder.write("slo.toml", "[workspace]\nmembers = [\"services/*\"]\n");
    member(&folder, "services/mail", JOBS);
    member(&folder, "services/print", TASKS);
    member(&folder, "services/sort", JOBS);
    folder
}

/// A workspace whose members have their indexes in `fleet`.
fn indexed() -> Folder {
    let folder = workspace();
    for name in ["mail", "print", "sort"] {
        let root = format!("services/{name}");
        assert_eq!(folder.slo(&["build", &root, "--target", "index", "--out", "fleet"]).code, 0);
    }
    folder
}

#[test]
fn a_workspace_is_checked_as_one() {
    let run = workspace().slo(&["check"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!("workspace", format!("{}{}", run.out, run.error));
}

#[test]
fn what_is_said_is_limited_and_what_is_known_is_not() {
    let folder = workspace();
    let lines = |run: &crate::support::Run| run.out.lines().map(str::to_owned).collect::<Vec<_>>();
    let all = folder.slo(&["check", "--format", "short"]);
    assert_eq!(lines(&all).len(), 2);
    let of_print = folder.slo(&["check", "services/print", "--format", "short"]);
    assert_eq!((of_print.code, of_print.out), (1, all.out.clone()));
    // Who is part of it is told against whom.
    let of_sort = folder.slo(&["check", "services/sort", "--format", "short"]);
    assert!(of_sort.out.contains("is not what it is in `sort`"), "{}", of_sort.out);
    let two = folder.slo(&["check", "services/mail", "services/sort"]);
    assert!(
        two.error.starts_with("slo: 2 of 3 members checked, `mail` is not sound (1 error)"),
        "{}",
        two.error
    );
    folder.write("services/print/print.slo", contract(JOBS));
    let sound = folder.slo(&["check"]);
    assert_eq!((sound.code, sound.error.as_str()), (0, "slo: 3 members checked, all of them sound\n"));
    let nested = folder.slo(&["check", ".", "services/mail"]);
    assert_eq!(nested.code, 2);
    assert!(nested.error.contains("is a workspace, which is checked by itself"), "{}", nested.error);
}

#[test]
fn roots_without_a_workspace_are_compared_when_they_are_named_together() {
    let folder = Folder::new();
    member(&folder, "one/mail", JOBS);
    member(&folder, "two/print", TASKS);
    assert_eq!(folder.slo(&["check", "one/mail"]).code, 0);
    let run = folder.slo(&["check", "one/mail", "two/print", "--format", "short"]);
    assert_eq!(run.code, 1);
    assert!(run.out.starts_with("two/print/print.slo:6:12: error[SLO1501]: "), "{}", run.out);
    assert!(run.out.contains("kept by team-mail"), "{}", run.out);
}

#[test]
fn nothing_is_built_from_a_workspace_and_what_it_says_changes_nothing_that_is() {
    let folder = workspace();
    let run = folder.slo(&["build", "--target", "rust", "--out", "generated"]);
    assert_eq!(run.code, 1);
    assert!(
        run.out.is_empty() && run.error.contains("this is a workspace, and no contract root"),
        "{}",
        run.error
    );
    for name in ["mail", "print"] {
        let root = format!("services/{name}");
        assert_eq!(folder.slo(&["build", &root, "--target", "rust", "--out", "generated"]).code, 0);
    }
}

#[test]
fn a_member_that_cannot_be_known_is_named() {
    let folder = workspace();
    folder.write("services/sort/sort.slo", "package jobs\n\nattribute jobs.kind: knid\n");
    let run = folder.slo(&["check"]);
    assert_eq!(run.code, 1);
    assert!(
        run.error.contains("too little is known of these to compare them with others: `sort`"),
        "{}",
        run.error
    );
}

fn git(folder: &Folder, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"])
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn commit(folder: &Folder) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "a"]);
}

#[test]
fn members_that_changed_are_told_of() {
    let folder = workspace();
    folder.write("services/print/print.slo", contract(JOBS));
    git(&folder, &["init", "--quiet"]);
    commit(&folder);
    let since = |revision: &str| folder.slo(&["check", "--changed-since", revision]);
    let none = since("HEAD");
    assert_eq!((none.code, none.error.as_str()), (0, "slo: 0 of 3 members checked, all of them sound\n"));
    folder.write("services/print/print.slo", contract(TASKS));
    let one = since("HEAD");
    assert_eq!(one.code, 1);
    assert!(
        one.error.starts_with("slo: 1 of 3 members checked, `print` is not sound (1 error)"),
        "{}",
        one.error
    );
    commit(&folder);
    assert_eq!(since("HEAD").code, 0);
    assert_eq!(since("HEAD~1").code, 1);
    // A file that git doesn't know yet, and one that is gone.
    folder.write("services/sort/more.slo", "package jobs\n\nscope More {}\n");
    assert!(since("HEAD").error.contains("1 of 3 members checked"));
    std::fs::remove_file(folder.path().join("services/mail/mail.slo")).unwrap();
    assert!(since("HEAD").error.contains("2 of 3 members checked"));
    folder.write("slo.toml", "[workspace]\nmembers = [\"services/[mps]*\"]\n");
    assert!(since("HEAD").error.contains("slo: 3 members checked"));
}

#[test]
fn a_revision_that_is_not_there_is_said() {
    let folder = workspace();
    let none = folder.slo(&["check", "--changed-since", "HEAD"]);
    assert_eq!(none.code, 2);
    assert!(none.error.contains("`.` is in no repository of git"), "{}", none.error);
    git(&folder, &["init", "--quiet"]);
    commit(&folder);
    let unknown = folder.slo(&["check", "--changed-since", "v9"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.error.contains("git knows no revision `v9`"), "{}", unknown.error);
    let option = folder.slo(&["check", "--changed-since=--output=x"]);
    assert_eq!(option.code, 2);
    assert!(!folder.path().join("x").exists());
    folder.write("services/print/print.slo", contract(JOBS));
    commit(&folder);
    let clone = Folder::new();
    git(&clone, &["clone", "--quiet", "--depth", "1", &format!("file://{}", folder.path().display()), "."]);
    let shallow = clone.slo(&["check", "--changed-since", "HEAD~1"]);
    assert_eq!(shallow.code, 0, "{}", shallow.error);
    assert_eq!(
        shallow.error,
        "slo: the revision `HEAD~1` isn't in this shallow clone: all findings are said\nslo: 3 members checked, all of them sound\n"
    );
}

#[test]
fn an_index_is_built_and_compared() {
    let folder = workspace();
    let shown = folder.slo(&["build", "services/mail", "--target", "index"]);
    assert_eq!(shown.code, 0, "{}", shown.error);
    insta::assert_snapshot!("index", shown.out);
    for name in ["mail", "print", "sort"] {
        let run = folder.slo(&[
            "build",
            &format!("services/{name}"),
            "--target",
            "index",
            "--out",
            "fleet/indexes",
        ]);
        assert_eq!(run.code, 0, "{}", run.error);
    }
    let check = ["build", "services/mail", "--target", "index", "--out", "fleet/indexes", "--check"];
    assert_eq!(folder.slo(&check).code, 0);
    folder.write("fleet/slo.toml", "[workspace]\nmembers = [\"indexes/*\"]\n");
    let run = folder.slo(&["check", "fleet", "--format", "short"]);
    assert_eq!(run.code, 1);
    assert!(
        run.out.starts_with("fleet/indexes/print.json:6:1: error[SLO1501]: `acme.jobs` in `print`"),
        "{}",
        run.out
    );
    assert!(run.out.contains("kept by team-mail, mail.slo:6"), "{}", run.out);
}

#[test]
fn a_contract_is_held_to_the_others_and_not_for_what_was_there_before() {
    let folder = indexed();
    // A repository of its own.
    let own = |metric: &str, hash: &str| {
        folder.write("own/slo.toml", format!("{}\n[fleet]\npath = \"../fleet\"\n{hash}", manifest("print")));
        folder.write("own/print.slo", contract(metric));
        std::fs::remove_file(folder.path().join("slo.toml")).ok();
        folder.slo(&["check", "own", "--format", "short"])
    };
    let sound = own(JOBS, "");
    assert_eq!((sound.code, sound.out.as_str()), (0, ""));
    let before = own(TASKS, "");
    assert_eq!(before.code, 0);
    assert!(before.out.starts_with("own/print.slo:6:12: note[SLO1501]: "), "{}", before.out);
    let worse = own("counter, unit=\"{task}\" { zone = \"north\" }", "");
    assert_eq!(worse.code, 1, "{}", worse.out);
    let wrong = own(JOBS, &format!("sha256 = \"{}\"\n", "0".repeat(64)));
    assert_eq!(wrong.code, 1);
    let (_, hash) = wrong.out.split_once("its SHA-256 is ").unwrap();
    let hash = hash.lines().next().unwrap().to_owned();
    assert_eq!(own(JOBS, &format!("sha256 = \"{hash}\"\n")).code, 0);
    // As everybody else works it out.
    let sum = "cd fleet && LC_ALL=C sha256sum *.json | sha256sum";
    let output = Command::new("sh").args(["-c", sum]).current_dir(folder.path()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).starts_with(&hash));
    let gone = own(JOBS, "sha256 = \"abc\"\n");
    assert!(gone.out.contains("this is no SHA-256"), "{}", gone.out);
    // What is built is the same, whatever the others say.
    assert_eq!(folder.slo(&["build", "own", "--target", "index"]).code, 1, "the hash is wrong as a text");
    own("counter, unit=\"{task}\" { zone = \"north\" }", "");
    folder.write("own/print.slo", contract(TASKS));
    assert_eq!(folder.slo(&["build", "own", "--target", "index"]).code, 0);
}

#[test]
fn what_a_contract_and_the_fleet_contradict_each_other_in_is_accepted_by_the_contract() {
    let folder = indexed();
    std::fs::remove_file(folder.path().join("slo.toml")).unwrap();
    let own = |more: &str| {
        folder.write("own/slo.toml", format!("{}\n[fleet]\npath = \"../fleet\"\n", manifest("paint")));
        folder.write("own/paint.slo", contract(TASKS) + more);
        folder.slo(&["check", "own", "--format", "short", "--deny-warnings"])
    };
    let found = own("");
    assert!(found.code == 1 && found.out.contains("error[SLO1501]"), "{}", found.out);
    let add = folder.slo(&[
        "baseline",
        "add",
        "SLO1501",
        "acme.jobs",
        "paint",
        "mail",
        "--reason",
        "paint moves",
        "--root",
        "own",
    ]);
    assert_eq!(add.code, 0, "{}", add.error);
    let lines = folder.read("own/slo-baseline.toml");
    assert!(
        lines.contains("SLO1501") && lines.contains("\"mail\"") && lines.contains("paint moves"),
        "{lines}"
    );
    // One pair is accepted, and no other.
    let others = own("");
    insta::assert_snapshot!(format!("{}---\n{}", found.out, others.out), @"
    own/paint.slo:6:12: error[SLO1501]: `acme.jobs` in `mail` is not what it is in `paint`: in `{job}` and in `{task}`
    own/../fleet/mail.json:6:1: note: `mail`, kept by team-mail, mail.slo:6: a counter in `{job}`, of ints
    own/paint.slo:6:12: error[SLO1501]: `acme.jobs` in `sort` is not what it is in `paint`: in `{job}` and in `{task}`
    own/../fleet/sort.json:6:1: note: `sort`, kept by team-sort, sort.slo:6: a counter in `{job}`, of ints
    ---
    own/paint.slo:6:12: error[SLO1501]: `acme.jobs` in `sort` is not what it is in `paint`: in `{job}` and in `{task}`
    own/../fleet/sort.json:6:1: note: `sort`, kept by team-sort, sort.slo:6: a counter in `{job}`, of ints
    ");
    // What is built stays the same, and nobody who sees the contract alone calls the line useless.
    assert_eq!(folder.slo(&["build", "own", "--target", "index"]).code, 0);
    // Mended, its line is too many.
    folder.write("own/paint.slo", contract(JOBS));
    std::fs::remove_file(folder.path().join("fleet/print.json")).unwrap();
    let mended = folder.slo(&["check", "own", "--format", "short"]);
    assert!(mended.out.contains("SLO0603"), "{}", mended.out);
    // A contract that is held to nobody accepts nothing of the kind.
    folder.write("own/slo.toml", manifest("paint"));
    let alone = folder.slo(&["check", "own", "--format", "short"]);
    assert!(alone.out.contains("SLO0603"), "{}", alone.out);
}
