//! `slo fmt`: what it makes of a file with everything in it, the laws that it keeps, and that all contracts of the repository
//! are in its style. `SLO_FMT=write` puts them into it, those in documents and in `tests/ui` too.

#[path = "../format/laws.rs"]
mod laws;
#[path = "../format/scramble.rs"]
mod scramble;

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use slo_tests::sections;

use crate::proofs::generate;
use laws::{formatted, keeps_the_laws, read};
use scramble::{Chance, scrambled};

/// A file with everything in it that the style has something to say of.
const UNTIDY: &str = include_str!("../format/untidy.txt");

/// Contracts of `tests/ui` whose form is what they are there for.
const LEFT: [(&str, &str); 7] = [
    ("tests/ui/SLO0004/pass.slo", "tabs"),
    ("tests/ui/SLO0101/pass.slo", "a value on the next line"),
    ("tests/ui/SLO0101-comma/pass.slo", "items with commas on a line of their own"),
    (
        "tests/ui/SLO0101-event/pass.slo",
        "a brace on the next line, a blank before a comma, a comma behind the last item",
    ),
    ("tests/ui/SLO0101-meaning/pass.slo", "a brace and a value on the next line, commas between lines"),
    ("tests/ui/SLO0101-metric/pass.slo", "a list that goes on, a brace on the next line"),
    ("tests/ui/SLO0101-when/pass.slo", "tests that go on behind `and` and `in`"),
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The files with contracts, and the documents, below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_str().unwrap();
        if entry.file_type().unwrap().is_dir() {
            if !name.starts_with('.') && name != "target" {
                files(&path, found);
            }
        } else if name.ends_with(".slo") || name.ends_with(".md") {
            found.push(path);
        }
    }
}

/// A file, cut where contracts begin and end in it: whether each piece is one, and its text.
fn pieces(path: &Path) -> Vec<(bool, String)> {
    let text = fs::read_to_string(path).unwrap();
    let document = path.extension().is_some_and(|extension| extension == "md");
    let mut inside = !document;
    let mut pieces = vec![(inside, String::new())];
    for line in text.split_inclusive('\n') {
        let fence = document && line.starts_with("```");
        let cut = fence || inside && line.starts_with("=== ");
        if fence {
            inside = !inside && line.starts_with("```slo");
        }
        if cut {
            pieces.push((false, String::new()));
        }
        pieces.last_mut().unwrap().1.push_str(line);
        if cut && inside && (fence || line.ends_with(".slo ===\n")) {
            pieces.push((true, String::new()));
        }
    }
    pieces
}

/// All contracts of the repository that can be read.
fn contracts() -> Vec<String> {
    let mut paths = Vec::new();
    files(&repository(), &mut paths);
    paths.sort();
    let pieces = paths.iter().flat_map(|path| pieces(path));
    let contracts = pieces.filter(|(contract, text)| *contract && read(text).errors.is_empty());
    contracts.map(|(_, text)| text).collect()
}

#[test]
fn a_file_with_everything_in_it() {
    keeps_the_laws(UNTIDY);
    insta::with_settings!({
        snapshot_path => "../format",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("tidy", formatted(UNTIDY).unwrap());
    });
}

#[test]
fn every_contract_of_the_repository_is_in_the_style() {
    let mut paths = Vec::new();
    files(&repository(), &mut paths);
    let mut untidy = Vec::new();
    for path in paths {
        let name = path.strip_prefix(repository()).unwrap().display().to_string();
        if LEFT.iter().any(|(left, _)| *left == name) {
            continue;
        }
        let pieces = pieces(&path);
        let tidy: String = pieces
            .iter()
            .map(|(contract, text)| match contract {
                // The blanks between the files of one text belong to the text.
                true => {
                    formatted(text).filter(|tidy| tidy.trim_end() != text.trim_end()).unwrap_or(text.clone())
                }
                false => text.clone(),
            })
            .collect();
        if pieces.into_iter().map(|(_, text)| text).collect::<String>() != tidy {
            if std::env::var("SLO_FMT").is_ok_and(|value| value == "write") {
                fs::write(&path, tidy).unwrap();
            }
            untidy.push(name);
        }
    }
    assert!(untidy.is_empty(), "not in the style; `SLO_FMT=write` puts them into it:\n{}", untidy.join("\n"));
}

#[test]
fn the_laws_hold_for_every_contract_of_the_repository() {
    let contracts = contracts();
    assert!(contracts.len() > 400, "{}", contracts.len());
    contracts.iter().for_each(|text| keeps_the_laws(text));
}

#[test]
fn a_file_with_errors_has_no_text_in_the_style() {
    assert_eq!(formatted("scope A {"), None);
    assert_eq!(formatted("scope A {}\nnothing\n"), None);
    assert_eq!(formatted(""), Some(String::new()));
    assert_eq!(formatted("\u{feff}\n\n// All.\n\n"), Some("// All.\n".to_owned()));
}

/// Every break of a line, level and column costs no more than the input pays for.
#[test]
fn what_is_made_to_grow_grows_in_measure() {
    let deep = format!("attribute a: int[], only={}1{}", "[\n".repeat(60), "]".repeat(60));
    let wide = format!("resource R {{\n    {}: auto\n{}}}\n", "k".repeat(200), "    a: auto\n".repeat(9_000));
    let texts = [
        format!("attribute a: enum {{\n{}}}\n", "a\n".repeat(30_000)),
        format!("{}\n", deep.replace('1', &"1,".repeat(30_000))),
        wide,
        "//\n".repeat(300_000),
        "scope A { // a\n}// b\n".repeat(50_000),
        format!("scope A {{}} //{}\n", "x".repeat(1_000_000)) + &"scope A {} //\n".repeat(50_000),
        "\r".repeat(1 << 20),
    ];
    for text in texts {
        let tidy = formatted(&text).unwrap_or_else(|| panic!("{:?}", read(&text).errors.first()));
        assert!(tidy.len() <= 24 * text.len(), "{} bytes of {}", tidy.len(), text.len());
        assert!(formatted(&tidy).as_ref() == Some(&tidy));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_blanks_and_comments_are_the_laws_hold(seed in any::<u64>()) {
        thread_local! { static CONTRACTS: Vec<String> = contracts() };
        CONTRACTS.with(|contracts| {
            let mut chance = Chance(seed);
            let text = &contracts[chance.below(contracts.len())];
            // Of a large file a part is enough.
            let part = text.get(..text.char_indices().nth(4_000).map_or(text.len(), |(at, _)| at)).unwrap();
            let part = if read(part).errors.is_empty() { part } else { text };
            keeps_the_laws(&scrambled(part, &mut chance));
        });
    }

    #[test]
    fn the_laws_hold_for_contracts_made_up_by_chance(contract in generate::contracts(), seed in any::<u64>()) {
        for (path, text) in sections(&contract.text()) {
            if path.ends_with(".slo") {
                keeps_the_laws(&text);
                keeps_the_laws(&scrambled(&text, &mut Chance(seed)));
            }
        }
    }
}
