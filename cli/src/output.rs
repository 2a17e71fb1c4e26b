//! What the program shows.

use std::io::{self, IsTerminal, Write};

use slo_compiler::Compilation;
use slo_compiler::accept::Accepted;
use slo_compiler::diagnostic::render::{self, Report, Repository, Run};
use slo_compiler::diagnostic::{Diagnostic, Severity};
use slo_compiler::fleet::Fleet;
use slo_compiler::source::SourceMap;

use crate::arguments::{Check, Color, Findings, Format, Shown};

/// Where something is shown.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Out,
    Error,
}

/// The findings as they were asked for. Reports say which of them fail, where warnings are denied too.
pub(crate) fn rendered(
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    shown: &Shown,
    deny_warnings: bool,
    stream: Stream,
) -> String {
    rendered_of(Run { diagnostics, sources, judged: &[0], accepted: None }, shown, deny_warnings, stream)
}

/// The findings of a contract that was checked by itself, and what of it is accepted, where that is asked for.
pub(crate) fn checked_rendered(compilation: &Compilation, check: &Check) -> String {
    let accepted: Option<Vec<Accepted>> =
        check.with_accepted.then(|| compilation.accepted_here().cloned().collect());
    let (diagnostics, sources) = (&compilation.diagnostics, &compilation.sources);
    let run = Run { diagnostics, sources, judged: &[0], accepted: accepted.as_deref() };
    rendered_of(run, &check.findings.shown, check.findings.deny_warnings, Stream::Out)
}

/// The findings of members that were checked together.
pub(crate) fn fleet_rendered(fleet: &Fleet, all: &[Diagnostic], check: &Check) -> String {
    let (judged, findings) = (fleet.judged(), &check.findings);
    let accepted: Option<Vec<Accepted>> =
        check.with_accepted.then(|| fleet.all_accepted().cloned().collect());
    let run =
        Run { diagnostics: all, sources: &fleet.sources, judged: &judged, accepted: accepted.as_deref() };
    rendered_of(run, &findings.shown, findings.deny_warnings, Stream::Out)
}

/// What is found of the telemetry that members answer for.
#[cfg(feature = "verify")]
pub(crate) fn telemetry_rendered(fleet: &Fleet, all: &[Diagnostic], findings: &Findings) -> String {
    let judged = fleet.judged();
    let run = Run { diagnostics: all, sources: &fleet.sources, judged: &judged, accepted: None };
    rendered_of(run, &findings.shown, findings.deny_warnings, Stream::Out)
}

/// What a run found, as it was asked for.
pub(crate) fn rendered_of(run: Run<'_>, shown: &Shown, deny_warnings: bool, stream: Stream) -> String {
    let (diagnostics, sources) = (run.diagnostics, run.sources);
    let runs = [run];
    let report = |render: fn(&Report<'_>) -> String| {
        render(&Report { runs: &runs, repository: &repository(), deny_warnings })
    };
    match shown.format {
        Format::Rustc => render::rustc(diagnostics, sources),
        Format::Short => render::short(diagnostics, sources),
        Format::Json => render::json(diagnostics, sources),
        Format::Human => render::human(diagnostics, sources, is_colored(shown.color, stream), width()),
        Format::Sarif => report(render::sarif),
        Format::Github => report(render::github),
        Format::Gitlab => report(render::gitlab),
        Format::Junit => report(render::junit),
        Format::Markdown => report(render::markdown),
    }
}

/// The repository around this folder, as Git knows one: a folder with `.git`, which a worktree has as a file. Without one, this
/// folder.
fn repository() -> Repository {
    let here = std::env::current_dir().unwrap_or_default();
    let root = here.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&here);
    Repository::new(root, &here)
}

/// Whether what goes to a stream has colours.
pub(crate) fn is_colored(color: Color, stream: Stream) -> bool {
    let terminal = match stream {
        Stream::Out => io::stdout().is_terminal(),
        Stream::Error => io::stderr().is_terminal(),
    };
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}

/// The terminal's width in columns, as far as it says so.
pub(crate) fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100)
}

/// Writes what was asked for. A reader that has seen enough is no failure.
pub(crate) fn result(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes what goes with it.
pub(crate) fn aside(text: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// How many findings there are of each severity: "1 error, 2 warnings"; empty where there are none.
pub(crate) fn counts(compilation: &Compilation) -> String {
    counted(|severity| compilation.count(severity))
}

fn counted(count: impl Fn(Severity) -> usize) -> String {
    let count = |severity, word: &str| match count(severity) {
        0 => None,
        1 => Some(format!("1 {word}")),
        count => Some(format!("{count} {word}s")),
    };
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counts: Vec<String> =
        counts.into_iter().filter_map(|(severity, word)| count(severity, word)).collect();
    counts.join(", ")
}

/// A last line for people.
pub(crate) fn summary(compilation: &Compilation, findings: &Findings) {
    if findings.shown.format != Format::Human {
        return;
    }
    let counts = counts(compilation);
    let found = if counts.is_empty() { String::new() } else { format!(" ({counts})") };
    let name = compilation
        .contract
        .as_ref()
        .map_or("the contract".to_owned(), |contract| format!("`{}`", contract.name));
    let verdict = if compilation.checked.is_some() && compilation.count(Severity::Error) == 0 {
        "is sound"
    } else {
        "is not sound"
    };
    let accepted = crate::commands::baseline::accepted(compilation);
    aside(&format!("slo: {name} {verdict}{found}{accepted}\n"));
    more(&compilation.diagnostics, &findings.shown);
}

/// A last line for people, of members that were checked together.
pub(crate) fn fleet_summary(fleet: &Fleet, findings: &Findings) {
    if findings.shown.format != Format::Human {
        return;
    }
    let counts = counted(|severity| fleet.count(severity));
    let found = if counts.is_empty() { String::new() } else { format!(" ({counts})") };
    let said = fleet.members.iter().filter(|member| member.is_said).count();
    let members = match (said, fleet.members.len()) {
        (1, 1) => "1 member".to_owned(),
        (said, all) if said == all => format!("{all} members"),
        (said, all) => format!("{said} of {all} members"),
    };
    let unsound: Vec<String> = fleet.unsound().map(|member| format!("`{}`", member.name)).collect();
    let verdict = match unsound.as_slice() {
        [] if fleet.count(Severity::Error) > 0 => match fleet.members.as_slice() {
            [one] => format!("`{}` is not sound", one.name),
            _ => "the workspace is not sound".to_owned(),
        },
        [] => "all of them sound".to_owned(),
        [one] => format!("{one} is not sound"),
        several => format!("{} are not sound: {}", several.len(), some(several)),
    };
    aside(&format!("slo: {members} checked, {verdict}{found}\n"));
    for (rule, place, count) in fleet.broken_rules() {
        let line = fleet.sources.line_column(place).line;
        let file = fleet.sources.name(place.file);
        let (member, breaks) = if count == 1 { ("member", "breaks") } else { ("members", "break") };
        aside(&format!("slo: {count} {member} of {said} {breaks} `{rule}` ({file}:{line})\n"));
    }
    let unknown = fleet.members.iter().filter(|member| member.index.is_none());
    let unknown: Vec<String> = unknown.map(|member| format!("`{}`", member.name)).collect();
    if !unknown.is_empty() {
        let names = some(&unknown);
        aside(&format!("slo: too little is known of these to compare them with others: {names}\n"));
    }
}

/// The first of many names, and how many more there are.
fn some(names: &[String]) -> String {
    const MOST: usize = 20;
    let first = names.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(MOST) {
        None | Some(0) => first,
        Some(more) => format!("{first} and {more} more"),
    }
}

/// Where people read more of these findings.
pub(crate) fn more(diagnostics: &[Diagnostic], shown: &Shown) {
    let Some(first) = diagnostics.first().filter(|_| shown.format == Format::Human) else { return };
    let one = diagnostics.iter().all(|diagnostic| diagnostic.code == first.code);
    aside(&match one {
        true => format!("slo: `slo explain {}` says more\n", first.code),
        false => "slo: `slo explain CODE` says more of a finding\n".to_owned(),
    });
}
