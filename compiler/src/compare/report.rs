//! Changes as findings, in the texts of both contracts.

use slo_grammar::{FileId, Place};

use super::change::{Audience, Change, Kind, Verdict};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::source::{NO_ROOT, SourceFile, SourceMap};

/// The texts of a side, and what its files are called.
pub struct Texts<'s> {
    /// The texts.
    pub sources: &'s SourceMap,
    /// The name of a file that was read by this one.
    pub name: &'s dyn Fn(&str) -> String,
}

/// Changes as findings: in the new contract where they have a place there, else in its `slo.toml`, and beside that where it
/// stood in the old one. What is found in the new one besides stands among them.
#[must_use]
pub fn report(
    old: &Texts<'_>,
    new: &Texts<'_>,
    changes: &[Change],
    also: Vec<Diagnostic>,
) -> (SourceMap, Vec<Diagnostic>) {
    let mut sources = SourceMap::default();
    for (_, file) in new.sources.files() {
        sources.add(SourceFile { name: (new.name)(&file.name), ..file.clone() });
    }
    let first = new.sources.files().len() as u32;
    for (_, file) in old.sources.files() {
        sources.add(SourceFile { name: (old.name)(&file.name), root: NO_ROOT, ..file.clone() });
    }
    let of_old = |place: Place| Place { file: FileId(place.file.0.saturating_add(first)), ..place };
    let seen = changes.iter().filter(|change| change.worst() != Verdict::Same);
    let mut diagnostics: Vec<Diagnostic> = seen.map(|change| finding(change, &of_old)).collect();
    diagnostics.extend(also);
    diagnostic::arrange(&mut diagnostics, &sources, FileId(0));
    (sources, diagnostics)
}

/// The code of a change: by the first of those whom it breaks.
#[must_use]
pub fn code_of(change: &Change) -> Code {
    let is_broken = |audience: Audience| change.verdict(audience) == Verdict::Broken;
    if Audience::READERS.into_iter().any(is_broken) {
        return match change.kind {
            Kind::Type => Code::ChangeType,
            Kind::ValueNew | Kind::MayLack => Code::ChangeUnmet,
            _ => Code::ChangeGone,
        };
    }
    match (is_broken(Audience::Rules), is_broken(Audience::Emitters)) {
        (true, _) => Code::ChangeSeries,
        (_, true) => Code::ChangeEmitters,
        _ => Code::ChangeHarmless,
    }
}

fn finding(change: &Change, of_old: &dyn Fn(Place) -> Place) -> Diagnostic {
    let nowhere = Place::new(FileId(0), 0, 0);
    let mut finding = Diagnostic::new(code_of(change), change.new.unwrap_or(nowhere), change.message.clone());
    for name in &change.names {
        finding = finding.about(name.as_str());
    }
    if let Some(place) = change.old {
        finding = finding.and(of_old(place), "what was");
    }
    let mut told = Vec::new();
    for verdict in [Verdict::Broken, Verdict::Notice, Verdict::More] {
        let whom: Vec<String> = change
            .verdicts
            .iter()
            .filter(|(_, own)| *own == verdict)
            .map(|(audience, _)| audience.words().to_owned())
            .collect();
        if whom.is_empty() {
            continue;
        }
        let whom = crate::text::list_of(&whom);
        told.push(match verdict {
            Verdict::Broken => format!("broken for {whom}"),
            Verdict::Notice => format!("no break for {whom}: the day of its `until=` is past"),
            _ => format!("more for {whom}"),
        });
    }
    finding.help(told.join("; "))
}
