//! The compiler-like and the one-line rendering, by codespan-reporting.

use codespan_reporting::diagnostic::{Diagnostic as Report, Label, Severity as ReportSeverity};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{Config, DisplayStyle, emit_into_string};
use slo_grammar::FileId;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{LineColumn, SourceFile, SourceMap};

/// A source map as codespan-reporting asks for it.
struct ReportFiles<'s> {
    sources: &'s SourceMap,
}

impl<'s> ReportFiles<'s> {
    fn file(&self, id: u32) -> Result<&'s SourceFile, Error> {
        self.sources.file(FileId(id)).ok_or(Error::FileMissing)
    }

    fn starts(&self, id: u32) -> Result<&'s [usize], Error> {
        self.file(id).map(|_| self.sources.line_starts(FileId(id)))
    }
}

impl<'s> Files<'s> for ReportFiles<'s> {
    type FileId = u32;
    type Name = &'s str;
    type Source = &'s str;

    fn name(&'s self, id: u32) -> Result<&'s str, Error> {
        Ok(&self.file(id)?.name)
    }

    fn source(&'s self, id: u32) -> Result<&'s str, Error> {
        Ok(&self.file(id)?.text)
    }

    fn line_index(&'s self, id: u32, offset: usize) -> Result<usize, Error> {
        let starts = self.starts(id)?;
        Ok(starts.partition_point(|start| *start <= offset).saturating_sub(1))
    }

    fn line_range(&'s self, id: u32, line: usize) -> Result<std::ops::Range<usize>, Error> {
        let starts = self.starts(id)?;
        let too_large = Error::LineTooLarge { given: line, max: starts.len() };
        let start = *starts.get(line).ok_or(too_large)?;
        let end = starts.get(line + 1).copied().unwrap_or(self.file(id)?.text.len());
        Ok(start..end)
    }
}

fn report(diagnostic: &Diagnostic) -> Report<u32> {
    let severity = match diagnostic.severity {
        Severity::Error => ReportSeverity::Error,
        Severity::Warning => ReportSeverity::Warning,
        Severity::Note => ReportSeverity::Note,
    };
    let labels = diagnostic.labels.iter().enumerate().map(|(index, label)| {
        let style = if index == 0 { Label::primary } else { Label::secondary };
        style(label.place.file.0, label.place.range()).with_message(&label.text)
    });
    let mut notes = diagnostic.notes.iter().map(|note| format!("note: {note}")).collect::<Vec<_>>();
    notes.extend(diagnostic.help.iter().map(|help| format!("help: {help}")));
    notes
        .extend(diagnostic.owner.iter().map(|owner| format!("owner: the file to change is kept by {owner}")));
    Report::new(severity)
        .with_code(diagnostic.code.id())
        .with_message(&diagnostic.message)
        .with_labels(labels.collect())
        .with_notes(notes)
}

fn render(diagnostics: &[Diagnostic], sources: &SourceMap, display_style: DisplayStyle) -> String {
    let files = ReportFiles { sources };
    let config = Config { display_style, ..Config::default() };
    diagnostics
        .iter()
        .filter_map(|diagnostic| emit_into_string(&config, &files, &report(diagnostic)).ok())
        .collect()
}

/// As rustc shows its own: the lines of every file that has a part in it.
#[must_use]
pub fn rustc(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    render(diagnostics, sources, DisplayStyle::Rich)
}

/// A line for each: `file:line:column: error[CODE]: message`; and one for each further place that has a part in it:
/// `file:line:column: note: text`.
#[must_use]
pub fn short(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&render(std::slice::from_ref(diagnostic), sources, DisplayStyle::Short));
        for label in diagnostic.labels.iter().skip(1) {
            let LineColumn { line, column } = sources.line_column(label.place);
            text.push_str(&format!(
                "{}:{line}:{column}: note: {}\n",
                sources.name(label.place.file),
                label.text
            ));
        }
    }
    text
}
