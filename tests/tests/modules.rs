//! Who may know whom: the modules of the compiler are stages, none of which takes anything from one that comes after it; and
//! what a service builds for the derive and for the build script is listed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The modules that each must not know.
const NEVER: [(&str, &[&str]); 14] = [
    ("pinned", &["manifest", "input", "load", "roots", "ir", "resolve", "lower", "check", "derive"]),
    (
        "ir",
        &["measure", "resolve", "options", "lower", "policy", "check", "plan", "show", "target", "derive"],
    ),
    ("measure", &["resolve", "options", "lower", "policy", "check", "plan", "show", "target", "derive"]),
    ("options", &["resolve", "lower", "check", "plan", "show", "target", "derive"]),
    ("policy", &["resolve", "lower", "check", "plan", "show", "target", "derive"]),
    ("resolve", &["lower", "check", "plan", "show", "target", "derive"]),
    ("lower", &["check", "plan", "show", "target", "derive"]),
    ("check", &["lower", "plan", "show", "target", "derive"]),
    ("plan", &["resolve", "lower", "check", "show", "target", "derive"]),
    ("show", &["resolve", "lower", "check", "plan", "target", "derive"]),
    ("index", &["resolve", "lower", "check", "plan", "show", "target", "derive", "fleet"]),
    ("run", &["show", "derive", "index", "fleet", "load"]),
    ("fleet", &["resolve", "lower", "plan", "show", "target", "derive", "load"]),
    ("compare", &["resolve", "lower", "check", "plan", "show", "target", "derive", "load", "fleet"]),
];

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// What each module of the compiler names of others as `crate::NAME`.
fn known() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let below = file.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let module = below.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&file).unwrap();
        let is_name = |character: char| character.is_alphanumeric() || character == '_';
        let named = text.split("crate::").skip(1).filter_map(|rest| rest.split(|one| !is_name(one)).next());
        known.entry(module).or_default().extend(named.map(str::to_owned));
    }
    known
}

#[test]
fn no_stage_takes_anything_from_a_later_one() {
    let known = known();
    for (module, never) in NEVER {
        let names = known.get(module).unwrap_or_else(|| panic!("there is no module `{module}`"));
        let wrong: Vec<&&str> = never.iter().filter(|other| names.contains(**other)).collect();
        assert!(wrong.is_empty(), "`{module}` takes something from {wrong:?}");
    }
}

/// The names that are looked for are those of modules, and edges that are there are seen.
#[test]
fn edges_are_seen() {
    let known = known();
    for (module, other) in [("lower", "resolve"), ("check", "measure"), ("plan", "ir"), ("target", "plan")] {
        assert!(known[module].contains(other), "`{module}` names nothing of `{other}`");
    }
    for other in NEVER.into_iter().flat_map(|(_, never)| never) {
        assert!(known.contains_key(*other), "there is no module `{other}`");
    }
}

/// What a service builds for the derive, beside `slo` and `slo-model`.
const DERIVE: [&str; 19] = [
    "codespan-reporting",
    "glob",
    "hmac-sha256",
    "pest",
    "proc-macro2",
    "quote",
    "serde_spanned",
    "slo-compiler",
    "slo-grammar",
    "slo-macros",
    "slo-stdlib-mappings",
    "syn",
    "toml",
    "toml_datetime",
    "toml_parser",
    "ucd-trie",
    "unicode-ident",
    "unicode-width",
    "winnow",
];

/// The packages that Cargo builds of these, as `name version`.
fn built(arguments: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--no-dedupe"])
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")).collect()
}

/// Holds packages to a list, each once: a second version of one is built as well.
fn assert_built(built: &BTreeSet<String>, list: impl IntoIterator<Item = &'static str>) {
    let listed: Vec<&str> = list.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let names: Vec<&str> = built.iter().map(|package| package.split(' ').next().unwrap()).collect();
    assert_eq!(
        names, listed,
        "every service with the derive builds what is listed here: take the new package out, or behind a feature of \
         `slo-compiler`, or list it and say in docs/performance.md what it costs"
    );
}

#[test]
fn the_derive_builds_these_packages_and_no_other() {
    let built = built(&["-p", "slo", "--no-default-features", "--features", "derive"]);
    assert_built(&built, DERIVE.into_iter().chain(["slo", "slo-model"]));
}

#[test]
fn the_build_script_builds_what_the_derive_does_and_what_lays_out_rust() {
    let built = built(&["-p", "slo-compiler"]);
    let shared = DERIVE.into_iter().filter(|name| *name != "slo-macros");
    assert_built(&built, shared.chain(["prettyplease", "slo-model"]));
}
