//! Logs without a name and without keys: only their texts tell their records apart, so that no text may be of two of them.

use std::collections::BTreeMap;

use super::groups::Groups;
use super::signals::{Of, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::HashSet;
use crate::ir::draft::{
    Contract, Domain, Event, FieldValue, Leaf, Log, Node, TextPart, Variant, WriterValue,
};
use crate::ir::{ContainerId, Scalar, Type};
use crate::measure::records::Records;
use crate::measure::template::{Budget, Hole, Piece, Template};
use crate::text::{grouped, list_of, some_of};

/// A log of which only its texts tell.
struct Nameless<'c> {
    event: &'c Event,
    log: &'c Log,
    /// The texts that it may have, each with its place.
    texts: Vec<(Template, Node)>,
    /// Whether its record may have no text either.
    may_be_empty: bool,
}

pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let mut by_scope: BTreeMap<ContainerId, Vec<Nameless<'_>>> = BTreeMap::new();
    for event in &contract.events {
        for one in signals(event) {
            let Of::Log(log) = one.of else { continue };
            let Leaf::Known(scope) = log.scope else { continue };
            if log.name.is_none() && writes_no_key(contract, log) {
                by_scope.entry(scope).or_default().extend(nameless(contract, event, log));
            }
        }
    }
    let mut budget = Budget::default();
    for (scope, logs) in by_scope {
        let before = diagnostics.len();
        for one in logs.iter().filter(|one| one.may_be_empty) {
            let message =
                format!("a record of a log of `{}` may have no name, no keys and no text", one.event.name);
            diagnostics.push(
                Diagnostic::new(Code::TextsAlike, contract.places.place(one.log.node), message)
                    .about(one.event.full_name())
                    .about("_")
                    .help("say what it is: a name, `log shop.order.placed`, a text, `body=\"…\"`, or a list of keys"),
            );
        }
        alike(contract, &logs, &mut budget, diagnostics);
        if diagnostics.len() == before {
            alone(contract, contract.container(scope).full_name(), &logs, diagnostics);
        }
    }
}

/// Whether a log writes no key at all: a meaning may be listed whose variants write none.
fn writes_no_key(contract: &Contract, log: &Log) -> bool {
    log.writers.iter().all(|writer| match &writer.value {
        Leaf::Known(WriterValue::Meaning { face, .. }) => {
            contract.meaning(*face).variants.iter().all(|one| one.pairs(crate::ir::Signal::Log).is_empty())
        }
        _ => false,
    })
}

/// A log with the texts that it may have; nothing where these can't be known.
fn nameless<'c>(contract: &'c Contract, event: &'c Event, log: &'c Log) -> Option<Nameless<'c>> {
    let records = Records::of(log.when.as_ref());
    let mut texts = Vec::new();
    // Whether some meaning gives each record a text.
    let mut always = false;
    for level in &log.levels {
        let level = level.known()?;
        let gives = |one: &Variant| one.severity.is_some() && one.body.is_some();
        let variants = contract.meaning(level.face).variants.iter();
        let variants: Vec<&Variant> = variants.filter(|one| records.has_variant(level.field, one)).collect();
        always |= log.levels.len() == 1
            && !records.may_be_absent(event, level.field)
            && variants.iter().all(|one| gives(one));
        for variant in variants.into_iter().filter(|one| gives(one)) {
            let Some(body) = &variant.body else { continue };
            let parts = body.text.parts.iter().map(|part| match part {
                TextPart::Known(text) => Some(Piece::Text(text.clone())),
                TextPart::Value(id) => Some(Piece::Hole(hole(variant.payload(*id).domain.known()?, false))),
            });
            texts.push((Template::of(parts.collect::<Option<_>>()?), body.node));
        }
    }
    if let (Some(body), Some(node)) = (&log.body, log.body_node)
        && !always
    {
        let parts = body.parts.iter().map(|part| match part {
            TextPart::Known(text) => Some(Piece::Text(text.clone())),
            TextPart::Value(id) => {
                let field = event.field(*id);
                let FieldValue::Plain(domain) = field.value.known()? else { return None };
                Some(match &field.constant {
                    Some(constant) => Piece::Text(constant.value().to_string()),
                    None => {
                        Piece::Hole(hole(&records.domain(*id, domain), records.may_be_absent(event, *id)))
                    }
                })
            }
        });
        texts.push((Template::of(parts.collect::<Option<_>>()?), node));
    }
    Some(Nameless { event, log, texts, may_be_empty: log.body.is_none() && !always })
}

/// What may stand in a hole.
fn hole(domain: &Domain, may_be_absent: bool) -> Hole {
    let mut listed = match (&domain.members, &domain.value) {
        (Some(members), _) if !domain.open => {
            members.iter().map(|member| member.wire.value().to_string()).collect()
        }
        (None, Type::Scalar(Scalar::Bool)) => vec!["false".to_owned(), "true".to_owned()],
        (None, Type::Scalar(Scalar::Int)) => return Hole::Digits,
        _ => return Hole::Any,
    };
    if may_be_absent {
        listed.push(String::new());
    }
    Hole::Listed(listed)
}

/// Logs that may have one text: those of which each may have one with another are told of once, all together.
fn alike(contract: &Contract, logs: &[Nameless<'_>], budget: &mut Budget, diagnostics: &mut Vec<Diagnostic>) {
    // In the order of what they begin with, those stand together of which one begins as the other.
    let mut all: Vec<(&str, usize, usize)> = Vec::new();
    for (number, log) in logs.iter().enumerate() {
        all.extend(log.texts.iter().enumerate().map(|(at, (text, _))| (text.prefix(), number, at)));
    }
    crate::sort::by_key(&mut all, |(prefix, number, at)| (*prefix, *number, *at));
    let mut groups = Groups::of(logs.len());
    let mut pairs = Vec::new();
    // Those whose beginning the next one may continue.
    let mut open: Vec<(&str, usize, usize)> = Vec::new();
    for (prefix, number, at) in all {
        open.retain(|(before, ..)| prefix.starts_with(before));
        for (_, other, other_at) in &open {
            let (first, second) = (*other.min(&number), *other.max(&number));
            // That it takes too long was told.
            if groups.are_one(first, second) || budget.is_spent() {
                continue;
            }
            let at_of = |which: usize| if which == number { at } else { *other_at };
            let (first, second) = ((first, at_of(first)), (second, at_of(second)));
            let text = |(log, at): (usize, usize)| logs.get(log)?.texts.get(at);
            let (Some((one, _)), Some((two, _))) = (text(first), text(second)) else { continue };
            let Some(meet) = one.meets(two, budget) else { continue };
            groups.join(first.0, second.0);
            pairs.push((second, first, meet));
        }
        open.push((prefix, number, at));
    }
    // Of a group the pair is shown that comes first in the text.
    pairs.sort_by_key(|(second, first, _)| (*second, *first));
    let mut told = HashSet::default();
    for (second, first, meet) in pairs {
        if told.insert(groups.first(first.0)) {
            let members: Vec<&Nameless<'_>> =
                groups.members(first.0).filter_map(|number| logs.get(number)).collect();
            diagnostics.extend(alike_as_one(contract, logs, [first, second], &members, meet));
        }
    }
}

/// That all of these logs may have a text that another one of them may have.
fn alike_as_one(
    contract: &Contract,
    logs: &[Nameless<'_>],
    [first, second]: [(usize, usize); 2],
    members: &[&Nameless<'_>],
    meet: Option<String>,
) -> Option<Diagnostic> {
    let node = |(log, at): (usize, usize)| Some(logs.get(log)?.texts.get(at)?.1);
    let (one_node, two_node) = (node(first)?, node(second)?);
    let (one, two) = (logs.get(first.0)?, logs.get(second.0)?);
    let mut events: Vec<String> = members.iter().map(|log| format!("`{}`", log.event.name)).collect();
    events.dedup();
    let message = match (events.as_slice(), members.len()) {
        ([event], 2) => format!("two logs of {event} may have one text, and have no name and no keys"),
        ([event], count) => {
            format!("{count} logs of {event} may have one text with another, and have no name and no keys")
        }
        (_, 2) => {
            format!("the logs of {} may have one text, and have no name and no keys", list_of(&events))
        }
        _ => format!(
            "the logs of {} may have one text with another, and have no name and no keys",
            list_of(&events)
        ),
    };
    let mut diagnostic = Diagnostic::new(Code::TextsAlike, contract.places.place(two_node), message)
        .about_all(members.iter().map(|log| log.event.full_name()));
    if one_node != two_node {
        diagnostic = diagnostic.and(contract.places.place(one_node), "the other one");
    }
    for other in members.iter().filter(|log| ![one.log.node, two.log.node].contains(&log.log.node)) {
        diagnostic = diagnostic.and(contract.places.place(other.log.node), "and this one");
    }
    diagnostic = match meet {
        Some(text) => diagnostic.note(format!("both may be `{text}`")),
        None => diagnostic.note("whether there is such a text took too long to find out"),
    };
    Some(diagnostic.help("let them begin with other words, give one of them a name, or a key that tells"))
}

/// That texts alone tell: one note for a scope.
fn alone(contract: &Contract, scope: String, logs: &[Nameless<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let Some(first) = logs.first() else { return };
    let mut events: Vec<&str> = logs.iter().map(|one| one.event.name.as_str()).collect();
    events.dedup();
    let what = match logs.len() {
        1 => format!("a log of {} is told by its text alone", some_of(&events)),
        count => {
            format!("{} logs are told by their texts alone: of {}", grouped(count as u64), some_of(&events))
        }
    };
    let mut diagnostic =
        Diagnostic::new(Code::TextAlone, contract.places.place(first.log.node), what).about(&scope);
    for one in logs {
        diagnostic = diagnostic.about(one.event.full_name());
    }
    diagnostics.push(diagnostic.help_or_allow(
        "a name, `log shop.order.placed`, is found by a search for one word, and stays when the text changes; if that is meant",
    ));
}
