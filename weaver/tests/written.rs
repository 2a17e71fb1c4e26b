//! Contract roots that are made of registries: they are in the style of `slo fmt`, and `slo check` finds no mistake in them.

use std::sync::Arc;

use slo_compiler::diagnostic::Severity;
use slo_compiler::diagnostic::render;
use slo_compiler::{Compilation, Input, InputFile, Root, compile};
use slo_grammar::FileId;
use slo_weaver::{Dependencies, Registry, Style, Written, write};

use crate::support;

/// What was written, for people, with what `slo check` finds in it.
pub(crate) fn shown(registry: &Registry, style: &Style) -> String {
    let written = write(registry, style).unwrap();
    let compilation = checked(&written);
    let mut text = String::new();
    for (path, content) in &written.files {
        text.push_str(&format!("=== {path} ===\n{content}"));
    }
    for left in &written.left {
        text.push_str(&format!("left: {left}\n"));
    }
    text.push_str(&render::short(&compilation.diagnostics, &compilation.sources));
    text
}

/// The finding of a contract root, which has no error.
pub(crate) fn checked(written: &Written) -> Compilation {
    let mut files = written.files.clone();
    let manifest = files.remove("slo.toml").unwrap();
    for (path, text) in &files {
        assert_eq!(slo_grammar::format(FileId(0), Arc::from(text.as_str())).as_ref(), Ok(text), "{path}");
    }
    let files = files.into_iter().map(|(path, text)| InputFile::new(path, text)).collect();
    let root = Root::new(InputFile::new("slo.toml", manifest), files);
    let compilation = compile(&Input { roots: vec![root], data: None });
    let errors: Vec<_> =
        compilation.diagnostics.iter().filter(|found| found.severity == Severity::Error).cloned().collect();
    assert!(errors.is_empty(), "{}", render::short(&errors, &compilation.sources));
    compilation
}

fn conventions(docs: bool) -> Option<Written> {
    let model = support::conventions()?;
    let registry = slo_weaver::read(&model, &Dependencies::new()).unwrap();
    Some(write(&registry, &Style { name: "std.otel".to_owned(), docs }).unwrap())
}

#[test]
fn the_conventions_make_a_root_without_findings() {
    for docs in [true, false] {
        let Some(written) = conventions(docs) else { return };
        let compilation = checked(&written);
        let found = render::short(&compilation.diagnostics, &compilation.sources);
        assert!(compilation.diagnostics.is_empty(), "{found}");
        let counts: Vec<String> =
            written.counts.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        assert_eq!(counts.join(", "), "940 attributes, 64 entities, 32 logs, 541 metrics, 113 spans");
    }
}

/// What can't be carried over of the conventions, by its reason.
#[test]
fn what_is_left_of_the_conventions_is_counted() {
    let Some(written) = conventions(true) else { return };
    let mut counts = std::collections::BTreeMap::new();
    for left in &written.left {
        *counts.entry(left.why).or_insert(0) += 1;
    }
    let lines: Vec<String> = counts.into_iter().map(|(why, count)| format!("{count:5} {why}")).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// Without docs no sentence of the registry is in the files: none of its words beside names, values and units.
#[test]
fn without_docs_no_sentence_is_written() {
    let Some(written) = conventions(false) else { return };
    for (path, text) in &written.files {
        assert!(!text.contains("///"), "{path} has docs");
        assert!(!text.contains("examples="), "{path} has examples");
        for said in text.split(" if \"").skip(1) {
            assert!(said.starts_with("its condition is in the conventions\""), "{path}: {said}");
        }
        for said in text.split("deprecated=\"").skip(1) {
            let ours = [
                "obsoleted\"",
                "the registry of the OpenTelemetry semantic conventions says why\"",
                "replaced by `",
            ];
            assert!(ours.iter().any(|ours| said.starts_with(ours)), "{path}: {said}");
        }
    }
}
