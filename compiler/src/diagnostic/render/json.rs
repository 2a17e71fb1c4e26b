//! One JSON object a line, for programs. Lines and columns count from 1, columns in characters; offsets are bytes.

use serde::Serialize;
use slo_grammar::Place;

use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;

/// A finding of `slo`, as `--format json` prints one on each line.
#[derive(Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Finding", deny_unknown_fields)
)]
struct JsonDiagnostic<'d> {
    /// Which check found it. A code keeps its number and its meaning.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^SLO[0-9]{4}$")))]
    code: &'d str,
    /// Its weight.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["error", "warning", "note"])))]
    severity: &'d str,
    /// What it says of the contract: a finding that is no invalid one can be accepted.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["invalid", "unproved", "rule"])))]
    class: &'d str,
    /// All keys and names that it is about: by these, the code and the number it is accepted.
    names: &'d [String],
    /// How many there are of what it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"), serde(default))]
    number: Option<u64>,
    /// What is wrong, in one line.
    message: &'d str,
    /// Where, the primary place first.
    labels: Vec<JsonLabel<'d>>,
    /// What else to know.
    notes: &'d [String],
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "&'d str"), serde(default))]
    help: Option<&'d str>,
    /// Changes that are certain to be right.
    fixes: Vec<JsonFix<'d>>,
    /// Who keeps the file to change, where the places are of several owners.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "&'d str"), serde(default))]
    owner: Option<&'d str>,
}

/// A place with what there is to say of it.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Label", deny_unknown_fields))]
struct JsonLabel<'d> {
    #[serde(flatten)]
    place: JsonPlace<'d>,
    /// What there is to say of it; may be empty.
    text: &'d str,
    /// Whether it is where the finding is, first of all.
    primary: bool,
}

/// A change of one place.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Fix", deny_unknown_fields))]
struct JsonFix<'d> {
    #[serde(flatten)]
    place: JsonPlace<'d>,
    /// What to write there.
    replacement: &'d str,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonPlace<'d> {
    /// The file, by the name that a person in this folder knows it by.
    file: &'d str,
    /// The offset in bytes at which the place begins.
    start: u32,
    /// The offset in bytes at which it ends.
    end: u32,
    /// The line at which it begins, from 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    line: usize,
    /// The column at which it begins, from 1, in characters.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    column: usize,
    /// The line at which it ends.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    end_line: usize,
    /// The column behind its last character.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    end_column: usize,
}

/// The JSON Schema of a finding.
#[cfg(feature = "schema")]
#[must_use]
pub fn json_schema() -> schemars::Schema {
    schemars::schema_for!(JsonDiagnostic<'static>)
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
