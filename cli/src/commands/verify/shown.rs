//! What a run is told to people: what was seen, what was not, whose telemetry came, and what was joined.

use std::fmt::Write as _;

use slo_compiler::diagnostic::{Diagnostic, Severity};
use slo_verify::{Joined, Part, Report, Share};

use crate::arguments::{Findings, Format};
use crate::output;

/// How many scopes of others are listed.
const MOST_SCOPES: usize = 8;

/// The last lines for people.
pub(super) fn aside(report: &Report, all: &[Diagnostic], findings: &Findings) {
    if findings.shown.format != Format::Human {
        return;
    }
    let mut text = String::new();
    shares(report, &mut text);
    if !report.is_of_others() {
        for part in Part::ALL {
            let covered = report.covered(part);
            if covered.all() == 0 {
                continue;
            }
            let unseen = if covered.unseen.is_empty() {
                String::new()
            } else {
                format!("; not seen: {}", covered.shown())
            };
            let _ = writeln!(text, "slo: {} of {} {} seen{unseen}", covered.seen, covered.all(), part.name());
        }
    }
    joined(report, &mut text);
    let count = |severity| all.iter().filter(|finding| finding.severity == severity).count();
    let verdict = match (count(Severity::Error), count(Severity::Warning), count(Severity::Note)) {
        (0, 0, 0) => "nothing was found".to_owned(),
        (errors, warnings, notes) => {
            let counted = |count: usize, word: &str| match count {
                0 => None,
                1 => Some(format!("1 {word}")),
                count => Some(format!("{count} {word}s")),
            };
            let counts = [counted(errors, "error"), counted(warnings, "warning"), counted(notes, "note")];
            counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    };
    let beyond = if report.beyond > 0 {
        format!(", and {} faults of other causes past those told apart", report.beyond)
    } else {
        String::new()
    };
    let _ = writeln!(text, "slo: {verdict}{beyond}");
    if report.refusals_beyond > 0 {
        let _ = writeln!(
            text,
            "slo: {} parts more could not be read, past those that are told apart",
            report.refusals_beyond
        );
    }
    output::aside(&text);
    output::more(all, &findings.shown);
}

fn total(counts: [u64; 3]) -> u64 {
    counts.iter().fold(0, |total, count| total.saturating_add(*count))
}

/// Whose telemetry came.
fn shares(report: &Report, text: &mut String) {
    let all: Vec<(&str, Share)> = report
        .scopes
        .iter()
        .map(|(name, share)| (name.as_str(), *share))
        .chain(std::iter::once(("(more scopes)", report.other_scopes)))
        .collect();
    let sum = |part: fn(&Share) -> [u64; 3]| {
        all.iter().fold([0_u64; 3], |sum, (_, share)| {
            let mut sum = sum;
            sum.iter_mut().zip(part(share)).for_each(|(sum, count)| *sum = sum.saturating_add(count));
            sum
        })
    };
    let (own, others) = (sum(|share| share.own), sum(|share| share.others));
    let _ = writeln!(
        text,
        "slo: of the contract are {} of {} spans, {} of {} log records, {} of {} points",
        own[2],
        own[2] + others[2],
        own[1],
        own[1] + others[1],
        own[0],
        own[0] + others[0]
    );
    let mut foreign: Vec<&(&str, Share)> = all.iter().filter(|(_, share)| total(share.others) > 0).collect();
    foreign.sort_by_key(|(name, share)| (std::cmp::Reverse(total(share.others)), *name));
    if foreign.is_empty() {
        return;
    }
    let shown: Vec<&&(&str, Share)> = foreign.iter().take(MOST_SCOPES).collect();
    let name = |name: &str| if name.is_empty() { "(no scope)".to_owned() } else { shortened(name) };
    let width = shown.iter().map(|(one, _)| name(one).chars().count()).max().unwrap_or(0);
    let _ = writeln!(text, "slo: the rest by scope, {:width$}  spans  logs  points", "");
    for (scope, share) in shown {
        let [points, logs, spans] = share.others;
        let _ = writeln!(text, "       {:<width$}         {spans:>7} {logs:>5} {points:>7}", name(scope));
    }
    if foreign.len() > MOST_SCOPES {
        let _ = writeln!(text, "       and {} scopes more", foreign.len() - MOST_SCOPES);
    }
}

/// A name from outside, as it may be shown.
fn shortened(name: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = name.chars().take(MOST).flat_map(char::escape_debug).collect();
    if name.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// How many events were joined.
fn joined(report: &Report, text: &mut String) {
    let all = report.joined.values();
    let (logs, joined) =
        all.fold((0, 0), |(logs, joined), one| (logs + one.logs + one.logs_alone, joined + one.joined));
    let alone: u64 = report.joined.values().map(|one| one.logs_alone).sum();
    let expired: u64 = report.joined.values().map(|one| one.expired).sum();
    let sum = |part: fn(&Joined) -> u64| report.joined.values().map(part).fold(0, u64::saturating_add);
    let exemplars = sum(|one| one.exemplars);
    if exemplars > 0 {
        let joined = sum(|one| one.exemplars_joined);
        let _ = writeln!(text, "slo: {joined} of {exemplars} exemplars of points led to their spans");
    }
    let both = || report.joined.values().filter(|one| one.counted > 0 && one.spans > 0);
    let of_both = |part: fn(&Joined) -> u64| both().map(part).fold(0, u64::saturating_add);
    if both().any(|one| one.counted != one.spans) {
        let _ = writeln!(
            text,
            "slo: counters say that {} events happened, of which {} spans came",
            of_both(|one| one.counted),
            of_both(|one| one.spans)
        );
    }
    if logs == 0 {
        return;
    }
    let mut why = Vec::new();
    if alone > 0 {
        why.push(format!("{alone} came without a span's identifier"));
    }
    if expired > 0 {
        why.push(format!("the span of {expired} did not come within the window"));
    }
    let why = if why.is_empty() { String::new() } else { format!("; {}", why.join(", ")) };
    let apart = report.apart().map_or_else(String::new, |[half, _, most]| {
        format!("; half of them less than {} apart, 99 of 100 less than {}", duration(half), duration(most))
    });
    let _ = writeln!(text, "slo: {joined} of {logs} log records were joined with their spans{why}{apart}");
}

/// A number of nanoseconds in the largest unit of which there is one.
fn duration(nanoseconds: u64) -> String {
    let units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs")];
    let unit = units.into_iter().find(|(unit, _)| nanoseconds >= *unit).unwrap_or((1, "ns"));
    format!("{} {}", nanoseconds.div_ceil(unit.0), unit.1)
}
