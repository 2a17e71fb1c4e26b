//! Registries that are made to hurt: each is an error with its file and line, in bounded time and memory.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use slo_weaver::{Dependencies, Kind, Problem, limits, read};
use tempfile::TempDir;

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn problems(folder: &Path) -> Vec<Problem> {
    read(folder, &Dependencies::new()).expect_err("the registry was read")
}

fn problem(text: &str) -> Problem {
    let mut problems = problems(folder(&[("a.yaml", text.as_bytes())]).path());
    assert!(!problems.is_empty());
    problems.remove(0)
}

fn told(problem: &Problem, folder: &Path) -> String {
    problem.to_string().replace(&*folder.to_string_lossy(), "FOLDER")
}

/// Each line repeats the one before it nine times.
#[test]
fn aliases_that_grow_by_powers() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for line in 1..12 {
        let aliases = vec![format!("*a{}", line - 1); 9].join(", ");
        writeln!(text, "a{line}: &a{line} [{aliases}]").unwrap();
    }
    let problem = problem(&text);
    assert_eq!((problem.kind, &*problem.place.file), (Kind::Limit, "a.yaml"));
    insta::assert_snapshot!(problem);
}

/// One long text, and as many aliases of it as there may be values.
#[test]
fn many_aliases_of_a_long_text() {
    let mut text = format!("text: &text {}\nall:\n", "x".repeat(1_000_000));
    for _ in 0..200_000 {
        text.push_str("  - *text\n");
    }
    let problem = problem(&text);
    assert_eq!(problem.kind, Kind::Limit, "{problem}");
}

#[test]
fn brackets_that_nest_100_000_deep() {
    for open in ["[", "{a: ", "- "] {
        let problem = problem(&open.repeat(100_000));
        assert_eq!((problem.kind, problem.place.line), (Kind::Limit, 1), "{problem}");
    }
}

#[test]
fn blocks_that_nest_deep() {
    let mut text = String::new();
    for depth in 0..2_000 {
        writeln!(text, "{}a:", " ".repeat(depth)).unwrap();
    }
    assert_eq!(problem(&text).kind, Kind::Limit);
}

#[test]
fn associations_that_nest_deep() {
    let deep = limits::ASSOCIATIONS + 3;
    let text = format!(
        "groups:\n  - id: span.a\n    type: span\n    span_kind: client\n    brief: a\n    stability: stable\n    entity_associations: [{}a{}]\n",
        "{one_of: [".repeat(deep),
        "]}".repeat(deep)
    );
    assert_eq!(problem(&text).kind, Kind::Limit);
}

#[test]
fn an_alias_of_itself() {
    insta::assert_snapshot!(problem("a: &a\n  b: *a\n"));
}

/// A chain of as many groups as there may be, closed to a circle.
#[test]
fn a_long_circle() {
    const GROUPS: usize = 20_000;
    let mut text = "groups:\n".to_owned();
    for number in 0..GROUPS {
        let next = (number + 1) % GROUPS;
        writeln!(text, "  - {{id: g{number}, type: attribute_group, brief: g, extends: g{next}}}").unwrap();
    }
    let problem = problem(&text);
    assert_eq!((problem.kind, problem.others.len()), (Kind::Circle, 19));
    assert!(problem.message.ends_with("and 19980 more"), "{}", problem.message);
}

#[test]
fn a_long_chain_is_read() {
    const GROUPS: usize = 20_000;
    let mut text = "groups:\n".to_owned();
    for number in 0..GROUPS {
        writeln!(text, "  - {{id: g{number}, type: attribute_group, brief: g, extends: g{}}}", number + 1)
            .unwrap();
    }
    writeln!(text, "  - {{id: g{GROUPS}, type: attribute_group, brief: g, attributes: []}}").unwrap();
    let folder = folder(&[("a.yaml", text.as_bytes())]);
    assert_eq!(read(folder.path(), &Dependencies::new()).unwrap().groups.len(), GROUPS + 1);
}

/// Each group has one attribute more than the one before it: their number grows by the square.
#[test]
fn groups_that_grow_by_each_other() {
    let mut text = "groups:\n".to_owned();
    for number in 0..3_000 {
        let extends = if number == 0 { String::new() } else { format!("extends: g{}, ", number - 1) };
        writeln!(
            text,
            "  - {{id: g{number}, type: attribute_group, brief: g, {extends}attributes: [{{id: a.k{number}, type: int, brief: a, stability: stable}}]}}"
        )
        .unwrap();
    }
    insta::assert_snapshot!(problem(&text));
}

#[test]
fn problems_without_end() {
    let mut text = "groups:\n".to_owned();
    for number in 0..5_000 {
        writeln!(text, "  - {{id: g{number}}}").unwrap();
    }
    let problems = problems(folder(&[("a.yaml", text.as_bytes())]).path());
    assert_eq!(problems.len(), limits::PROBLEMS);
    assert!(problems.last().unwrap().help.ends_with("more problems are not shown"));
}

#[test]
fn bytes_that_are_not_utf_8() {
    let folder = folder(&[("a.yaml", b"groups:\n  - id: caf\xe9\n")]);
    insta::assert_snapshot!(told(&problems(folder.path())[0], folder.path()));
}

#[test]
fn a_file_that_is_too_long() {
    let length = usize::try_from(limits::FILE_BYTES).unwrap() + 1;
    let folder = folder(&[("a.yaml", &vec![b'#'; length])]);
    insta::assert_snapshot!(told(&problems(folder.path())[0], folder.path()));
}

#[test]
fn files_that_are_too_long_together() {
    let length = usize::try_from(limits::FILE_BYTES).unwrap();
    let names: Vec<String> = (0..17).map(|number| format!("{number:02}.yaml")).collect();
    let content = vec![b'#'; length];
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &*content)).collect();
    let folder = folder(&files);
    let problems = problems(folder.path());
    assert_eq!((problems.len(), problems[0].kind, &*problems[0].place.file), (1, Kind::Limit, "16.yaml"));
}

#[test]
fn too_many_files() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..=limits::FILES {
        fs::write(folder.path().join(format!("{number}.yaml")), "").unwrap();
    }
    assert_eq!(problems(folder.path())[0].kind, Kind::Limit);
}

#[test]
fn folders_that_nest_deep() {
    let name = format!("{}a.yaml", "d/".repeat(limits::FOLDERS + 1));
    let folder = folder(&[(&name, b"groups: []\n")]);
    assert_eq!(problems(folder.path())[0].kind, Kind::Limit);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("secret.yaml", b"groups: []\n"), ("sub/b.yaml", b"groups: []\n")]);
    let folder = folder(&[("real.yaml", b"groups: []\n")]);
    symlink(outside.path().join("secret.yaml"), folder.path().join("out.yaml")).unwrap();
    symlink(outside.path().join("sub"), folder.path().join("sub")).unwrap();
    symlink(folder.path(), folder.path().join("round")).unwrap();
    symlink("nowhere.yaml", folder.path().join("lost.yaml")).unwrap();
    symlink("real.yaml", folder.path().join("inside.yaml")).unwrap();
    let told: Vec<String> =
        problems(folder.path()).iter().map(|problem| told(problem, folder.path())).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn texts_that_move_the_cursor() {
    let problem = problem("groups:\n  - id: \"a\\u001b[2Jb\\u202ec\"\n");
    assert!(!problem.to_string().contains(['\u{1b}', '\u{202e}']), "{problem}");
}

#[test]
fn a_folder_that_is_not_there() {
    insta::assert_snapshot!(problems(Path::new("/nowhere/at/all"))[0]);
}
