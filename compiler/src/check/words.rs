//! One local label that has other values on one metric than on another: neither a query nor a dashboard can take both by one
//! list of values.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic};
use crate::hash::{HashMap, HashSet};
use crate::ir::draft::{
    Contract, Instrument, Leaf, Literal, MeaningId, Node, Pair, PairValue, Signal, Variant, WriterValue,
};
use crate::measure::distinct;
use crate::measure::records::Records;
use crate::text::some_of;

/// The values of a local label on a metric.
struct Words<'c> {
    metric: &'c Instrument,
    node: Node,
    values: Rc<BTreeSet<String>>,
}

/// The local labels of a meaning or a view with their places and their values, none where these are not all known.
type LabelsOfFace<'c> = Vec<(&'c str, Node, Option<Rc<BTreeSet<String>>>)>;

/// How many lists of values of one label are compared with each other.
const MOST_LISTS: usize = 100;

pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let mut by_label: BTreeMap<&str, Vec<Words<'_>>> = BTreeMap::new();
    let mut faces: HashMap<MeaningId, Rc<LabelsOfFace<'_>>> = HashMap::default();
    let mut numbers: HashMap<(&str, &str), usize> = HashMap::default();
    let mut metrics: Vec<&Instrument> = contract.all_instruments().collect();
    crate::sort::by_key(&mut metrics, |metric| contract.places.place(metric.node));
    for metric in metrics {
        for (label, node, values) in of_metric(contract, metric, &mut faces) {
            let all = by_label.entry(label).or_default();
            // What several recorders of one metric say is one vocabulary.
            let number = *numbers.entry((label, &metric.name)).or_insert(all.len());
            match all.get_mut(number) {
                Some(words) if Rc::ptr_eq(&words.values, &values) => {}
                Some(words) => Rc::make_mut(&mut words.values).extend(values.iter().cloned()),
                None => all.push(Words { metric, node, values }),
            }
        }
    }
    for (label, mut all) in by_label {
        // Each list once, and no more of them than one finding needs.
        all.dedup_by(|one, other| Rc::ptr_eq(&one.values, &other.values));
        let mut seen = HashSet::default();
        all.retain(|words| seen.len() < MOST_LISTS && seen.insert(Rc::clone(&words.values)));
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
fn of_metric<'c>(
    contract: &'c Contract,
    metric: &'c Instrument,
    faces: &mut HashMap<MeaningId, Rc<LabelsOfFace<'c>>>,
) -> Vec<(&'c str, Node, Rc<BTreeSet<String>>)> {
    let records = Records::of(metric.when.as_ref());
    let mut found: LabelsOfFace<'c> = Vec::new();
    for writer in &metric.writers {
        match &writer.value {
            Leaf::Known(WriterValue::Meaning { field, face }) if records.tests(*field).is_empty() => {
                let labels =
                    faces.entry(*face).or_insert_with(|| Rc::new(of_face(contract, *face, |_| true)));
                found.extend(labels.iter().cloned());
            }
            Leaf::Known(WriterValue::Meaning { field, face }) => {
                found.extend(of_face(contract, *face, |variant| records.has_variant(*field, variant)));
            }
            Leaf::Known(WriterValue::Constant(Literal::String(text))) if writer.declaration.is_none() => {
                found.push((&writer.key, writer.node, Some(Rc::new([text.clone()].into()))));
            }
            // Words alone: numbers, and what a list narrows to the one value that this event has, differ on purpose.
            Leaf::Known(WriterValue::Field(field) | WriterValue::ToString(field))
                if writer.declaration.is_none() =>
            {
                let Some(domain) = writer.domain().filter(|domain| domain.is_enum()) else { continue };
                let values = distinct::labels(&records.domain(*field, domain));
                found.push((&writer.key, writer.node, values.map(Rc::new)));
            }
            _ => {}
        }
    }
    found.into_iter().filter_map(|(label, node, values)| Some((label, node, values?))).collect()
}

/// The local labels of a meaning or a view, of the variants that may be there.
fn of_face<'c>(
    contract: &'c Contract,
    face: MeaningId,
    is_there: impl Fn(&Variant) -> bool,
) -> LabelsOfFace<'c> {
    let mut labels: BTreeMap<&str, (Node, Option<BTreeSet<String>>)> = BTreeMap::new();
    for variant in contract.meaning(face).variants.iter().filter(|variant| is_there(variant)) {
        for pair in variant.pairs(Signal::Metric).iter().filter(|pair| pair.local) {
            let (_, values) = labels.entry(&pair.key).or_insert((pair.node, Some(BTreeSet::new())));
            match (values.as_mut(), values_of(variant, pair)) {
                (Some(all), Some(own)) => all.extend(own),
                _ => *values = None,
            }
        }
    }
    labels.into_iter().map(|(label, (node, values))| (label, node, values.map(Rc::new))).collect()
}

fn values_of(variant: &Variant, pair: &Pair) -> Option<BTreeSet<String>> {
    match pair.value.known()? {
        PairValue::Constant(literal) => Some([literal.value().to_string()].into()),
        PairValue::Payload(id) | PairValue::ToString(id) => {
            distinct::labels(variant.payload(*id).domain.known()?)
        }
    }
}
