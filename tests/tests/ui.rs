//! Each check has a folder in `tests/ui`, named by its code: `fail.slo` fails with it, `pass.slo` is a near miss
//! that does not. Snapshots beside them show the source and what a person sees. More pairs of one code have more folders:
//! `SLO0402-scope`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use slo_compiler::diagnostic::{Code, render};
use slo_tests::{compile_text, rendered};

/// Codes that no text can show, or none that people would read: files that can't be read, what the derive finds, and more
/// than Rust can number; what is fetched; what only the program looks at, a day and templates; what several contracts contradict each
/// other in, and what changes from one to another. Their tests are `cli/tests/files.rs`, `cli/tests/fetch`, `cli/tests/baseline.rs`,
/// `cli/tests/templates.rs`, `derive_messages.rs`, `crates.rs`, `rust_target.rs`, `fleet/` and `compare.rs`.
const ELSEWHERE: [Code; 36] = [
    Code::UnreadableFile,
    Code::NotUtf8,
    Code::OutsideRoot,
    Code::StaleLock,
    Code::TwoRevisions,
    Code::BadTag,
    Code::UnknownContainer,
    Code::MissingField,
    Code::FieldType,
    Code::NotEqual,
    Code::NoContract,
    Code::StructsCollide,
    Code::NotTheProgram,
    Code::TooManyForRust,
    Code::DayPast,
    Code::FleetMetric,
    Code::FleetLabelValues,
    Code::FleetType,
    Code::FleetNested,
    Code::FleetService,
    Code::BadIndex,
    Code::OtherFleet,
    Code::ChangeGone,
    Code::ChangeType,
    Code::ChangeUnmet,
    Code::ChangeEmitters,
    Code::ChangeSeries,
    Code::ChangeHarmless,
    Code::ShortNotice,
    Code::BadTemplates,
    Code::Template,
    Code::ReaderSeries,
    Code::ReaderLabel,
    Code::ReaderValue,
    Code::ReaderBroken,
    Code::ReaderUnread,
];

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

fn code_of(case: &Path) -> Code {
    let name = case.file_name().unwrap().to_str().unwrap();
    let id = name.split('-').next().unwrap();
    Code::from_id(id).unwrap_or_else(|| panic!("`{name}` begins with no code"))
}

#[test]
fn each_check_fails_where_it_should_and_passes_a_near_miss() {
    let mut problems = Vec::new();
    for case in cases() {
        let code = code_of(&case);
        for (name, expected) in [("fail", true), ("pass", false)] {
            let text = fs::read_to_string(case.join(name).with_extension("slo"))
                .unwrap_or_else(|_| panic!("{} has no {name}.slo", case.display()));
            let compilation = compile_text(&text);
            let found = compilation.diagnostics.iter().any(|diagnostic| diagnostic.code == code);
            if found != expected {
                let findings = render::short(&compilation.diagnostics, &compilation.sources);
                problems
                    .push(format!("{}/{name}.slo: expected found={expected}\n{findings}", case.display()));
            }
            let shown = rendered(&compilation);
            let shown = if shown.is_empty() { "nothing is found\n".to_owned() } else { shown };
            insta::with_settings!({
                snapshot_path => &case,
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                insta::assert_snapshot!(name, format!("{text}\n──────── {}\n{shown}", code.id()));
            });
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_code_has_its_pair() {
    let there: BTreeSet<Code> = cases().iter().map(|case| code_of(case)).collect();
    let missing: Vec<&str> = Code::ALL
        .iter()
        // What is found of telemetry is tried by the pages of its codes, and by the tests of `verify/`.
        .filter(|code| !there.contains(code) && !ELSEWHERE.contains(code) && !code.is_of_telemetry())
        .map(|code| code.id())
        .collect();
    assert!(missing.is_empty(), "no folder in tests/ui for {missing:?}");
}
