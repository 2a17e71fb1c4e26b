//! What the tests share: contracts written as text, compiled in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

pub mod project;

use slo_compiler::diagnostic::render;
use slo_compiler::{Compilation, Input, InputFile, Root, compile};

/// The manifest of a contract that says none.
pub const MANIFEST: &str = r#"name = "test"
version = "1.0.0"
owner = "team-test"
slo = "0.1"
targets = ["otlp", "prometheus", "logs"]

[vocabularies]
"std.otel" = "1.44.0"
"#;

/// Compiles a contract written as one text. A line `=== PATH ===` begins another file; without one the text is
/// `contract.slo`. `slo.toml` may be among the files; files in `vocabulary/` are the root of the vocabulary `vocabulary`;
/// what is no `.slo` file is for `values=` to read.
#[must_use]
pub fn compile_text(text: &str) -> Compilation {
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
    let mut root = Root { manifest: InputFile::new("slo.toml", MANIFEST), files: Vec::new() };
    let mut vocabulary = Root { manifest: InputFile::default(), files: Vec::new() };
    let mut others: Vec<(String, String)> = Vec::new();
    for (path, text) in files {
        match path.strip_prefix("vocabulary/") {
            Some("slo.toml") => vocabulary.manifest = named(&path, "slo.toml", &text),
            Some(inner) => vocabulary.files.push(named(&path, inner, &text)),
            None if path == "slo.toml" => root.manifest = InputFile::new(path, text),
            None if path.ends_with(".slo") => root.files.push(InputFile::new(path, text)),
            None => others.push((path, text)),
        }
    }
    let vocabularies = if vocabulary.manifest.path.is_empty() {
        Vec::new()
    } else {
        vec![("vocabulary".to_owned(), vocabulary)]
    };
    let data = move |_: usize, path: &str| {
        let found = others.iter().find(|(other, _)| other == path);
        found.map(|(_, text)| text.clone()).ok_or_else(|| "there is no such file".to_owned())
    };
    compile(&Input { root, vocabularies, data: Some(Box::new(data)), folders: Vec::new() })
}

fn named(name: &str, path: &str, text: &str) -> InputFile {
    InputFile { name: name.to_owned(), ..InputFile::new(path, text) }
}

/// The findings of a compilation as a person at a terminal sees them.
#[must_use]
pub fn rendered(compilation: &Compilation) -> String {
    render::human(&compilation.diagnostics, &compilation.sources, false, 100)
}
