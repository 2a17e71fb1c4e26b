//! As commands of GitHub's workflows, which make annotations of a pull request: a line each.
//!
//! Source: GitHub's runner, `ActionCommand`: what is escaped in a property, and in the message behind it.

use super::report::{Finding, Location, Report, counts};
use crate::diagnostic::Severity;

/// How many annotations of each kind GitHub keeps of one step.
const MOST_KEPT: usize = 10;

/// The findings as annotations. Where there are more of a kind than GitHub keeps, a line says so before the first one: what is
/// written last is what GitHub leaves out.
#[must_use]
pub fn github(report: &Report<'_>) -> String {
    let findings = report.findings();
    let of = |severity| findings.iter().filter(|finding| finding.diagnostic.severity == severity).count();
    let mut text = String::new();
    if [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .any(|severity| of(severity) > MOST_KEPT)
    {
        let message = format!(
            "{}: GitHub shows the first {MOST_KEPT} of each kind as annotations; the log of this step has all of them",
            counts(&findings)
        );
        text.push_str(&format!("::notice title=slo::{}\n", data(&message)));
    }
    text.extend(findings.iter().map(line));
    text
}

fn line(finding: &Finding<'_>) -> String {
    let diagnostic = finding.diagnostic;
    let kind = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    let mut message = vec![finding.message()];
    if let Some(at) = finding.places.first() {
        match &at.location {
            Location::Inside(_) => {
                properties.push(format!("file={}", property(&at.location.shown())));
                properties.push(format!("line={},endLine={}", at.start.line, at.end.line));
                // GitHub takes columns of one line alone.
                if at.start.line == at.end.line {
                    properties.push(format!("col={},endColumn={}", at.start.column, at.end.column));
                }
            }
            _ if at.text.is_empty() => message.push(at.shown()),
            _ => {}
        }
    }
    properties
        .push(format!("title={}", property(&format!("{}: {}", diagnostic.code, diagnostic.code.title()))));
    message.extend(finding.lines());
    format!("::{kind} {}::{}\n", properties.join(","), data(&message.join("\n")))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
