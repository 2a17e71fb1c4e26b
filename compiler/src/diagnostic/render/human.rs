//! The rendering for people at a terminal, by miette.

use crate::hash::HashSet;
use std::fmt;

use miette::{
    GraphicalReportHandler, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};
use slo_grammar::{FileId, Place};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{LineColumn, SourceMap};

/// A file as miette asks for it. Miette's own sources are read from their beginning for each place.
#[derive(Debug)]
struct Source<'s> {
    sources: &'s SourceMap,
    file: FileId,
}

impl SourceCode for Source<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.sources.file(self.file).map_or("", |file| &file.text);
        let starts = self.sources.line_starts(self.file);
        let line_of = |offset: usize| starts.partition_point(|start| *start <= offset).saturating_sub(1);
        if span.offset() + span.len() > text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let first = line_of(span.offset()).saturating_sub(lines_before);
        let last = line_of((span.offset() + span.len()).saturating_sub(1).max(span.offset())) + lines_after;
        let start = starts.get(first).copied().unwrap_or(0);
        let end = starts.get(last + 1).copied().unwrap_or(text.len());
        let data = text.as_bytes().get(start..end).ok_or(MietteError::OutOfBounds)?;
        let name = self.sources.name(self.file).to_owned();
        let part = SourceSpan::new(start.into(), data.len());
        // As miette's own sources have it: the column is the span's where no lines before it are read. Otherwise than
        // they, which count the lines from the text's beginning: by their number miette joins what stands near, and
        // would join what is far apart.
        let column =
            if lines_before == 0 { self.sources.position(self.file, span.offset()).column - 1 } else { 0 };
        Ok(Box::new(MietteSpanContents::new_named(
            name,
            data,
            part,
            first,
            column,
            (last + 1).min(starts.len()) - first.min(last),
        )))
    }
}

/// One file's part in a finding: miette shows one source a report.
#[derive(Debug)]
struct Part<'s> {
    code: Option<String>,
    severity: miette::Severity,
    message: String,
    source: Source<'s>,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Part<'_> {}

impl miette::Diagnostic for Part<'_> {
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
}

fn part<'s>(diagnostic: &Diagnostic, sources: &'s SourceMap, file: FileId) -> Part<'s> {
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
    Part {
        code: None,
        severity: miette::Severity::Advice,
        message: format!("in {}", sources.name(file)),
        source: Source { sources, file },
        labels: labels.collect(),
        help: None,
    }
}

/// A finding as what is shown one below the other: a part for each file that it has a place in, the last with what to
/// do. A place in another file that was `shown` of a finding before this one is named, and not shown again.
fn report<'s, 'd>(
    diagnostic: &'d Diagnostic,
    sources: &'s SourceMap,
    shown: &mut HashSet<(Place, &'d str)>,
) -> Vec<Part<'s>> {
    let primary = diagnostic.place().map_or(FileId(u32::MAX), |place| place.file);
    let mut files: Vec<FileId> = vec![primary];
    let mut again: Vec<String> = Vec::new();
    for label in &diagnostic.labels {
        let file = label.place.file;
        if file == primary {
            continue;
        }
        if !shown.insert((label.place, &label.text)) {
            let LineColumn { line, column } = sources.line_column(label.place);
            again.push(format!("see {}:{line}:{column} above: {}", sources.name(file), label.text));
        } else if !files.contains(&file) {
            files.push(file);
        }
    }
    let mut parts: Vec<Part<'s>> = files.into_iter().map(|file| part(diagnostic, sources, file)).collect();
    if let Some(first) = parts.first_mut() {
        first.code = Some(diagnostic.code.id().to_owned());
        first.severity = match diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        };
        first.message.clone_from(&diagnostic.message);
    }
    let mut help: Vec<String> = diagnostic.help.iter().cloned().collect();
    help.extend(again);
    help.extend(diagnostic.notes.iter().map(|note| format!("note: {note}")));
    help.extend(diagnostic.owner.iter().map(|owner| format!("the file to change is kept by {owner}")));
    if let Some(last) = parts.last_mut().filter(|_| !help.is_empty()) {
        last.help = Some(help.join("\n"));
    }
    parts
}

/// How long an excerpt may be, in bytes. Nobody reads a longer one, and miette can't count further than 65,535 columns.
const LONGEST: usize = 10_000;

/// Whether the lines of a label, and those before and behind, are more than a person reads.
fn is_too_long(diagnostic: &Diagnostic, sources: &SourceMap) -> bool {
    diagnostic.labels.iter().any(|label| {
        let starts = sources.line_starts(label.place.file);
        let end = sources.file(label.place.file).map_or(0, |file| file.text.len());
        let behind = |offset: u32| starts.partition_point(|start| *start <= offset as usize);
        let first = starts.get(behind(label.place.start).saturating_sub(2)).copied().unwrap_or(0);
        let last = starts.get(behind(label.place.end) + 1).copied().unwrap_or(end);
        last.saturating_sub(first) > LONGEST
    })
}

/// For people at a terminal: with colours and lines if `color`, else plain; `width` is the terminal's, in columns.
#[must_use]
pub fn human(diagnostics: &[Diagnostic], sources: &SourceMap, color: bool, width: usize) -> String {
    let theme =
        if color { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let mut text = String::new();
    let mut shown = HashSet::default();
    for (number, diagnostic) in diagnostics.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        if is_too_long(diagnostic, sources) {
            text.push_str(&super::short(std::slice::from_ref(diagnostic), sources));
            text.extend(diagnostic.help.iter().map(|help| format!("  help: {help}\n")));
            continue;
        }
        for part in report(diagnostic, sources, &mut shown) {
            // A string never refuses what is written into it.
            let _ = handler.render_report(&mut text, &part);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::SourceFile;
    use slo_grammar::Place;

    #[test]
    fn what_stands_far_out_on_its_line_is_told_by_its_place() {
        let mut sources = SourceMap::default();
        let file = sources.add(SourceFile {
            name: "a.slo".to_owned(),
            path: "a.slo".to_owned(),
            root: 0,
            text: "x".repeat(70_000).into(),
            owner: None,
        });
        let wide = Diagnostic::new(Code::Unexpected, Place::new(file, 69_000, 70_000), "too far out")
            .help("break it");
        let text = human(&[wide], &sources, false, 100);
        assert_eq!(text, "a.slo:1:69001: error[SLO0101]: too far out\n  help: break it\n");
    }
}
