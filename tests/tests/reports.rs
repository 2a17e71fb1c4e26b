//! Findings as CI takes them. Every finding of `tests/ui` goes through each form, and so does text that tries to be markup.
//!
//! The official schema of SARIF is in no repository here: `tests/reports/run` brings it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use quick_xml::events::Event;
use serde_json::Value;
use slo_compiler::Compilation;
use slo_compiler::accept::{Acceptance, AcceptanceKind, Accepted};
use slo_compiler::diagnostic::render::{self, Report, Repository, Run};
use slo_compiler::diagnostic::{Code, Diagnostic, Severity};
use slo_compiler::source::{SourceFile, SourceMap};
use slo_grammar::Place;
use slo_tests::compile_text;

/// The compilations of all contracts in `tests/ui`, with the paths of their files.
fn corpus() -> &'static [(PathBuf, Compilation)] {
    static CORPUS: OnceLock<Vec<(PathBuf, Compilation)>> = OnceLock::new();
    CORPUS.get_or_init(read_corpus)
}

fn read_corpus() -> Vec<(PathBuf, Compilation)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let files = cases.iter().flat_map(|case| ["fail.slo", "pass.slo"].map(|name| case.join(name)));
    files.map(|file| (file.clone(), compile_text(&fs::read_to_string(file).unwrap()))).collect()
}

fn repository() -> Repository {
    Repository::new(Path::new("/repository"), Path::new("/repository"))
}

fn rendered(
    render: fn(&Report<'_>) -> String,
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    deny_warnings: bool,
) -> String {
    let runs = [Run { diagnostics, sources, judged: &[0], accepted: None }];
    render(&Report { runs: &runs, repository: &repository(), deny_warnings })
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

// The JSON Schema of `--format json`.

fn schema_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/diagnostic.schema.json")
}

/// `SLO_UPDATE=1 cargo test -p slo-tests reports::` brings it up to date.
#[test]
fn the_schema_of_a_finding_is_up_to_date() {
    let mut schema = serde_json::to_string_pretty(&render::json_schema()).unwrap();
    schema.push('\n');
    if std::env::var_os("SLO_UPDATE").is_some() {
        fs::write(schema_path(), &schema).unwrap();
    }
    let on_disk = fs::read_to_string(schema_path()).unwrap_or_default();
    assert!(on_disk == schema, "compiler/diagnostic.schema.json is stale: run this test with SLO_UPDATE=1");
    assert_eq!(json(&on_disk)["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

/// Each of the fields of an object, and of the objects in it, without it and with another one beside it.
fn spoiled(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(fields) => {
            let mut with_more = fields.clone();
            with_more.insert("another".to_owned(), Value::Bool(true));
            all.push(Value::Object(with_more));
            for (name, field) in fields {
                if !["help", "number", "owner"].contains(&name.as_str()) {
                    let mut without = fields.clone();
                    without.remove(name);
                    all.push(Value::Object(without));
                }
                for spoiled in spoiled(field) {
                    let mut with_spoiled = fields.clone();
                    with_spoiled.insert(name.clone(), spoiled);
                    all.push(Value::Object(with_spoiled));
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                for spoiled in spoiled(item) {
                    let mut with_spoiled = items.clone();
                    with_spoiled[at] = spoiled;
                    all.push(Value::Array(with_spoiled));
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn each_finding_keeps_to_the_schema_and_no_other_object_does() {
    let schema = json(&fs::read_to_string(schema_path()).unwrap());
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (mut lines, mut spoiled_codes) = (0, BTreeSet::new());
    for (file, compilation) in corpus() {
        for line in render::json(&compilation.diagnostics, &compilation.sources).lines() {
            lines += 1;
            let value = json(line);
            let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}\n{line}", file.display());
            // One of each code has every kind of part.
            let is_first = spoiled_codes.insert(value["code"].to_string());
            for spoiled in spoiled(&value).iter().filter(|_| is_first) {
                assert!(!validator.is_valid(spoiled), "{}: {spoiled}", file.display());
            }
        }
    }
    assert!(lines > Code::ALL.len() / 2, "there are {lines} findings");
}

// SARIF.

fn sarif_schema() -> jsonschema::Validator {
    let path = std::env::var_os("SLO_SARIF_SCHEMA").unwrap();
    let mut schema = json(&fs::read_to_string(path).unwrap());
    // The pattern of a field that no log here has is no regular expression: it closes a bracket that it didn't open.
    for of in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][of]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    jsonschema::validator_for(&schema).unwrap()
}

/// The part of a text that a region of SARIF names: lines from 1, columns from 1 in UTF-16.
fn in_region(text: &str, region: &Value) -> String {
    let number = |name: &str| region[name].as_u64().unwrap() as usize;
    let lines: Vec<Vec<u16>> = text.split_inclusive('\n').map(|line| line.encode_utf16().collect()).collect();
    let line = |number: usize| lines.get(number - 1).cloned().unwrap_or_default();
    let (first, last) = (number("startLine"), number("endLine"));
    let (start, end) = (number("startColumn") - 1, number("endColumn") - 1);
    let part = if first == last {
        line(first)[start..end].to_vec()
    } else {
        let mut part = line(first)[start..].to_vec();
        (first + 1..last).for_each(|number| part.extend(line(number)));
        part.extend(&line(last)[..end]);
        part
    };
    String::from_utf16(&part).unwrap()
}

/// The same findings, as if they were accepted, by an `allow` and by the baseline in turn.
fn accepted_of(diagnostics: &[Diagnostic]) -> Vec<Accepted> {
    let of = |(number, finding): (usize, &Diagnostic)| {
        let place = finding.place()?;
        let kind = match number % 2 {
            0 => AcceptanceKind::Allow,
            _ => AcceptanceKind::Baseline { owner: None, until: Some("2027-06-30".to_owned()) },
        };
        let (code, names, reason) = (finding.code, finding.names.clone(), finding.message.clone());
        let acceptance = Acceptance { place, code, names, number: finding.number, reason, kind };
        Some(Accepted { finding: finding.clone(), acceptance })
    };
    diagnostics.iter().enumerate().filter_map(of).collect()
}

#[test]
fn what_is_accepted_is_suppressed_in_sarif_and_in_no_other_format() {
    let (diagnostics, sources) = hostile();
    let accepted = accepted_of(&diagnostics);
    let report = |render: fn(&Report<'_>) -> String, accepted| {
        let run = Run { diagnostics: &diagnostics, sources: &sources, judged: &[0], accepted };
        render(&Report { runs: &[run], repository: &repository(), deny_warnings: false })
    };
    let log = json(&report(render::sarif, Some(accepted.as_slice())));
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), diagnostics.len() + accepted.len());
    for (number, result) in results.iter().enumerate() {
        let suppressions = result["suppressions"].as_array().unwrap();
        assert_eq!(suppressions.is_empty(), number < diagnostics.len());
        assert!(suppressions.iter().all(|one| one["status"] == "accepted"));
    }
    let kinds: Vec<&Value> = results.iter().filter_map(|one| one["suppressions"][0].get("kind")).collect();
    assert!(kinds.contains(&&json("\"inSource\"")) && kinds.contains(&&json("\"external\"")));
    assert!(!report(render::sarif, None).contains("suppressions"));
    for render in [render::gitlab, render::junit, render::markdown, render::github] {
        assert_eq!(report(render, Some(accepted.as_slice())), report(render, None));
    }
}

#[test]
#[ignore = "needs the schema of SARIF: tests/reports/run brings it"]
fn sarif_keeps_to_its_official_schema() {
    let schema = sarif_schema();
    let mut logs = 0;
    let mut judge = |diagnostics: &[Diagnostic], sources: &SourceMap| {
        let accepted = accepted_of(diagnostics);
        let run = Run { diagnostics, sources, judged: &[0], accepted: Some(&accepted) };
        let log = Report { runs: &[run], repository: &repository(), deny_warnings: false };
        let log = json(&render::sarif(&log));
        let errors: Vec<String> =
            schema.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
        logs += 1;
    };
    corpus().iter().for_each(|(_, compilation)| judge(&compilation.diagnostics, &compilation.sources));
    let (diagnostics, sources) = hostile();
    judge(&diagnostics, &sources);
    let spoiled = json(r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]}"#);
    assert!(!schema.is_valid(&spoiled), "a tool has a name");
    assert!(logs > Code::ALL.len(), "{logs}");
}

fn assert_sarif(diagnostics: &[Diagnostic], sources: &SourceMap) {
    let log = json(&rendered(render::sarif, diagnostics, sources, false));
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), diagnostics.len());
    for (result, diagnostic) in results.iter().zip(diagnostics) {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(rule["id"], diagnostic.code.id());
        let places = result["locations"].as_array().unwrap().iter();
        let places: Vec<&Value> = places.chain(result["relatedLocations"].as_array().unwrap()).collect();
        assert_eq!(places.len(), diagnostic.labels.len());
        for (place, label) in places.iter().zip(&diagnostic.labels) {
            let text = &sources.file(label.place.file).unwrap().text;
            assert_eq!(in_region(text, &place["physicalLocation"]["region"]), sources.text(label.place));
            // A related place is shown where the message has a link to it.
            if let Some(id) = place["id"].as_u64() {
                assert!(result["message"]["text"].as_str().unwrap().contains(&format!("]({id}): ")));
            }
        }
    }
}

#[test]
fn sarif_has_each_place_in_utf_16() {
    for (_, compilation) in corpus() {
        assert_sarif(&compilation.diagnostics, &compilation.sources);
    }
    let (diagnostics, sources) = hostile();
    assert_sarif(&diagnostics, &sources);
}

// Text that tries to be markup, a command or another property.

const HOSTILE: [&str; 14] = [
    "@team/secret `@team` #12 GH-12 !34 ~bug %1 $2 &3 deadbeefdeadbeef https://evil.example www.evil.example",
    "`` ` ``` unpaired ` of them `",
    "<script>alert(1)</script> <!-- --> <img src=x onerror=x> &amp; </details>",
    "[a link](https://evil.example) ![a picture](x) [a][b] **bold** _it_ ~~no~~ | a | b |",
    "\n::error::another\r\n::set-output name=x::y",
    "]]> <![CDATA[ ]]> \u{0}\u{1b}[31m\u{7} \u{fffe}\u{ffff}",
    "a,b:c%0A%25=d::e",
    "{0} {{1}} {",
    "[text](1) ](2) \\[x\\](3)",
    "\u{202e}reversed\u{2066} \u{200b}",
    "\"quotes\" 'and' \\ back\\slashes \\u{41}",
    "- a list\n# a heading\n> a quote\n\n    code\n```\nfence",
    "🦀 ünïcödé 名前",
    "",
];

/// A finding for each of these texts, in a file of that name, with a place in another one.
fn hostile() -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::default();
    let mut file = |name: &str, text: &str, root| {
        sources.add(SourceFile {
            name: name.to_owned(),
            path: name.to_owned(),
            root,
            text: text.into(),
            owner: None,
        })
    };
    let manifest = file("slo.toml", "name = \"x\"\n", 0);
    let built_in = file("std.otel/service.slo", "package std.otel\n", usize::MAX);
    let elsewhere = file("../elsewhere/a b.slo", "package x\n", 1);
    let mut diagnostics = Vec::new();
    for (number, hostile) in HOSTILE.iter().enumerate() {
        let id = file(&format!("{hostile}{number}.slo"), "// 🦀 é\npackage 名 x\n", 0);
        let severity = [Severity::Error, Severity::Warning, Severity::Note][number % 3];
        let mut finding = Diagnostic::new(Code::TypeConflict, Place::new(id, 3, 10), *hostile)
            .here(*hostile)
            .and(Place::new(id, 19, 24), *hostile)
            .and(Place::new(manifest, 0, 4), *hostile)
            .and(Place::new(built_in, 0, 7), "")
            .and(Place::new(elsewhere, 0, 7), *hostile)
            .about(*hostile)
            .note(*hostile)
            .help(*hostile)
            .fix(Place::new(id, 19, 24), *hostile)
            .severity(severity);
        finding.owner = Some((*hostile).to_owned());
        diagnostics.push(finding);
    }
    (diagnostics, sources)
}

/// What GitHub's runner reads of a line: the command, its properties, and the message.
fn command(line: &str) -> (String, Vec<(String, String)>, String) {
    let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| data(&text.replace("%3A", ":").replace("%2C", ","));
    let properties = properties.split(',').map(|pair| pair.split_once('=').unwrap());
    let properties = properties.map(|(name, value)| (name.to_owned(), property(value))).collect();
    (name.to_owned(), properties, data(message))
}

fn assert_github(diagnostics: &[Diagnostic], sources: &SourceMap) {
    let text = rendered(render::github, diagnostics, sources, false);
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("::notice title=slo::")).collect();
    assert_eq!(lines.len(), diagnostics.len(), "{text}");
    for (line, diagnostic) in lines.iter().zip(diagnostics) {
        let (name, properties, message) = command(line);
        let expected = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        assert_eq!(name, expected);
        let names: BTreeSet<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), properties.len(), "{line}");
        assert!(names.is_subset(&["file", "line", "endLine", "col", "endColumn", "title"].into()), "{line}");
        assert!(message.contains(&format!("`slo explain {}`", diagnostic.code)), "{message}");
        let others = diagnostic.labels.iter().skip(1).map(|label| sources.line_column(label.place));
        for place in others {
            assert!(message.contains(&format!(":{}:{}", place.line, place.column)), "{message}");
        }
    }
}

/// How many cases there are, and how many of them fail, as the document counts them and as they stand there.
fn junit_counts(text: &str) -> ([usize; 2], [usize; 2]) {
    let (mut said, mut there) = ([0, 0], [0, 0]);
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return (said, there),
            Event::Start(element) | Event::Empty(element) => {
                let name = element.name().as_ref().to_owned();
                for attribute in element.attributes() {
                    let attribute = attribute.unwrap();
                    let key = attribute.key.as_ref().to_owned();
                    let value = attribute.value;
                    match (name.as_str(), key.as_str()) {
                        ("testsuites", "tests") => said[0] = value.parse().unwrap(),
                        ("testsuites", "failures") => said[1] = value.parse().unwrap(),
                        _ => {}
                    }
                }
                there[0] += usize::from(name == "testcase");
                there[1] += usize::from(name == "failure");
            }
            _ => {}
        }
    }
}

/// Whether each character is one that XML has.
fn is_xml(text: &str) -> bool {
    text.chars()
        .all(|character| matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..))
}

fn assert_junit(diagnostics: &[Diagnostic], sources: &SourceMap) {
    for deny_warnings in [false, true] {
        let text = rendered(render::junit, diagnostics, sources, deny_warnings);
        assert!(is_xml(&text), "{text}");
        let (said, there) = junit_counts(&text);
        assert_eq!(said, there);
        let fails = |one: &&Diagnostic| match one.severity {
            Severity::Error => true,
            Severity::Warning => deny_warnings,
            Severity::Note => false,
        };
        let failing = diagnostics.iter().filter(fails).map(|one| (one.code, one.place().unwrap().file));
        assert_eq!(said[1], failing.collect::<BTreeSet<_>>().len(), "{text}");
        for label in diagnostics.iter().flat_map(|one| &one.labels) {
            let place = sources.line_column(label.place);
            assert!(text.contains(&format!(":{}:{}", place.line, place.column)), "{text}");
        }
    }
}

fn assert_markdown(diagnostics: &[Diagnostic], sources: &SourceMap) {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let text = rendered(render::markdown, diagnostics, sources, false);
    let (mut items, mut prose) = (0, String::new());
    for event in Parser::new_ext(&text, Options::all()) {
        match event {
            Event::Start(Tag::Item) => items += 1,
            Event::Start(Tag::Paragraph | Tag::Strong | Tag::List(None)) | Event::End(_) => prose.push(' '),
            Event::Text(text) => prose.push_str(&text),
            // A word beside a code span is another word to whoever makes links.
            Event::Code(_) | Event::SoftBreak => prose.push(' '),
            other => panic!("{other:?} in\n{text}"),
        }
    }
    let expected: usize = diagnostics
        .iter()
        .map(|one| {
            let told =
                one.labels.iter().enumerate().filter(|(number, at)| *number > 0 || !at.text.is_empty());
            let said = one.notes.len() + usize::from(one.help.is_some()) + usize::from(one.owner.is_some());
            2 + told.count() + said
        })
        .sum();
    assert_eq!(items, expected, "{text}");
    for word in prose.split_whitespace() {
        let links = ["@team", "#12", "GH-", "!34", "~bug", "deadbeef", "://", "www."];
        assert!(!links.iter().any(|link| word.contains(link)), "{word} in\n{text}");
    }
}

fn assert_gitlab(diagnostics: &[Diagnostic], sources: &SourceMap) {
    let issues = json(&rendered(render::gitlab, diagnostics, sources, false));
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), diagnostics.len());
    let known: BTreeSet<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(known.len(), issues.len(), "each finding has a fingerprint of its own");
    for (issue, diagnostic) in issues.iter().zip(diagnostics) {
        assert!(["info", "minor", "major"].contains(&issue["severity"].as_str().unwrap()));
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
        assert_eq!(issue["other_locations"].as_array().unwrap().len(), diagnostic.labels.len() - 1);
        let description = issue["description"].as_str().unwrap();
        assert!(!description.chars().any(char::is_control), "{description:?}");
    }
}

#[test]
fn every_form_has_every_finding_of_the_corpus() {
    for (_, compilation) in corpus() {
        let (diagnostics, sources) = (&compilation.diagnostics, &compilation.sources);
        assert_github(diagnostics, sources);
        assert_gitlab(diagnostics, sources);
        assert_junit(diagnostics, sources);
        assert_markdown(diagnostics, sources);
    }
}

#[test]
fn text_from_a_contract_is_text_in_every_form() {
    let (diagnostics, sources) = hostile();
    assert_github(&diagnostics, &sources);
    assert_gitlab(&diagnostics, &sources);
    assert_junit(&diagnostics, &sources);
    assert_markdown(&diagnostics, &sources);
    for render in [render::sarif, render::gitlab, render::junit, render::markdown, render::github] {
        let text = rendered(render, &diagnostics, &sources, false);
        assert!(text.contains("/elsewhere/a"), "a place outside the repository is named: {text}");
    }
}

#[test]
fn a_fingerprint_stays_where_lines_move() {
    let fingerprints = |compilation: &Compilation| -> Vec<(String, Value)> {
        let (diagnostics, sources) = (&compilation.diagnostics, &compilation.sources);
        let issues = json(&rendered(render::gitlab, diagnostics, sources, false));
        let log = json(&rendered(render::sarif, diagnostics, sources, false));
        let results = log["runs"][0]["results"].as_array().unwrap().iter();
        let of = |(issue, result): (&Value, &Value)| {
            assert_eq!(issue["fingerprint"], result["partialFingerprints"]["slo/v1"]);
            (issue["check_name"].to_string(), issue["fingerprint"].clone())
        };
        issues.as_array().unwrap().iter().zip(results).map(of).collect()
    };
    for (file, compilation) in corpus() {
        let text = fs::read_to_string(file).unwrap();
        // A text with several files has its first line before them.
        if text.contains("=== ") || text.starts_with('\u{feff}') {
            continue;
        }
        let moved = compile_text(&format!("// A comment.\n\n// Another one.\n{text}"));
        assert_eq!(fingerprints(compilation), fingerprints(&moved), "{}", file.display());
    }
}

#[test]
fn what_github_keeps_is_said_before_it_is_cut() {
    let mut sources = SourceMap::default();
    let file = sources.add(SourceFile {
        name: "a.slo".to_owned(),
        path: "a.slo".to_owned(),
        root: 0,
        text: "x".repeat(300).into(),
        owner: None,
    });
    let many = |count: u32| -> Vec<Diagnostic> {
        let one = |at| Diagnostic::new(Code::UnusedUse, Place::new(file, at, at + 1), format!("number {at}"));
        (0..count).map(one).collect()
    };
    let first = |count| {
        let text = rendered(render::github, &many(count), &sources, false);
        (text.lines().count(), text.lines().next().unwrap_or_default().to_owned())
    };
    assert_eq!(first(10).0, 10);
    let (lines, said) = first(150);
    assert_eq!(lines, 151);
    assert_eq!(
        said,
        "::notice title=slo::150 warnings: GitHub shows the first 10 of each kind as annotations; the log of this step has all of them"
    );
    // A comment has room for them, or says how many it left out.
    let text = rendered(render::markdown, &many(290), &sources, false);
    assert!(text.chars().count() < 65_536 && !text.contains("no room"), "{text}");
    let long: Vec<Diagnostic> = many(290).into_iter().map(|one| one.help("x".repeat(1_000))).collect();
    let text = rendered(render::markdown, &long, &sources, false);
    assert!(text.chars().count() < 65_536, "{}", text.len());
    let shown = text.matches("- **warning").count();
    assert!(text.ends_with(&format!(
        "\n{} warnings more, which a comment has no room for: `slo check` shows all.\n",
        290 - shown
    )));
}

#[test]
fn what_is_sound_is_a_report_as_well() {
    let sound = compile_text("package shop\n\nscope Shop {}\n");
    assert!(sound.diagnostics.is_empty(), "{:?}", sound.diagnostics);
    let text = |render| rendered(render, &sound.diagnostics, &sound.sources, true);
    assert_eq!(json(&text(render::sarif))["runs"][0]["results"], json("[]"));
    assert_eq!(text(render::github), "");
    assert_eq!(text(render::gitlab), "[]\n");
    assert_eq!(text(render::markdown), "**Telemetry contract: no findings**\n");
    let (_, [tests, failures]) = junit_counts(&text(render::junit));
    assert_eq!((tests, failures), (2, 0), "a case for `slo.toml`, and one for the contract");
}
