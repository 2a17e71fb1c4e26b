//! What is written into a baseline.

use std::collections::BTreeMap;

use slo_grammar::{FileId, Place};
use toml_writer::{ToTomlValue, TomlStringBuilder};

use crate::accept::{Acceptance, AcceptanceKind, Accepted};
use crate::diagnostic::{Class, Code, Diagnostic, Severity};

const HEAD: &str = "\
# Findings that are accepted as a debt, a line each. `slo check --write-baseline` takes out what is gone, and adds nothing.
format = 1
findings = [
";

/// A baseline of what is found now, where there was none: of the errors and warnings that can be accepted.
#[must_use]
pub fn first(found: &[Diagnostic], owner: Option<&str>) -> Vec<Acceptance> {
    let is_debt = |one: &&Diagnostic| can_be_accepted(one) && one.severity != Severity::Note;
    found.iter().filter(is_debt).map(|finding| line_of(finding, owner)).collect()
}

/// The lines of a baseline without what is gone. Each says no more than what is found now; one whose finding has grown stays as it is.
#[must_use]
pub fn without_gone<'a>(
    accepted: impl Iterator<Item = &'a Accepted>,
    outgrown: &[Acceptance],
) -> Vec<Acceptance> {
    let of_baseline = |line: &&Acceptance| !matches!(line.kind, AcceptanceKind::Allow);
    let mut lines: Vec<Acceptance> = outgrown.iter().filter(of_baseline).cloned().collect();
    for Accepted { finding, acceptance } in accepted {
        if !of_baseline(&acceptance) {
            continue;
        }
        let names = finding.names.clone();
        match lines.iter_mut().find(|line| line.place == acceptance.place) {
            Some(line) => {
                line.names.extend(names);
                line.number = line.number.max(finding.number);
            }
            None => lines.push(Acceptance { names, number: finding.number, ..acceptance.clone() }),
        }
    }
    lines
}

/// The line that accepts a finding.
#[must_use]
pub fn line_of(finding: &Diagnostic, owner: Option<&str>) -> Acceptance {
    let owner = finding.owner.as_deref().or(owner).map(str::to_owned);
    Acceptance {
        place: finding.place().unwrap_or(Place::new(FileId(u32::MAX), 0, 0)),
        code: finding.code,
        names: finding.names.clone(),
        number: finding.number,
        reason: String::new(),
        kind: AcceptanceKind::Baseline { owner, until: None },
    }
}

/// Whether a line may accept a finding.
#[must_use]
pub fn can_be_accepted(finding: &Diagnostic) -> bool {
    finding.class() != Class::Invalid && finding.more == 0 && finding.code != Code::AllowFindsNothing
}

/// The file of these lines, sorted: by it two branches that each take lines out merge without a conflict.
#[must_use]
pub fn print(lines: &[Acceptance]) -> String {
    // Of what stands twice the greatest number holds, and what a person has said of it.
    let mut by_names: BTreeMap<(&str, Vec<&str>), Acceptance> = BTreeMap::new();
    for line in lines {
        let mut names: Vec<&str> = line.names.iter().map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        let known = by_names.entry((line.code.id(), names)).or_insert_with(|| line.clone());
        known.number = known.number.max(line.number);
        if known.reason.is_empty() {
            (known.reason, known.kind) = (line.reason.clone(), line.kind.clone());
        }
    }
    let mut printed: Vec<String> = by_names.values().map(printed).collect();
    printed.sort();
    format!("{HEAD}{}]\n", printed.concat())
}

fn printed(line: &Acceptance) -> String {
    let mut names: Vec<&str> = line.names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let names: Vec<String> = names.into_iter().map(text).collect();
    let mut keys =
        vec![format!("code = {}", text(line.code.id())), format!("names = [{}]", names.join(", "))];
    keys.extend(line.number.map(|number| format!("number = {number}")));
    if let AcceptanceKind::Baseline { owner, until } = &line.kind {
        keys.extend(owner.as_ref().map(|owner| format!("owner = {}", text(owner))));
        if !line.reason.is_empty() {
            keys.push(format!("reason = {}", text(&line.reason)));
        }
        keys.extend(until.as_ref().map(|until| format!("until = {}", text(until))));
    }
    format!("  {{ {} }},\n", keys.join(", "))
}

/// A text of TOML on one line.
fn text(text: &str) -> String {
    TomlStringBuilder::new(text).as_basic().to_toml_value()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::read;
    use super::*;

    fn line() -> impl Strategy<Value = Acceptance> {
        let texts = proptest::collection::vec(any::<String>(), 0..4);
        let day = proptest::option::of(Just("2027-06-30".to_owned()));
        let kind = (proptest::option::of(any::<String>()), day);
        let kind = kind.prop_map(|(owner, until)| AcceptanceKind::Baseline { owner, until });
        let number = proptest::option::of(any::<u64>());
        (texts, number, any::<String>(), kind).prop_map(|(mut names, number, reason, kind)| {
            names.sort();
            names.dedup();
            let place = Place::new(FileId(0), 0, 0);
            Acceptance { place, code: Code::Collision, names, number, reason, kind }
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(written in line()) {
            let text = print(std::slice::from_ref(&written));
            let mut diagnostics = Vec::new();
            let mut lines = read(&text, FileId(0), &mut diagnostics);
            prop_assert_eq!(&diagnostics, &[]);
            for line in &mut lines {
                line.place = written.place;
            }
            prop_assert_eq!(lines, [written]);
        }

        #[test]
        fn any_text_is_read_or_told_of(text in "(format = 1\n)?(findings = \\[\n)?\\PC{0,40}") {
            let mut diagnostics = Vec::new();
            let lines = read(&text, FileId(0), &mut diagnostics);
            prop_assert!(lines.is_empty() || diagnostics.is_empty());
        }
    }
}
