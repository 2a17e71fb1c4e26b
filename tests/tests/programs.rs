//! Each crate has one program of tests, and one of those in its sources. Where a manifest says that a target has no tests, so that
//! nothing is built for them, there are none.

use std::fs;
use std::path::{Path, PathBuf};

/// What begins a test.
const TESTS: [&str; 3] = ["#[test]", "#[tokio::test", "proptest! {"];

/// The folders of the workspace's packages.
fn packages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let members = manifest.split_once("members = [").unwrap().1.split_once(']').unwrap().0;
    members.split('"').skip(1).step_by(2).map(|member| root.join(member)).collect()
}

/// The files below a folder that hold tests.
fn with_tests(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(with_tests(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.extend(TESTS.iter().any(|begins| text.contains(begins)).then_some(path));
        }
    }
    found
}

/// The target tables of a manifest, by their kinds.
fn targets(manifest: &str) -> Vec<(&str, &str)> {
    let tables = manifest.split("\n[").skip(1).map(|table| table.split_once("]\n").unwrap());
    let kinds = ["lib", "[bin", "[test"];
    tables
        .map(|(kind, table)| (kind.trim_end_matches(']'), table))
        .filter(|(kind, _)| kinds.contains(kind))
        .collect()
}

#[test]
fn no_test_stands_where_none_is_built() {
    let packages = packages();
    assert!(packages.len() > 10, "{packages:?}");
    for package in packages {
        let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap();
        let untested: Vec<_> = targets(&manifest)
            .into_iter()
            .filter(|(_, table)| table.lines().any(|line| line == "test = false"))
            .collect();
        let (sources, has_library) = (package.join("src"), package.join("src/lib.rs").is_file());
        let without = with_tests(&sources);
        for (kind, table) in untested {
            // Of a package with a library, a program is a file of its own.
            let path =
                table.split_once("path = \"").map(|(_, rest)| package.join(rest.split_once('"').unwrap().0));
            let of_this = |file: &&PathBuf| kind == "lib" || !has_library || Some(*file) == path.as_ref();
            let found: Vec<_> = without.iter().filter(of_this).collect();
            assert!(found.is_empty(), "`test = false` of [{kind}] in {} hides {found:?}", package.display());
        }
    }
}
