//! House rules: what a policy asks for.

mod declared;
mod levels;

use std::collections::BTreeSet;

use slo_grammar::Place;

use super::metric::{Recorded, by_name};
use super::points;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{
    ContainerKind, Contract, Declared, Instrument, Leaf, Node, Signal, Template, WriterValue,
};
use crate::measure::{Count, more_than, recorders};
use crate::policy::{Asks, Named, Rule};
use crate::text::{grouped, nearest};

pub(super) fn check(contract: &Contract, rules: &[Rule], diagnostics: &mut Vec<Diagnostic>) {
    for rule in rules {
        match &rule.asks {
            Asks::Keys(keys) => required_keys(contract, rule, keys, diagnostics),
            Asks::NoPrefix(prefixes) => denied_prefixes(contract, rule, prefixes, diagnostics),
            Asks::Points(most) => too_many(contract, rule, Counted::Points, *most, diagnostics),
            Asks::Series(most) => too_many(contract, rule, Counted::Series, *most, diagnostics),
            Asks::NoLabel(keys) => denied_labels(contract, rule, keys, diagnostics),
            Asks::Labels(keys) => required_labels(contract, rule, keys, diagnostics),
            Asks::NoUnit(units) => denied_units(contract, rule, units, diagnostics),
            // What is new is known beside an older contract alone.
            Asks::Notice(_) => {}
            Asks::DeclaredMetrics => declared::metrics(contract, rule, diagnostics),
            Asks::DeclaredKeys => declared::keys(contract, rule, diagnostics),
            Asks::Levels(levels) => levels::check(contract, rule, levels, diagnostics),
            Asks::Signals(signals) => required_signals(contract, rule, signals, diagnostics),
            Asks::Name(named, template) => {
                names(contract, rule, *named, template, diagnostics);
            }
        }
    }
}

/// A finding of a rule, with the place in the policy that asks for it.
fn finding(rule: &Rule, code: Code, at: Place, message: String) -> Diagnostic {
    let finding = Diagnostic::new(code, at, message).severity(rule.severity);
    let mut finding = if rule.is_of_house { finding.of_house() } else { finding };
    finding.rule = rule.is_of_house.then(|| (rule.name.clone(), rule.place));
    match &rule.until {
        Some(day) => finding.note(format!("from {day} on it is to be an error")),
        None => finding,
    }
}

/// The metrics that a rule speaks of.
fn spoken_of<'c>(contract: &'c Contract, rule: &Rule) -> Vec<Recorded<'c>> {
    let mut all: Vec<Recorded<'c>> = recorders(contract).collect();
    if let Some(of) = &rule.of {
        let parts = of.model_parts();
        let template = slo_model::Template { parts: &parts };
        all.retain(|one| template.matches(&one.instrument.name, |_| None));
    }
    all
}

fn required_labels(
    contract: &Contract,
    rule: &Rule,
    keys: &[slo_grammar::Name],
    diagnostics: &mut Vec<Diagnostic>,
) {
    // What could not be read may be what is missed.
    let is_known =
        |one: &Recorded<'_>| one.instrument.writers.iter().all(|writer| writer.value.known().is_some());
    let spoken_of: Vec<Recorded<'_>> = spoken_of(contract, rule).into_iter().filter(is_known).collect();
    let labels_of = |recorded: &Recorded<'_>| {
        let labels = super::metric::labels(contract, recorded);
        labels.into_keys().map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let all: Vec<BTreeSet<String>> = spoken_of.iter().map(labels_of).collect();
    // A rule may be misspelled.
    let is_nowhere = |key: &str| all.len() > 1 && all.iter().all(|labels| !labels.contains(key));
    for (recorded, labels) in spoken_of.iter().zip(&all) {
        let Recorded { instrument, event } = recorded;
        for key in keys.iter().filter(|key| !labels.contains(key.value.as_str())) {
            let message = format!("`{}` lacks the label `{}`", instrument.name, key.value);
            let field = event.and_then(|event| event.fields.iter().find(|field| field.key == key.value));
            diagnostics.push(
                finding(rule, Code::MissingLabel, contract.places.place(instrument.node), message)
                    .about(&key.value)
                    .about(&instrument.name)
                    .and(key.place, "required here")
                    .help(match field {
                        Some(field) => format!("add the field `{}` to its list", field.name),
                        None => missing_label_help(&key.value, labels, is_nowhere(&key.value)),
                    }),
            );
        }
    }
}

/// What to do about a label that no field of the event writes.
fn missing_label_help(key: &str, labels: &BTreeSet<String>, is_nowhere: bool) -> String {
    let near = nearest(key, labels.iter().map(String::as_str));
    let near = near.map(|near| {
        format!("it has the label `{near}`: if that is meant, write it so here and in the rule; otherwise ")
    });
    let misspelled = match is_nowhere {
        true => "; as no metric has it, see whether the rule names the key as it is declared",
        false => "",
    };
    format!(
        "{}give the event a field of the attribute `{key}`, and add it to its list{misspelled}",
        near.unwrap_or_default()
    )
}

fn denied_units(
    contract: &Contract,
    rule: &Rule,
    units: &[slo_grammar::Name],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for Recorded { instrument, .. } in spoken_of(contract, rule) {
        let unit = instrument.own_unit();
        let Some(denied) = units.iter().find(|denied| denied.value == unit) else { continue };
        let message = match unit {
            "" => format!("`{}` has no unit", instrument.name),
            unit => format!("`{}` is in `{unit}`", instrument.name),
        };
        let node = instrument.unit_node.unwrap_or(instrument.node);
        diagnostics.push(
            finding(rule, Code::DeniedUnit, contract.places.place(node), message)
                .about(&instrument.name)
                .about_all([unit])
                .and(denied.place, "denied here")
                .help("give it another unit, with its values in that"),
        );
    }
}

fn required_keys(
    contract: &Contract,
    rule: &Rule,
    keys: &[slo_grammar::Name],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let resources =
        || contract.containers.iter().filter(|container| container.kind == ContainerKind::Resource);
    for key in keys {
        for resource in resources() {
            if resource.writers.iter().any(|writer| writer.key == key.value) {
                continue;
            }
            let message = format!("the resource `{}` lacks `{}`", resource.name, key.value);
            diagnostics.push(
                finding(rule, Code::MissingKey, contract.places.place(resource.node), message)
                    .about(&key.value)
                    .about(resource.full_name())
                    .and(key.place, "required here")
                    .help(format!("add it: `{}: required`", crate::text::spelled(&key.value))),
            );
        }
    }
}

fn denied_prefixes(
    contract: &Contract,
    rule: &Rule,
    prefixes: &[slo_grammar::Name],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for prefix in prefixes {
        let has = |key: &str| {
            key.strip_prefix(prefix.value.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        for attribute in contract.attributes.iter().map(Declared::head) {
            if let Some(node) = attribute.node
                && super::is_own(contract, attribute.package)
                && has(attribute.key)
            {
                let message = format!("`{}` has the prefix `{}`", attribute.key, prefix.value);
                diagnostics.push(
                    finding(rule, Code::DeniedPrefix, contract.places.place(node), message)
                        .about(attribute.key)
                        .and(prefix.place, "denied here")
                        .help("choose another key"),
                );
            }
        }
    }
}

/// What there may be too many of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    Points,
    Series,
}

fn too_many(
    contract: &Contract,
    rule: &Rule,
    counted: Counted,
    most: u64,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (name, recorded) in by_name(spoken_of(contract, rule).into_iter()) {
        let Some(first) = recorded.first() else { continue };
        let (what, of_each) = match counted {
            Counted::Points => ("points", 1),
            Counted::Series => ("series", points::series_of_each(&recorded)),
        };
        // What can't be counted was reported as that.
        let Some(total @ Count::Finite(_)) = more_than(contract, &recorded, most / of_each) else { continue };
        let count = total.times(Count::Finite(of_each));
        let message = format!("`{name}` has {}", count.of(what));
        let at = contract.places.place(first.instrument.node);
        diagnostics.push(
            finding(rule, Code::TooManyPoints, at, message)
                .about(name)
                .about(what)
                .counting(count)
                .and(rule.place, format!("{} are allowed", grouped(most)))
                .note(points::witness(contract, &recorded, total))
                .help("take a label out, or narrow one"),
        );
    }
}

fn denied_labels(
    contract: &Contract,
    rule: &Rule,
    keys: &[slo_grammar::Name],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut report = |key: &str, node: Node, instrument: &Instrument| {
        let Some(denied) = keys.iter().find(|denied| denied.value == key) else { return };
        diagnostics.push(
            finding(
                rule,
                Code::DeniedLabel,
                contract.places.place(node),
                format!("`{key}` is a label of `{}`", instrument.name),
            )
            .about(key)
            .about(&instrument.name)
            .and(denied.place, "denied here")
            .help("take it out of the list: logs and spans may carry it"),
        );
    };
    for Recorded { instrument, .. } in spoken_of(contract, rule) {
        for writer in &instrument.writers {
            let Leaf::Known(WriterValue::Meaning { face, .. }) = &writer.value else {
                report(&writer.key, writer.node, instrument);
                continue;
            };
            let mut seen = crate::hash::HashSet::default();
            for pair in
                contract.meaning(*face).variants.iter().flat_map(|variant| variant.pairs(Signal::Metric))
            {
                if seen.insert(pair.key.as_str()) {
                    report(&pair.key, writer.node, instrument);
                }
            }
        }
    }
}

fn required_signals(contract: &Contract, rule: &Rule, signals: &[Signal], diagnostics: &mut Vec<Diagnostic>) {
    for event in &contract.events {
        for signal in signals {
            let has = match signal {
                Signal::Metric => !event.metrics.is_empty(),
                Signal::Log => event.logs.iter().any(|log| !log.opt_in),
                Signal::Span => event.span.is_some() || !event.span_events.is_empty(),
            };
            if has {
                continue;
            }
            let word = signal.name();
            diagnostics.push(
                finding(
                    rule,
                    Code::MissingSignal,
                    contract.places.place(event.node),
                    format!("the event `{}` has no {word}", event.name),
                )
                .about(event.full_name())
                .about(word)
                .and(rule.place, "required here")
                .help(match signal {
                    Signal::Metric => "add one: `metric NAME: counter`",
                    Signal::Log if !event.logs.is_empty() => {
                        "add one that is not `opt_in`: `log NAME: info`, or take `opt_in` out"
                    }
                    Signal::Log => "add one: `log NAME: info`",
                    Signal::Span => "add one: `span \"NAME\"`, or write onto the running one: `span current`",
                }),
            );
        }
    }
}

fn names(
    contract: &Contract,
    rule: &Rule,
    named: Named,
    template: &Template,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let own = |package: &str| super::is_own(contract, package);
    let all: Vec<(&str, Node)> = match named {
        Named::Key => {
            let attributes = contract.attributes.iter().map(Declared::head);
            let own = attributes.filter(|attribute| own(attribute.package));
            own.filter_map(|attribute| Some((attribute.key, attribute.node?))).collect()
        }
        // What a vocabulary names is not this contract's to name.
        Named::Metric => recorders(contract)
            .filter(|Recorded { instrument, .. }| {
                instrument.convention.as_ref().is_none_or(|convention| own(&convention.package))
            })
            .map(|Recorded { instrument, .. }| (instrument.name.as_str(), instrument.node))
            .collect(),
        Named::Log => {
            let logs = contract.events.iter().flat_map(|event| &event.logs);
            logs.filter_map(|log| Some((log.name.as_deref()?, log.node))).collect()
        }
        Named::Event => contract.events.iter().map(|event| (event.name.as_str(), event.node)).collect(),
        Named::Meaning => {
            let meanings =
                contract.meanings.iter().filter(|meaning| meaning.view.is_none() && own(&meaning.package));
            meanings.map(|meaning| (meaning.name.as_str(), meaning.node)).collect()
        }
    };
    let parts = template.model_parts();
    let template = slo_model::Template { parts: &parts };
    for (name, node) in all {
        if template.matches(name, |_| None) {
            continue;
        }
        diagnostics.push(
            finding(
                rule,
                Code::NamePattern,
                contract.places.place(node),
                format!("`{name}` is not named as the policy wants it: `{template}`"),
            )
            .about(name)
            .about(template.to_string())
            .and(rule.place, "wanted here")
            .help("give it another name; a hole is one or more letters, digits, `_` or `.`"),
        );
    }
}
