//! As SARIF 2.1.0, which GitHub's code scanning and editors take.
//!
//! Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; its sections are named where a rule comes
//! from one.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;
use slo_grammar::{FileId, Place};

use super::report::{self, At, Finding, Location, Report, Repository};
use crate::accept::AcceptanceKind;
use crate::diagnostic::{Code, Fix, Severity};
use crate::source::SourceMap;

/// What stands for the repository's root, by the name that readers of the form agree on.
const ROOT: &str = "%SRCROOT%";

/// What stands for the vocabularies that slo brings.
const BUILT_IN: &str = "SLO_VOCABULARIES";

/// What a segment of a path can't hold as it is (RFC 3986, section 3.3).
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'l> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [SarifRun<'l>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun<'l> {
    tool: Tool,
    invocations: [Invocation; 1],
    original_uri_base_ids: BTreeMap<&'static str, Base>,
    column_kind: &'static str,
    results: Vec<SarifResult<'l>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: String,
    short_description: Message,
    full_description: Message,
    help: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: [&'static str; 1],
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
}

#[derive(Serialize)]
struct Base {
    description: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'l> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<PlaceIn>,
    related_locations: Vec<PlaceIn>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    /// Either all results of a run have them, or none has (section 3.27.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    occurrence_count: Option<usize>,
    fixes: Vec<SarifFix>,
    properties: Properties<'l>,
}

/// That a finding is accepted (section 3.35).
#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<PlaceIn>,
}

#[derive(Serialize)]
struct Properties<'l> {
    names: &'l [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'l str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlaceIn {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix {
    description: Message,
    artifact_changes: [Change; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: [Replacement; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Content,
}

#[derive(Serialize)]
struct Content {
    text: String,
}

/// The findings of all runs as one run of a tool. The rules are those that found something, with their pages.
#[must_use]
pub fn sarif(report: &Report<'_>) -> String {
    let findings = report.with_accepted();
    let is_told = report.runs.iter().any(|run| run.accepted.is_some());
    let codes: BTreeSet<Code> = findings.iter().map(|finding| finding.diagnostic.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [SarifRun {
            tool: Tool {
                driver: Driver {
                    name: "slo",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: codes.iter().map(|code| rule(*code)).collect(),
                },
            },
            invocations: [Invocation { execution_successful: true }],
            original_uri_base_ids: BTreeMap::from([
                (ROOT, Base { description: Message::of("the root of the repository") }),
                (BUILT_IN, Base { description: Message::of("the vocabularies that slo brings") }),
            ]),
            column_kind: "utf16CodeUnits",
            results: findings
                .iter()
                .map(|finding| SarifResult {
                    suppressions: is_told.then(|| suppressions(finding, report.repository)),
                    ..result(finding, &codes, report.repository)
                })
                .collect(),
        }],
    };
    // Strings and numbers always serialise.
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

impl Message {
    fn of(text: impl Into<String>) -> Message {
        Message { text: text.into(), markdown: None }
    }
}

/// What a page says, under its heading "What it means".
fn meaning(page: &str) -> String {
    let section = page.split("\n## ").find_map(|section| section.strip_prefix("What it means\n"));
    section.unwrap_or(page).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn rule(code: Code) -> Rule {
    Rule {
        id: code.id(),
        name: format!("{code:?}"),
        short_description: Message::of(code.title()),
        full_description: Message::of(meaning(code.page())),
        help: Message { text: code.page().to_owned(), markdown: Some(code.page()) },
        help_uri: report::address(code),
        default_configuration: Configuration { level: code.severity().name() },
        properties: RuleProperties {
            tags: ["telemetry"],
            // The words of GitHub's code scanning.
            severity: match code.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
        },
    }
}

fn result<'l>(finding: &Finding<'l>, codes: &[Code], repository: &Repository) -> SarifResult<'l> {
    let diagnostic = finding.diagnostic;
    let mut message = vec![written(&finding.message())];
    let mut locations = Vec::new();
    let mut related = Vec::new();
    for (number, at) in finding.places.iter().enumerate() {
        let place = PlaceIn {
            id: (number > 0).then_some(number),
            physical_location: Physical {
                artifact_location: artifact(&at.location),
                region: region_of(finding, number, at),
            },
            message: (!at.text.is_empty()).then(|| Message::of(written(&at.text))),
        };
        // Viewers show a related place where the message has a link to it (section 3.11.6).
        if number > 0 {
            message.push(written_link(&at.text, &at.shown(), number));
            related.push(place);
        } else {
            locations.push(place);
        }
    }
    message.extend(finding.remarks().iter().map(|remark| written(remark)));
    message.push(written(&report::says_more(diagnostic.code)));
    let rule_index = codes.binary_search(&diagnostic.code).unwrap_or_default();
    SarifResult {
        rule_id: diagnostic.code.id(),
        rule_index,
        level: diagnostic.severity.name(),
        message: Message::of(message.join("\n")),
        locations,
        related_locations: related,
        partial_fingerprints: BTreeMap::from([("slo/v1", finding.fingerprint.clone())]),
        suppressions: None,
        occurrence_count: (diagnostic.more > 0).then_some(diagnostic.more),
        fixes: diagnostic.fixes.iter().filter_map(|one| fix(one, finding.sources, repository)).collect(),
        properties: Properties { names: &diagnostic.names, owner: diagnostic.owner.as_deref() },
    }
}

/// What accepts a finding: a policy's `allow`, which stands in the source, or a line of the baseline beside it.
fn suppressions(finding: &Finding<'_>, repository: &Repository) -> Vec<Suppression> {
    let Some(acceptance) = finding.accepted else { return Vec::new() };
    let (kind, debt) = match &acceptance.kind {
        AcceptanceKind::Allow => ("inSource", String::new()),
        AcceptanceKind::Baseline { until: Some(day), .. } => ("external", format!("until {day}")),
        AcceptanceKind::Baseline { until: None, .. } => ("external", String::new()),
    };
    let parts = [acceptance.reason.as_str(), &debt];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let justification = (!parts.is_empty()).then(|| crate::text::visible(&parts.join("; ")));
    let location = finding.sources.file(acceptance.place.file).map(|file| PlaceIn {
        id: None,
        physical_location: Physical {
            artifact_location: artifact(&repository.location(file)),
            region: region(acceptance.place, finding.sources),
        },
        message: None,
    });
    vec![Suppression { kind, status: "accepted", justification, location }]
}

/// A text as a message holds it: braces are doubled, since a single one begins a placeholder (section 3.11.5); brackets that a
/// parenthesis follows would be a link (3.11.6).
fn written(text: &str) -> String {
    let braces = text.replace('{', "{{").replace('}', "}}");
    match braces.contains("](") {
        true => braces.replace('[', "\\[").replace(']', "\\]"),
        false => braces,
    }
}

/// A link to a related place, with what is said of it and where it is.
fn written_link(text: &str, shown: &str, id: usize) -> String {
    let text = if text.is_empty() { "another place" } else { text };
    let braces = text.replace('{', "{{").replace('}', "}}");
    let brackets = braces.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    format!("[{brackets}]({id}): {}", written(shown))
}

fn artifact(location: &Location) -> Artifact {
    let encoded = |path: &str| {
        let parts = path.split('/').map(|part| utf8_percent_encode(part, SEGMENT).to_string());
        parts.collect::<Vec<_>>().join("/")
    };
    match location {
        Location::Inside(path) => Artifact { uri: encoded(path), uri_base_id: Some(ROOT) },
        Location::Outside(path) => {
            // A drive's path begins with no `/`.
            let slash = if path.starts_with('/') { "" } else { "/" };
            Artifact { uri: format!("file://{slash}{}", encoded(path)), uri_base_id: None }
        }
        Location::BuiltIn(path) => Artifact { uri: encoded(path), uri_base_id: Some(BUILT_IN) },
    }
}

fn region_of(finding: &Finding<'_>, number: usize, at: &At) -> Region {
    let place = finding.diagnostic.labels.get(number).map(|label| label.place);
    let place = place.unwrap_or(Place::new(at.file, 0, 0));
    region(place, finding.sources)
}

/// A place by its lines, and columns in UTF-16.
fn region(place: Place, sources: &SourceMap) -> Region {
    let (start_line, start_column) = utf16(place.file, place.start as usize, sources);
    let (end_line, end_column) = utf16(place.file, place.end as usize, sources);
    Region { start_line, start_column, end_line, end_column }
}

fn utf16(file: FileId, offset: usize, sources: &SourceMap) -> (usize, usize) {
    let line = sources.position(file, offset).line;
    let start = sources.line_starts(file).get(line - 1).copied().unwrap_or(0);
    let text = sources.file(file).map_or("", |file| &file.text);
    let before = text.get(start..offset).unwrap_or("");
    (line, before.encode_utf16().count() + 1)
}

fn fix(fix: &Fix, sources: &SourceMap, repository: &Repository) -> Option<SarifFix> {
    let file = sources.file(fix.place.file)?;
    Some(SarifFix {
        description: Message::of(written(&format!("write `{}`", crate::text::visible(&fix.replacement)))),
        artifact_changes: [Change {
            artifact_location: artifact(&repository.location(file)),
            replacements: [Replacement {
                deleted_region: region(fix.place, sources),
                inserted_content: Content { text: fix.replacement.clone() },
            }],
        }],
    })
}
