//! What the compiler says of structs: a file of `derive/fail` doesn't compile, one of `derive/warn` compiles with
//! warnings, one of `derive/pass` compiles without a word. Snapshots beside them show what a person sees, everything
//! at once and at the person's own tokens, with the contract's lines.
//!
//! All are binaries of one crate whose contract is `contracts`, which the derive finds without a build script.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use slo_compiler::diagnostic::Code;
use slo_tests::project::{Project, is_compiler_of_snapshots};

/// The messages of a run, by the binary that they are about.
fn messages(project: &Project, output: &[u8]) -> BTreeMap<String, String> {
    let mut by_target: BTreeMap<String, String> = BTreeMap::new();
    for line in String::from_utf8_lossy(output).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        let Some(rendered) = message["message"]["rendered"].as_str() else { continue };
        let is_summary = message["message"]["spans"].as_array().is_some_and(Vec::is_empty);
        if !is_summary {
            let target = message["target"]["name"].as_str().unwrap().to_owned();
            by_target.entry(target).or_default().push_str(&project.plain(rendered));
        }
    }
    by_target
}

#[test]
fn mistakes_are_reported_where_they_are_and_near_misses_compile() {
    let project = Project::new("derive-messages", false);
    project.copy("contracts", "slo");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("derive");
    let mut cases = Vec::new();
    for kind in ["fail", "warn", "pass"] {
        for entry in fs::read_dir(folder.join(kind)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                cases.push((format!("{kind}-{name}"), kind, name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    for entry in fs::read_dir(project.folder.join("src/bin")).into_iter().flatten() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        if !cases.iter().any(|(target, ..)| file == format!("{target}.rs")) {
            project.remove(&format!("src/bin/{file}"));
        }
    }
    for (target, .., text) in &cases {
        project.write(&format!("src/bin/{target}.rs"), text);
    }
    let output = project.cargo(&["check", "--bins", "--keep-going", "--message-format=json"]);
    let messages = messages(&project, &output.stdout);
    assert!(!messages.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));

    let same_words = is_compiler_of_snapshots();
    let mut problems = Vec::new();
    for (target, kind, name, _) in &cases {
        let said = messages.get(target).map_or("", String::as_str);
        let failed = said.starts_with("error") || said.contains("\nerror");
        match *kind {
            "pass" if !said.is_empty() => problems.push(format!("{target} isn't clean:\n{said}")),
            "warn" if failed || said.is_empty() => {
                problems.push(format!("{target} doesn't just warn:\n{said}"))
            }
            "fail" if !failed => problems.push(format!("{target} compiles:\n{said}")),
            _ => {}
        }
        if *kind != "pass" && same_words {
            insta::with_settings!({
                snapshot_path => folder.join(kind),
                prepend_module_to_snapshot => false,
                omit_expression => true,
                // Where in the runtime something stands changes with it.
                filters => vec![(r"(WORKSPACE/\S+?):\d+:\d+\n *\|\n *\d+ +\|", "$1\n   |\n   |")],
            }, {
                insta::assert_snapshot!(name.as_str(), said);
            });
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Those that no single struct shows are in `derive_projects.rs` and `crates.rs`.
#[test]
fn each_code_of_the_derive_has_its_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("derive/fail");
    let snapshots: String = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "snap"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for code in [
        Code::BadTag,
        Code::UnknownContainer,
        Code::MissingField,
        Code::FieldType,
        Code::NotEqual,
        Code::NotTheProgram,
    ] {
        assert!(snapshots.contains(code.id()), "no case of {code}");
    }
}
