//! A record that two logs of an event take: it is written twice.

use super::taken::{Taken, Tested};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Event};

/// Each log is told of once, with the first that takes a record of it.
pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    if event.logs.len() < 2 {
        return;
    }
    let tested = Tested::of(contract, event, event.logs.iter().filter_map(|log| log.when.as_ref()));
    let taken: Vec<Taken> = event.logs.iter().map(|log| tested.taken(log.when.as_ref())).collect();
    for (at, log) in event.logs.iter().enumerate() {
        let before = event.logs.iter().zip(&taken).take(at);
        let found =
            before.filter_map(|(other, of_other)| Some((other, tested.both(of_other, &taken[at])?))).next();
        let Some((other, record)) = found else { continue };
        let name = |name: &Option<String>| match name {
            Some(name) => format!("`{name}`"),
            None => "one without a name".to_owned(),
        };
        let message = format!(
            "`{}` is written as two log records, {} and {}",
            event.name,
            name(&other.name),
            name(&log.name)
        );
        let mut diagnostic = Diagnostic::new(Code::TwoLogs, contract.places.place(log.node), message)
            .about(event.full_name())
            .and(contract.places.place(other.node), "the other one");
        for name in [&other.name, &log.name].into_iter().flatten() {
            diagnostic = diagnostic.about(name);
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
