//! An optional meaning that is absent is told from one that shows nothing.

use std::collections::hash_map::Entry;

use crate::hash::HashMap;

use super::signals::{Signals, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{
    Contract, Event, Leaf, Literal, Pair, PairValue, Projection, Shown, Signal, Target, Variant, WriterValue,
};
use crate::measure::records::Records;

pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    // Several signals of a kind are told of as one, which is about all of them.
    let mut said: HashMap<(&str, &str, &str), usize> = HashMap::default();
    for one in signals(event) {
        let Signals { signal, writers, when, .. } = one;
        let word = one.word();
        let records = Records::of(when);
        for writer in writers {
            let Leaf::Known(WriterValue::Meaning { field, face }) = &writer.value else { continue };
            if !records.may_be_absent(event, *field) {
                continue;
            }
            let (id, field, meaning) = (*field, event.field(*field), contract.meaning(*face));
            for variant in &meaning.variants {
                if !records.has_variant(id, variant) || !may_be_blank(contract, variant, signal) {
                    continue;
                }
                let same = said.entry((field.name.as_str(), &variant.name, word));
                if let Entry::Occupied(number) = &same {
                    let place = contract.places.place(writer.node);
                    if let Some(finding) = diagnostics.get_mut(*number.get()) {
                        let more = finding.clone().about_all(one.about());
                        let is_shown = more.labels.iter().any(|label| label.place == place);
                        *finding = if is_shown { more } else { more.and(place, "here as well") };
                    }
                    continue;
                }
                same.or_insert(diagnostics.len());
                let message = format!(
                    "on a {word} of `{}`, `{}` can't be told from an absent `{}`",
                    event.name, variant.name, field.name
                );
                diagnostics.push(
                    Diagnostic::new(Code::BlankOptional, contract.places.place(writer.node), message)
                        .about_all(one.about())
                        .about(format!("{}.{}", event.full_name(), field.name))
                        .about(format!("{}.{}", meaning.name, variant.name))
                        .here("shows nothing in both cases")
                        .and(contract.places.place(field.node), "it may be absent")
                        .and(
                            variant
                                .projection(signal)
                                .map_or(contract.places.place(variant.node), |projection| {
                                    contract.places.place(projection.node)
                                }),
                            "it may show nothing",
                        )
                        .help(format!(
                            "let `{}` write a key on a {word}, or leave absent ones out: `when=({} present)`",
                            variant.name, field.name
                        )),
                );
            }
        }
    }
}

/// Whether a variant may show nothing on a signal. To Prometheus an empty label is none.
fn may_be_blank(contract: &Contract, variant: &Variant, signal: Signal) -> bool {
    match variant.projection(signal) {
        None => false,
        Some(Projection { shown: Shown::None, .. }) => true,
        Some(Projection { shown: Shown::Pairs(pairs), .. }) => {
            let empty = signal == Signal::Metric && contract.targets.contains(&Target::Prometheus);
            pairs.is_empty() || (empty && pairs.iter().all(|pair| may_be_empty(variant, pair)))
        }
    }
}

fn may_be_empty(variant: &Variant, pair: &Pair) -> bool {
    match &pair.value {
        Leaf::Known(PairValue::Constant(Literal::String(text))) => text.is_empty(),
        Leaf::Known(PairValue::Payload(id)) => variant
            .payload(*id)
            .domain
            .known()
            .is_some_and(|domain| domain.fit(&slo_model::Value::String("".into())).is_ok()),
        _ => false,
    }
}
