//! Each variant of a meaning says how it shows on every signal on which an event lists the meaning.

use crate::hash::HashSet;

use slo_grammar::Place;

use super::signals::{Signals, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Event, Leaf, MeaningId, Signal, WriterValue};

/// What was looked at: a meaning is listed by many events, and a view inherits what its meaning does not say.
#[derive(Default)]
pub(super) struct Seen {
    faces: HashSet<(MeaningId, Signal)>,
    variants: HashSet<(Place, Signal)>,
}

pub(super) fn check(contract: &Contract, event: &Event, seen: &mut Seen, diagnostics: &mut Vec<Diagnostic>) {
    for Signals { signal, writers, .. } in signals(event) {
        for writer in writers {
            let Leaf::Known(WriterValue::Meaning { face, .. }) = &writer.value else { continue };
            if !seen.faces.insert((*face, signal)) {
                continue;
            }
            let meaning = contract.meaning(*face);
            for variant in &meaning.variants {
                let at = contract.places.place(variant.node);
                if variant.projection(signal).is_some() || !seen.variants.insert((at, signal)) {
                    continue;
                }
                let (of_view, view) = match meaning.view {
                    Some(_) => (format!(" of the view `{}`", meaning.name), Some(meaning.node)),
                    None => (String::new(), None),
                };
                let word = signal.name();
                let level = match signal {
                    Signal::Log => variant.severity.map(|severity| severity.name()),
                    Signal::Span => variant.status.map(|status| status.name()),
                    Signal::Metric => None,
                };
                let message = match level {
                    None => format!("`{}`{of_view} does not say how it shows on a {word}", variant.name),
                    Some(level) => format!(
                        "`{}`{of_view} says `{word} {level}`, and not which keys it writes",
                        variant.name
                    ),
                };
                let header = level.map_or(word.to_owned(), |level| format!("{word} {level}"));
                diagnostics.push(
                    Diagnostic::new(Code::Incomplete, at, message)
                        .about(meaning.full_name())
                        .about(format!("{}.{}", meaning.name, variant.name))
                        .about(word)
                        .and_maybe(view.map(|node| contract.places.place(node)), "the view")
                        .and(contract.places.place(writer.node), format!("`{}` lists it here", event.name))
                        .help(format!(
                            "write `{header} {{ key = \"value\" }}`, `all {{ … }}` for every signal, or `{word} none` where it does not show"
                        )),
                );
            }
        }
    }
}
