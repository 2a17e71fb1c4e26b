//! What goes on while telemetry comes: questions are answered, findings sent on, and contracts that were changed are read again.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use slo_compiler::diagnostic::{Diagnostic, Severity};
use slo_verify::input::serve::{Ask, Question};
use slo_verify::{Joined, Report, Run, Verifier};

use super::super::Failure;
use super::super::ways::{Session, Turn};
use super::contracts::Contracts;
use super::report;
use crate::arguments::Verify;
use crate::output;

/// How often it is looked whether contracts were changed and whether there is something to send on.
const EVERY: Duration = Duration::from_secs(1);

/// Why contracts judge no longer.
pub(super) enum Until {
    Over,
    /// Somebody asked for the last verdict.
    Stopped(Ask),
    /// These took their place.
    Changed(Box<Contracts>),
}

/// The findings that were sent on.
#[derive(Default)]
pub(super) struct Sent {
    findings: BTreeSet<(&'static str, Vec<String>)>,
    /// Of how many causes they were.
    causes: usize,
}

impl Sent {
    /// Sends what was not sent.
    pub(super) fn send(&mut self, session: &Session<'_>, contracts: &Contracts, all: &[Diagnostic]) {
        let Some(to) = session.findings() else { return };
        let sources = &contracts.fleet.sources;
        let new = all.iter().filter(|one| self.findings.insert((one.code.id(), one.names.clone())));
        let with_place = new.map(|finding| {
            let place = finding.labels.first().map_or_else(String::new, |label| {
                let at = sources.line_column(label.place);
                format!("{}:{}:{}", sources.name(label.place.file), at.line, at.column)
            });
            (finding, place)
        });
        to.send(&with_place.collect::<Vec<_>>());
    }
}

/// Judges what comes by these contracts, as long as they do.
pub(super) fn judge(
    session: &mut Session<'_>,
    run: &mut Run<'_, Verifier<'_>>,
    (root, contracts): (&Path, &mut Contracts),
    earlier: &Report,
    sent: &mut Sent,
    verify: &Verify,
) -> Result<Until, Failure> {
    let so_far = |run: &Run<'_, Verifier<'_>>| {
        let mut report = run.takes().report().with_unread(run.unread());
        report.merge(earlier.clone());
        report
    };
    let mut looked = Instant::now();
    let mut told = String::new();
    loop {
        match session.step(run)? {
            Turn::Over => return Ok(Until::Over),
            Turn::Asked(ask) => match ask.question() {
                Question::Stop => return Ok(Until::Stopped(ask)),
                Question::Verdict => {
                    let report = so_far(run);
                    let all = contracts.findings(&report, &verify.require_coverage);
                    ask.answer(report::json(&report, &all)?);
                }
                Question::Metrics => {
                    let report = so_far(run);
                    let all = contracts.findings(&report, &[]);
                    ask.answer(metrics(&report, &all));
                }
            },
            Turn::Going => {}
        }
        if looked.elapsed() < EVERY {
            continue;
        }
        looked = Instant::now();
        if session.findings().is_some() && run.takes().found() != sent.causes {
            sent.causes = run.takes().found();
            // Of what only many records show together, the end of the run tells.
            let found = contracts.findings(&so_far(run), &[]);
            sent.send(session, contracts, &found);
        }
        if verify.serve && contracts.are_stale(root) {
            match Contracts::open(root, &verify.previous) {
                Ok(next) => {
                    output::aside("slo: the contracts were changed, and judge what comes from now on\n");
                    return Ok(Until::Changed(Box::new(next)));
                }
                Err(why) if told != why.to_string() => {
                    told = why.to_string();
                    output::aside(&format!(
                        "slo: the contracts were changed, and those of before go on: {told}\n"
                    ));
                }
                Err(_) => {}
            }
        }
    }
}

/// What was counted, as Prometheus text.
fn metrics(report: &Report, all: &[Diagnostic]) -> String {
    let mut text = String::new();
    let mut family = |name: &str, kind: &str, help: &str, samples: &[(String, u64)]| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (labels, value) in samples {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
    };
    let of = |severity: Severity| {
        let count = all.iter().filter(|finding| finding.severity == severity).count() as u64;
        (format!("{{severity=\"{}\"}}", severity.name()), count)
    };
    family(
        "slo_verify_findings",
        "gauge",
        "Findings that nothing accepts.",
        &[Severity::Error, Severity::Warning, Severity::Note].map(of),
    );
    let faults = report.causes.iter().map(|cause| {
        (format!("{{code=\"{}\",severity=\"{}\"}}", cause.code, cause.severity.name()), cause.count)
    });
    let mut by_code = std::collections::BTreeMap::new();
    faults.for_each(|(labels, count)| *by_code.entry(labels).or_insert(0_u64) += count);
    let by_code: Vec<_> = by_code.into_iter().collect();
    family("slo_verify_faults_total", "counter", "Records with a fault, by its code.", &by_code);
    let shares = || report.scopes.values().chain([&report.other_scopes]);
    let records: Vec<_> = ["point", "log", "span"]
        .into_iter()
        .enumerate()
        .flat_map(|(number, signal)| {
            let sum = |all: fn(&slo_verify::Share) -> [u64; 3]| {
                shares().filter_map(|share| all(share).get(number).copied()).fold(0, u64::saturating_add)
            };
            [("contract", sum(|share| share.own)), ("others", sum(|share| share.others))]
                .map(|(of, count)| (format!("{{signal=\"{signal}\",of=\"{of}\"}}"), count))
        })
        .collect();
    family("slo_verify_records_total", "counter", "Records that came, and whose they are.", &records);
    let refused =
        report.refusals.iter().map(|one| one.count).fold(report.refusals_beyond, u64::saturating_add);
    family(
        "slo_verify_unread_total",
        "counter",
        "Parts that could not be read.",
        &[(String::new(), refused)],
    );
    let joined = |part: fn(&Joined) -> u64| {
        let sum = report.joined.values().map(part).fold(0, u64::saturating_add);
        [(String::new(), sum)]
    };
    family(
        "slo_verify_log_records_joined_total",
        "counter",
        "Log records that were joined with their span.",
        &joined(|one| one.joined),
    );
    family(
        "slo_verify_log_records_expired_total",
        "counter",
        "Log records whose span did not come within the window.",
        &joined(|one| one.expired),
    );
    family(
        "slo_verify_records_waiting",
        "gauge",
        "Records that wait for the span that they name.",
        &[(String::new(), report.waiting)],
    );
    text
}
