//! A label that shows what stands for the rest, whatever the value is: it tells nothing.

use crate::hash::HashSet;

use slo_grammar::{Place, quote};

use super::bounded::payload_of;
use super::signals::{Name, names};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{
    Contract, Domain, Event, FieldId, FieldValue, Instrument, Leaf, Literal, Signal, WriterValue,
};
use crate::measure::distinct::{Distinct, distinct};
use crate::measure::records::Records;

/// The pairs of meanings that were reported: several metrics may list one.
pub(super) type Seen = HashSet<Place>;

/// Checks a metric's labels.
pub(super) fn metric(
    contract: &Contract,
    instrument: &Instrument,
    seen: &mut Seen,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let records = Records::of(instrument.when.as_ref());
    let what = |key: &str| format!("the label `{key}` of `{}`", instrument.name);
    for writer in &instrument.writers {
        let at = contract.places.place(writer.node);
        match (&writer.value, writer.domain()) {
            (Leaf::Known(WriterValue::Field(field) | WriterValue::ToString(field)), Some(domain)) => {
                let Some(rest) = always(domain, Some((&records, *field))) else { continue };
                diagnostics
                    .push(finding(at, &what(&writer.key), &rest).about(&writer.key).about(&instrument.name));
            }
            (Leaf::Known(WriterValue::Observed(_)), Some(domain)) => {
                let Some(rest) = always(domain, None) else { continue };
                let finding = finding(at, &what(&writer.key), &rest).about(&writer.key);
                diagnostics.push(finding.about(&instrument.name));
            }
            (Leaf::Known(WriterValue::Meaning { field, face }), _) => {
                let meaning = contract.meaning(*face);
                for variant in meaning.variants.iter().filter(|variant| records.has_variant(*field, variant))
                {
                    for pair in variant.pairs(Signal::Metric) {
                        let Some(payload) = payload_of(variant, pair) else { continue };
                        // A payload without a bound of its own folds by its key's.
                        let domains = [payload.domain.known(), pair.domain.known()];
                        let bounds = |domain: &&Domain| matches!(distinct(domain), Distinct::Finite(_));
                        let domain = domains.into_iter().flatten().find(bounds);
                        let Some(rest) = domain.and_then(|domain| always(domain, None)) else { continue };
                        let place = contract.places.place(pair.node);
                        if seen.insert(place) {
                            diagnostics.push(
                                finding(place, &what(&pair.key), &rest)
                                    .about(&pair.key)
                                    .about(&instrument.name)
                                    .about(meaning.full_name())
                                    .and(contract.places.place(payload.node), "carried")
                                    .and(at, "listed here"),
                            );
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

/// Checks what stands in the name of an event's span.
pub(super) fn span_name(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    let holes = names(event)
        .flat_map(|Name { text, node, when, of, .. }| text.values().map(move |id| (node, when, of, id)));
    for (node, when, of, id) in holes {
        let records = Records::of(when);
        let field = event.field(id);
        let Leaf::Known(FieldValue::Plain(domain)) = &field.value else { continue };
        if field.constant.is_some() {
            continue;
        }
        let Some(rest) = always(domain, Some((&records, id))) else { continue };
        let of = of.split_once(' ').map_or(of, |(_, of)| of);
        let what = format!("`{}` in the name of the {of} of `{}`", field.name, event.name);
        diagnostics.push(
            finding(contract.places.place(node), &what, &rest)
                .about(format!("{}.{}", event.full_name(), field.name))
                .and(contract.places.place(field.node), "the field"),
        );
    }
}

/// What a label always shows for a value of an open enum, where all values that are left fold to it.
fn always(domain: &Domain, field: Option<(&Records<'_>, FieldId)>) -> Option<Literal> {
    if domain.bounded.is_some() || !domain.open {
        return None;
    }
    let rest = domain.rest()?;
    let left = field.map_or_else(|| domain.clone(), |(records, field)| records.domain(field, domain));
    let is_member = |wire: &Literal| domain.members.iter().flatten().any(|member| member.wire == *wire);
    let mut wires = left.members.iter().flatten().map(|member| &member.wire);
    // What a condition lists and is no member folds; a list of the rest alone says what the label is.
    let folds = left.open || wires.clone().any(|wire| *wire != rest);
    (folds && wires.all(|wire| *wire == rest || !is_member(wire))).then_some(rest)
}

fn finding(at: Place, what: &str, rest: &Literal) -> Diagnostic {
    let (shown, other) = match rest {
        Literal::String(text) => (text.clone(), quote(text)),
        rest => (rest.value().to_string(), rest.value().to_string()),
    };
    Diagnostic::new(Code::TellsNothing, at, format!("{what} is always `{shown}`"))
        .note(format!(
            "`{shown}` stands for all values beyond the members of the enum, and no other member is left"
        ))
        .help(format!(
            "say which values are shown, `only=[…]`, or let the first ones be: `bounded=N, other={other}`"
        ))
}
