//! Metrics as what they are everywhere: as their declaration has them, and one thing under one name.

use crate::hash::{HashMap, HashSet};
use std::collections::{BTreeMap, BTreeSet};

use slo_grammar::{Place, quote};

use super::signals::of_instrument;
use super::{deprecated, points, required};
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{
    Buckets, Container, ContainerId, Contract, DURATIONS, Domain, Event, FieldValue, Instrument,
    InstrumentKind, Leaf, Literal, Signal, Source, Target, Type, WriterValue,
};
use crate::measure::kind_of;
use crate::measure::records::{Records, states};
use crate::measure::{Recorder, recorders};
use crate::text::with_article;

/// A metric with the event that it belongs to.
pub(super) type Recorded<'c> = Recorder<'c, Reported>;

/// What is recorded, by the name of its metric.
pub(super) fn by_name<'c>(all: impl Iterator<Item = Recorded<'c>>) -> BTreeMap<&'c str, Vec<Recorded<'c>>> {
    let mut by_name: BTreeMap<&str, Vec<Recorded<'_>>> = BTreeMap::new();
    for recorded in all {
        by_name.entry(&recorded.instrument.name).or_default().push(recorded);
    }
    by_name
}

pub(super) fn check(
    contract: &Contract,
    of_labels: &mut points::OfLabels,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for recorded in recorders(contract) {
        convention(contract, &recorded, diagnostics);
        measured(contract, &recorded, diagnostics);
    }
    let by_name = by_name(recorders(contract));
    for recorded in by_name.values() {
        one_thing(contract, recorded, diagnostics);
        apart(contract, recorded, diagnostics);
        points::check(contract, recorded, of_labels, diagnostics);
        super::empty::check(contract, recorded, diagnostics);
    }
    unused(contract, &by_name, diagnostics);
}

/// A metric is what its declaration says: kind, unit, and the labels that it requires.
fn convention(contract: &Contract, recorded: &Recorded<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let instrument = recorded.instrument;
    let held = of_instrument(recorded.event, instrument).held_to(contract);
    let Some(convention) = instrument.convention.as_ref().and_then(|taken_in| held.metric(taken_in)) else {
        return;
    };
    let convention = &*convention;
    let place = |node| contract.places.place(node);
    let declared = place(convention.node);
    let at = place(instrument.node);
    let named = names_in_prometheus(contract, recorded, convention);
    let mut differs = |at: Place, what: &str, here: &str, there: &str, help: String| {
        let named = named.iter().cloned();
        let message =
            format!("{what} of `{}` is `{here}` here, and `{there}` where it is declared", instrument.name);
        diagnostics.push(
            named.fold(
                Diagnostic::new(Code::Convention, at, message)
                    .about(&instrument.name)
                    .about_all([here, there])
                    .and(declared, "declared here")
                    .help(help),
                Diagnostic::note,
            ),
        );
    };
    let repeated = || "take it out: what the declaration says need not be repeated".to_owned();
    if let Some(kind) = instrument.kind.known().filter(|kind| kind.name() != convention.kind) {
        differs(
            instrument.kind_node.map_or(at, place),
            "the kind",
            kind.name(),
            &convention.kind,
            repeated(),
        );
    }
    if let Some(node) = instrument.unit_node.filter(|_| instrument.leaves_unit_out()) {
        let message =
            format!("`{}` has no unit here, and `{}` where it is declared", instrument.name, convention.unit);
        let of_field = instrument.value.zip(recorded.event).map(|(id, event)| &event.field(id).value);
        let measured = match of_field {
            Some(Leaf::Known(FieldValue::Plain(domain))) => domain.unit.as_ref(),
            _ => None,
        };
        let help = match measured.filter(|unit| **unit != convention.unit) {
            Some(unit) => format!(
                "its numbers are in `{unit}`, too: measure a field that is in `{}`, and take `unit=none` out",
                convention.unit
            ),
            None => "take it out where the program gives the unit; where it doesn't, queries by the declared name find another series".to_owned(),
        };
        let finding = Diagnostic::new(Code::UnitLeftOut, place(node), message)
            .about(&instrument.name)
            .and(declared, "declared here")
            .help(help);
        diagnostics.push(named.into_iter().fold(finding, Diagnostic::note));
    } else if let Some(node) = instrument.unit_node.filter(|_| instrument.unit != convention.unit) {
        // Numbers in the other unit would be taken for numbers in this one.
        let help = match measures(instrument) {
            Some(what) => format!("take it out, and see that {what} in `{}`", convention.unit),
            None => format!("take it out, and see that what it counts is in `{}`", convention.unit),
        };
        differs(place(node), "the unit", &instrument.unit, &convention.unit, help);
    }
    if let Some(reason) = &convention.deprecated {
        let what = format!("the metric `{}`", instrument.name);
        let finding = deprecated::finding(at, &what, reason, "").about(&instrument.name);
        diagnostics.push(finding.and(declared, "declared here"));
    }
    let signal = of_instrument(recorded.event, instrument);
    let listed = required::Listed { name: &instrument.name, node: convention.node, keys: &convention.labels };
    required::check(contract, &signal, instrument.node, &listed, diagnostics);
}

/// What a metric is called in Prometheus here, and what by its declaration, where these are two names.
fn names_in_prometheus(
    contract: &Contract,
    recorded: &Recorded<'_>,
    convention: &crate::ir::draft::Metric,
) -> Option<String> {
    let instrument = recorded.instrument;
    if !contract.targets.contains(&Target::Prometheus) {
        return None;
    }
    let naming = contract.naming(instrument);
    let buckets = instrument.buckets.clone();
    let declared = Instrument {
        kind: Leaf::Known(InstrumentKind::from_name(&convention.kind)?),
        buckets: buckets.filter(|_| convention.kind == InstrumentKind::Histogram.name()),
        ..instrument.clone()
    };
    let here = naming.metric(&instrument.name, &instrument.unit, kind_of(instrument)?)?;
    let there = naming.metric(&instrument.name, &convention.unit, kind_of(&declared)?)?;
    (here != there).then(|| format!("Prometheus has `{here}` of it here, and `{there}` by its declaration"))
}

/// The unit of what a metric measures is the metric's.
fn measured(contract: &Contract, recorded: &Recorded<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let instrument = recorded.instrument;
    let field = instrument.value.zip(recorded.event).map(|(id, event)| event.field(id));
    let (Some(field), Some(node)) = (field, instrument.value_node) else { return };
    let Leaf::Known(FieldValue::Plain(domain)) = &field.value else { return };
    // What is repeated otherwise than it is declared was reported as that.
    let own = instrument.own_unit();
    let unit = domain.unit.as_ref().filter(|unit| *unit != own && !instrument.leaves_unit_out());
    let Some(unit) = unit else { return };
    let place = |node| contract.places.place(node);
    let in_metric = if own.is_empty() { "has no unit".to_owned() } else { format!("in `{own}`") };
    let message = format!("`{}` is in `{unit}`, and `{}` {in_metric}", field.name, instrument.name);
    let explicit = matches!(instrument.buckets(), Some(Buckets::Explicit(_)));
    let of_metric = format!("give the metric the unit of what it measures: `unit={}`", quote(unit));
    let is_time = matches!(domain.value, Type::Duration(_)) && DURATIONS.contains(&own);
    let of_field = match is_time {
        true => format!("make the field `duration({own})`, with its values in `{own}`"),
        false => format!("measure a field that is in `{own}`"),
    };
    // Buckets stay the numbers that they are.
    let buckets = |unit: &str| match explicit {
        true => format!("; its buckets are then bounds in `{unit}`"),
        false => String::new(),
    };
    let help = match &instrument.convention {
        Some(_) => format!("{of_field}{}", buckets(own)),
        None if own.is_empty() => format!("{of_metric}{}", buckets(unit)),
        None => format!("{of_metric}{}; or {of_field}{}", buckets(unit), buckets(own)),
    };
    diagnostics.push(
        Diagnostic::new(Code::Unit, place(node), message)
            .about(&instrument.name)
            .about_all(recorded.event.map(|event| format!("{}.{}", event.full_name(), field.name)))
            .about_all([own, unit.as_str()])
            .and(place(field.node), format!("in `{unit}`"))
            .and_maybe(instrument.unit_node.map(place), "the metric's unit")
            .help(help),
    );
}

/// What of a metric is in its unit, for a sentence that ends in it. None where it counts by one.
fn measures(instrument: &Instrument) -> Option<&'static str> {
    let measured = instrument.value.is_some() || instrument.observed;
    match (measured, instrument.buckets()) {
        (false, _) => None,
        (true, Some(Buckets::Explicit(_))) => Some("what it measures and its buckets are"),
        (true, _) => Some("what it measures is"),
    }
}

/// A label of a metric: its type, and whether the field that writes it may be absent.
pub(super) struct Label {
    value: Option<Type>,
    optional: bool,
}

/// The labels that a metric may have, by their keys.
pub(super) fn labels<'c>(contract: &'c Contract, recorded: &Recorded<'c>) -> BTreeMap<&'c str, Label> {
    let records = Records::of(recorded.instrument.when.as_ref());
    let mut labels = BTreeMap::new();
    for writer in &recorded.instrument.writers {
        match &writer.value {
            Leaf::Known(WriterValue::Meaning { field, face }) => {
                let meaning = contract.meaning(*face);
                for variant in meaning.variants.iter().filter(|variant| records.has_variant(*field, variant))
                {
                    for pair in variant.pairs(Signal::Metric) {
                        let value = pair.domain.known().map(|domain| domain.value.clone());
                        labels.entry(pair.key.as_str()).or_insert(Label { value, optional: writer.optional });
                    }
                }
            }
            _ if writer.key.is_empty() => {}
            _ => {
                let value = writer.domain().map(|domain| domain.value.clone());
                labels.entry(writer.key.as_str()).or_insert(Label { value, optional: writer.optional });
            }
        }
    }
    labels
}

/// How many ways to record one metric are compared with one another.
const MOST_SHAPES: usize = 64;

/// One name is one metric: kind, unit, numbers, buckets and labels. Each place that differs from the first one is told, of each
/// aspect by itself; what that is about is all that any two differ in there, whichever comes first.
fn one_thing(contract: &Contract, recorded: &[Recorded<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let Some((first, others)) = recorded.split_first().filter(|(_, others)| !others.is_empty()) else {
        return;
    };
    let mut seen = HashSet::default();
    let mut shapes: Vec<(String, &Recorded<'_>)> =
        recorded.iter().map(|one| (shape(contract, one), one)).collect();
    shapes.retain(|(shape, _)| seen.insert(shape.clone()));
    if shapes.len() < 2 {
        return;
    }
    // Where there are many, the same of them are compared in any order.
    let mut compared = shapes.clone();
    compared.sort_by(|(one, _), (other, _)| one.cmp(other));
    compared.truncate(MOST_SHAPES);
    let mut names: BTreeMap<Aspect, BTreeSet<String>> = BTreeMap::new();
    for (number, (_, one)) in compared.iter().enumerate() {
        for (_, other) in compared.iter().take(number) {
            for Difference { aspect, sides, .. } in differences(contract, other, one) {
                names.entry(aspect).or_default().extend(sides);
            }
        }
    }
    let mut untold: BTreeSet<Aspect> = names.keys().cloned().collect();
    for other in others {
        for difference in differences(contract, first, other) {
            untold.remove(&difference.aspect);
            diagnostics.push(differing(contract, first, other, &difference, &names));
        }
    }
    // The first may be one that goes with each of two that don't go with one another.
    for (number, (_, other)) in shapes.iter().enumerate() {
        for (_, one) in shapes.iter().take(number) {
            if untold.is_empty() {
                return;
            }
            for difference in differences(contract, one, other) {
                if untold.remove(&difference.aspect) {
                    diagnostics.push(differing(contract, one, other, &difference, &names));
                }
            }
        }
    }
}

/// All of how a metric is recorded at a place that another place may differ in.
fn shape(contract: &Contract, recorded: &Recorded<'_>) -> String {
    let instrument = recorded.instrument;
    let kind = instrument.kind.known().map(|kind| kind.name());
    let number = instrument.number.known().map(|number| number.name());
    let labels: Vec<String> = labels(contract, recorded)
        .into_iter()
        .map(|(key, label)| format!("{key} {:?} {}", label.value, label.optional))
        .collect();
    let mut constants: Vec<String> =
        constants(recorded).into_iter().map(|(key, literal)| format!("{key} {literal:?}")).collect();
    constants.sort_unstable();
    let scope = instrument.scope.known().map(|scope| contract.container(*scope).full_name());
    let buckets = instrument.buckets();
    format!("{kind:?} {:?} {number:?} {buckets:?} {labels:?} {constants:?} {scope:?}", instrument.unit)
}

/// That a place records a metric otherwise than another one does.
fn differing(
    contract: &Contract,
    first: &Recorded<'_>,
    other: &Recorded<'_>,
    difference: &Difference,
    names: &BTreeMap<Aspect, BTreeSet<String>>,
) -> Diagnostic {
    let (one, two) = (first.instrument, other.instrument);
    let Difference { aspect, text, sides } = difference;
    let message = format!("`{}` {text}", one.name);
    Diagnostic::new(Code::MetricDiffers, contract.places.place(two.node), message)
        .about(&one.name)
        .about_all(aspect.names())
        .about_all(sides)
        .about_all(names.get(aspect).into_iter().flatten())
        .and(contract.places.place(one.node), "there")
        .help(match aspect {
            Aspect::Scope => "one name is one metric, in one scope: record it in the same one, keep its points apart by a constant, or give it another name",
            _ => "one name is one metric: its kind, unit, type of number, buckets and labels are the same wherever it is recorded; labels may differ by fields that may be absent, and by those that its declaration lists and doesn't require",
        })
}

/// What of a metric two places that record it may differ in. Each is a finding of its own: who accepts one accepts no other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Aspect {
    Kind,
    Unit,
    Number,
    Buckets,
    /// The type of a label that both have.
    LabelType(String),
    /// A label that one of them has.
    Label(String),
    Scope,
}

impl Aspect {
    /// What a finding is about, beside the metric and both sides. No aspect's names are among another's.
    fn names(&self) -> Vec<&str> {
        match self {
            Aspect::Kind => vec!["kind"],
            Aspect::Unit => vec!["unit"],
            Aspect::Number => vec!["number"],
            Aspect::Buckets => vec!["buckets"],
            Aspect::LabelType(key) => vec!["type", key],
            Aspect::Label(key) => vec!["label", key],
            Aspect::Scope => vec!["scope"],
        }
    }
}

/// What differs between two places that record one metric.
struct Difference {
    aspect: Aspect,
    /// What of the metric it is, as a sentence has it that begins with its name.
    text: String,
    /// How it is here, and how there.
    sides: Vec<String>,
}

impl Difference {
    fn new(aspect: Aspect, text: String, sides: [&str; 2]) -> Difference {
        Difference { aspect, text, sides: sides.map(str::to_owned).into() }
    }
}

/// All that differs.
fn differences(contract: &Contract, first: &Recorded<'_>, other: &Recorded<'_>) -> Vec<Difference> {
    let (one, two) = (first.instrument, other.instrument);
    let mut found = Vec::new();
    if let (Leaf::Known(left), Leaf::Known(right)) = (&one.kind, &two.kind)
        && left != right
    {
        let text = format!("is {} here and {} there", with_article(right.name()), with_article(left.name()));
        found.push(Difference::new(Aspect::Kind, text, [right.name(), left.name()]));
    }
    if one.unit != two.unit {
        let [here, there] = [&two.unit, &one.unit].map(|unit| match unit.as_str() {
            "" => "without a unit".to_owned(),
            unit => format!("in `{unit}`"),
        });
        let sides = [&two.unit, &one.unit].map(|unit| if unit.is_empty() { "none" } else { unit });
        found.push(Difference::new(Aspect::Unit, format!("is {here} here and {there} there"), sides));
    }
    if let (Leaf::Known(left), Leaf::Known(right)) = (&one.number, &two.number)
        && left != right
    {
        let text = format!("holds {}s here and {}s there", right.name(), left.name());
        found.push(Difference::new(Aspect::Number, text, [right.name(), left.name()]));
    }
    let is_histogram = |one: &Instrument| one.kind == Leaf::Known(InstrumentKind::Histogram);
    if one.buckets() != two.buckets() && is_histogram(one) && is_histogram(two) {
        let [here, there] = [two, one].map(|one| written_buckets(one.buckets()));
        let text = "has other buckets here than there".to_owned();
        found.push(Difference::new(Aspect::Buckets, text, [&here, &there]));
    }
    label_differences(contract, first, other, &mut found);
    found.extend(scopes_join(contract, first, other));
    found
}

/// Buckets as the contract writes them.
fn written_buckets(buckets: Option<&Buckets>) -> String {
    match buckets {
        None => "none".to_owned(),
        Some(Buckets::Exponential) => "exponential".to_owned(),
        Some(Buckets::Explicit(bounds)) => {
            let bounds: Vec<String> = bounds.iter().map(f64::to_string).collect();
            format!("[{}]", bounds.join(", "))
        }
    }
}

/// Two scopes that record one metric: Prometheus's server shows no scope unless it is told to, and joins their points.
fn scopes_join(contract: &Contract, one: &Recorded<'_>, two: &Recorded<'_>) -> Option<Difference> {
    let (Some(there), Some(here)) = (one.instrument.scope.known(), two.instrument.scope.known()) else {
        return None;
    };
    let joined = there != here
        && contract.targets.contains(&Target::Prometheus)
        && !constants_differ(one, two)
        && !are_of_two_services(contract, *here, *there);
    joined.then(|| {
        let [here, there] = [here, there].map(|scope| contract.container(*scope).full_name());
        let text = format!("is recorded in `{here}` here and in `{there}` there, which Prometheus joins");
        Difference::new(Aspect::Scope, text, [&here, &there])
    })
}

/// Whether two scopes are each of a resource, and these are two services: their series have another `job`.
fn are_of_two_services(contract: &Contract, one: ContainerId, two: ContainerId) -> bool {
    let resource = |scope: ContainerId| contract.container(scope).of.map(|of| contract.container(of));
    let (Some(one), Some(two)) = (resource(one), resource(two)) else { return false };
    let constant = |resource: &Container, key: &str| {
        let writer = resource.writers.iter().find(|writer| writer.key == key)?;
        match (&writer.source, &writer.domain) {
            (Leaf::Known(Source::Static(literal)), _) => Some(literal.clone()),
            // A list of one value is that value, whoever gives it.
            (_, Leaf::Known(Domain { members: Some(members), open: false, .. })) if members.len() == 1 => {
                members.first().map(|member| member.wire.clone())
            }
            _ => None,
        }
    };
    ["service.name", "service.namespace"].into_iter().any(|key| {
        let (one, two) = (constant(one, key), constant(two, key));
        one.is_some() && two.is_some() && one != two
    })
}

fn label_differences(
    contract: &Contract,
    first: &Recorded<'_>,
    other: &Recorded<'_>,
    found: &mut Vec<Difference>,
) {
    let (there, here) = (labels(contract, first), labels(contract, other));
    let mut lacks = |text: String, key: &str| {
        found.push(Difference { aspect: Aspect::Label(key.to_owned()), text, sides: Vec::new() });
    };
    for (key, label) in &here {
        if !there.contains_key(key) && !label.optional && !may_lack(first, key) {
            lacks(format!("has the label `{key}` here and not there"), key);
        }
    }
    for (key, label) in &there {
        if !here.contains_key(key) && !label.optional && !may_lack(other, key) {
            lacks(format!("has the label `{key}` there and not here"), key);
        }
    }
    for (key, label) in &here {
        if let Some(left) = there.get(key).and_then(|same| same.value.as_ref())
            && let Some(right) = &label.value
            && left != right
        {
            let [right, left] = [right, left].map(Type::to_string);
            let [here, there] = [&right, &left].map(|value| with_article(value));
            let text = format!("has a label `{key}` that is {here} here and {there} there");
            found.push(Difference::new(Aspect::LabelType((*key).to_owned()), text, [&right, &left]));
        }
    }
}

/// Whether a metric's declaration lets recorders leave a label out: it lists it, and doesn't require it.
pub(super) fn may_lack(recorded: &Recorded<'_>, key: &str) -> bool {
    let labels = recorded.instrument.convention.iter().flat_map(|convention| &convention.labels);
    labels.into_iter().any(|label| label.key == key && label.level != "required")
}

/// A metric that stands several times in one event: a constant, or conditions that exclude one another, keep its points
/// apart.
fn apart(contract: &Contract, recorded: &[Recorded<'_>], diagnostics: &mut Vec<Diagnostic>) {
    for (index, other) in recorded.iter().enumerate() {
        let Some(event) = other.event else { continue };
        let same = recorded[..index].iter().find(|first| {
            first.event.is_some_and(|one| one.node == event.node)
                && !constants_differ(first, other)
                && !exclude(contract, event, first.instrument, other.instrument)
        });
        let Some(first) = same else { continue };
        let message = format!("`{}` counts `{}` twice on the same points", event.name, other.instrument.name);
        diagnostics.push(
        Diagnostic::new(Code::PointsJoin, contract.places.place(other.instrument.node), message)
            .about(&other.instrument.name)
            .about(event.full_name())
            .and(contract.places.place(first.instrument.node), "counted here as well")
            .help("keep the points apart by a constant, `{ result = \"loaded\" }` and `{ result = \"failed\" }`, or by conditions that exclude one another"),
        );
    }
}

/// Whether a label is one constant here and another one there: an item's, or that of a constant field.
fn constants_differ(one: &Recorded<'_>, other: &Recorded<'_>) -> bool {
    let (one, other) = (constants(one), constants(other));
    one.iter().any(|(key, literal)| other.get(key).is_some_and(|value| value != literal))
}

fn constants<'c>(recorded: &Recorded<'c>) -> HashMap<&'c str, &'c Literal> {
    let constants = recorded.instrument.writers.iter().filter_map(|writer| match &writer.value {
        Leaf::Known(WriterValue::Constant(literal)) => Some((writer.key.as_str(), literal)),
        Leaf::Known(WriterValue::Field(field) | WriterValue::ToString(field))
            if writer.domain().is_some_and(Domain::is_constant) =>
        {
            Some((writer.key.as_str(), recorded.event?.field(*field).constant.as_ref()?))
        }
        _ => None,
    });
    constants.collect()
}

/// Whether no record passes both conditions.
fn exclude(contract: &Contract, event: &Event, one: &Instrument, other: &Instrument) -> bool {
    let (first, second) = (Records::of(one.when.as_ref()), Records::of(other.when.as_ref()));
    first.tested().any(|id| {
        let tests: Vec<_> = first.tests(id).iter().chain(second.tests(id)).copied().collect();
        let Some(states) = states(contract, event.field(id), &tests) else { return false };
        !states.iter().any(|state| tests.iter().all(|test| state.passes(&test.passes)))
    })
}

/// A metric that a program's contract declares for others, and that nothing records. A vocabulary has no events and no
/// resources: its metrics are an offer to others.
fn unused(
    contract: &Contract,
    by_name: &BTreeMap<&str, Vec<Recorded<'_>>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let own = |container: &Container| super::is_own(contract, &container.package);
    if contract.events.is_empty() && !contract.containers.iter().any(own) {
        return;
    }
    for metric in contract.metrics.iter().filter(|metric| !by_name.contains_key(metric.name.as_str())) {
        let message = format!("nothing records the metric `{}`", metric.name);
        diagnostics.push(
        Diagnostic::new(Code::UnusedMetric, contract.places.place(metric.node), message)
            .about(&metric.name)
            .help("write it into the event that it counts, make it `observed` or `while=EVENT`, or move it into a vocabulary"),
        );
    }
}
