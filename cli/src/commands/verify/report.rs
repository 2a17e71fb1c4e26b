//! What was seen, joined and found, as JSON: for `--report`, and for who asks for the verdict.

use std::path::Path;

use serde::Serialize;
use slo_compiler::diagnostic::{Diagnostic, Severity};
use slo_verify::{Report, Share};

use super::super::Failure;

/// The format's number.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct File<'r> {
    format: u32,
    /// Whether nothing contradicts the contract.
    passed: bool,
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Records that wait for the span that they name.
    waiting: u64,
    findings: Vec<Finding<'r>>,
    events: Vec<Event<'r>>,
    scopes: Vec<Scope<'r>>,
}

#[derive(Serialize)]
struct Finding<'r> {
    code: &'static str,
    severity: &'static str,
    message: &'r str,
    names: &'r [String],
    notes: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'r str>,
}

#[derive(Serialize)]
struct Event<'r> {
    name: &'r str,
    records: Vec<Record<'r>>,
    variants: Vec<Variant<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    joined: Option<Joined>,
}

#[derive(Serialize)]
struct Record<'r> {
    name: &'r str,
    count: u64,
}

#[derive(Serialize)]
struct Variant<'r> {
    meaning: &'r str,
    name: &'r str,
    metric: u64,
    log: u64,
    span: u64,
}

#[derive(Serialize)]
struct Joined {
    spans: u64,
    logs: u64,
    logs_without_span_id: u64,
    joined: u64,
    expired: u64,
    exemplars: u64,
    exemplars_joined: u64,
    counted: u64,
}

#[derive(Serialize)]
struct Scope<'r> {
    name: &'r str,
    of_contract: Counts,
    of_others: Counts,
}

#[derive(Serialize)]
struct Counts {
    spans: u64,
    logs: u64,
    points: u64,
}

impl From<[u64; 3]> for Counts {
    fn from([points, logs, spans]: [u64; 3]) -> Counts {
        Counts { spans, logs, points }
    }
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .map_err(|error| format!("`{}` can't be written: {error}", path.display()).into())
}

/// The report as JSON.
pub(super) fn json(report: &Report, all: &[Diagnostic]) -> Result<String, Failure> {
    let count = |severity| all.iter().filter(|finding| finding.severity == severity).count();
    let scope =
        |name, share: &Share| Scope { name, of_contract: share.own.into(), of_others: share.others.into() };
    let mut scopes: Vec<Scope<'_>> = report.scopes.iter().map(|(name, share)| scope(name, share)).collect();
    if report.other_scopes != Share::default() {
        scopes.push(scope("(more scopes)", &report.other_scopes));
    }
    let file = File {
        format: FORMAT,
        passed: count(Severity::Error) == 0,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        waiting: report.waiting,
        findings: all
            .iter()
            .map(|finding| Finding {
                code: finding.code.id(),
                severity: finding.severity.name(),
                message: &finding.message,
                names: &finding.names,
                notes: &finding.notes,
                help: finding.help.as_deref(),
            })
            .collect(),
        events: report
            .coverage
            .iter()
            .enumerate()
            .flat_map(|(contract, events)| {
                events.iter().enumerate().map(move |(number, event)| ((contract, number), event))
            })
            .map(|(place, event)| Event {
                name: &event.name,
                records: event
                    .records
                    .iter()
                    .map(|one| Record { name: &one.name, count: one.count })
                    .collect(),
                variants: event
                    .variants
                    .iter()
                    .map(|one| {
                        let [metric, log, span] = one.counts;
                        Variant { meaning: &one.meaning, name: &one.name, metric, log, span }
                    })
                    .collect(),
                joined: report.joined.get(&place).map(|one| Joined {
                    spans: one.spans,
                    logs: one.logs,
                    logs_without_span_id: one.logs_alone,
                    joined: one.joined,
                    expired: one.expired,
                    exemplars: one.exemplars,
                    exemplars_joined: one.exemplars_joined,
                    counted: one.counted,
                }),
            })
            .collect(),
        scopes,
    };
    let mut text = serde_json::to_string_pretty(&file)?;
    text.push('\n');
    Ok(text)
}
