//! Whether who reads what goes is told in time.

use std::collections::BTreeMap;

use crate::CheckedContract;
use crate::day::number;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Contract, Domain, FieldValue, Node};
use crate::policy::Notice;

/// Each day of an `until=` that is new, or sooner than it was, and nearer than the new contract's rule asks.
#[must_use]
pub fn notices(
    old: &CheckedContract,
    new: &CheckedContract,
    rules: &[Notice],
    today: &str,
) -> Vec<Diagnostic> {
    let (old, new) = (old.contract(), new.contract());
    let (before, after) = (days(old), days(new));
    let mut found = Vec::new();
    for (thing, (day, node)) in &after {
        if before.get(thing).is_some_and(|(was, _)| was <= day) {
            continue;
        }
        let Some(left) = number(day).zip(number(today)).map(|(day, today)| day.saturating_sub(today)) else {
            continue;
        };
        for rule in rules.iter().filter(|rule| left < rule.days) {
            let place = new.places.place(*node);
            let message = format!("{thing} goes on {day}, in {left} days, and {} are asked for", rule.days);
            let finding = Diagnostic::new(Code::ShortNotice, place, message).severity(rule.severity);
            found.push(
                finding.about(thing.as_str()).and(rule.place, "asked for here").help("choose a later day"),
            );
        }
    }
    found
}

/// What goes, and when.
fn days(contract: &Contract) -> BTreeMap<String, (&str, Node)> {
    let metrics = contract.all_instruments().filter_map(|metric| {
        Some((format!("the metric `{}`", metric.name), (metric.until.as_deref()?, metric.node)))
    });
    let logs = contract.events.iter().flat_map(|event| {
        event.logs.iter().filter_map(|log| {
            let name = log.name.clone().unwrap_or_else(|| event.full_name());
            Some((format!("the log `{name}`"), (log.until.as_deref()?, log.node)))
        })
    });
    let views = contract.meanings.iter().filter_map(|meaning| {
        let until = meaning.view.as_ref()?.until.as_deref()?;
        Some((format!("the view `{}`", meaning.full_name()), (until, meaning.node)))
    });
    let attributes = contract.attributes.iter().filter(|one| contract.owns(&one.package));
    let attributes = attributes
        .filter_map(|one| Some((format!("the attribute `{}`", one.key), (one.until.as_deref()?, one.node?))));
    let variants = contract.meanings.iter().flat_map(|meaning| {
        meaning.variants.iter().filter_map(|variant| {
            let name = format!("the variant `{}` of `{}`", variant.name, meaning.full_name());
            Some((name, (variant.until.as_deref()?, variant.node)))
        })
    });
    let mut days: BTreeMap<_, _> =
        metrics.chain(logs).chain(views).chain(attributes).chain(variants).collect();
    for (of, domain, node) in domains(contract) {
        members(&of, domain, node, &mut days);
    }
    days
}

/// The values that the contract itself says, each with whose they are: of attributes, and those that a field, what a variant
/// carries, or a key of a resource or a scope has of its own.
fn domains(contract: &Contract) -> Vec<(String, &Domain, Node)> {
    let attributes = contract.attributes.iter().filter(|one| contract.owns(&one.package));
    let attributes = attributes.filter_map(|one| Some((format!("`{}`", one.key), &one.domain, one.node?)));
    let fields = contract.events.iter().flat_map(|event| {
        let own = event.fields.iter().filter(|field| field.declaration.is_none());
        own.filter_map(|field| match &*field.value {
            FieldValue::Plain(domain) => {
                let of = format!("the field `{}` of `{}`", field.name, event.full_name());
                Some((of, domain, field.node))
            }
            FieldValue::Meaning { .. } | FieldValue::Contexts => None,
        })
    });
    // A view carries what its meaning does.
    let meanings = contract.meanings.iter().filter(|meaning| meaning.view.is_none());
    let payloads = meanings.flat_map(|meaning| {
        meaning.variants.iter().flat_map(|variant| {
            let own = variant.payload.iter().filter(|payload| payload.key.is_empty());
            own.map(|payload| {
                let (name, meaning) = (&payload.name, meaning.full_name());
                let of = format!("`{name}`, which the variant `{}` of `{meaning}` carries", variant.name);
                (of, &*payload.domain, payload.node)
            })
        })
    });
    let writers = contract.containers.iter().filter(|one| contract.owns(&one.package)).flat_map(|one| {
        let own = one.writers.iter().filter(|writer| writer.declaration.is_none());
        own.map(|writer| (format!("`{}` of `{}`", writer.key, one.full_name()), &*writer.domain, writer.node))
    });
    attributes.chain(fields).chain(payloads).chain(writers).collect()
}

/// The members of a domain that go, and those of what stands in an object.
fn members<'c>(of: &str, domain: &'c Domain, node: Node, days: &mut BTreeMap<String, (&'c str, Node)>) {
    for member in domain.members.iter().flatten() {
        if let Some(day) = member.until.as_deref() {
            days.insert(format!("the member `{}` of {of}", member.name), (day, node));
        }
    }
    let inner = domain.value.object().into_iter().flatten();
    // One that has an attribute's values has its days too.
    for member in inner.filter(|member| member.attribute.is_empty()) {
        members(&format!("`{}` in {of}", member.name), &member.domain, node, days);
    }
}
