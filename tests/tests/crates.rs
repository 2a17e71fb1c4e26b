//! Structs of one crate are held to each other: a derive sees one struct, `slo check` and the build script see all.

use std::fs;
use std::path::Path;

use slo_compiler::derive::crates;
use slo_compiler::diagnostic::render;

const MANIFEST: &str = r#"name = "shop"
version = "1.0.0"
owner = "team-shop"
slo = "0.1"

[vocabularies]
"std.otel" = "1.44.0"

[rust]
crates = [".."]
"#;

const CONTRACT: &str = r#"package shop

use std.otel

attribute shop.region: enum { north = "eu-north", south = "eu-south" }

resource Service {
    service.name: required
    shop.region: static=north
}
"#;

/// Compiles a crate with these files, and gives what a person sees. A line `=== PATH ===` begins a file.
fn found(files: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[package]\nname = \"shop\"\n");
    write("slo/slo.toml", MANIFEST);
    write("slo/shop.slo", CONTRACT);
    let mut parts = files.split("=== ").skip(1);
    parts.by_ref().for_each(|part| {
        let (path, text) = part.split_once(" ===\n").unwrap();
        write(path, text);
    });
    compiled(folder.path())
}

fn compiled(folder: &Path) -> String {
    let compilation = crates::compile(&folder.join("slo")).unwrap();
    let text = render::rustc(&compilation.diagnostics, &compilation.sources);
    text.replace(&format!("{}/", folder.display()), "")
}

/// A snapshot of the crate and of what is found in it.
macro_rules! assert_found {
    ($files:expr) => {
        let files: &str = $files;
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("{}\n────────\n{}", files.trim(), found(files)));
        });
    };
}

#[test]
fn one_key_with_two_types() {
    assert_found!(
        r#"
=== src/lib.rs ===
use slo::SloAttributes;

#[derive(SloAttributes)]
struct Service {
    #[slo("acme.shard")]
    shard: u32,
}
=== src/deep/module.rs ===
#[derive(Debug, slo::SloAttributes)]
struct Worker {
    #[slo("acme.shard", env = "SHARD")]
    shard: Option<String>,
}
"#
    );
}

#[test]
fn a_key_that_the_contract_declares_with_another_type() {
    assert_found!(
        r#"
=== src/lib.rs ===
#[derive(slo::SloAttributes)]
struct Service {
    #[slo("shop.region")]
    region: i64,
}
"#
    );
}

#[test]
fn two_keys_that_become_one_label() {
    assert_found!(
        r#"
=== src/lib.rs ===
// Ein Dienst wie jeder andere; daß hier Umlaute stehen, ändert nichts.
mod inner {
    #[derive(slo::SloAttributes)]
    struct Service {
        #[slo("acme.user.id")]
        user: String,
    }
}

fn function() {
    #[derive(slo::SloAttributes)]
    struct Worker {
        #[slo(r"acme.user_id")]
        user: String,
    }
}
"#
    );
}

#[test]
fn what_the_derive_finds_is_found_here_too() {
    assert_found!(
        r#"
=== src/lib.rs ===
#[derive(slo::SloAttributes)]
#[slo(resource = "shop.Service")]
struct Service {
    #[slo("service.nmae", required)]
    name: String,
    #[slo("shop.region,static=south")]
    region: String,
    #[slo(shop.zone)]
    zone: String,
    #[slo("acme.other", env = [A, B], defalt = "x")]
    other: String,
}
"#
    );
}

#[test]
fn a_crate_that_is_none() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("slo")).unwrap();
    fs::write(folder.path().join("slo/slo.toml"), MANIFEST).unwrap();
    fs::write(folder.path().join("slo/shop.slo"), CONTRACT).unwrap();
    let text = compiled(folder.path()).replace(&folder.path().display().to_string(), "FOLDER");
    insta::assert_snapshot!(text);
}

#[test]
fn structs_that_agree_are_no_finding() {
    let text = found(
        r#"
=== src/lib.rs ===
#[derive(slo::SloAttributes)]
struct Service {
    #[slo("acme.shard")]
    shard: u32,
    #[slo("acme.user.id")]
    user: String,
    #[slo("shop.region")]
    region: String,
}

#[derive(slo::SloAttributes)]
struct Worker {
    #[slo("acme.shard", env = "SHARD")]
    shard: Option<i64>,
    #[slo("acme.user.id")]
    user: Option<&'static str>,
}

/// Another container's labels are others.
#[derive(slo::SloAttributes)]
#[slo(scope)]
struct Library {
    #[slo("acme.user_id")]
    user: String,
}

/// A type that only the Rust compiler knows.
#[derive(slo::SloAttributes)]
struct Unknown {
    #[slo("acme.shard")]
    shard: Shard,
}

/// What is held to a contract agrees with it, or the derive says so.
#[derive(slo::SloAttributes)]
#[slo(resource = "shop.Service")]
struct Held {
    #[slo("service.name")]
    name: String,
}

/// No struct of ours.
#[derive(Debug)]
struct Other {
    #[slo("acme.shard")]
    shard: String,
}
=== target/generated.rs ===
#[derive(slo::SloAttributes)]
struct Elsewhere {
    #[slo("acme.shard")]
    shard: String,
}
=== src/broken.rs ===
#[derive(slo::SloAttributes)]
struct SloAttributes { this is for the Rust compiler to say
"#,
    );
    assert_eq!(text, "");
}
