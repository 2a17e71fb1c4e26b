//! The table `[verify]` of `slo.toml`.

use super::table::{Table, at, what};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::list;

/// The levels that a finding may have, by their names.
const LEVELS: [(&str, Severity); 3] =
    [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];

/// The levels of codes of telemetry that are other than the codes' own.
pub(super) fn levels(table: &Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Code, Severity)> {
    let mut levels = Vec::new();
    for (name, value) in table.table("levels").into_iter().flatten() {
        let id = name.get_ref().as_ref();
        let Some(code) = Code::from_id(id).filter(|code| code.is_of_telemetry()) else {
            let message = match Code::from_id(id) {
                Some(code) => format!("`{code}` isn't of telemetry"),
                None => format!("there is no code `{id}`"),
            };
            diagnostics.push(
                Diagnostic::new(Code::Manifest, at(name.span()), message)
                    .about(id)
                    .help("`[verify]` sets the levels of what `slo verify` finds: `slo explain --list` lists these codes"),
            );
            continue;
        };
        let said = value.get_ref().as_str();
        match LEVELS.iter().find(|(level, _)| Some(*level) == said) {
            Some((_, severity)) => levels.push((code, *severity)),
            None => {
                let is = said.map_or_else(|| what(value.get_ref()).to_owned(), |said| format!("`{said}`"));
                let names = LEVELS.map(|(name, _)| name);
                diagnostics.push(
                    Diagnostic::new(
                        Code::Manifest,
                        at(value.span()),
                        format!("{is} is no level of a finding"),
                    )
                    .about(id)
                    .help(format!("the levels are {}; `allow` in a policy accepts a finding", list(&names))),
                );
            }
        }
    }
    levels
}
