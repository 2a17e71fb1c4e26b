//! As a report of GitLab's Code Quality: a JSON array.
//!
//! Source: GitLab, "Import code quality results from a CI/CD job"; the fields that GitLab passes over are those of the Code
//! Climate specification, from which the form comes.

use serde::Serialize;

use super::markdown;
use super::report::{At, Finding, Report};
use crate::diagnostic::Severity;

#[derive(Serialize)]
struct Issue {
    #[serde(rename = "type")]
    kind: &'static str,
    check_name: &'static str,
    description: String,
    content: Content,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: String,
    location: Place,
    other_locations: Vec<Place>,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The findings as GitLab shows them beside a merge request. Of a finding it shows the description, in which all stands.
#[must_use]
pub fn gitlab(report: &Report<'_>) -> String {
    let issues: Vec<Issue> = report.findings().iter().map(issue).collect();
    // Strings and numbers always serialise.
    let mut text = serde_json::to_string_pretty(&issues).unwrap_or_default();
    text.push('\n');
    text
}

fn issue(finding: &Finding<'_>) -> Issue {
    let diagnostic = finding.diagnostic;
    let mut places = finding.places.iter().map(place);
    let mut description = vec![format!("{}: {}", diagnostic.code, finding.message())];
    description.extend(finding.lines());
    Issue {
        kind: "issue",
        check_name: diagnostic.code.id(),
        description: description.join("; "),
        content: Content { body: markdown::finding(finding) },
        categories: ["Bug Risk"],
        severity: match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        fingerprint: finding.fingerprint.clone(),
        location: places.next().unwrap_or(Place { path: ".".to_owned(), lines: Lines { begin: 1, end: 1 } }),
        other_locations: places.collect(),
    }
}

fn place(at: &At) -> Place {
    Place { path: at.location.shown(), lines: Lines { begin: at.start.line, end: at.end.line } }
}
