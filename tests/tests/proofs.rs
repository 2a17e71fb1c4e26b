//! Contracts made up by chance: what the compiler says of them is what listing their records says. The listing asks each
//! proof's own question of the records and shares no code with the checks. And the same contracts over several roots: what stands
//! in a vocabulary changes no verdict.
//!
//! `SLO_PROOFS_CASES=20000` makes more of them up, `SLO_PROOFS_SEED=7` others.
#![allow(clippy::print_stderr)]

#[path = "../proofs/cases.rs"]
mod cases;
#[path = "../proofs/generate.rs"]
pub(crate) mod generate;
#[path = "../proofs/model.rs"]
pub(crate) mod model;
#[path = "../proofs/oracle/mod.rs"]
mod oracle;
#[path = "../proofs/records.rs"]
pub(crate) mod records;
#[path = "../proofs/regressions.rs"]
mod regressions;
#[path = "../proofs/text.rs"]
pub(crate) mod text;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::env;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use slo_compiler::Compilation;
use slo_compiler::diagnostic::{Code, Severity};
use slo_tests::{compile_text, rendered};

use model::Contract;
use oracle::{JUDGED, Verdict, verdict};
use text::{Moved, Shown};

const CASES: u32 = 3_000;
const SEED: u64 = 1;

fn number<N: std::str::FromStr>(variable: &str, otherwise: N) -> N {
    env::var(variable)
        .ok()
        .map_or(otherwise, |text| text.parse().ok().unwrap_or_else(|| panic!("{variable}={text}")))
}

/// What the compiler found, of the codes that are judged and of all errors.
fn reported(compilation: &Compilation) -> BTreeSet<Code> {
    let judged = |code: &Code| JUDGED.contains(code);
    let told = compilation
        .diagnostics
        .iter()
        .filter(|found| judged(&found.code) || found.severity == Severity::Error);
    told.map(|found| found.code).collect()
}

/// How often each code was found, and how often it was not.
type Coverage = BTreeMap<Code, (usize, usize)>;

fn compare(
    contract: &Contract,
    expected: &Verdict,
    coverage: &RefCell<Coverage>,
) -> Result<(), TestCaseError> {
    let compilation = compile_text(&contract.text());
    let found = reported(&compilation);
    for code in JUDGED {
        let mut coverage = coverage.borrow_mut();
        let (present, absent) = coverage.entry(*code).or_default();
        *(if expected.found.contains(code) { present } else { absent }) += 1;
    }
    let disagreements = expected.disagreements(&found);
    prop_assert!(
        disagreements.is_empty(),
        "{}\n\nlisting the records: {expected}\nthe compiler: {found:?}\n\n{}",
        disagreements.join("\n"),
        rendered(&compilation)
    );
    Ok(())
}

#[test]
fn the_compiler_and_a_list_of_all_records_agree() {
    let (cases, seed) = (number("SLO_PROOFS_CASES", CASES), number("SLO_PROOFS_SEED", SEED));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let coverage = RefCell::new(Coverage::new());
    let outcome = runner.run(&generate::contracts().prop_map(Shown), |Shown(contract)| {
        compare(&contract, &verdict(&contract), &coverage)
    });
    match outcome {
        Err(TestError::Fail(why, contract)) => panic!("SLO_PROOFS_SEED={seed}\n{contract:?}\n{why}"),
        Err(TestError::Abort(why)) => panic!("SLO_PROOFS_SEED={seed}: {why}"),
        Ok(()) => {}
    }
    // A code that hardly ever shows would be judged by chance.
    let least = cases as usize / 500;
    for (code, (present, absent)) in coverage.into_inner() {
        eprintln!("{code} {present:>6} {absent:>6}  {}", code.title());
        assert!(present.min(absent) >= least, "{code} shows in {present} of {cases} contracts");
    }
}

fn errors(compilation: &Compilation) -> BTreeSet<Code> {
    let errors = compilation.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    errors.map(|found| found.code).collect()
}

/// What stands in vocabularies, mostly more than less.
fn moved() -> impl Strategy<Value = Moved> {
    let attributes = prop_oneof![0..model::ATTRIBUTES.len(), Just(model::ATTRIBUTES.len())];
    (attributes, any::<bool>(), any::<bool>(), 0..3_usize, any::<bool>()).prop_map(
        |(attributes, convention, scopes, meanings, views)| Moved {
            attributes,
            convention,
            scopes,
            meanings,
            views,
        },
    )
}

#[test]
fn moving_declarations_into_vocabularies_changes_no_verdict() {
    let (cases, seed) = (number("SLO_PROOFS_CASES", CASES) / 6, number("SLO_PROOFS_SEED", SEED));
    let mut bytes = [1; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let seen = RefCell::new(BTreeMap::<(bool, bool), usize>::new());
    let outcome =
        runner.run(&(generate::contracts().prop_map(Shown), moved()), |(Shown(contract), moved)| {
            let whole = compile_text(&contract.text());
            let spread = compile_text(&contract.text_over_roots(&moved));
            let unsound_vocabulary = spread.diagnostics.iter().any(|one| one.code == Code::UnsoundVocabulary);
            prop_assert_eq!(
                whole.checked.is_some(),
                spread.checked.is_some(),
                "{}\n{}\n{}",
                contract.text_over_roots(&moved),
                rendered(&whole),
                rendered(&spread)
            );
            // What is wrong in a vocabulary is told there, and so are its warnings.
            if !unsound_vocabulary {
                prop_assert_eq!(
                    errors(&whole),
                    errors(&spread),
                    "{}\n{}\n{}",
                    contract.text_over_roots(&moved),
                    rendered(&whole),
                    rendered(&spread)
                );
            }
            *seen.borrow_mut().entry((whole.checked.is_some(), unsound_vocabulary)).or_default() += 1;
            Ok(())
        });
    match outcome {
        Err(TestError::Fail(why, (_, moved))) => panic!("SLO_PROOFS_SEED={seed}\n{moved:?}\n{why}"),
        Err(TestError::Abort(why)) => panic!("SLO_PROOFS_SEED={seed}: {why}"),
        Ok(()) => {}
    }
    // Sound ones, unsound ones, and those of which a vocabulary is not sound.
    let seen = seen.into_inner();
    assert!(seen.len() == 3 && seen.values().all(|count| *count >= cases as usize / 50), "{seen:?}");
}
