//! Findings that are accepted: of every contract whose errors are unproved or rules, a plan and all that is made of it.

use std::fs;
use std::path::Path;

use slo_compiler::accept::baseline;
use slo_compiler::diagnostic::{Class, Code, Severity};
use slo_compiler::plan::{Arena, Plan};
use slo_compiler::target;
use slo_compiler::{CheckedContract, Compilation};
use slo_tests::compile_text;

/// The contracts that fail, each with its name: those of `tests/ui`, and those of the pages of the codes.
fn contracts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut contracts = Vec::new();
    for case in fs::read_dir(folder.join("ui")).unwrap() {
        let path = case.unwrap().path().join("fail.slo");
        contracts.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
    }
    for code in Code::ALL {
        let page = fs::read_to_string(folder.join(format!("../docs/codes/{code}.md"))).unwrap();
        let wrong = page.split_once(&format!("```slo,error={code}\n"));
        let Some((_, wrong)) = wrong else { continue };
        contracts.push((code.to_string(), wrong.split_once("```").unwrap().0.to_owned()));
    }
    contracts.sort();
    contracts
}

/// A contract with a baseline of all that is found in it.
fn accepted(text: &str, found: &Compilation) -> Option<Compilation> {
    let errors = || found.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
    let is_whole = errors().all(|finding| finding.class() != Class::Invalid && finding.more == 0);
    if !is_whole || errors().next().is_none() || text.contains(baseline::FILE_NAME) {
        return None;
    }
    let text =
        if text.starts_with("===") { text.to_owned() } else { format!("=== contract.slo ===\n{text}") };
    let lines = baseline::print(&baseline::first(found.to_accept(), None));
    Some(compile_text(&format!("{text}\n=== {} ===\n{lines}", baseline::FILE_NAME)))
}

fn make_all(contract: &CheckedContract) {
    let arena = Arena::default();
    let plan = Plan::of(&arena, contract);
    let rust = target::rust::print(&plan);
    assert!(rust.iter().all(|file| syn::parse_file(&file.text).is_ok()));
    assert!(!target::ir::print(contract).text.is_empty());
    assert!(!target::plan::print(&plan).text.is_empty());
}

#[test]
fn a_plan_is_made_of_every_contract_whose_errors_are_no_invalid_ones() {
    let mut made = 0;
    let mut problems = Vec::new();
    for (name, text) in contracts() {
        let compiled = std::panic::catch_unwind(|| accepted(&text, &compile_text(&text)));
        let Ok(Some(compilation)) = compiled else {
            if compiled.is_err() {
                problems.push(format!("{name}: something is left unknown"));
            }
            continue;
        };
        let left = compilation.diagnostics.iter().filter(|finding| finding.severity != Severity::Note);
        let left: Vec<String> =
            left.map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
        match &compilation.checked {
            Some(contract) if left.is_empty() => make_all(contract),
            _ => problems.push(format!("{name}: {left:?}")),
        }
        made += 1;
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(made > 80, "{made}");
}
