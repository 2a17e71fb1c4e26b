//! Logs without a name and without keys: only their texts tell their records apart, so that no text may be of two of them.

use std::collections::BTreeMap;

use super::signals::{Of, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{
    Contract, Domain, Event, FieldValue, Leaf, Log, Node, TextPart, Variant, WriterValue,
};
use crate::ir::{ContainerId, Scalar, Type};
use crate::measure::records::Records;
use crate::measure::template::{Budget, Hole, Piece, Template};
use crate::text::{grouped, some_of};

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

/// Two logs that may have one text: each is told of once.
fn alike(contract: &Contract, logs: &[Nameless<'_>], budget: &mut Budget, diagnostics: &mut Vec<Diagnostic>) {
    // In the order of what they begin with, those stand together of which one begins as the other.
    let mut all: Vec<(&str, usize, usize)> = Vec::new();
    for (number, log) in logs.iter().enumerate() {
        all.extend(log.texts.iter().enumerate().map(|(at, (text, _))| (text.prefix(), number, at)));
    }
    crate::sort::by_key(&mut all, |(prefix, number, at)| (*prefix, *number, *at));
    let mut told = vec![false; logs.len()];
    // Those whose beginning the next one may continue.
    let mut open: Vec<(&str, usize, usize)> = Vec::new();
    for (prefix, number, at) in all {
        open.retain(|(before, ..)| prefix.starts_with(before));
        for (_, other, other_at) in &open {
            let (first, second) = (*other.min(&number), *other.max(&number));
            // That it takes too long was told.
            if first == second || told[second] || budget.is_spent() {
                continue;
            }
            let at_of = |which: usize| if which == number { at } else { *other_at };
            let ((one, one_node), (two, two_node)) =
                (&logs[first].texts[at_of(first)], &logs[second].texts[at_of(second)]);
            let Some(meet) = one.meets(two, budget) else { continue };
            told[second] = true;
            let names = [logs[first].event, logs[second].event].map(|event| format!("`{}`", event.name));
            let message = if logs[first].event.node == logs[second].event.node {
                format!("two logs of {} may have one text, and have no name and no keys", names[0])
            } else {
                format!(
                    "the logs of {} and {} may have one text, and have no name and no keys",
                    names[0], names[1]
                )
            };
            let mut diagnostic = Diagnostic::new(Code::TextsAlike, contract.places.place(*two_node), message)
                .about(logs[second].event.full_name())
                .about(logs[first].event.full_name());
            if one_node != two_node {
                diagnostic = diagnostic.and(contract.places.place(*one_node), "the other one");
            }
            diagnostics.push(
                match meet {
                    Some(text) => diagnostic.note(format!("both may be `{text}`")),
                    None => diagnostic.note("whether there is such a text took too long to find out"),
                }
                .help("let them begin with other words, give one of them a name, or a key that tells"),
            );
        }
        open.push((prefix, number, at));
    }
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
