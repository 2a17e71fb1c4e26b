//! Each variant of a meaning says how it shows on every signal on which an event lists the meaning.

use std::collections::HashSet;

use super::signals::{Signals, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Contract, Event, Signal, WriterValue};

pub(super) fn check(
    contract: &Contract,
    event: &Event,
    said: &mut HashSet<(String, Signal)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for Signals { signal, writers, .. } in signals(event) {
        for writer in writers {
            let Some(WriterValue::Meaning { face, .. }) = &writer.value else { continue };
            if !said.insert((face.clone(), signal)) {
                continue;
            }
            let Some(meaning) = contract.meaning(face) else { continue };
            for variant in &meaning.variants {
                if variant.projection(signal).is_some() {
                    continue;
                }
                let word = signal.name();
                let level = match signal {
                    Signal::Log => variant.severity.map(|severity| severity.name()),
                    Signal::Span => variant.status.map(|status| status.name()),
                    Signal::Metric => None,
                };
                let message = match level {
                    None => format!("`{}` does not say how it shows on a {word}", variant.name),
                    Some(level) => {
                        format!("`{}` says `{word} {level}`, and not which keys it writes", variant.name)
                    }
                };
                let header = level.map_or(word.to_owned(), |level| format!("{word} {level}"));
                diagnostics.push(
                    Diagnostic::new(Code::Incomplete, contract.places.place(variant.node), message)
                        .about(meaning.full_name())
                        .about(format!("{}.{}", meaning.name, variant.name))
                        .and(contract.places.place(writer.node), format!("`{}` lists the meaning here", event.name))
                        .help(format!(
                            "write `{header} {{ key = \"value\" }}`, `all {{ … }}` for every signal, or `{word} none` where it does not show"
                        )),
                );
            }
        }
    }
}
