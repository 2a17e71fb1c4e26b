//! The rendering for people at a terminal, by miette.

use std::fmt;

use miette::{GraphicalReportHandler, LabeledSpan, NamedSource, SourceCode};
use slo_grammar::FileId;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::SourceMap;

/// One file's part in a diagnostic: miette shows one source a report, and the others as related ones.
#[derive(Debug)]
struct Part {
    code: Option<String>,
    severity: miette::Severity,
    message: String,
    source: NamedSource<String>,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
    related: Vec<Part>,
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Part {}

impl miette::Diagnostic for Part {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let parts = self.related.iter().map(|part| part as &dyn miette::Diagnostic);
        (!self.related.is_empty()).then(|| Box::new(parts) as Box<dyn Iterator<Item = &dyn miette::Diagnostic>>)
    }
}

fn part(diagnostic: &Diagnostic, sources: &SourceMap, file: FileId) -> Part {
    let labels = diagnostic.labels.iter().enumerate().filter(|(_, label)| label.place.file == file);
    let labels = labels.map(|(index, label)| {
        let text = (!label.text.is_empty()).then(|| label.text.clone());
        let range = label.place.range();
        let span = (range.start, range.len());
        if index == 0 {
            LabeledSpan::new_primary_with_span(text, span)
        } else {
            LabeledSpan::new_with_span(text, span)
        }
    });
    let text = sources.file(file).map_or(String::new(), |file| file.text.to_string());
    Part {
        code: None,
        severity: miette::Severity::Advice,
        message: format!("in {}", sources.name(file)),
        source: NamedSource::new(sources.name(file), text),
        labels: labels.collect(),
        help: None,
        related: Vec::new(),
    }
}

fn report(diagnostic: &Diagnostic, sources: &SourceMap) -> Part {
    let mut files: Vec<FileId> = Vec::new();
    for label in &diagnostic.labels {
        if !files.contains(&label.place.file) {
            files.push(label.place.file);
        }
    }
    let mut parts = files.into_iter().map(|file| part(diagnostic, sources, file));
    let mut help: Vec<String> = diagnostic.help.iter().cloned().collect();
    help.extend(diagnostic.notes.iter().map(|note| format!("note: {note}")));
    help.extend(diagnostic.owner.iter().map(|owner| format!("the file to change is kept by {owner}")));
    let first = parts.next().unwrap_or_else(|| part(diagnostic, sources, FileId(u32::MAX)));
    Part {
        code: Some(diagnostic.code.id().to_owned()),
        severity: match diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        },
        message: diagnostic.message.clone(),
        help: (!help.is_empty()).then(|| help.join("\n")),
        related: parts.collect(),
        ..first
    }
}

/// For people at a terminal: with colours and lines if `color`, else plain; `width` is the terminal's, in columns.
#[must_use]
pub fn human(diagnostics: &[Diagnostic], sources: &SourceMap, color: bool, width: usize) -> String {
    let theme =
        if color { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let mut text = String::new();
    for diagnostic in diagnostics {
        // A string never refuses what is written into it.
        let _ = handler.render_report(&mut text, &report(diagnostic, sources));
    }
    text
}
