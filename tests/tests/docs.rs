//! The documents keep what they say: contracts in them compile, errors in them are found, tables hold the numbers of the
//! code, and links lead somewhere.
//!
//! A fenced block says what it is: `slo` is a whole contract that compiles without an error, `slo,error=SLO0402` one in
//! which that is found, and `slo,fragment` a part of one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use slo_compiler::diagnostic::{Code, Severity, render};
use slo_compiler::{Compilation, Problem, load};
use slo_tests::{MANIFEST, compile_text};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The documents, by their paths from the repository's root: those at the root and in `docs`, and the README of each crate.
fn documents() -> Vec<(String, String)> {
    let root = repository();
    let mut paths: Vec<PathBuf> =
        ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].iter().map(|name| root.join(name)).collect();
    let entries = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    };
    paths.extend(
        entries(&root.join("docs")).into_iter().filter(|path| path.extension().is_some_and(|it| it == "md")),
    );
    let crates = entries(&root).into_iter().chain(entries(&root.join("examples")));
    paths.extend(
        crates.filter(|folder| folder.join("Cargo.toml").is_file()).map(|folder| folder.join("README.md")),
    );
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).ok()?;
        Some((path.strip_prefix(&root).unwrap().display().to_string(), text))
    };
    paths.into_iter().filter_map(read).collect()
}

fn document(name: &str) -> String {
    fs::read_to_string(repository().join(name)).unwrap()
}

/// A fenced block, with the number of the line that opens it and what follows the fence there.
struct Block {
    line: usize,
    kind: String,
    text: String,
}

/// The fenced blocks of a document, and its text without them.
fn blocks(document: &str) -> (Vec<Block>, String) {
    let mut blocks: Vec<Block> = Vec::new();
    let mut rest = String::new();
    let mut open: Option<(String, usize)> = None;
    for (number, line) in document.lines().enumerate() {
        let trimmed = line.trim_start();
        let ticks = trimmed.len() - trimmed.trim_start_matches('`').len();
        match &open {
            Some((fence, _)) if trimmed.trim_end() == fence => open = None,
            Some((_, indent)) => {
                let text = &mut blocks.last_mut().unwrap().text;
                text.push_str(line.get(*indent..).unwrap_or(""));
                text.push('\n');
            }
            None if ticks >= 3 => {
                open = Some((trimmed[..ticks].to_owned(), line.len() - trimmed.len()));
                blocks.push(Block {
                    line: number + 1,
                    kind: trimmed[ticks..].trim().to_owned(),
                    text: String::new(),
                });
            }
            None => {
                rest.push_str(line);
                rest.push('\n');
            }
        }
    }
    assert!(open.is_none(), "a fenced block is not closed");
    (blocks, rest)
}

fn findings(compilation: &Compilation) -> String {
    render::short(&compilation.diagnostics, &compilation.sources)
}

fn judge(block: &Block) -> Result<(), String> {
    let mut words = block.kind.split(',');
    if words.next() != Some("slo") {
        return Ok(());
    }
    match (words.next(), words.next()) {
        (None, _) => {
            let compilation = compile_text(&block.text);
            match compilation.count(Severity::Error) {
                0 => Ok(()),
                _ => Err(findings(&compilation)),
            }
        }
        (Some("fragment"), None) => {
            let whole = block.text.contains("package ") && compile_text(&block.text).checked.is_some();
            let declares =
                block.text.lines().any(|line| line.starts_with("resource ") || line.starts_with("scope "));
            if whole && declares {
                Err("it is a whole contract: fence it as `slo`".to_owned())
            } else {
                Ok(())
            }
        }
        (Some(error), None) if error.starts_with("error=") => {
            let code = error.trim_start_matches("error=");
            let Some(code) = Code::from_id(code) else { return Err(format!("there is no code `{code}`")) };
            let compilation = compile_text(&block.text);
            match compilation.diagnostics.iter().any(|diagnostic| diagnostic.code == code) {
                true => Ok(()),
                false => Err(format!("`{code}` is not found\n{}", findings(&compilation))),
            }
        }
        _ => Err("a block is `slo`, `slo,fragment` or `slo,error=CODE`".to_owned()),
    }
}

#[test]
fn every_contract_is_what_its_fence_says() {
    let mut problems = Vec::new();
    let mut contracts = 0;
    for (path, text) in documents() {
        for block in blocks(&text).0 {
            contracts += usize::from(block.kind.split(',').next() == Some("slo"));
            if let Err(problem) = judge(&block) {
                problems.push(format!("{path}:{}: {problem}", block.line));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(contracts > 0, "no document holds a contract");
}

/// The rows of the tables in a document, cut into their cells.
fn rows(document: &str) -> Vec<Vec<String>> {
    let (_, text) = blocks(document);
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("| ")?.strip_suffix(" |"))
        .map(|row| row.split(" | ").map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

#[test]
fn the_table_of_codes_is_the_compilers() {
    let written: Vec<Vec<String>> = rows(&document("docs/language.md"))
        .into_iter()
        .filter(|row| row.len() == 3 && row[0].len() == 7 && row[0].starts_with("SLO"))
        .collect();
    let known: Vec<Vec<String>> = Code::ALL
        .iter()
        .map(|code| vec![code.id().to_owned(), code.severity().name().to_owned(), code.title().to_owned()])
        .collect();
    for (written, known) in written.iter().zip(&known) {
        assert_eq!(written, known);
    }
    assert_eq!(written.len(), known.len());
}

/// The number in the row of the limits' table that begins with `what`.
fn limit(what: &str) -> usize {
    let rows = rows(&document("docs/language.md"));
    let row = rows.iter().find(|row| row.len() == 3 && row[0] == what);
    let row = row.unwrap_or_else(|| panic!("the limits' table has no row `{what}`"));
    row[1].split(' ').next().unwrap().parse().unwrap()
}

fn finds(text: &str, code: Code) -> bool {
    compile_text(text).diagnostics.iter().any(|diagnostic| diagnostic.code == code)
}

/// The crate with the constants is none of the tests' dependencies: that the documented number holds is tried.
#[test]
fn the_limits_are_those_that_hold() {
    let nested = |levels: usize| {
        let (open, close) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
        format!("package a\nattribute x.a: any\nresource R {{\n    x.a: static={open}1{close}\n}}\n")
    };
    let levels = limit("nesting of brackets");
    assert!(!finds(&nested(levels), Code::TooDeep));
    assert!(finds(&nested(levels + 1), Code::TooDeep));

    let chained = |keys: usize| {
        let steps = (0..keys).map(|step| format!("attribute x{step}: x{}\n", step + 1));
        format!("package a\n{}attribute x{keys}: string\n", steps.collect::<String>())
    };
    let keys = limit("a type by a key, by a key, and so on");
    assert!(!finds(&chained(keys), Code::TooDeep));
    assert!(finds(&chained(keys + 1), Code::TooDeep));

    let named = |bytes: usize| format!("package a\nattribute {}: string\n", "x".repeat(bytes));
    let bytes = limit("a key or a name");
    assert!(!finds(&named(bytes), Code::TooLarge));
    assert!(finds(&named(bytes + 1), Code::TooLarge));

    let quoted =
        |bytes: usize| format!("package a\nattribute x.a: string, only=[\"{}\"]\n", "x".repeat(bytes));
    let bytes = limit("a text in quotes");
    assert!(!finds(&quoted(bytes), Code::TooLarge));
    assert!(finds(&quoted(bytes + 1), Code::TooLarge));

    // A declaration of `bytes` bytes that isn't one: it is read only if it is short enough.
    let long = |bytes: usize| format!("package a\n{}\n", "x".repeat(bytes));
    let bytes = limit("a declaration");
    assert!(finds(&long(bytes), Code::UnknownDeclaration));
    assert!(finds(&long(bytes + 1), Code::TooLarge));

    assert_eq!(limit("files of a contract root"), load::MOST_FILES);
}

#[test]
fn a_file_has_at_most_the_documented_size() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("slo.toml"), MANIFEST).unwrap();
    let bytes = limit("a file");
    let problem = |bytes: usize| {
        fs::write(folder.path().join("contract.slo"), vec![b'\n'; bytes]).unwrap();
        load::load(folder.path()).unwrap().root.files[0].problem.clone()
    };
    assert_eq!(problem(bytes), None);
    assert_eq!(problem(bytes + 1), Some(Problem::TooLarge(bytes as u64 + 1)));
}

/// The anchor that a heading has.
fn anchor(heading: &str) -> String {
    let kept = |character: &char| character.is_alphanumeric() || " -_".contains(*character);
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter(kept)
        .map(|character| if character == ' ' { '-' } else { character })
        .collect()
}

fn anchors(document: &str) -> Vec<String> {
    let (_, text) = blocks(document);
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

/// The targets of a document's links, `[text](target)`; what stands between backticks is none.
fn links(document: &str) -> Vec<String> {
    let (_, text) = blocks(document);
    let mut links = Vec::new();
    for line in text.lines() {
        // Code in a line stands at every second place between backticks.
        let prose: String = line
            .split('`')
            .enumerate()
            .map(|(number, part)| if number % 2 == 0 { part } else { "code" })
            .collect();
        for rest in prose.split("](").skip(1) {
            links.extend(rest.split_once(')').map(|(target, _)| target.to_owned()));
        }
    }
    links
}

#[test]
fn links_lead_somewhere() {
    let mut problems = Vec::new();
    for (path, text) in documents() {
        let folder = repository().join(&path).parent().unwrap().to_owned();
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (file, fragment) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() { repository().join(&path) } else { folder.join(file) };
            if !target.exists() {
                problems.push(format!("{path}: `{link}` leads to no file"));
            } else if !fragment.is_empty() && target.extension().is_some_and(|extension| extension == "md") {
                let there = anchors(&fs::read_to_string(&target).unwrap());
                if !there.iter().any(|anchor| anchor == fragment) {
                    problems.push(format!("{path}: `{link}` leads to no heading"));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
