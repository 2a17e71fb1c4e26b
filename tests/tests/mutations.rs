//! Ways to spoil a sound contract. Each is caught by the check that should catch it, and by no other.

use slo_compiler::diagnostic::{Code, Severity, render};
use slo_tests::{compile_text, rendered};

const SOUND: &str = include_str!("../proofs/sound.slo");
const MUTATIONS: &str = include_str!("../proofs/mutations.txt");

/// Edits of the sound contract, and the errors that come of them.
struct Mutation {
    name: &'static str,
    code: Code,
    findings: usize,
    edits: Vec<(String, String)>,
}

/// Reads `SLO0901 x2 NAME` and, beneath it, `    FROM => TO`.
fn mutations() -> Vec<Mutation> {
    let mut mutations: Vec<Mutation> = Vec::new();
    for line in MUTATIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(edit) = line.strip_prefix("    ") {
            let (from, to) = edit.split_once(" =>").unwrap();
            let text = |part: &str| part.replace("\\n", "\n");
            let edit = (text(from), text(to.strip_prefix(' ').unwrap_or_default()));
            mutations.last_mut().unwrap().edits.push(edit);
        } else {
            let (id, name) = line.split_once(' ').unwrap();
            let count = name.strip_prefix('x').and_then(|rest| rest.split_once(' '));
            let counted = count.and_then(|(count, name)| Some((count.parse().ok()?, name)));
            let (findings, name) = counted.unwrap_or((1, name));
            mutations.push(Mutation { name, code: Code::from_id(id).unwrap(), findings, edits: Vec::new() });
        }
    }
    mutations
}

impl Mutation {
    fn spoilt(&self) -> String {
        self.edits.iter().fold(SOUND.to_owned(), |text, (from, to)| {
            assert_eq!(SOUND.matches(from).count(), 1, "{}: `{from}`", self.name);
            text.replace(from, to)
        })
    }
}

#[test]
fn the_contract_is_sound() {
    let compilation = compile_text(SOUND);
    let worse = compilation.count(Severity::Error) + compilation.count(Severity::Warning);
    assert_eq!(worse, 0, "{}", rendered(&compilation));
}

#[test]
fn each_way_to_spoil_it_is_caught_by_its_check_alone() {
    let mutations = mutations();
    assert!(mutations.len() >= 30);
    let mut problems = Vec::new();
    for mutation in &mutations {
        let Mutation { name, code, findings, .. } = mutation;
        let compilation = compile_text(&mutation.spoilt());
        let errors = compilation.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let codes: Vec<Code> = errors.map(|error| error.code).collect();
        if codes != vec![*code; *findings] {
            let short = render::short(&compilation.diagnostics, &compilation.sources);
            let errors: Vec<&str> = short.lines().filter(|line| line.contains("error[")).collect();
            problems.push(format!("{name}: {code} x{findings} is expected\n{}", errors.join("\n")));
        }
    }
    assert!(problems.is_empty(), "{} of {}\n{}", problems.len(), mutations.len(), problems.join("\n\n"));
}

/// What a contract says is somebody else's text: a finding shows it, and no terminal or runner is steered by it.
#[test]
fn a_text_in_a_finding_steers_nothing() {
    let text = "package a\n\nscope S {}\n\nevent E in S {\n    log _: info, body=\"\\u{1b}[31mhi\\n::error file=x::pwn\"\n    log _: warn, body=\"\\u{1b}[31mhi\\n::error file=x::pwn\"\n}\n";
    let found = slo_tests::compile_text(text);
    assert!(!found.diagnostics.is_empty());
    let shown = slo_compiler::diagnostic::render::short(&found.diagnostics, &found.sources);
    assert!(shown.contains("\\u{1b}[31mhi\\n::error"), "{shown}");
    assert!(!shown.contains('\u{1b}') && !shown.lines().any(|line| line.starts_with("::")), "{shown}");
}
