//! What changes of a log beside the keys and the severity of its records: the text of the severity, and whether they are written at
//! all.

use std::collections::BTreeSet;

use slo_grammar::Place;

use super::Sides;
use super::change::{Audience, Change, Kind, Verdict};
use super::readers::{Of, Records, of_id, same};
use super::records;
use super::signals::Source;
use super::values::Reading;
use crate::ir::{Contract, Log, Severity, Signal};

pub(super) fn compare(
    sides: &Sides<'_>,
    old: &Records<'_>,
    stays: &Records<'_>,
    new: &Records<'_>,
    changes: &mut Vec<Change>,
) {
    for (id, old) in old.iter().filter(|(id, _)| id.signal() == Signal::Log) {
        if let Some(new) = new.get(id) {
            one(sides, &Of { id, old, stays: of_id(stays, id), new }, changes);
        }
    }
}

fn one(sides: &Sides<'_>, of: &Of<'_, '_>, changes: &mut Vec<Change>) {
    let place = |contract: &Contract, sources: &[Source<'_>]| -> Option<Place> {
        let log = logs(sources).next()?;
        Some(contract.places.place(log.severity_node.unwrap_or(log.node)))
    };
    let mut say = |kind, name: &str, what: &str, verdict, words: &str| {
        changes.push(Change {
            kind,
            thing: format!("{what} of {}", of.id.words()),
            names: vec![of.id.name().to_owned(), name.to_owned()],
            verdicts: vec![(Audience::Logs, verdict)],
            message: format!("{}: {words}", of.id.words()),
            old: place(sides.old, of.old),
            new: place(sides.new, of.new),
        });
    };
    // What of it stays may be as it was.
    let verdict = |is_left: bool| match !of.stays.is_empty() && !is_left {
        true => Verdict::Notice,
        false => Verdict::Broken,
    };
    if let Some(words) = severity_text(of.old, of.new) {
        let verdict = verdict(severity_text(of.stays, of.new).is_some());
        say(Kind::Type, "severity_text", "the severity text", verdict, &words);
    }
    match (is_asked_for(of.old), is_asked_for(of.new)) {
        (_, true) if is_written_less(of.old, of.new) => {
            let words = "its records are written only where configuration asks for them";
            let verdict = verdict(is_written_less(of.stays, of.new));
            say(Kind::MayLack, "opt_in", "the configuration", verdict, words);
        }
        (true, false) => {
            let words = "its records are always written, and were only where configuration asked for them";
            say(Kind::AlwaysThere, "opt_in", "the configuration", Verdict::More, words);
        }
        _ => {}
    }
}

fn logs<'s, 'c>(sources: &'s [Source<'c>]) -> impl Iterator<Item = &'c Log> + 's {
    sources.iter().filter_map(|source| source.log)
}

/// How the text of the severity changes, where a side says one: else it goes with the severity, and is told with it.
fn severity_text(old: &[Source<'_>], new: &[Source<'_>]) -> Option<String> {
    let is_said = |sources: &[Source<'_>]| logs(sources).any(|log| log.severity_text.is_some());
    if !is_said(old) && !is_said(new) {
        return None;
    }
    let text = |log: &Log| match (&log.severity_text, log.severity) {
        (Some(text), _) => format!("`{text}`"),
        (None, _) if !log.levels.is_empty() => "that of its severity".to_owned(),
        (None, None | Some(Severity::Unspecified)) => "none".to_owned(),
        (None, Some(severity)) => format!("`{}`", severity.name().to_uppercase()),
    };
    let texts = |sources: &[Source<'_>]| logs(sources).map(text).collect::<BTreeSet<String>>();
    let (was, is) = (texts(old), texts(new));
    let shown = |texts: &BTreeSet<String>| texts.iter().cloned().collect::<Vec<_>>().join(" or ");
    (was != is).then(|| format!("its severity text is {}, and was {}", shown(&is), shown(&was)))
}

/// Those of the records that are always written.
fn always<'c>(sources: &[Source<'c>]) -> Vec<Source<'c>> {
    let is_always = |source: &&Source<'_>| source.log.is_some_and(|log| !log.opt_in);
    sources.iter().filter(is_always).cloned().collect()
}

/// Whether some of a log's records are written only where configuration asks for them.
fn is_asked_for(sources: &[Source<'_>]) -> bool {
    logs(sources).any(|log| log.opt_in)
}

/// Whether records that were always written are not any more, though the log has them.
fn is_written_less(old: &[Source<'_>], new: &[Source<'_>]) -> bool {
    let (was, is) = (always(old), always(new));
    if was.is_empty() || is.is_empty() {
        return !was.is_empty();
    }
    let is_broken = |old: &[Source<'_>], new: &[Source<'_>]| {
        let found = records::compare(old, new, [&same, &same], Reading::Typed, Signal::Log);
        found.iter().any(|found| found.is_broken)
    };
    is_broken(&was, &is) && !is_broken(old, new)
}
