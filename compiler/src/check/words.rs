//! One local label that has other values on one metric than on another: neither a query nor a dashboard can take both by one
//! list of values.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{
    Contract, Domain, Instrument, Leaf, Literal, Node, Pair, PairValue, Signal, Variant, WriterValue,
};
use crate::measure::distinct;
use crate::measure::records::Records;
use crate::text::some_of;

/// The values of a local label on a metric.
struct Words<'c> {
    metric: &'c Instrument,
    node: Node,
    values: BTreeSet<String>,
}

pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let mut by_label: BTreeMap<&str, Vec<Words<'_>>> = BTreeMap::new();
    let mut metrics: Vec<&Instrument> = contract.all_instruments().collect();
    crate::sort::by_key(&mut metrics, |metric| contract.places.place(metric.node));
    for metric in metrics {
        for (label, node, values) in of_metric(contract, metric) {
            let all = by_label.entry(label).or_default();
            // What several recorders of one metric say is one vocabulary.
            match all.iter_mut().find(|words| words.metric.name == metric.name) {
                Some(words) => words.values.extend(values),
                None => all.push(Words { metric, node, values }),
            }
        }
    }
    for (label, all) in by_label {
        // What is a part of the other is the same vocabulary, of which one metric has less.
        let differ = |one: &Words<'_>, other: &Words<'_>| {
            !other.values.is_subset(&one.values) && !one.values.is_subset(&other.values)
        };
        let pairs =
            all.iter().enumerate().flat_map(|(at, other)| all[..at].iter().map(move |one| (one, other)));
        let Some((first, other)) = pairs.into_iter().find(|(one, other)| differ(one, other)) else {
            continue;
        };
        let message = format!(
            "the label `{label}` has other values on `{}` than on `{}`",
            other.metric.name, first.metric.name
        );
        diagnostics.push(
            Diagnostic::new(Code::TwoVocabularies, contract.places.place(other.node), message)
                .about(label)
                .about(&other.metric.name)
                .about(&first.metric.name)
                .here(shown(other))
                .and(contract.places.place(first.node), shown(first))
                .help(format!(
                    "say the same by the same words; to keep them so, declare it once, `attribute NAME: enum {{ … }}`, and show it by that key. Where they are two things, give one another name than `{label}`"
                )),
        );
    }
}

fn shown(words: &Words<'_>) -> String {
    let values: Vec<&str> = words.values.iter().map(String::as_str).collect();
    format!("on `{}` it is {}", words.metric.name, some_of(&values))
}

/// The local labels of a metric whose values are all known, each with its first place.
fn of_metric<'c>(contract: &'c Contract, metric: &'c Instrument) -> Vec<(&'c str, Node, BTreeSet<String>)> {
    let records = Records::of(metric.when.as_ref());
    let mut labels: BTreeMap<&str, (Node, Option<BTreeSet<String>>)> = BTreeMap::new();
    for writer in &metric.writers {
        let (field, face) = match &writer.value {
            Leaf::Known(WriterValue::Meaning { field, face }) => (field, face),
            Leaf::Known(WriterValue::Constant(Literal::String(text))) if writer.declaration.is_none() => {
                labels.entry(&writer.key).or_insert((writer.node, Some([text.clone()].into())));
                continue;
            }
            // Words alone: numbers, and what a list narrows to the one value that this event has, differ on purpose.
            Leaf::Known(WriterValue::Field(field))
                if writer.declaration.is_none() && writer.domain().is_some_and(Domain::is_enum) =>
            {
                let values =
                    writer.domain().and_then(|domain| distinct::labels(&records.domain(*field, domain)));
                labels.entry(&writer.key).or_insert((writer.node, values));
                continue;
            }
            _ => continue,
        };
        let variants = contract.meaning(*face).variants.iter();
        for variant in variants.filter(|variant| records.has_variant(*field, variant)) {
            for pair in variant.pairs(Signal::Metric).iter().filter(|pair| pair.local) {
                let (_, values) = labels.entry(&pair.key).or_insert((pair.node, Some(BTreeSet::new())));
                match (values.as_mut(), values_of(variant, pair)) {
                    (Some(all), Some(own)) => all.extend(own),
                    _ => *values = None,
                }
            }
        }
    }
    let known = labels.into_iter().filter_map(|(label, (node, values))| Some((label, node, values?)));
    known.collect()
}

fn values_of(variant: &Variant, pair: &Pair) -> Option<BTreeSet<String>> {
    match pair.value.known()? {
        PairValue::Constant(literal) => Some([literal.value().to_string()].into()),
        PairValue::Payload(id) | PairValue::ToString(id) => {
            distinct::labels(variant.payload(*id).domain.known()?)
        }
    }
}
