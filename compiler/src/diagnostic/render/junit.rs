//! As JUnit's XML, which most CI systems show as tests.
//!
//! Source: the form has no standard; this keeps to what Jenkins, GitLab and GitHub's reporters read alike: suites of cases, with at
//! most one failure each.

use std::collections::BTreeMap;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use slo_grammar::FileId;

use super::report::{Finding, Report, Run};
use crate::diagnostic::Code;

/// A file of a root, or what one code found in it.
struct Case {
    file: String,
    name: String,
    /// The first of the findings that fail, in one line.
    failure: Option<String>,
    /// All that is said of the findings.
    text: String,
}

/// A suite for each root; in it a case for each code that found something in a file, and for each file in which nothing
/// was found. What doesn't fail the run passes, with what was found as its output.
#[must_use]
pub fn junit(report: &Report<'_>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // What is written into memory is never refused.
    let _ = write(report, &mut writer);
    let mut text = String::from_utf8(writer.into_inner()).unwrap_or_default();
    text.push('\n');
    text
}

fn write(report: &Report<'_>, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
    let findings = report.findings();
    let mut suites: Vec<(String, Vec<Case>)> = Vec::new();
    for (number, run) in report.runs.iter().enumerate() {
        let of_run = findings.iter().filter(|finding| finding.run == number);
        for (root, cases) in cases(report, run, of_run) {
            match suites.iter_mut().find(|(name, _)| *name == root) {
                Some((_, known)) => known.extend(cases),
                None => suites.push((root, cases)),
            }
        }
    }
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let total = counted(suites.iter().flat_map(|(_, cases)| cases));
    let mut element = writer.create_element("testsuites").with_attribute(("name", "slo check"));
    for (name, count) in &total {
        element = element.with_attribute((*name, count.as_str()));
    }
    element.write_inner_content(|writer| {
        for (name, cases) in &suites {
            suite(name, cases, writer)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn counted<'c>(cases: impl Iterator<Item = &'c Case>) -> [(&'static str, String); 4] {
    let (mut tests, mut failures) = (0_usize, 0_usize);
    for case in cases {
        tests += 1;
        failures += usize::from(case.failure.is_some());
    }
    let none = || "0".to_owned();
    [
        ("tests", tests.to_string()),
        ("failures", failures.to_string()),
        ("errors", none()),
        ("skipped", none()),
    ]
}

fn suite(name: &str, cases: &[Case], writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
    let counted = counted(cases.iter());
    let mut element = writer.create_element("testsuite").with_attribute(("name", text(name).as_str()));
    for (name, count) in &counted {
        element = element.with_attribute((*name, count.as_str()));
    }
    element.write_inner_content(|writer| {
        for case in cases {
            let (name, file) = (text(&case.name), text(&case.file));
            let element = writer
                .create_element("testcase")
                .with_attribute(("name", name.as_str()))
                .with_attribute(("classname", file.as_str()))
                .with_attribute(("file", file.as_str()));
            let said = text(&case.text);
            match &case.failure {
                None if said.is_empty() => element.write_empty()?,
                None => element.write_inner_content(|writer| {
                    writer.create_element("system-out").write_text_content(BytesText::new(&said))?;
                    Ok(())
                })?,
                Some(message) => element.write_inner_content(|writer| {
                    writer
                        .create_element("failure")
                        .with_attribute(("message", text(message).as_str()))
                        .with_attribute(("type", "slo"))
                        .write_text_content(BytesText::new(&said))?;
                    Ok(())
                })?,
            };
        }
        Ok(())
    })?;
    Ok(())
}

/// The cases of one run, by the folder of the root.
fn cases<'r>(
    report: &Report<'_>,
    run: &Run<'_>,
    findings: impl Iterator<Item = &'r Finding<'r>>,
) -> BTreeMap<String, Vec<Case>> {
    let mut by_file: BTreeMap<FileId, BTreeMap<Code, Vec<&Finding<'_>>>> = BTreeMap::new();
    for finding in findings {
        let file = finding.diagnostic.place().map_or(FileId(0), |place| place.file);
        by_file.entry(file).or_default().entry(finding.diagnostic.code).or_default().push(finding);
    }
    let folders = report.repository.roots(run.sources);
    let mut roots: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for (id, source) in run.sources.files() {
        let found = by_file.get(&id);
        // What a root stands on is another one's, but for what was found in it.
        if !run.judged.contains(&source.root) && found.is_none() {
            continue;
        }
        let file = report.repository.location(source).shown();
        let cases = roots.entry(folders.get(&source.root).cloned().unwrap_or_default()).or_default();
        match found {
            None => {
                cases.push(Case { file, name: "no findings".to_owned(), failure: None, text: String::new() })
            }
            Some(codes) => {
                cases.extend(codes.iter().map(|(code, findings)| case(report, &file, *code, findings)))
            }
        }
    }
    roots
}

fn case(report: &Report<'_>, file: &str, code: Code, findings: &[&Finding<'_>]) -> Case {
    let fails = findings.iter().find(|finding| report.fails(finding));
    let one = |finding: &&Finding<'_>| {
        let at = finding.places.first().map_or(String::new(), |at| format!("{}: ", at.shown()));
        let severity = finding.diagnostic.severity.name();
        let mut lines = vec![format!("{at}{severity}[{code}]: {}", finding.message())];
        lines.extend(finding.lines().iter().map(|line| format!("  {line}")));
        lines.join("\n")
    };
    Case {
        file: file.to_owned(),
        name: format!("{code}: {}", code.title()),
        failure: fails.map(|finding| finding.message()),
        text: findings.iter().map(one).collect::<Vec<_>>().join("\n\n"),
    }
}

/// A text with what XML has no form for written as the language's escapes. Control characters are written so already.
///
/// Source: XML 1.0, production 2.
fn text(text: &str) -> String {
    text.replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}")
}
