//! One JSON object a line, for programs. Lines and columns count from 1, columns in characters; offsets are bytes.

use serde::Serialize;
use slo_grammar::Place;

use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;

#[derive(Serialize)]
struct JsonDiagnostic<'d> {
    code: &'d str,
    severity: &'d str,
    class: &'d str,
    names: &'d [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u64>,
    message: &'d str,
    labels: Vec<JsonLabel<'d>>,
    notes: &'d [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'d str>,
    fixes: Vec<JsonFix<'d>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'d str>,
}

#[derive(Serialize)]
struct JsonLabel<'d> {
    #[serde(flatten)]
    place: JsonPlace<'d>,
    text: &'d str,
    primary: bool,
}

#[derive(Serialize)]
struct JsonFix<'d> {
    #[serde(flatten)]
    place: JsonPlace<'d>,
    replacement: &'d str,
}

#[derive(Serialize)]
struct JsonPlace<'d> {
    file: &'d str,
    start: u32,
    end: u32,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

fn place(place: Place, sources: &SourceMap) -> JsonPlace<'_> {
    let start = sources.line_column(place);
    let end = sources.position(place.file, place.end as usize);
    JsonPlace {
        file: sources.name(place.file),
        start: place.start,
        end: place.end,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// A JSON object for each diagnostic, each on a line of its own.
#[must_use]
pub fn json(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let labels = diagnostic.labels.iter().enumerate();
        let object = JsonDiagnostic {
            code: diagnostic.code.id(),
            severity: diagnostic.severity.name(),
            class: diagnostic.class().name(),
            names: &diagnostic.names,
            number: diagnostic.number,
            message: &diagnostic.message,
            labels: labels
                .map(|(index, label)| JsonLabel {
                    place: place(label.place, sources),
                    text: &label.text,
                    primary: index == 0,
                })
                .collect(),
            notes: &diagnostic.notes,
            help: diagnostic.help.as_deref(),
            fixes: diagnostic
                .fixes
                .iter()
                .map(|fix| JsonFix { place: place(fix.place, sources), replacement: &fix.replacement })
                .collect(),
            owner: diagnostic.owner.as_deref(),
        };
        // Strings and numbers always serialise.
        if let Ok(line) = serde_json::to_string(&object) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}
