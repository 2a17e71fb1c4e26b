//! Whether who reads what goes is told in time.

use std::collections::BTreeMap;

use crate::CheckedContract;
use crate::day::number;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Contract, Node};
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
    let attributes = attributes.filter_map(|one| Some((&***one, one.node?))).flat_map(|(one, node)| {
        let own = one.until.as_deref().map(|day| (format!("the attribute `{}`", one.key), (day, node)));
        let members = one.domain.members.iter().flatten().filter_map(move |member| {
            let name = format!("the member `{}` of `{}`", member.name, one.key);
            Some((name, (member.until.as_deref()?, node)))
        });
        own.into_iter().chain(members)
    });
    let variants = contract.meanings.iter().flat_map(|meaning| {
        meaning.variants.iter().filter_map(|variant| {
            let name = format!("the variant `{}` of `{}`", variant.name, meaning.full_name());
            Some((name, (variant.until.as_deref()?, variant.node)))
        })
    });
    metrics.chain(logs).chain(views).chain(attributes).chain(variants).collect()
}
