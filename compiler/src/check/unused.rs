//! A field that nothing shows costs its callers an argument for nothing.

use crate::hash::HashSet;

use super::signals::{names, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Event, FieldId, FieldValue, Leaf, MeaningId, Text, When};

pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    let mut used: HashSet<FieldId> = HashSet::default();
    let while_running = contract.running(event);
    for signal in signals(event) {
        // What could not be read may show the field.
        let is_unread = |when: &When| when.tests.iter().any(|test| test.known().is_none());
        if signal.when.is_some_and(is_unread)
            || signal.writers.iter().any(|writer| writer.value.known().is_none())
        {
            return;
        }
        used.extend(signal.when.into_iter().flat_map(When::tests).map(|test| test.field));
    }
    let writers = signals(event).into_iter().flat_map(|signal| signal.writers);
    let writers = writers.chain(while_running.flat_map(|instrument| &instrument.writers));
    used.extend(writers.filter_map(|writer| writer.field()));
    used.extend(event.metrics.iter().filter_map(|metric| metric.value));
    used.extend(event.logs.iter().filter_map(|log| log.body.as_ref()).flat_map(Text::values));
    // What gives a record its severity is seen by it, whether its keys are listed or not.
    let gives = |face: MeaningId| contract.meaning(face).variants.iter().any(|one| one.severity.is_some());
    let levels = event.logs.iter().flat_map(|log| &log.levels).filter_map(Leaf::known);
    used.extend(levels.filter(|level| gives(level.face)).map(|level| level.field));
    used.extend(names(event).flat_map(|name| name.text.values()));
    used.extend(event.span.iter().filter_map(|span| span.links));
    for (_, field) in event.fields_by_id().filter(|(id, _)| !used.contains(id)) {
        let help = match (&field.value, &field.constant) {
            // What it is could not be read.
            (Leaf::Unknown(_), _) => continue,
            (Leaf::Known(FieldValue::Contexts), _) => {
                format!("a span names it, `links={}`; else take it out", field.name)
            }
            (_, Some(_)) => "write it into the list of a signal, or take it out".to_owned(),
            _ => {
                "write it into the list of a signal, or take it out: whoever records the event has to give it"
                    .to_owned()
            }
        };
        let message = format!("nothing shows the field `{}` of `{}`", field.name, event.name);
        diagnostics.push(
            Diagnostic::new(Code::UnusedField, contract.places.place(field.node), message)
                .about(format!("{}.{}", event.full_name(), field.name))
                .help(help),
        );
    }
}
