//! The documents keep what they say: contracts in them compile, errors in them are found, tables hold the numbers of the
//! code, and links lead somewhere.
//!
//! A fenced block says what it is: `slo` is a whole contract that compiles without an error, `slo,error=SLO0402` one in
//! which that is found, and `slo,fragment` a part of one. A block `text` that begins with a code holds findings of the
//! contract before it, as a person sees them. `(PATH)` after a space says that the block's paragraphs stand in that file of an
//! example: rustdoc, too, takes parentheses as a comment. Rust that rustdoc doesn't run is of a file, or a `sketch` with `…` in
//! it.

use std::fs;
use std::path::{Path, PathBuf};

use slo_compiler::derive::crates;
use slo_compiler::diagnostic::{Code, Severity, render};
use slo_compiler::fleet::{self, FleetInput, Said};
use slo_compiler::plan::{Arena, Plan};
use slo_compiler::target::template::{self, TemplateFile};
use slo_compiler::{Compilation, Problem, compare, load};
use slo_grammar::{DECLARATIONS, FileId, LATER_DECLARATIONS, Place};
use slo_model::names::{
    MetricKind, PrometheusLoss, PrometheusNaming, PrometheusWay, TranslationStrategy, log_line,
    open_metrics_family, prometheus_label, prometheus_metric, prometheus_series,
};
use slo_stdlib_mappings::MEANINGS;
use slo_tests::{MANIFEST, compile_text, rendered, sections};
use slo_verify::input::{Source, file};
use slo_verify::{Part, Run, Settings, Verifier};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The documents, by their paths from the repository's root: those at the root and in `docs`, and the README of each crate and
/// of each example.
fn documents() -> Vec<(String, String)> {
    let root = repository();
    let mut paths: Vec<PathBuf> =
        ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
            .iter()
            .map(|name| root.join(name))
            .collect();
    let entries = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    };
    paths.extend(
        entries(&root.join("docs")).into_iter().filter(|path| path.extension().is_some_and(|it| it == "md")),
    );
    let examples = entries(&root.join("examples"));
    let crates = entries(&root).into_iter().filter(|folder| folder.join("Cargo.toml").is_file());
    paths.extend(crates.chain(examples).map(|folder| folder.join("README.md")));
    paths.push(root.join("examples/README.md"));
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

/// A fenced block, with the number of the line that opens it, what follows the fence there, and the file that it is of.
struct Block {
    line: usize,
    kind: String,
    of: Option<String>,
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
                let info = trimmed[ticks..].trim();
                let (kind, of) = match info.strip_suffix(')').and_then(|info| info.split_once(" (")) {
                    Some((kind, of)) => (kind, Some(of.to_owned())),
                    None => (info, None),
                };
                blocks.push(Block { line: number + 1, kind: kind.to_owned(), of, text: String::new() });
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

/// A contract that sees all that slo brings.
fn with_vocabularies(contract: &str) -> String {
    let named = MEANINGS.iter().map(|one| format!("\"{}\" = \"{}\"\n", one.name, one.version));
    format!("=== slo.toml ===\n{MANIFEST}{}=== contract.slo ===\n{contract}", named.collect::<String>())
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
            let compilation = compile_text(&with_vocabularies(&block.text));
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
            let mut compilation = compile_text(&block.text);
            compilation.hold_to_rust();
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

/// Code that a document has of an example is what the example has: each of its paragraphs, at any indentation.
#[test]
fn code_of_an_example_is_what_the_example_has() {
    let flat = |text: &str| text.lines().map(|line| format!("{}\n", line.trim())).collect::<String>();
    let mut shown = 0;
    for (path, text) in documents() {
        for block in blocks(&text).0 {
            let Some(of) = &block.of else { continue };
            let file = flat(&document(of));
            for paragraph in flat(&block.text).trim().split("\n\n") {
                assert!(file.contains(paragraph), "{path}:{}: `{of}` does not have\n{paragraph}", block.line);
            }
            shown += 1;
        }
    }
    assert!(shown > 0, "no document has code of an example");
}

/// Rust in a document that rustdoc doesn't run stands in a file that is built, or is a sketch: so that what a page prints works.
/// What is not a page of the repository, the README of a crate, is run by rustdoc.
#[test]
fn rust_is_built_or_a_sketch() {
    let mut problems = Vec::new();
    for (path, text) in documents() {
        for block in blocks(&text).0 {
            let words: Vec<&str> = block.kind.split(',').collect();
            if words[0] != "rust" || (has_doctests(&path) && !words.contains(&"ignore")) {
                continue;
            }
            let is_sketch = words.contains(&"sketch");
            if block.of.is_some() == is_sketch || (is_sketch && !block.text.contains('…')) {
                problems.push(format!("{path}:{}: `{}`", block.line, block.kind));
            }
        }
    }
    assert!(problems.is_empty(), "neither of a file nor a `sketch` with `…`:\n{}", problems.join("\n"));
}

/// Whether a library's documentation is this page, so that `cargo test` runs its code.
fn has_doctests(page: &str) -> bool {
    let library = repository().join(page).parent().unwrap().join("src/lib.rs");
    fs::read_to_string(library)
        .is_ok_and(|source| source.contains("#![doc = include_str!(\"../README.md\")]"))
}

/// The terms of the glossary, from the first cell of each row.
fn terms() -> Vec<String> {
    let rows = rows(&document(GLOSSARY)).into_iter();
    rows.filter(|row| row.len() == 2 && row[0] != "term" && !row[0].starts_with("---"))
        .map(|row| row[0].replace('`', ""))
        .collect()
}

const GLOSSARY: &str = "docs/glossary.md";

/// What a page says in words: without what is fenced, code in a line, indented output and the targets of links, in one line.
fn prose(document: &str) -> String {
    let (_, text) = blocks(document);
    let lines = text.lines().filter(|line| !line.starts_with("    "));
    let joined: String = lines.map(|line| format!("{} ", line.trim())).collect();
    let words: String = joined.split('`').step_by(2).collect::<Vec<_>>().join("code");
    let mut shown = String::new();
    for part in words.split("](") {
        let rest = if shown.is_empty() { part } else { part.split_once(')').map_or(part, |(_, rest)| rest) };
        shown.push_str(rest);
        shown.push(']');
    }
    shown
}

/// Where words stand in a text, each as a whole and in any case; with the words around it.
fn found(words: &str, text: &str) -> Vec<String> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let lower = text.to_lowercase();
    lower
        .match_indices(words)
        .filter(|(at, _)| {
            let ends_alone = |next: Option<char>| !next.is_some_and(is_part);
            let begins = words.starts_with(is_part);
            let before = lower[..*at].chars().next_back();
            (!begins || ends_alone(before)) && ends_alone(lower[at + words.len()..].chars().next())
        })
        .map(|(at, _)| {
            let from = lower[..at].char_indices().rev().nth(30).map_or(0, |(index, _)| index);
            lower[from..].chars().take(60 + words.len()).collect()
        })
        .collect()
}

#[test]
fn the_glossarys_terms_are_those_of_the_pages() {
    let terms = terms();
    assert!(terms.len() > 40, "{terms:?}");
    let pages: Vec<String> = documents()
        .into_iter()
        .filter(|(path, _)| path != GLOSSARY && path != "CHANGELOG.md")
        .map(|(_, text)| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for (number, term) in terms.iter().enumerate() {
        assert!(!terms[..number].contains(term), "`{term}` is explained twice");
        let forms = [term.clone(), format!("{term}s"), term.trim_start_matches("to ").to_owned()];
        let is_used =
            pages.iter().any(|page| forms.iter().any(|form| !found(&form.to_lowercase(), page).is_empty()));
        assert!(is_used, "no page uses `{term}`");
    }
}

/// Words that stood for what OpenTelemetry, Prometheus and Rust have words for, with those.
const GIVEN_UP: [(&str, &str); 21] = [
    ("exit", "exporter"),
    ("exits", "exporters"),
    ("intake", "queue"),
    ("lane", "queue"),
    ("lanes", "queues"),
    ("tally", "count"),
    ("face", "projection"),
    ("faces", "projections"),
    ("sheet", "table"),
    ("doors", "ways in"),
    ("fact", "event"),
    ("facts", "events"),
    ("states a", "records a"),
    ("stated", "recorded"),
    ("is speaking", "resource, or scope"),
    ("became of", "outcome"),
    ("become of", "outcome"),
    ("becomes of", "outcome"),
    ("behind", "after"),
    (", else", "otherwise"),
    ("else.", "otherwise"),
];

/// Those of these words that mean what they mean everywhere.
const USUAL: [&str; 4] = ["exit code", "exit status", "exit codes", "nothing else."];

#[test]
fn words_that_were_given_up_are_gone() {
    let mut problems = Vec::new();
    let pages = documents().into_iter();
    for (path, text) in pages.filter(|(path, _)| path == "README.md" || path.starts_with("docs/")) {
        let prose = USUAL.iter().fold(prose(&text).to_lowercase(), |prose, usual| prose.replace(usual, ""));
        for (word, instead) in GIVEN_UP {
            problems.extend(
                found(word, &prose).into_iter().map(|around| format!("{path}: {instead}: …{around}…")),
            );
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Findings in a document are what the compiler says of the contract that stands before them.
#[test]
fn every_finding_is_shown_as_it_is() {
    let plain = |text: &str| text.lines().map(|line| format!("{}\n", line.trim_end())).collect::<String>();
    let mut shown = 0;
    for (path, text) in documents() {
        let blocks = blocks(&text).0;
        for pair in blocks.windows(2) {
            let [contract, finding] = pair else { continue };
            let is_finding = finding.kind == "text" && finding.text.starts_with("SLO");
            if !is_finding || contract.kind.split(',').next() != Some("slo") {
                continue;
            }
            let all = plain(&rendered(&compile_text(&contract.text)));
            assert!(all.contains(&plain(&finding.text)), "{path}:{}: shown is\n{all}", finding.line);
            shown += 1;
        }
    }
    assert!(shown > 0, "no document shows a finding");
}

/// The README shows the finding of its contract where two variants write one label.
#[test]
fn the_readmes_finding_is_the_compilers() {
    let readme = document("README.md");
    let contract = blocks(&readme).0.into_iter().find(|block| block.text.contains("meaning ")).unwrap().text;
    let wrong = contract.replace(r#"metric { status = "declined" }"#, r#"metric { status = "timeout" }"#);
    assert_ne!(wrong, contract);
    let found = compile_text(&format!("=== slo/outcomes.slo ===\n{wrong}"));
    let finding = render::rustc(&found.diagnostics, &found.sources);
    let indented: String = finding.trim_end().lines().map(|line| format!("    {line}\n")).collect();
    let plain = |text: &str| text.lines().map(|line| format!("{}\n", line.trim_end())).collect::<String>();
    assert!(plain(&readme).contains(&plain(&indented)), "the README does not have\n{indented}");
}

/// The part of a document under a heading, up to the next one of its level or above.
fn section(document: &str, heading: &str) -> String {
    let level = heading.chars().take_while(|character| *character == '#').count();
    let begins = |line: &&str| line.trim_end() != heading;
    let lines = document.lines().skip_while(begins).skip(1);
    let ends = |line: &&str| {
        let hashes = line.chars().take_while(|character| *character == '#').count();
        hashes == 0 || hashes > level
    };
    let part: Vec<&str> = lines.take_while(ends).collect();
    assert!(!part.is_empty(), "there is no heading `{heading}`");
    part.join("\n")
}

/// The rows of the tables in a document, cut into their cells.
fn rows(document: &str) -> Vec<Vec<String>> {
    let (_, text) = blocks(document);
    text.lines()
        .filter_map(|line| line.trim().strip_prefix('|')?.strip_suffix('|'))
        .map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// What stands between backticks.
fn codes(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_tables_of_declarations_are_the_grammars() {
    let language = document("docs/language.md");
    let words = |heading: &str| -> Vec<String> {
        let rows = rows(&section(&language, heading));
        let codes = rows.iter().filter_map(|row| row.first()).flat_map(|cell| codes(cell));
        codes.filter_map(|code| code.split(' ').next().map(str::to_owned)).collect()
    };
    let sorted = |mut words: Vec<String>| {
        words.sort_unstable();
        words
    };
    let owned = |words: &[&str]| sorted(words.iter().map(|word| (*word).to_owned()).collect());
    assert_eq!(sorted(words("## Declarations")), owned(&DECLARATIONS));
    assert_eq!(sorted(words("## What this release does not compile yet")), owned(&LATER_DECLARATIONS));
}

/// Where options may stand, with a contract in which `OPTION` does.
const PLACES: [(&str, &str); 19] = [
    ("attribute", "package a\nattribute x.a: string, OPTION\n"),
    ("member", "package a\nattribute x.a: enum { b: OPTION=1 }\n"),
    ("variant", "package a\nmeaning M {\n    A \"a\": OPTION=1 { log { x = 1 } }\n}\n"),
    ("refine", "package a\nuse std.otel\nrefine service.name: OPTION\n"),
    ("entry", "package a\nattribute x.a: string\nresource R {\n    x.a: OPTION\n}\n"),
    ("resource", "package a\nresource R: OPTION {\n}\n"),
    ("scope", "package a\nscope S: OPTION {\n}\n"),
    ("metric", "package a\nmetric m: OPTION\n"),
    ("declared span", "package a\nspan x: OPTION\n"),
    ("declared log", "package a\nlog x: OPTION\n"),
    ("entity", "package a\nattribute k: string\nentity x: OPTION { k id }\n"),
    ("event's metric", "package a\nscope S {}\nevent E in S {\n    metric m: OPTION\n}\n"),
    ("field", "package a\nscope S {}\nevent E in S {\n    f: string, OPTION\n    log x: info\n}\n"),
    ("payload", "package a\nmeaning M {\n    A(p: string, OPTION) { log { p = p } }\n}\n"),
    ("event", "package a\nscope S {}\nevent E in S: OPTION {\n    log x: info\n}\n"),
    (
        "view",
        "package a\nmeaning M { A { log { x = 1 } } }\nview V of M: OPTION {\n    A { log { x = 2 } }\n}\n",
    ),
    ("log", "package a\nscope S {}\nevent E in S {\n    log x: OPTION\n}\n"),
    ("span", "package a\nscope S {}\nevent E in S {\n    span \"x\": OPTION\n}\n"),
    ("event on a span", "package a\nscope S {}\nevent E in S {\n    span event \"x\": OPTION\n}\n"),
];

/// The options of a place, as the compiler lists them where one is unknown.
fn options_of(contract: &str) -> Vec<String> {
    let compilation = compile_text(&contract.replace("OPTION", "zzzzqqqq"));
    let found = compilation.diagnostics.iter().find(|diagnostic| diagnostic.code == Code::UnknownOption);
    let help = found.and_then(|diagnostic| diagnostic.help.clone()).unwrap_or_default();
    let mut options = codes(&help);
    options.sort_unstable();
    options
}

#[test]
fn the_tables_of_options_are_the_compilers() {
    let language = document("docs/language.md");
    let rows = rows(&section(&language, "## Options"));
    let rows: Vec<&Vec<String>> =
        rows.iter().filter(|row| row.len() == 4 && row[0].starts_with('`')).collect();
    let is_in = |row: &[String], place: &str| row[1].split(", ").any(|cell| cell == place);
    for (place, contract) in PLACES {
        let mut written: Vec<String> =
            rows.iter().filter(|row| is_in(row, place)).flat_map(|row| codes(&row[0])).collect();
        written.sort_unstable();
        assert_eq!(written, options_of(contract), "the options of `{place}`");
    }
    for row in rows {
        let known = |place: &str| PLACES.iter().find(|(name, _)| *name == place);
        for place in row[1].split(", ") {
            assert!(known(place).is_some(), "`{place}` is no place of options");
        }
        let Some((_, contract)) = row[1].split(", ").next().and_then(known) else { continue };
        for option in codes(&row[0]) {
            let says = |option: &str, what: &str| {
                let compilation = compile_text(&contract.replace("OPTION", option));
                let mut messages = compilation.diagnostics.iter().map(|diagnostic| &diagnostic.message);
                messages.any(|message| message.ends_with(what))
            };
            let (needs, takes_none) =
                (says(&option, "needs a value"), says(&format!("{option}=1"), "takes no value"));
            let expected = match row[2].as_str() {
                "" => (false, true),
                value if value.starts_with("nothing") => (false, false),
                _ => (true, false),
            };
            assert_eq!((needs, takes_none), expected, "the value of `{option}`");
        }
    }
}

#[test]
fn the_table_of_rules_is_the_compilers() {
    let rows = rows(&section(&document("docs/language.md"), "## Policy"));
    let rows = rows.iter().filter(|row| row.len() == 3 && row[0].starts_with('`'));
    let mut written: Vec<String> = rows.flat_map(|row| codes(&row[0])).collect();
    written.sort_unstable();
    let compilation = compile_text("package a\npolicy P {\n    zzzzqqqq: error\n}\n");
    let found = compilation.diagnostics.iter().find(|diagnostic| diagnostic.code == Code::UnknownRule);
    let mut known = codes(found.unwrap().help.as_deref().unwrap());
    known.sort_unstable();
    assert_eq!(written, known);
}

/// The text of a cell, without the backticks; none for a dash.
fn cell(cell: &str) -> Option<String> {
    (cell != "-").then(|| cell.replace('`', ""))
}

#[test]
fn the_names_in_prometheus_are_the_models() {
    let page = document("docs/prometheus.md");
    let strategies = TranslationStrategy::ALL;
    let rows_of = |heading: &str, cells: usize| -> Vec<Vec<String>> {
        let rows = rows(&section(&page, heading)).into_iter();
        rows.filter(|row| row.len() == cells && row[0].starts_with('`')).collect()
    };
    for row in rows_of("## The four strategies", 3) {
        assert!(strategies.iter().any(|strategy| codes(&row[0])[0] == strategy.name()), "{row:?}");
    }
    let metrics = rows_of("## Metrics", 7);
    for row in &metrics {
        let kind = kind_of(&row[2]);
        for (strategy, expected) in strategies.into_iter().zip(&row[3..]) {
            let name = prometheus_metric(&row[0].replace('`', ""), &row[1].replace('`', ""), kind, strategy);
            assert_eq!(name, cell(expected), "{row:?} under {strategy}");
            let series =
                prometheus_series(&row[0].replace('`', ""), &row[1].replace('`', ""), kind, strategy);
            assert_eq!(series, name.map(|name| vec![name]), "{row:?} under {strategy}");
        }
    }
    let named = |name: &str, unit: &str| {
        prometheus_metric(name, unit, MetricKind::UpDownCounter, TranslationStrategy::default()).unwrap()
    };
    let units = rows_of("## Metrics", 3);
    for row in &units {
        let unit = row[0].replace('`', "");
        let with = |suffix: &str| match suffix.replace('`', "") {
            suffix if suffix.is_empty() => "x".to_owned(),
            suffix => format!("x_{suffix}"),
        };
        assert_eq!(named("x", &unit), with(&row[1]), "{row:?}");
        assert_eq!(named("x", &format!("/{unit}")), with(&row[2]), "{row:?}");
    }
    let labels = rows_of("## Labels", 3);
    for row in &labels {
        let key = row[0].replace('`', "");
        for (strategy, column) in strategies.into_iter().zip([1, 1, 2, 2]) {
            assert_eq!(prometheus_label(&key, strategy), cell(&row[column]), "{row:?} under {strategy}");
        }
    }
    let families = rows_of("## A program that is scraped", 6);
    for row in &families {
        let name = |cell: &str| cell.replace('`', "");
        let strategy = strategies.into_iter().find(|strategy| strategy.name() == name(&row[3])).unwrap();
        let family = open_metrics_family(&name(&row[0]), &name(&row[1]), kind_of(&row[2]), strategy);
        let (named, is) = family.map(|family| (family.name, family.family_type.name().to_owned())).unzip();
        assert_eq!((named, is), (cell(&row[4]), cell(&row[5])), "{row:?}");
    }
    let read = [&metrics, &units, &labels, &families];
    assert!(read.iter().all(|table| !table.is_empty()));
}

/// The names that a row of a table has for a metric, whose name, unit and kind stand in its first cells.
fn named_by(row: &[String], way: PrometheusWay) -> Option<String> {
    let [name, unit] = [&row[0], &row[1]].map(|cell| cell.replace('`', ""));
    PrometheusNaming { way, ..PrometheusNaming::default() }.metric(&name, &unit, kind_of(&row[2]))
}

#[test]
fn the_names_of_each_way_are_the_models() {
    use PrometheusWay::{Collector, Go, Java, JavaScript, Otlp, Python, Rust, Slo};
    let text = document("docs/prometheus.md");
    let ways = section(&text, "## Ways");
    let listed: Vec<Vec<String>> =
        rows(&ways).into_iter().filter(|row| row.len() == 3 && row[0].starts_with('`')).collect();
    let named: Vec<String> = listed.iter().map(|row| codes(&row[0])[0].clone()).collect();
    assert_eq!(named, PrometheusWay::ALL.map(PrometheusWay::name));
    for (row, way) in listed.iter().zip(PrometheusWay::ALL) {
        assert_eq!(row[2].replace('`', ""), way.source().unwrap_or_default());
    }
    let cells = |width: usize| -> Vec<Vec<String>> {
        rows(&ways).into_iter().filter(|row| row.len() == width && row[0].starts_with('`')).collect()
    };
    let metrics = cells(9);
    assert_eq!(metrics.len(), 26);
    for row in &metrics {
        let columns = [
            (Otlp, 3),
            (Slo, 3),
            (Collector, 4),
            (Go, 4),
            (Java, 5),
            (Python, 6),
            (JavaScript, 7),
            (Rust, 8),
        ];
        for (way, column) in columns {
            assert_eq!(named_by(row, way), cell(&row[column]), "{row:?} by {way}");
        }
    }
    let labels = cells(8);
    assert_eq!(labels.len(), 12);
    for row in &labels {
        let ways = [Otlp, Collector, Go, Java, Python, JavaScript, Rust];
        for (way, shown) in ways.into_iter().zip(&row[1..]) {
            assert_eq!(becomes(row, way), shown.replace('`', ""), "{row:?} by {way}");
        }
    }
    let renamed = section(&document("docs/adoption.md"), "## What Prometheus calls the metrics now");
    let renamed: Vec<Vec<String>> =
        rows(&renamed).into_iter().filter(|row| row.len() == 5 && row[0].starts_with('`')).collect();
    assert!(!renamed.is_empty());
    for row in &renamed {
        assert_eq!(named_by(row, Rust), cell(&row[3]), "{row:?}");
        assert_eq!(named_by(row, Slo), cell(&row[4]), "{row:?}");
    }
}

/// What becomes of the attributes of a row's first cell, in the table's words.
fn becomes(row: &[String], way: PrometheusWay) -> String {
    let naming = PrometheusNaming { way, ..PrometheusNaming::default() };
    let kind = if row[0].ends_with("histogram") { MetricKind::Histogram } else { MetricKind::Counter };
    let word = |loss: PrometheusLoss| match loss {
        PrometheusLoss::TargetDown => "down",
        PrometheusLoss::MetricGone => "gone",
        PrometheusLoss::Lost => "lost",
        PrometheusLoss::Replaces => "replaces",
        PrometheusLoss::Joined => "joined",
        other => panic!("the table has no word for {other:?}"),
    };
    let mut labels: Vec<(String, String, String)> = Vec::new();
    for attribute in codes(&row[0]) {
        let (key, value) = attribute.split_once('=').unwrap();
        match naming.label(key) {
            Some(label) => labels.push((label, key.to_owned(), value.trim_matches('"').to_owned())),
            None => return word(way.label_missing()).to_owned(),
        }
    }
    let label = labels[0].0.clone();
    if labels.len() > 1 {
        assert!(labels.iter().all(|(other, ..)| *other == label), "{row:?} by {way}");
        return match way.labels_meet() {
            PrometheusLoss::LastKept => format!("{label}=\"{}\"", labels[labels.len() - 1].2),
            PrometheusLoss::Joined => {
                labels.sort_by(|left, right| left.1.cmp(&right.1));
                let values: Vec<String> = labels.into_iter().map(|(_, _, value)| value).collect();
                format!("{label}=\"{}\"", values.join(";"))
            }
            loss => word(loss).to_owned(),
        };
    }
    match way.reserved(&label, kind) {
        None => format!("{label}=\"{}\"", labels[0].2),
        Some(PrometheusLoss::Renamed) => format!("exported_{label}=\"{}\"", labels[0].2),
        Some(loss) => word(loss).to_owned(),
    }
}

fn kind_of(name: &str) -> MetricKind {
    match name {
        "counter" => MetricKind::Counter,
        "updowncounter" => MetricKind::UpDownCounter,
        "gauge" => MetricKind::Gauge,
        "histogram" => MetricKind::Histogram,
        "exponential" => MetricKind::ExponentialHistogram,
        other => panic!("there is no kind `{other}`"),
    }
}

#[test]
fn the_names_of_a_log_line_are_the_models() {
    let targets = section(&document("docs/language.md"), "## Targets");
    let (_, listed) = targets.split_once("The attributes of a log stand").unwrap();
    let (_, listed) = listed.split_once("(SLO0403):").unwrap();
    let (listed, _) = listed.split_once(". ").unwrap();
    assert_eq!(codes(listed), log_line::ALL);
}

#[test]
fn the_table_of_codes_is_the_compilers() {
    let written: Vec<Vec<String>> = rows(&document("docs/language.md"))
        .into_iter()
        .filter(|row| row.len() == 4 && row[0].starts_with("[SLO"))
        .collect();
    let known: Vec<Vec<String>> = Code::ALL
        .iter()
        .map(|code| {
            vec![
                format!("[{code}](codes/{code}.md)"),
                code.severity().name().to_owned(),
                code.class().name().to_owned(),
                code.title().to_owned(),
            ]
        })
        .collect();
    for (written, known) in written.iter().zip(&known) {
        assert_eq!(written, known);
    }
    assert_eq!(written.len(), known.len());
}

/// The folder of a code's page.
const PAGES: &str = "docs/codes";

/// The code whose wrong example shows no contract, and where that is tested instead.
const NO_CONTRACT: [(Code, &str); 1] = [(Code::NoContract, "a derive finds it: `derive_projects.rs`")];

#[test]
fn every_code_has_a_page() {
    let there = fs::read_dir(repository().join(PAGES)).unwrap();
    let mut there: Vec<String> =
        there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    there.sort();
    let wanted: Vec<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    assert_eq!(there, wanted);
    let parts = rows(&section(&document("docs/language.md"), "## What is checked"));
    for code in Code::ALL {
        let page = document(&format!("{PAGES}/{code}.md"));
        let lines: Vec<&str> = page.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines[0], format!("# {code}: {}", code.title()));
        let is_in = |row: &&Vec<String>| {
            let mut named = row[1].split([',', ' ']).filter_map(Code::from_id);
            let first = named.next();
            first.is_some_and(|first| first <= *code && *code <= named.next().unwrap_or(first))
        };
        let part = parts.iter().find(is_in).unwrap_or_else(|| panic!("{code} is in no part"));
        let part = part[0].trim_start_matches('[');
        let part = part.split([':', ']']).next().unwrap();
        let said =
            format!("Severity: {}. Class: {}. Part: {part}.", code.severity().name(), code.class().name());
        assert_eq!(lines[1], said);
        assert!(links(&page).is_empty(), "{code} has links, which a terminal does not show");
        let (_, prose) = blocks(&page);
        let headings: Vec<&str> = prose
            .lines()
            .filter_map(|line| line.strip_prefix("## "))
            .filter(|heading| *heading != "If it is meant")
            .collect();
        assert_eq!(headings, ["What it means", "What an operator sees", "Wrong", "Right"], "{code}");
    }
}

/// The findings of a contract that stands in a folder, with the structs of the crate around it where it has one. What a page
/// can't hold is made here.
fn found_in_files(text: &str, code: Code, wrong: bool) -> Compilation {
    if (Code::ChangeGone..=Code::ShortNotice).contains(&code) {
        return changed(text);
    }
    if code.is_of_readers() {
        return read_by(text);
    }
    if code.is_of_telemetry() {
        return judged(text, code);
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let files = sections(text);
    let root = files.iter().find_map(|(path, _)| path.strip_suffix("slo.toml"));
    let crate_around = files.iter().any(|(path, _)| path.ends_with(".rs"));
    let root = root.unwrap_or(if crate_around { "slo/" } else { "" });
    // The manifest is that of a new root, unless the files have one.
    let crates_of_it = if crate_around { "crates = [\"..\"]\n" } else { "" };
    write(&format!("{root}slo.toml"), format!("{MANIFEST}\n[rust]\n{crates_of_it}").as_bytes());
    if crate_around {
        write("Cargo.toml", b"[package]\nname = \"service\"\n");
    }
    for (path, text) in &files {
        match code {
            Code::NotUtf8 if wrong => {
                write(path, &text.chars().map(|latin| latin as u8).collect::<Vec<u8>>())
            }
            Code::ControlCharacter => write(path, text.replace('␛', "\u{1b}").as_bytes()),
            _ => write(path, text.as_bytes()),
        }
    }
    if code == Code::TooManyForRust && wrong {
        let merchants: String = (0..70_000).map(|merchant| format!("merchant {merchant}\n")).collect();
        write("merchants.txt", merchants.as_bytes());
    }
    let root = folder.path().join(root);
    if load::is_workspace(&root) {
        return together(&load::workspace(&root, &[], None).unwrap());
    }
    match load::held_to_others(load::load(&root).unwrap(), None) {
        Ok(held) => together(&held),
        Err(_) => {
            let mut compilation = crates::compile(&root).unwrap();
            let past = compilation.past("2027-06-30");
            compilation.diagnostics.extend(past);
            with_templates(&files, &mut compilation);
            compilation
        }
    }
}

/// The findings of the telemetry of an example.
fn judged(text: &str, code: Code) -> Compilation {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in sections(text) {
        fs::write(folder.path().join(path), text).unwrap();
    }
    let telemetry = fs::read(folder.path().join("telemetry.jsonl")).unwrap();
    let mut compilation = crates::compile(folder.path()).unwrap();
    let arena = Arena::default();
    let checked = compilation.checked.clone().unwrap();
    let plans = [Plan::with_external(&arena, &checked)];
    let settings = Settings { conventions: code == Code::TelemetryConventions, ..Settings::default() };
    let mut run = Run::new(Verifier::new(&plans, settings), Box::new(|| false));
    file::read(telemetry.as_slice(), &Source::File("telemetry.jsonl".into()), &mut run);
    let report = run.finish().unwrap();
    compilation.diagnostics.extend(report.diagnostics(0, &checked.contract().places));
    let sources = &mut compilation.sources;
    compilation.diagnostics.extend(report.unread(&mut |name| {
        sources.add(slo_compiler::source::SourceFile::elsewhere(name.to_owned(), name.to_owned(), "".into()))
    }));
    let wanted: &[_] = if code == Code::TelemetryUncovered { &[(Part::Variants, 100)] } else { &[] };
    compilation.diagnostics.extend(report.uncovered(wanted, Place::new(FileId(0), 0, 0)));
    compilation
}

/// The findings of the rules of an example, with its contract, or with those before and after a change.
fn read_by(text: &str) -> Compilation {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in sections(text) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let series = |root: &Path| {
        let input = load::roots(&[root.to_owned()], None).unwrap();
        let fleet = fleet::check(&input, &Said::All);
        (fleet::AllSeries::of(&fleet, &input), fleet)
    };
    let readers = slo_readers::read(&folder.path().join("readers")).unwrap();
    let old = folder.path().join("old");
    let (written, mut fleet, before) = match old.exists() {
        true => {
            let (written, fleet) = series(&folder.path().join("new"));
            (written, fleet, Some(series(&old).0))
        }
        false => {
            let (written, fleet) = series(folder.path());
            (written, fleet, None)
        }
    };
    let found = slo_readers::find(&readers, &written, before.as_ref(), &mut fleet.sources);
    fleet.take_readers(found.diagnostics);
    of_fleet(fleet)
}

/// Renders the templates that an example has, with the contract beside them.
fn with_templates(files: &[(String, String)], compilation: &mut Compilation) {
    let templates = files.iter().filter_map(|(path, text)| Some((path.strip_prefix("templates/")?, text)));
    let templates: Vec<TemplateFile> = templates
        .map(|(path, text)| TemplateFile { path: path.to_owned(), name: path.to_owned(), text: text.clone() })
        .collect();
    if let (false, Some(contract)) = (templates.is_empty(), &compilation.checked) {
        let arena = Arena::default();
        let plan = Plan::of(&arena, contract);
        let found = template::render(&plan, &templates, &mut compilation.sources).err();
        compilation.diagnostics.extend(found.into_iter().flatten());
    }
}

/// What changes from the contract in the folder `old` to the one in `new`.
fn changed(text: &str) -> Compilation {
    let side = |folder: &str| {
        let files = sections(text).into_iter();
        let own = files.filter_map(|(path, text)| Some((path.strip_prefix(folder)?.to_owned(), text)));
        compile_text(&own.map(|(path, text)| format!("=== {path} ===\n{text}")).collect::<String>())
    };
    let (old, new) = (side("old/"), side("new/"));
    let changes = compare::compare(
        old.checked.as_ref().unwrap_or_else(|| panic!("{}", findings(&old))),
        new.checked.as_ref().unwrap_or_else(|| panic!("{}", findings(&new))),
        "2027-06-30",
    );
    let short = compare::notices(
        old.checked.as_ref().unwrap(),
        new.checked.as_ref().unwrap(),
        &new.notices,
        "2027-06-30",
    );
    let same = |name: &str| name.to_owned();
    let texts = |sources| compare::Texts { sources, name: &same };
    let (sources, diagnostics) = compare::report(&texts(&old.sources), &texts(&new.sources), &changes, short);
    Compilation { sources, diagnostics, checked: new.checked, ..Compilation::default() }
}

/// The findings of several contracts as those of one.
fn together(input: &FleetInput) -> Compilation {
    of_fleet(fleet::check(input, &Said::All))
}

fn of_fleet(fleet: fleet::Fleet) -> Compilation {
    let diagnostics = fleet.all().cloned().collect();
    let checked = fleet.members.into_iter().find_map(|member| member.checked);
    Compilation {
        sources: fleet.sources,
        diagnostics,
        manifest: None,
        contract: None,
        checked,
        accepted: Vec::new(),
        outgrown: Vec::new(),
        announced: Vec::new(),
        notices: Vec::new(),
        acceptable: Vec::new(),
        stands_on: Vec::new(),
    }
}

/// What comes with a code, whatever the example: what is accepted and may not be is an error of its own.
/// A later name is one beside the earlier version, which has its own note.
const COMES_WITH: [(Code, Code); 2] =
    [(Code::AllowedError, Code::Type), (Code::NotYet, Code::EarlierConventions)];

/// The wrong example of a page has the code and no other, the right one nothing at all.
#[test]
fn each_page_is_right_about_what_is_wrong() {
    let mut problems = Vec::new();
    for code in Code::ALL {
        let page = document(&format!("{PAGES}/{code}.md"));
        let examples = blocks(&page).0;
        let [wrong, right] = examples.as_slice() else { panic!("{code} has {} examples", examples.len()) };
        assert_eq!(right.kind, "slo", "{code}");
        let found = found_in_files(&right.text, *code, false);
        if !found.diagnostics.is_empty() || found.checked.is_none() {
            problems.push(format!("{code}, the right example:\n{}", findings(&found)));
        }
        if NO_CONTRACT.iter().any(|(other, _)| other == code) {
            continue;
        }
        assert_eq!(wrong.kind, format!("slo,error={code}"));
        let found = found_in_files(&wrong.text, *code, true);
        let others = found.diagnostics.iter().map(|finding| finding.code).filter(|found| found != code);
        let mut others = others.filter(|found| !COMES_WITH.contains(&(*code, *found)));
        if others.next().is_some() || !found.diagnostics.iter().any(|finding| finding.code == *code) {
            problems.push(format!("{code}, the wrong example:\n{}", findings(&found)));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Where a page says how a finding is accepted, that accepts all findings of its wrong example.
#[test]
fn what_a_page_says_of_allow_holds() {
    let mut accepted = 0;
    for code in Code::ALL {
        let page = document(&format!("{PAGES}/{code}.md"));
        let (examples, prose) = blocks(&page);
        let prose = prose.replace('\n', " ");
        let Some(allow) = codes(&prose).into_iter().find(|text| text.starts_with(&format!("allow {code}: ")))
        else {
            continue;
        };
        let wrong = examples[0].text.clone();
        assert!(finds(&wrong, *code), "{code}");
        let package = wrong.lines().next().unwrap();
        let allowed =
            format!("{wrong}=== accepted.slo ===\n{package}\n\npolicy Accepted {{\n    {allow}\n}}\n");
        let found = compile_text(&allowed);
        assert!(found.diagnostics.is_empty() && found.checked.is_some(), "{}", findings(&found));
        accepted += 1;
    }
    assert!(accepted > 0, "no page says `allow`");
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

/// That the documented number holds is tried, rather than compared with a constant.
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

    // Each member and the comma behind it; the last comma stands before the brace.
    let long = |tokens: usize| {
        let members = "a,".repeat((tokens - 6) / 2);
        format!("package a\nattribute x.a: enum {{{members}}}\n")
    };
    let tokens = limit("an entry of a block, or a declaration without a block");
    assert!(!finds(&long(tokens), Code::TooLarge));
    assert!(finds(&long(tokens + 2), Code::TooLarge));

    let block =
        |entries: usize| format!("package a\nresource R {{\n{}}}\n", "x.a: required\n".repeat(entries));
    let entries = limit("entries of a block");
    assert!(!finds(&block(entries), Code::TooLarge));
    assert!(finds(&block(entries + 1), Code::TooLarge));

    let event =
        |signals: &str| format!("package a\nscope S {{}}\nevent E in S {{\n    f: int\n{signals}}}\n");
    let holes = |holes: usize| event(&format!("    log x: info, body=\"{}\"\n", "{f}".repeat(holes)));
    let most = limit("holes of a template");
    assert!(!finds(&holes(most), Code::TooLarge));
    assert!(finds(&holes(most + 1), Code::TooLarge));

    let logs = |logs: usize| event(&"    log x: info\n".repeat(logs));
    let most = limit("logs of an event");
    assert!(!finds(&logs(most), Code::TooLarge));
    assert!(finds(&logs(most + 1), Code::TooLarge));

    let findings = |code: Code, entries: usize| {
        let found = compile_text(&block(entries)).diagnostics;
        let of_code: Vec<_> = found.into_iter().filter(|one| one.code == code).collect();
        (of_code.len(), of_code.iter().map(|one| one.more).sum::<usize>())
    };
    let shown = limit("findings of one code that are shown of a file");
    assert_eq!(findings(Code::UnknownName, shown), (shown, 0));
    assert_eq!(findings(Code::UnknownName, shown + 50), (shown + 1, 50));
    // So many that they are counted before all are there.
    assert_eq!(findings(Code::UnknownName, entries), (shown + 1, entries - shown));

    let broken = |lines: usize| {
        let contract = format!("package a\nresource R {{\n{}}}\n", "x.a\n".repeat(lines));
        let found = compile_text(&contract).diagnostics;
        found.iter().filter(|one| one.code == Code::Unexpected).count()
    };
    let mistakes = limit("mistakes of syntax that are shown of a file");
    assert_eq!(broken(mistakes), mistakes);
    assert_eq!(broken(mistakes + 50), mistakes + 1);

    assert_eq!(limit("files of a contract root"), load::MOST_FILES);
    assert_eq!(limit("roots that a contract stands on, with its own"), load::MOST_ROOTS);
}

#[test]
fn a_file_has_at_most_the_documented_size() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("slo.toml"), MANIFEST).unwrap();
    let bytes = limit("a file");
    let problem = |bytes: usize| {
        fs::write(folder.path().join("contract.slo"), vec![b'\n'; bytes]).unwrap();
        load::load(folder.path()).unwrap().roots[0].files[0].problem.clone()
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
