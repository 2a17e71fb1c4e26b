//! A record that two logs of an event take: it is written twice.

use super::taken::{Taken, Tested};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Event, Log};

/// Each log is told of once, with the first that takes a record of it.
pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    // What configuration asks for stands beside what is written by default.
    let logs: Vec<&Log> = event.logs.iter().filter(|log| !log.opt_in).collect();
    if logs.len() < 2 {
        return;
    }
    let tested = Tested::of(contract, event, logs.iter().filter_map(|log| log.when.as_ref()));
    let taken: Vec<Taken> = logs.iter().map(|log| tested.taken(log.when.as_ref())).collect();
    for (at, log) in logs.iter().enumerate() {
        let before = logs.iter().zip(&taken).take(at);
        let found =
            before.filter_map(|(other, of_other)| Some((other, tested.both(of_other, &taken[at])?))).next();
        let Some((other, record)) = found else { continue };
        let message = format!(
            "`{}` is written as two log records, {} and {}",
            event.name,
            shown(event, other),
            shown(event, log)
        );
        let mut diagnostic = Diagnostic::new(Code::TwoLogs, contract.places.place(log.node), message)
            .about(event.full_name())
            .and(contract.places.place(other.node), "the other one");
        for log in [other, log] {
            diagnostic = diagnostic.about_all(about(event, log));
        }
        let shown: Vec<String> =
            record.iter().map(|(id, state)| state.shown(&event.field(*id).name)).collect();
        diagnostics.push(
            match shown.as_slice() {
                [] => diagnostic.note("each of its records is written twice"),
                all => diagnostic.note(format!("as when {}", all.join(" and "))),
            }
            .help_or_allow("say by `when=` which records each is for; if both are meant"),
        );
    }
}

/// A log as a message names it: what has no name, by its text.
fn shown(event: &Event, log: &Log) -> String {
    match (&log.name, text(event, log)) {
        (Some(name), _) => format!("`{name}`"),
        (None, Some(text)) => format!("one with the text `{text}`"),
        (None, None) => "one without a name".to_owned(),
    }
}

/// What a finding about a log names it by.
fn about(event: &Event, log: &Log) -> Option<String> {
    log.name.clone().or_else(|| text(event, log))
}

/// The text of a log, as the contract writes it.
fn text(event: &Event, log: &Log) -> Option<String> {
    log.body.as_ref().map(|body| body.written(|id| &event.field(id).name))
}
