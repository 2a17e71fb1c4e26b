//! Labels, and the parts of a span's name, are bounded; no label is sensitive.

use slo_grammar::Place;
use slo_stdlib_mappings::Vocabulary;

use super::sensitive::MADE;
use super::signals::{is_external, names};
use super::{points, raw};
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::HashMap;
use crate::ir::draft::{
    Contract, Domain, Event, FieldId, FieldValue, Instrument, Leaf, Pair, Scalar, Signal, SignalWriter, Type,
    WriterValue,
};
use crate::measure::distinct::{Distinct, distinct};
use crate::measure::image::{Unbounded, image};
use crate::measure::records::Records;
use crate::text::with_article;

/// Checks a metric's labels. What is found of them keeps their product from being told.
pub(super) fn metric(
    contract: &Contract,
    tables: &[&'static Vocabulary],
    event: Option<&Event>,
    instrument: &Instrument,
    (told, of_labels): (&mut Told, &mut points::OfLabels),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let external = is_external(contract, event);
    let labels = Labels { contract, tables, instrument, external };
    let records = Records::of(instrument.when.as_ref());
    let before = diagnostics.len();
    for writer in &instrument.writers {
        let of_writer = diagnostics.len();
        labels.check(event, &records, writer, told, diagnostics);
        // The points that such a label makes unlimited have the same cause: they are told together.
        let unlimited = diagnostics.extract_if(of_writer.., |one| one.code == Code::ConventionUnbounded);
        for finding in unlimited {
            of_labels.unlimited.entry(instrument.node).or_default().push(finding);
        }
    }
    let is_error = |diagnostic: &Diagnostic| matches!(diagnostic.code, Code::Unbounded | Code::Sensitive);
    let mut fields = instrument.writers.iter().filter_map(|writer| writer.field());
    if fields.any(|field| told.contains_key(&field)) || diagnostics.iter().skip(before).any(is_error) {
        of_labels.uncounted.insert(instrument.node);
    }
}

/// Has the findings from a number on wait for one about something sensitive, where there is one.
fn behind(diagnostics: &mut [Diagnostic], from: usize, sensitive: Option<Place>) {
    let Some(place) = sensitive else { return };
    for finding in diagnostics.iter_mut().skip(from).filter(|finding| finding.code != Code::Sensitive) {
        finding.behind.get_or_insert_with(|| Box::new((Code::Sensitive, place)));
    }
}

/// Fields of an event that have no bound as a label, each with the number of its finding: it is one, whatever metrics list it.
pub(super) type Told = HashMap<FieldId, usize>;

/// A metric whose labels are looked at.
#[derive(Clone, Copy)]
struct Labels<'c> {
    contract: &'c Contract,
    tables: &'c [&'static Vocabulary],
    instrument: &'c Instrument,
    /// Whether another program records it.
    external: bool,
}

/// A label with what writes it.
struct Label<'l> {
    key: &'l str,
    /// The key of the attribute that it shows, whatever it is called here.
    attribute: &'l str,
    /// The label as a message names it.
    shown: String,
    at: Place,
}

impl Labels<'_> {
    fn check(
        &self,
        event: Option<&Event>,
        records: &Records<'_>,
        writer: &SignalWriter,
        told: &mut Told,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let Labels { contract, instrument, .. } = *self;
        let at = contract.places.place(writer.node);
        if writer.sensitive {
            let field = writer.field().zip(event);
            let name = field.map_or(&writer.key, |(field, event)| &event.field(field).name);
            diagnostics.push(
                Diagnostic::new(Code::Sensitive, at, format!("`{name}` is sensitive, and can't be a label"))
                    .about(&writer.key)
                    .about(&instrument.name)
                    .about_all(field.map(|(_, event)| format!("{}.{name}", event.full_name())))
                    .and_maybe(writer.sensitive_node.map(|node| contract.places.place(node)), MADE)
                    .help("take it out of the metric"),
            );
        }
        let before = diagnostics.len();
        let sensitive = writer.sensitive.then_some(at);
        self.bounds(event, records, writer, told, diagnostics);
        behind(diagnostics, before, sensitive);
    }

    /// Whether what writes a label has a bound.
    fn bounds(
        &self,
        event: Option<&Event>,
        records: &Records<'_>,
        writer: &SignalWriter,
        told: &mut Told,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let Labels { contract, instrument, .. } = *self;
        let at = contract.places.place(writer.node);
        let before = diagnostics.len();
        match &writer.value {
            Leaf::Unknown(_) | Leaf::Known(WriterValue::Constant(_)) => {}
            Leaf::Known(WriterValue::Field(field) | WriterValue::ToString(field)) => {
                let Some(domain) = writer.domain() else { return };
                let attribute = event.map_or("", |event| &event.field(*field).key);
                if let Some(finding) = told.get(field).and_then(|number| diagnostics.get_mut(*number)) {
                    *finding = finding
                        .clone()
                        .about(&instrument.name)
                        .and(at, format!("a label of `{}` too", instrument.name));
                    return;
                }
                self.unbounded(&records.domain(*field, domain), attribute, writer, diagnostics);
                if let Some(last) = diagnostics.len().checked_sub(1).filter(|last| *last >= before)
                    && diagnostics.get(last).is_some_and(|finding| finding.code == Code::Unbounded)
                {
                    told.insert(*field, last);
                }
            }
            Leaf::Known(WriterValue::Observed(attribute)) => {
                let Some(domain) = writer.domain() else { return };
                self.unbounded(domain, attribute, writer, diagnostics);
            }
            Leaf::Known(WriterValue::Meaning { field, face }) => {
                let meaning = contract.meaning(*face);
                // What is constant has a bound.
                if meaning.variants.iter().all(|variant| variant.payload.is_empty()) {
                    return;
                }
                let remains = |name: &str| {
                    meaning.variant(name).is_some_and(|variant| records.has_variant(*field, variant))
                };
                for Unbounded { pair, payload, .. } in image(meaning, &remains).unbounded {
                    let Some(domain) = payload.domain.known() else { continue };
                    let label = Label {
                        key: &pair.key,
                        attribute: if payload.key.is_empty() { &payload.name } else { &payload.key },
                        shown: format!("the payload `{}`, a label of `{}`,", payload.name, instrument.name),
                        at: contract.places.place(pair.node),
                    };
                    let shown_at = label.at;
                    let mut finding = self
                        .finding(domain, &label)
                        .about(meaning.full_name())
                        .and(contract.places.place(payload.node), "carried")
                        .and(at, "listed here");
                    // What is sensitive is no label, bounded or not.
                    if pair.sensitive || payload.sensitive {
                        finding.behind = Some(Box::new((Code::Sensitive, shown_at)));
                    }
                    diagnostics.push(finding);
                }
                for variant in meaning.variants.iter().filter(|variant| records.has_variant(*field, variant))
                {
                    for pair in variant.pairs(Signal::Metric) {
                        let payload = payload_of(variant, pair);
                        let of_payload = payload.and_then(|payload| payload.sensitive_node);
                        if pair.sensitive || payload.is_some_and(|payload| payload.sensitive) {
                            let message = format!("`{}` is sensitive, and can't be a label", pair.key);
                            diagnostics.push(
                                Diagnostic::new(Code::Sensitive, contract.places.place(pair.node), message)
                                    .about(&pair.key)
                                    .about(&instrument.name)
                                    .about(format!("{}.{}", meaning.full_name(), variant.name))
                                    .about_all(payload.map(|payload| &payload.name))
                                    .and(at, format!("`{}` lists the meaning here", instrument.name))
                                    .and_maybe(
                                        pair.sensitive_node
                                            .or(of_payload)
                                            .map(|node| contract.places.place(node)),
                                        MADE,
                                    )
                                    .help("take it out of the metric's keys"),
                            );
                        }
                    }
                }
            }
        }
    }

    fn unbounded(
        &self,
        domain: &Domain,
        attribute: &str,
        writer: &SignalWriter,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        if domain.is_constant() || matches!(distinct(domain), Distinct::Finite(_)) {
            return;
        }
        let Labels { contract, instrument, .. } = *self;
        let label = Label {
            key: &writer.key,
            attribute,
            shown: format!("the label `{}` of `{}`", writer.key, instrument.name),
            at: contract.places.place(writer.node),
        };
        let finding = self.finding(domain, &label);
        diagnostics.push(
            finding.and_maybe(writer.declaration.map(|node| contract.places.place(node)), "declared here"),
        );
    }

    /// A label without a bound: a warning where the convention of this very metric lists it.
    fn finding(&self, domain: &Domain, label: &Label<'_>) -> Diagnostic {
        let Labels { contract, instrument, .. } = *self;
        let Label { key, attribute, shown, at } = label;
        let type_name = with_article(&domain.type_name());
        if matches!(distinct(domain), Distinct::Never) {
            return Diagnostic::new(Code::Unbounded, *at, format!("{shown} is {type_name}, and can't be a label"))
            .about(*key)
            .about(&instrument.name)
            .help("a label is a text, an int or a boolean with few values: take it out, or measure it by `value=`");
        }
        let rest = domain.rest_example();
        let bound = match domain.value {
            // Nothing is put into the place of a value that another program records.
            _ if self.external => format!(
                "say which values there are: `only=[…]` or `values=\"file\"`, or how many as the other program keeps to it: `bounded=N, {rest}`, which is said and not proved"
            ),
            Type::Scalar(Scalar::Int) if domain.members.is_some() => {
                format!("say what stands for the rest: `{rest}`, or which values there are: `only=[…]`")
            }
            Type::Scalar(Scalar::Int) => {
                format!("bound it: `only=[…]`, a `range` of at most 1_000 values, or `bounded=N, {rest}`")
            }
            _ => format!("bound it: `only=[…]`, `values=\"file\"`, or `bounded=N, {rest}`"),
        };
        let help = raw::instead(attribute, self.tables, &bound).unwrap_or(bound);
        let listed =
            |convention: &&crate::ir::draft::Metric| convention.labels.iter().any(|label| label.key == *key);
        if let Some(convention) = instrument.convention.as_ref().filter(listed) {
            return Diagnostic::new(Code::ConventionUnbounded, *at, format!("{shown} has no bound"))
                .about(*key)
                .about(&instrument.name)
                .note(format!("`{}` lists it, so it counts as unlimited", convention.package))
                .and(contract.places.place(convention.node), "the metric is declared here")
                .help(help);
        }
        Diagnostic::new(Code::Unbounded, *at, format!("{shown} has no bound"))
            .about(*key)
            .about(&instrument.name)
            .note(format!("it is {type_name}, and each of its values is a point of its own"))
            .help(help)
    }
}

/// What a variant writes to a key, where it is what it carries.
pub(super) fn payload_of<'v>(
    variant: &'v crate::ir::draft::Variant,
    pair: &Pair,
) -> Option<&'v crate::ir::draft::Payload> {
    Some(variant.payload(pair.payload()?))
}

/// Checks what stands in the name of an event's span.
pub(super) fn span_name(
    contract: &Contract,
    tables: &[&'static Vocabulary],
    event: &Event,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let holes = names(event).flat_map(|one| {
        let records = Records::of(one.when);
        let known = one.text.values().filter_map(|id| match &event.field(id).value {
            Leaf::Known(FieldValue::Plain(domain)) => Some((id, records.domain(id, domain))),
            _ => None,
        });
        known.map(|known| (one.of, one.node, known)).collect::<Vec<_>>()
    });
    for (of, node, (id, domain)) in holes {
        let field = event.field(id);
        let bounded = distinct(&domain);
        if field.constant.is_some() || field.sensitive || matches!(bounded, Distinct::Finite(_)) {
            continue;
        }
        let name = &field.name;
        let type_name = with_article(&domain.type_name());
        let grouped_by = match of {
            "a span" => "spans are grouped by their names",
            _ => "events on spans are searched for by their names",
        };
        let (message, help) = if bounded == Distinct::Never {
            let message = format!("`{name}` is {type_name}, and can't stand in the name of {of}");
            (message, format!("{grouped_by}: take it out"))
        } else {
            let message = format!("`{name}` has no bound, and stands in the name of {of}");
            let bound = format!("bound the field, such as `bounded=200, {}`", domain.rest_example());
            let help = match event.external {
                // Nothing is put into the place of a value that another program writes, and its name is as it is.
                true => "say which values there are, `only=[…]` or `values=\"file\"`".to_owned(),
                false => raw::instead(&field.key, tables, &bound)
                    .unwrap_or_else(|| format!("take it out, or {bound}")),
            };
            (message, format!("{grouped_by}: {help}"))
        };
        diagnostics.push(
            Diagnostic::new(Code::Unbounded, contract.places.place(node), message)
                .about(format!("{}.{name}", event.full_name()))
                .and(contract.places.place(field.node), type_name)
                .help(help),
        );
    }
}
