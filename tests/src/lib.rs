//! What the tests share: contracts written as text, compiled in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

pub mod project;

use slo_compiler::accept::baseline;
use slo_compiler::diagnostic::render;
use slo_compiler::plan::{Arena, Plan};
use slo_compiler::target::{self, File};
use slo_compiler::{CheckedContract, Compilation, Input, InputFile, Root, compile};

/// The manifest of a contract that says none.
pub const MANIFEST: &str = r#"name = "test"
version = "1.0.0"
owner = "team-test"
slo = "0.1"
targets = ["otlp", "prometheus", "logs"]

[vocabularies]
"std.otel" = "1.44.0"
"#;

/// The files of a contract that is written as one text, by their paths.
#[must_use]
pub fn sections(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = vec![("contract.slo".to_owned(), String::new())];
    for line in text.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("=== ").and_then(|rest| rest.strip_suffix(" ==="));
        match name {
            Some(name) => files.push((name.to_owned(), String::new())),
            None => files.last_mut().unwrap().1.push_str(line),
        }
    }
    if files.len() > 1 && files[0].1.trim().is_empty() {
        files.remove(0);
    }
    files
}

/// Compiles a contract written as one text. A line `=== PATH ===` begins another file; without one the text is
/// `contract.slo`. `slo.toml` may be among the files. A folder that holds one of its own is the root of the vocabulary of
/// the folder's name, whatever path the manifests name it by. What is no `.slo` file is for `values=` to read.
#[must_use]
pub fn compile_text(text: &str) -> Compilation {
    let files = sections(text);
    let folders = files.iter().filter_map(|(path, _)| path.strip_suffix("/slo.toml"));
    let folders: Vec<String> = folders.map(str::to_owned).collect();
    let mut roots = vec![Root::new(InputFile::new("slo.toml", MANIFEST), Vec::new())];
    let mut others: Vec<(usize, String, String)> = Vec::new();
    roots.extend(folders.iter().map(|_| Root::new(InputFile::default(), Vec::new())));
    for (path, text) in files {
        let folder =
            path.split_once('/').and_then(|(folder, _)| folders.iter().position(|name| name == folder));
        let number = folder.map_or(0, |folder| folder + 1);
        let inner = if number == 0 { &path } else { path.split_once('/').unwrap().1 };
        match inner {
            "slo.toml" => {
                let files = std::mem::take(&mut roots[number].files);
                let baseline = roots[number].baseline.take();
                roots[number] = Root::new(named(&path, inner, &text), files);
                roots[number].baseline = baseline;
            }
            baseline::FILE_NAME => roots[number].baseline = Some(named(&path, inner, &text)),
            _ if inner.ends_with(".slo") => roots[number].files.push(named(&path, inner, &text)),
            _ => others.push((number, inner.to_owned(), text)),
        }
    }
    let links: Vec<_> = folders.into_iter().enumerate().map(|(at, folder)| (folder, Ok(at + 1))).collect();
    for root in &mut roots {
        root.vocabularies.clone_from(&links);
    }
    let data = move |root: usize, path: &str| {
        let found = others.iter().find(|(number, other, _)| *number == root && other == path);
        found.map(|(.., text)| text.clone()).ok_or_else(|| "there is no such file".to_owned())
    };
    compile(&Input { roots, data: Some(Box::new(data)) })
}

fn named(name: &str, path: &str, text: &str) -> InputFile {
    InputFile { name: name.to_owned(), ..InputFile::new(path, text) }
}

/// The findings of a compilation as a person at a terminal sees them.
#[must_use]
pub fn rendered(compilation: &Compilation) -> String {
    render::human(&compilation.diagnostics, &compilation.sources, false, 100)
}

/// The Rust of a contract.
#[must_use]
pub fn rust(contract: &CheckedContract) -> Vec<File> {
    target::rust::print(&Plan::of(&Arena::default(), contract))
}

/// The Rust of a contract in one text.
#[must_use]
pub fn rust_for_include(contract: &CheckedContract) -> String {
    target::rust::print_for_include(&Plan::of(&Arena::default(), contract))
}
